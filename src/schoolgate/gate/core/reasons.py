"""One reason of a verdict, and which of several settle it."""

from collections.abc import Sequence
from dataclasses import dataclass

from schoolgate.gate.core.rules import BLOCK, TIERS, Outcome


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that applied.

    Attributes:
        tier: where it applied.
        outcome: what it says.
        rule: id of the rule.
        text: a sentence for staff.
        statement: id of the policy statement behind it, or "".
        category, list, version, entry: what matched, where a list or a site rule is behind it.
        approver: who decided it, where a person did.
    """

    tier: str
    outcome: Outcome
    rule: str
    text: str
    statement: str
    category: str = ""
    list: str = ""
    version: str = ""
    entry: str = ""
    approver: str = ""


_PLACE = {tier: place for place, tier in enumerate(TIERS)}


def in_order(reason: Reason) -> tuple[int, str, str, str, str, str]:
    """A key that sorts reasons by tier, and then in a way that does not depend on how they came."""
    return _PLACE[reason.tier], reason.outcome, reason.rule, reason.entry, reason.list, reason.text


def settled(reasons: Sequence[Reason]) -> list[Reason]:
    """The reasons that settle the verdict, in an order that does not depend on how they came.

    They belong to the first tier that says anything, and are its blocks if it
    has any: a block beats an allow.

    Args:
        reasons: in the order of the tiers, at least one.
    """
    if len(reasons) == 1:
        return list(reasons)
    tier = [reason for reason in reasons if reason.tier == reasons[0].tier]
    if len(tier) == 1:
        return tier
    blocks = [reason for reason in tier if reason.outcome == BLOCK]
    return sorted(blocks or tier, key=in_order)
