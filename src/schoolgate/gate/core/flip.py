"""The smallest change that would turn a verdict, in words that a program can follow too.

A change is one of: `remove R-1 and R-2`; `allow HOST for PROFILE`;
`block HOST for PROFILE`; `put HOST on the shelf`; or two of these joined by
`, and `. A property test applies them and asks again.
"""

from collections.abc import Sequence
from itertools import groupby

from schoolgate.gate.core.reasons import Reason, settled
from schoolgate.gate.core.rules import ALLOW, BLOCK, Outcome
from schoolgate.gate.core.who import Standing

# Tiers that a school's own rule for the site comes before.
_AFTER_SCHOOL = frozenset({"technology", "category", "default"})
_OPPOSITE: dict[Outcome, Outcome] = {ALLOW: BLOCK, BLOCK: ALLOW}


def flip(reasons: Sequence[Reason], host: str, standing: Standing) -> str:
    """Return the change, or "" where nothing may turn the verdict.

    Args:
        reasons: all that applied, in the order of the tiers.
        host: of the address.
        standing: of whoever asks.
    """
    deciding = settled(reasons)
    tier, outcome = deciding[0].tier, deciding[0].outcome
    if tier == "locked":
        return ""
    if tier == "standing":
        return f"a standing with internet (now {standing.profile}: {standing.reason or 'no reason given'})"
    wanted = _OPPOSITE[outcome]
    if tier in _AFTER_SCHOOL:
        return f"{wanted} {host} for {standing.profile}"
    if tier == "shelf" and outcome == BLOCK:
        return f"put {host} on the shelf"
    gone = {reason.rule for reason in deciding}
    removal = f"remove {' and '.join(sorted(gone))}"
    if _outcome_without(reasons, tier, gone) == wanted:
        return removal
    if outcome == ALLOW and tier != "help":
        return f"block {host} for {standing.profile}"
    if wanted == ALLOW and any(reason.tier == "shelf" for reason in reasons):
        return f"{removal}, and put {host} on the shelf"
    return f"{removal}, and {wanted} {host} for {standing.profile}"


def _outcome_without(reasons: Sequence[Reason], tier: str, gone: set[str]) -> Outcome | None:
    left = [reason for reason in reasons if reason.tier != tier or reason.rule not in gone]
    if tier == "shelf":
        return BLOCK  # with nothing on the shelf for it, a shelf profile does not reach a site
    for _, group in groupby(left, key=lambda reason: reason.tier):
        return settled(list(group))[0].outcome
    return None
