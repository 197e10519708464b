"""A policy as lines with numbers and kinds, whatever format it came in."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

SOFT_HYPHEN = "\u00ad"


class Kind(StrEnum):
    """What a line is on the page."""

    HEADING = "heading"
    LABEL = "label"  # a short line that introduces what follows: "Parents:"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    CELL = "cell"
    CAPTION = "caption"
    CONTENTS = "contents"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a policy.

    Attributes:
        number: where it stands in the file, from 1: lines of a text, blocks of a Word file, extracted lines of a PDF.
        text: without its bullet or number.
        kind: what it is on the page.
        continues: it carries on the line before (a wrapped paragraph, a sentence broken over two pages).
    """

    number: int
    text: str
    kind: Kind
    continues: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A policy as it was read.

    Attributes:
        lines: in order; running headers, page numbers and empty lines are left out.
        title: its first heading, or "".
        format: "txt", "md", "docx", "html" or "pdf".
    """

    lines: tuple[Line, ...]
    title: str
    format: str


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, item or heading made whole again out of its lines."""

    kind: Kind
    text: str
    starts: tuple[tuple[int, int], ...]

    def line_at(self, offset: int) -> int:
        """The number of the line that holds the character at *offset*."""
        number = self.starts[0][1]
        for start, candidate in self.starts:
            if start > offset:
                break
            number = candidate
        return number


def blocks(document: Document) -> Iterator[Block]:
    """Join the lines that continue each other."""
    pending: list[Line] = []
    for line in document.lines:
        if pending and not line.continues:
            yield _joined(pending)
            pending = []
        pending.append(line)
    if pending:
        yield _joined(pending)


def _joined(lines: list[Line]) -> Block:
    text = ""
    starts: list[tuple[int, int]] = []
    for line in lines:
        if text.endswith(SOFT_HYPHEN):
            text = text[:-1]
        elif text and (not text.endswith("-") or text.endswith(" -")):
            text += " "
        starts.append((len(text), line.number))
        text += line.text.strip()
    return Block(lines[0].kind, text.rstrip(SOFT_HYPHEN), tuple(starts))
