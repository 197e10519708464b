"""Rules as JSON in a release, and back.

Reading forgives nothing quietly: a rule that this version cannot understand
comes back *broken*, and a broken rule blocks.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from schoolgate.gate.core.rules import ALLOW, BLOCK, CategoryRule, Outcome, Profile, Rules, SiteRule, Window
from schoolgate.gate.core.sites import site
from schoolgate.kernel.errors import Malformed

_SITE_TIERS = ("help_lane", "sites", "shelf", "services")


def to_bytes(rules: Rules) -> bytes:
    """Return the rules as JSON. The release's id is not in it: the manifest says it."""
    record: dict[str, Any] = {
        "school": rules.school,
        "time_zone": rules.time_zone,
        "statements": dict(rules.statements),
        "tiers": dict(rules.tiers),
        "profiles": [_profile_record(profile) for profile in rules.profiles.values()],
    }
    for tier in _SITE_TIERS:
        record[tier] = [_site_record(rule) for rule in getattr(rules, tier)]
    return json.dumps(record, indent=1, sort_keys=True, ensure_ascii=False).encode() + b"\n"


def from_bytes(data: bytes, release: str) -> Rules:
    """Read the rules of the release with this id.

    Raises:
        Malformed: if it is no set of rules at all. What is wrong in one rule makes that rule broken.
    """
    try:
        record = json.loads(data)
        profiles = {entry["name"]: _profile(entry) for entry in record["profiles"]}
        ZoneInfo(record["time_zone"])  # hours that cannot be told would be told wrongly, one question at a time
        tiers = {tier: tuple(_site_rule(entry) for entry in record[tier]) for tier in _SITE_TIERS}
        return Rules(
            school=str(record["school"]),
            time_zone=str(record["time_zone"]),
            profiles=profiles,
            statements=dict(record["statements"]),
            tiers=dict(record["tiers"]),
            release=release,
            **tiers,
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Malformed("the release's rules are not rules: were they made by another version?") from error


def _profile_record(profile: Profile) -> dict[str, Any]:
    return {
        "name": profile.name,
        "label": profile.label,
        "kind": profile.kind,
        "default": profile.default,
        "statement": profile.statement,
        "categories": [
            {
                "id": rule.id,
                "category": rule.category,
                "outcome": rule.outcome,
                "statement": rule.statement,
                "window": None
                if rule.window is None
                else {
                    "name": rule.window.name,
                    "days": sorted(rule.window.days),
                    "start": rule.window.start,
                    "end": rule.window.end,
                },
            }
            for rule in profile.categories
        ],
    }


def _site_record(rule: SiteRule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "outcome": rule.outcome,
        "site": rule.site,
        "profiles": sorted(rule.profiles),
        "persons": sorted(rule.persons),
        "approver": rule.approver,
        "reason": rule.reason,
        "expires": rule.expires.isoformat() if rule.expires else None,
        "statement": rule.statement,
    }


def _profile(record: Mapping[str, Any]) -> Profile:
    # A default that cannot be read is "block"; a kind that cannot be read gives no internet (decide knows its kinds).
    return Profile(
        name=str(record["name"]),
        label=str(record["label"]),
        kind=str(record["kind"]),
        default=ALLOW if record["default"] == ALLOW else BLOCK,
        categories=tuple(_category_rule(entry) for entry in record["categories"]),
        statement=str(record["statement"]),
    )


def _category_rule(record: Mapping[str, Any]) -> CategoryRule:
    name, category = str(record["id"]), str(record["category"])
    try:
        window = None if record["window"] is None else _window(record["window"])
        return CategoryRule(name, category, _outcome(record["outcome"]), window, str(record["statement"]))
    except (ValueError, KeyError, TypeError) as error:
        return CategoryRule(name, category, BLOCK, broken=_words(error))


def _window(record: Mapping[str, Any]) -> Window:
    days = frozenset(int(day) for day in record["days"])
    start, end = int(record["start"]), int(record["end"])
    if not days <= frozenset(range(7)) or not 0 <= start < end <= 24 * 60:
        raise ValueError("hours that are no hours")
    return Window(str(record["name"]), days, start, end)


def _site_rule(record: Mapping[str, Any]) -> SiteRule:
    name = str(record["id"])
    try:
        key = site(record["site"])
    except (Malformed, KeyError, TypeError, AttributeError) as error:
        return SiteRule(name, BLOCK, "", broken=_words(error))
    try:
        expires = record["expires"]
        until = None if expires is None else datetime.fromisoformat(expires)
        if until is not None and until.tzinfo is None:
            raise ValueError("an end without a time zone")
        return SiteRule(
            id=name,
            outcome=_outcome(record["outcome"]),
            site=key,
            profiles=_words_of(record["profiles"]),
            persons=_words_of(record["persons"]),
            approver=str(record["approver"]),
            reason=str(record["reason"]),
            expires=until,
            statement=str(record["statement"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        return SiteRule(name, BLOCK, key, broken=_words(error))


def _words_of(found: Iterable[Any]) -> frozenset[str]:
    if isinstance(found, str):
        raise TypeError("one word where a list is expected")
    return frozenset(str(word) for word in found)


def _outcome(found: object) -> Outcome:
    if found == ALLOW:
        return ALLOW
    if found == BLOCK:
        return BLOCK
    raise ValueError(f"neither allow nor block: {found!r}")


def _words(error: Exception) -> str:
    return str(error) or type(error).__name__
