"""Interval words that two readers read differently."""

from collections.abc import Iterator

from schoolgate.drafting.lint.case import Case, Finding, Severity, lines_said
from schoolgate.drafting.lint.review import due, intervals

ID = "ambiguous-interval"
SEVERITY = Severity.WARNING
ABOUT = "an interval that can be read in two ways, or is no interval"

_TWO_WAYS = r"\bbi-? ?(?:annual(?:ly)?|yearly|monthly|weekly)\b"
# A vague word counts only where the policy says how often it is itself reviewed.
_VAGUE = (
    r"\b(?:policy|document)\b[^.;]{0,60}\b(?:reviewed|updated|revised)\b[^.;]{0,25}?\b(?:regularly|periodically|from time to time|frequently|on a regular basis|at regular intervals|as appropriate)\b"
    r"|\b(?:policy|document)\b[^.;]{0,40}\b(?:regularly|periodically|frequently) (?:reviewed|updated|revised)\b"
    r"|\b(?:regularly|periodically) reviews? (?:this|the|our) (?:online safety )?policy\b"
)


def find(case: Case) -> Iterator[Finding]:
    """Yield one finding for each kind of word, at its first place."""
    two_ways = list(case.spots(_TWO_WAYS))
    if two_ways:
        first = two_ways[0]
        word = first.match.group()
        unit = word.lower().lstrip("bi- ").removesuffix("ly")
        period = {"annual": "year", "year": "year", "month": "month", "week": "week"}.get(unit, "year")
        yield Finding(
            ID,
            SEVERITY,
            first.line,
            first.excerpt,
            f"“{word}” can mean twice a {period} or every two {period}s{lines_said(first.line, (spot.line for spot in two_ways))}.",
            f"Write “twice a {period}” or “every two {period}s”. For reviewing this policy write “every year”."
            if period == "year"
            else f"Write “twice a {period}” or “every two {period}s”.",
        )
    vague = list(case.spots(_VAGUE))
    if vague and not _has_interval(case):
        first = vague[0]
        yield Finding(
            ID,
            SEVERITY,
            first.line,
            first.excerpt,
            "It says that the policy is reviewed, but not how often, so a missed review can never be seen.",
            "Give a number: “reviewed every year, and by 30 September 2027 at the latest”, with your own date.",
        )


def _has_interval(case: Case) -> bool:
    return bool(intervals(case) or due(case))
