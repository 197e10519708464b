"""The matrix of harms (TEC-1): what prevents, detects, teaches about and answers each of them."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import localdate

from schoolgate.assurance.rules import Status
from schoolgate.filtering.queries import current_release
from schoolgate.gate.core.categories import CATEGORIES, is_locked
from schoolgate.gate.core.rules import BLOCK, OPEN_KIND, SHELF_KIND
from schoolgate.gate.release import Release
from schoolgate.kernel.errors import Malformed, Refused
from schoolgate.kernel.harms import HARMS, Harm
from schoolgate.people.queries import holders
from schoolgate.people.rules import Role
from schoolgate.technology import rules
from schoolgate.watch.detect import CATEGORIES as DETECTED
from schoolgate.watch.detect.rules import whys

# The profiles of children: what they cannot reach is prevented.
CHILDREN = ("shelf", "ks1", "ks2")


@dataclass(frozen=True, slots=True)
class HarmRow:
    """One harm, and what stands against it now.

    Attributes:
        harm: the harm.
        prevents: labels of the categories that every profile of children blocks.
        detects: words for the detector's rules.
        teaches: lessons; empty while none are recorded.
        answers: who answers a concern.
        status: at risk where something that could stand against it does not.
    """

    harm: Harm
    prevents: tuple[str, ...]
    detects: tuple[str, ...]
    teaches: tuple[str, ...]
    answers: tuple[str, ...]
    status: Status


def matrix(now: datetime) -> tuple[HarmRow, ...]:
    """Work the matrix out of what is running now: the release in force, the detector's rules, the people."""
    prevents = blocked_harms(_release())
    detects = detected_harms()
    n_leads = sum(holders(role, localdate(now)).count() for role in (Role.DSL, Role.DEPUTY))
    preventable = {harm for category in CATEGORIES.values() for harm in category.harms}
    answers = (f"The safeguarding team ({n_leads})",) if n_leads else ()
    return tuple(
        HarmRow(
            harm,
            prevents.get(code, ()),
            detects.get(code, ()),
            (),
            answers,
            rules.harm_status(
                rules.Against(
                    prevented=bool(prevents.get(code)) if code in preventable else None,
                    detected=bool(detects.get(code)) if code in DETECTED else None,
                    answered=bool(answers),
                )
            ),
        )
        for code, harm in HARMS.items()
    )


def blocked_harms(release: Release | None) -> Mapping[str, tuple[str, ...]]:
    """The categories that all profiles of children block at every hour and that some list holds, by harm."""
    if release is None:
        return {}
    held = {one.category for one in release.manifest.lists if one.names or one.pages}
    profiles = [profile for name, profile in release.rules.profiles.items() if name in CHILDREN]
    found: dict[str, list[str]] = defaultdict(list)
    for code, category in CATEGORIES.items():
        closed = [
            profile.kind == SHELF_KIND
            or is_locked(code)
            or (
                profile.kind == OPEN_KIND
                and any(
                    rule.outcome == BLOCK and rule.window is None and not rule.broken
                    for rule in profile.by_category.get(code, ())
                )
            )
            for profile in profiles
        ]
        if code in held and closed and all(closed):
            for harm in category.harms:
                found[harm].append(category.label)
    return {harm: tuple(labels) for harm, labels in found.items()}


def detected_harms() -> Mapping[str, tuple[str, ...]]:
    """How many rules of the detector look for each harm: its categories carry the harms' codes."""
    n_rules = Counter(rule.partition("/")[0] for rule in whys())
    return {code: (f"{n_rules[code]} rules",) for code in HARMS if n_rules[code]}


def _release() -> Release | None:
    """The release in force; without one nothing is known to be blocked for a reason of the policy."""
    try:
        return current_release()
    except (Refused, Malformed):
        return None
