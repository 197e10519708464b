"""Allow or block, and why: the tiers of the gate, from values to a value.

Reads no clock, no file and no setting. Inside a tier a block beats an allow
and order never matters; the first tier that says anything settles; a rule that
cannot be understood blocks. Whatever applied is listed, also after the tier
that settled, so that staff see what else stands behind a verdict.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from schoolgate.gate.core.categories import CATEGORIES, is_locked
from schoolgate.gate.core.flip import flip
from schoolgate.gate.core.names import Address, suffixes
from schoolgate.gate.core.reasons import Reason, in_order, settled
from schoolgate.gate.core.rules import (
    ALLOW,
    BLOCK,
    NO_INTERNET_KIND,
    OPEN_KIND,
    SHELF_KIND,
    CategoryRule,
    Outcome,
    Profile,
    Rules,
    SiteRule,
    Window,
)
from schoolgate.gate.core.who import Standing

_KINDS = frozenset({OPEN_KIND, SHELF_KIND})


@dataclass(frozen=True, slots=True)
class Ask:
    """One question to the gate.

    Attributes:
        address: where to; for a tunnel "https://host:port/".
        method: HTTP method, upper case.
        standing: who asks, and what they may use now.
        at: aware; the moment that windows and expiries are measured by.
    """

    address: Address
    method: str
    standing: Standing
    at: datetime


@dataclass(frozen=True, slots=True)
class Match:
    """An entry of a list that covers the address.

    Attributes:
        list: name of the list.
        version: its version, as the import recorded it.
        entry: the name or page in the list: "example.test", "example.test/casino".
        category: a code of the registry.
    """

    list: str
    version: str
    entry: str
    category: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer, with everything that led to it.

    Attributes:
        outcome: "allow" or "block".
        tier: the tier that settled it.
        rule: id of the rule that settled it.
        categories: codes of the address, sorted.
        because: all that applied, in the order of the tiers; the first is what settled it.
        flip: the smallest change that would turn it; "" where nothing may.
        statement: id of the policy statement behind it, or "".
        release: id of the release that decided, or "".
    """

    outcome: Outcome
    tier: str
    rule: str
    categories: tuple[str, ...]
    because: tuple[Reason, ...]
    flip: str
    statement: str
    release: str


def decide(ask: Ask, rules: Rules, matches: Sequence[Match]) -> Verdict:
    """Return the verdict.

    Args:
        ask: the question; its moment must be aware.
        rules: of the release.
        matches: every entry of its lists that covers the address, in any order.

    Raises:
        ValueError: if the moment has no time zone. It would be judged by the wrong clock.
    """
    if ask.at.tzinfo is None:
        raise ValueError(f"at must be aware, got {ask.at!r}")
    ordered = sorted(matches, key=_by_text) if len(matches) > 1 else matches
    because = _applying(ask, rules, ordered)
    settling = settled(because)
    first = settling[0]
    if len(because) > 1:
        others = [reason for reason in because if reason not in settling]
        because = settling + sorted(others, key=in_order)
    categories = tuple(sorted({match.category for match in ordered})) if ordered else ()
    return Verdict(
        outcome=first.outcome,
        tier=first.tier,
        rule=first.rule,
        categories=categories,
        because=tuple(because),
        flip=flip(because, ask.address.host, ask.standing),
        statement=first.statement,
        release=rules.release,
    )


def _applying(ask: Ask, rules: Rules, matches: Sequence[Match]) -> list[Reason]:
    """All that applies, in the order of the tiers. Never empty."""
    profile = rules.profiles.get(ask.standing.profile)
    found = _locked(rules, matches) if matches else []
    if profile is None or profile.kind not in _KINDS:
        found.append(_no_standing(ask, rules, profile))
        return found
    hosts = suffixes(ask.address.host)
    found += [
        _reason(rules, "help", ALLOW, rule, "on the help lane, which is never blocked")
        for rule in _in_force(rules.help_index.about(ask.address, hosts), ask)
        if not rule.broken
    ]
    found += _school(ask, rules, profile, hosts)
    if profile.kind == SHELF_KIND:
        found += _shelf(ask, rules, profile, hosts)
        return found
    for rule in _in_force(rules.service_index.about(ask.address, hosts), ask):
        if rule.broken or rule.outcome == BLOCK:
            text = rule.broken or rule.reason or "this service has not been assessed"
            found.append(_reason(rules, "technology", BLOCK, rule, text))
    if matches:
        found += _category(ask, rules, profile, matches)
    found.append(
        Reason(
            "default",
            profile.default,
            f"{profile.name}/default",
            f"nothing else speaks about this site, and {profile.label} may {_may(profile.default)}",
            profile.statement or rules.tiers.get("default", ""),
        )
    )
    return found


def _locked(rules: Rules, matches: Sequence[Match]) -> list[Reason]:
    return [
        _match_reason("locked", BLOCK, f"locked/{match.category}", match, rules.tiers.get("locked", ""))
        for match in matches
        if is_locked(match.category)
    ]


def _no_standing(ask: Ask, rules: Rules, profile: Profile | None) -> Reason:
    standing = ask.standing
    if profile is None:
        text = f"the release has no profile {standing.profile!r}"
    elif profile.kind == NO_INTERNET_KIND:
        text = f"no internet: {standing.reason or 'no reason given'}"
    else:
        text = f"the profile {profile.name!r} is of a kind that cannot be understood"
    statement = standing.statement or rules.tiers.get("standing", "")
    return Reason("standing", BLOCK, f"standing/{standing.reason or 'unknown'}", text, statement)


def _school(ask: Ask, rules: Rules, profile: Profile, hosts: list[str]) -> list[Reason]:
    found = []
    for rule in _in_force(rules.site_index.about(ask.address, hosts), ask):
        if rule.broken:
            found.append(_reason(rules, "school", BLOCK, rule, f"this rule cannot be understood: {rule.broken}"))
        elif rule.outcome == BLOCK:
            found.append(_reason(rules, "school", BLOCK, rule, rule.reason))
        elif profile.kind != SHELF_KIND:
            # What opens a site for everyone must not widen what the youngest reach: for them there is the shelf.
            found.append(_reason(rules, "school", ALLOW, rule, rule.reason))
    return found


def _shelf(ask: Ask, rules: Rules, profile: Profile, hosts: list[str]) -> list[Reason]:
    items = [
        _reason(rules, "shelf", ALLOW, rule, f"on the shelf: {rule.reason}")
        for rule in _in_force(rules.shelf_index.about(ask.address, hosts), ask)
        if not rule.broken
    ]
    if items:
        return items
    statement = profile.statement or rules.tiers.get("shelf", "")
    return [Reason("shelf", BLOCK, "shelf/only", f"{profile.label} reach only the shelf", statement)]


def _category(ask: Ask, rules: Rules, profile: Profile, matches: Sequence[Match]) -> list[Reason]:
    found = []
    for match in matches:
        if match.category not in CATEGORIES and not is_locked(match.category):
            found.append(_match_reason("category", BLOCK, f"unknown/{match.category}", match, ""))
            continue
        for rule in profile.by_category.get(match.category, ()):
            outcome = _category_outcome(rule, rules.time_zone, ask.at)
            if outcome is not None:
                statement = rule.statement or profile.statement or rules.tiers.get("category", "")
                found.append(_match_reason("category", outcome, rule.id, match, statement, rule.window))
    return found


def _category_outcome(rule: CategoryRule, time_zone: str, at: datetime) -> Outcome | None:
    if rule.broken:
        return BLOCK
    if rule.window is None or rule.window.covers(at.astimezone(ZoneInfo(time_zone))):
        return BLOCK if rule.outcome != ALLOW else ALLOW
    return None


def _in_force(rules: Sequence[SiteRule], ask: Ask) -> Sequence[SiteRule]:
    if not rules:
        return rules
    standing = ask.standing
    return [
        rule
        for rule in rules
        if (not rule.profiles or standing.profile in rule.profiles)
        and (not rule.persons or standing.person in rule.persons)
        and (rule.expires is None or ask.at < rule.expires)
    ]


def _reason(rules: Rules, tier: str, outcome: Outcome, rule: SiteRule, text: str) -> Reason:
    statement = rule.statement or rules.tiers.get(tier, "")
    return Reason(tier, outcome, rule.id, text, statement, entry=rule.site, approver=rule.approver)


def _match_reason(
    tier: str, outcome: Outcome, rule: str, match: Match, statement: str, window: Window | None = None
) -> Reason:
    category = CATEGORIES.get(match.category)
    label = category.label if category else f"a category that is not known here ({match.category})"
    during = f", during {window.name}" if window else ""
    return Reason(
        tier,
        outcome,
        rule,
        f"{match.entry} is on the list {match.list}: {label}{during}",
        statement,
        category=match.category,
        list=match.list,
        version=match.version,
        entry=match.entry,
    )


def _may(outcome: Outcome) -> str:
    return "reach such sites" if outcome == ALLOW else "reach only sites that are allowed"


def _by_text(match: Match) -> tuple[str, str, str, str]:
    return match.category, match.list, match.entry, match.version
