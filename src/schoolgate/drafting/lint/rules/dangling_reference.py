"""Pointers to something that is not in the file."""

import re
from collections.abc import Iterator

from schoolgate.drafting.document import Kind
from schoolgate.drafting.lint.case import Case, Finding, Severity, Spot, lines_said
from schoolgate.drafting.words import folded

ID = "dangling-reference"
SEVERITY = Severity.WARNING
ABOUT = "it points to an appendix, a diagram or a section that is not there"

_APPENDIX = re.compile(r"\b(?:appendix|appendices|annex(?:es)?)\b(?: ?(?P<which>\d{1,2}|[A-H])\b)?", re.IGNORECASE)
_FIGURE = re.compile(
    r"\b(?:diagram|flow ?chart|figure|chart|graphic|picture|illustration|image)s? (?:below|overleaf|above|opposite|attached|on the next page)\b"
    r"|\b(?:illustrated|shown|set out|depicted|displayed) (?:in the (?:diagram|flow ?chart|figure|chart|graphic)(?: below| overleaf| above)?|below|overleaf|above|opposite)(?=[.;)]|$)"
    r"|\b(?:see|in) (?:the )?(?:diagram|flow ?chart|chart)\b",
    re.IGNORECASE,
)
_TABLE = re.compile(
    r"\b(?:see|in|from) the (?:table|grid|matrix|list) (?:below|overleaf|opposite)\b|\b(?:table|grid|matrix) below\b",
    re.IGNORECASE,
)
_ATTACHED = re.compile(
    r"\b(?:attached|enclosed) (?:agreement|form|policy|document|aup|sheet|list)\b|\b(?:agreement|form|aup|sheet)s? (?:is|are) attached\b|\bsee attached\b",
    re.IGNORECASE,
)
_SECTION = re.compile(
    r"\b(?:see|in|under) section (?P<which>\d{1,2})(?!\.\d|\d)\b(?! of (?:the|kcsie|keeping))", re.IGNORECASE
)


def find(case: Case) -> Iterator[Finding]:
    """Yield one finding for each thing that is missing."""
    yield from _appendices(case)
    yield from _figures(case)
    for pattern, what, fix in (
        (_TABLE, "a table", "Put the table in, or say in words what it shows."),
        (_ATTACHED, "an attachment", "Add it at the end as an appendix, or say where readers find it."),
    ):
        spots = [spot for spot in case.spots(pattern) if not (pattern is _TABLE and _has_table_after(case, spot))]
        if spots:
            yield _finding(spots, what, fix)
    headings = [folded(sentence.text) for sentence in case.sentences if sentence.kind is Kind.HEADING]
    numbered = {match.group(1) for heading in headings if (match := re.match(r"(?:section )?(\d{1,2})\b", heading))}
    if numbered:  # headings without numbers cannot be checked
        lost = [spot for spot in case.spots(_SECTION) if spot.match["which"] not in numbered]
        if lost:
            yield _finding(
                lost, f"section {lost[0].match['which']}", "Give the number or the heading that the section has now."
            )


def _finding(spots: list[Spot], what: str, fix: str) -> Finding:
    first = spots[0]
    return Finding(
        ID,
        SEVERITY,
        first.line,
        first.excerpt,
        f"It points to {what}, and this file has none{lines_said(spots[0].line, (spot.line for spot in spots))}; a reader who needs it is left alone.",
        fix,
    )


def _appendices(case: Case) -> Iterator[Finding]:
    present: set[str] = set()
    for sentence in case.sentences:
        match = _APPENDIX.match(sentence.text.strip("*# "))
        if match and sentence.kind in {Kind.HEADING, Kind.LABEL, Kind.PARAGRAPH} and len(sentence.text.split()) <= 14:
            present.add((match["which"] or "").upper())
    lost: list[Spot] = []
    for spot in case.spots(_APPENDIX):
        which = (spot.match["which"] or "").upper()
        starts = spot.sentence.text.strip("*# ").lower().startswith(("appendix", "appendices", "annex"))
        if starts and len(spot.sentence.text.split()) <= 14:
            continue
        if (which and which not in present) or not (which or present):
            lost.append(spot)
    if lost:
        named = " and ".join(sorted({spot.match["which"].upper() for spot in lost if spot.match["which"]}))
        what = f"appendix {named}" if named else "appendices"
        yield _finding(lost, what, "Add the appendix to the file, or say where readers find it.")


def _figures(case: Case) -> Iterator[Finding]:
    lost = list(case.spots(_FIGURE))
    # "as set out below:" introduces its own list; only what is not followed by words of its own can be missing.
    lost = [spot for spot in lost if not (spot.sentence.text.rstrip().endswith(":"))]
    if lost:
        yield _finding(
            lost,
            "a diagram",
            "Write the steps as a numbered list; a picture alone cannot be read aloud, searched or checked.",
        )


def _has_table_after(case: Case, spot: Spot) -> bool:
    return any(sentence.kind is Kind.CELL and abs(sentence.line - spot.line) < 60 for sentence in case.sentences)
