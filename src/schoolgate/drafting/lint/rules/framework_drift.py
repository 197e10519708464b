"""The areas of online risk, as they were before there were four."""

import re
from collections.abc import Iterator

from schoolgate.drafting.lint.case import Case, Finding, Severity

ID = "framework-drift"
SEVERITY = Severity.ERROR
ABOUT = "three Cs of online risk where there are four"

_THREE = r"\b(?:3|three) ?['\"]?c['\"]?s?\b['\"]?s?"
_LISTED = r"\b(?:content|contact|conduct),? ?(?:and |& |/ ?)?(?:content|contact|conduct),? ?(?:and |& |/ ?)(?:content|contact|conduct)\b"


def find(case: Case) -> Iterator[Finding]:
    """Yield one finding where three Cs stand, or a list of them without commerce."""
    for spot in case.spots(f"{_THREE}|{_LISTED}"):
        around = spot.match.string
        counted = re.search(_THREE, spot.match.group(), re.IGNORECASE)
        if not counted and re.search(r"\bcommerc", around, re.IGNORECASE):
            continue
        if counted and not re.search(r"\b(?:content|contact|conduct|risk|harm)", around, re.IGNORECASE):
            continue
        yield Finding(
            ID,
            SEVERITY,
            spot.line,
            spot.excerpt,
            "It sorts online risk into three Cs; there are four since 2021, and commerce (gambling, advertising, phishing, scams) is left out.",
            "Name all four: content, contact, conduct and commerce; and check that commerce is covered in what follows.",
        )
        return
