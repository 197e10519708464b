"""Meaning that is lost with the colours, and debris that a converter left."""

from collections.abc import Iterator

from schoolgate.drafting.document import Document, Kind
from schoolgate.drafting.lint.case import Case, Finding, Severity, lines_said
from schoolgate.drafting.words import excerpt

ID = "format-dependent"
SEVERITY = Severity.WARNING
ABOUT = "meaning that only colour or layout carries, or debris of a conversion"

_COLOUR = (
    r"(?:orange|red|green|blue|yellow|amber|purple|pink|grey|gray|colour(?:ed)?|bold|italics?|underlined|capitals)"
)
_BY_COLOUR = (
    rf"\b(?:highlighted|marked|shown|shaded|written|printed|text|sections?|parts?|words?|items?|paragraphs?|statements?|those|coloured|typed) (?:\w+ )?(?:in|as) {_COLOUR}\b"
    rf"|\b(?:the|all|any) {_COLOUR} (?:text|sections?|parts?|boxes|paragraphs?|words|items)\b|\b(?:highlighted|shaded|struck through|greyed[- ]out) (?:sections?|parts?|text|areas?|items?|paragraphs?)\b"
)
_DEBRIS = (
    "[bookmark:",
    "Error! Reference source",
    "Error! Bookmark",
    "{ PAGEREF",
    "{ TOC ",
    "&nbsp;",
    "&amp;",
    "_Toc",
    "\ufffd",
)


def find(case: Case) -> Iterator[Finding]:
    """Yield one finding for colours and one for debris."""
    spots = list(case.spots(_BY_COLOUR))
    if spots:
        first = spots[0]
        yield Finding(
            ID,
            SEVERITY,
            first.line,
            first.excerpt,
            "Which words it means can only be seen by their look"
            f"{lines_said(first.line, (spot.line for spot in spots))}: lost in print, in a copy, and for a reader who does not see it.",
            "Say in words which sections are meant, beside each of them (“does not apply to us, because …”).",
        )
    yield from _debris(case.document)


def _debris(document: Document) -> Iterator[Finding]:
    hits = [
        (line, mark)
        for line in document.lines
        if line.kind is not Kind.CONTENTS
        for mark in _DEBRIS
        if mark in line.text
    ]
    if hits:
        line, mark = hits[0]
        start = line.text.index(mark)
        yield Finding(
            ID,
            Severity.ADVICE,
            line.number,
            excerpt(line.text, start, start + len(mark)),
            f"A program left its marks in the text{lines_said(line.number, (each.number for each, _ in hits))}; "
            "links and the table of contents are likely to be broken.",
            "Take the marks out, and build the table of contents again.",
        )
