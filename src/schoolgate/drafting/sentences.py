"""The sentences of a policy, where they stand, and which of them promise something."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from schoolgate.drafting import normative
from schoolgate.drafting.document import Block, Document, Kind, blocks

_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|no|nos|mr|mrs|ms|dr|st|approx|vs|cf|dept|ref|p|pp|para|paras|s|ss|sec|fig|inc|"
    r"jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec)|\b[A-Z])\.$",
    re.IGNORECASE,
)
_BREAK = re.compile(r"(?<=[.!?])[\"'’”)\]]*\s+(?=[\"'‘“(\[]?[A-Z0-9])")
_DEBRIS = re.compile(r"\[bookmark:[^\]]*\]|\[(?:image|picture|object)[^\]]*\]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a policy.

    Attributes:
        line: the number of the line where it begins.
        text: its own words, on one line.
        normative: it says what somebody does, must, may or may not do, or what safeguard there is.
        why: the reason for that answer, in a few words.
        kind: what it is on the page.
        section: the heading above it, or "".
        stem: for an item of a list, the words that introduce the list, or "".
    """

    line: int
    text: str
    normative: bool
    why: str
    kind: Kind
    section: str
    stem: str


def sentences(document: Document) -> tuple[Sentence, ...]:
    """Return every sentence of *document* in order, headings and captions included.

    An item inherits the words that introduce its list ("Safeguards include:"), because without
    them it is not a sentence; a short label ("Parents:") joins the section and keeps the list open.
    """
    found: list[Sentence] = []
    section = label = stem = ""
    stem_kind = normative.Judgement(False, "")
    whole = list(blocks(document))
    for index, block in enumerate(whole):
        next_kind = whole[index + 1].kind if index + 1 < len(whole) else None
        if block.kind is Kind.HEADING:
            section, label, stem = _clean(block.text), "", ""
        elif block.kind is Kind.LABEL:
            label = block.text
        where = " / ".join(filter(None, (section, label.rstrip(":"))))
        if block.kind not in {Kind.ITEM, Kind.LABEL, Kind.HEADING}:
            stem = ""
        for order, (text, line) in enumerate(_split(block)):
            inherits = block.kind is Kind.ITEM and order == 0
            judgement = normative.judge(
                text, block.kind, stem if inherits else "", stem_kind if inherits and stem else None
            )
            found.append(
                Sentence(line, text, judgement.normative, judgement.why, block.kind, where, stem if inherits else "")
            )
            if block.kind is Kind.PARAGRAPH and _introduces(text, next_kind):
                stem = text
                stem_kind = normative.judge_stem(text)
    return tuple(found)


def _introduces(text: str, next_kind: Kind | None) -> bool:
    if next_kind not in {Kind.ITEM, Kind.LABEL}:
        return False
    return text.endswith((":", ";", ": -", ":-")) or not text.endswith((".", "!", "?", ")"))


def _clean(text: str) -> str:
    return " ".join(_DEBRIS.sub("", text).split())


def _split(block: Block) -> Iterator[tuple[str, int]]:
    """Each sentence of a block with the number of its line."""
    start = 0
    for match in _BREAK.finditer(block.text):
        if _ABBREVIATION.search(block.text[start : match.start()].rstrip("\"'’”)]")):
            continue
        if text := _clean(block.text[start : match.end()]):
            yield text, block.line_at(start)
        start = match.end()
    if text := _clean(block.text[start:]):
        yield text, block.line_at(start)
