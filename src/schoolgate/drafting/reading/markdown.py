"""Markdown, by markdown-it-py (CommonMark, with tables)."""

from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from schoolgate.drafting.document import Document, Kind, Line
from schoolgate.drafting.reading import tables, tidy, titles


def document(text: str) -> Document:
    """Read Markdown. HTML inside it is taken as words, never run or fetched."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    lines = tuple(_lines(parser.parse(text)))
    return Document(lines, titles.title(lines), "md")


def _lines(tokens: Sequence[Token]) -> Iterator[Line]:
    in_list = 0
    row: list[str] = []
    row_at = 0
    heading = in_table = False
    for token in tokens:
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            in_list += 1
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            in_list -= 1
        elif token.type in {"heading_open", "heading_close"}:
            heading = token.type == "heading_open"
        elif token.type in {"table_open", "table_close"}:
            in_table = token.type == "table_open"
        elif token.type == "tr_open":
            row, row_at = [], (token.map or [0])[0] + 1
        elif token.type == "tr_close":
            yield from tables.row(row_at, row)
        elif token.type == "inline":
            if in_table:
                row.append(" ".join(_physical(token)))
                continue
            number = (token.map or [0])[0] + 1
            kind = Kind.HEADING if heading else Kind.ITEM if in_list else Kind.PARAGRAPH
            yield from _block(number, _physical(token), kind)


def _block(number: int, physical: Sequence[str], kind: Kind) -> Iterator[Line]:
    if kind is Kind.PARAGRAPH and len(physical) == 1 and tidy.is_label(physical[0]):
        kind = Kind.LABEL
    first = True
    for offset, text in enumerate(physical):
        if text.strip():
            yield Line(number + offset, text.strip(), kind, continues=not first)
            first = False


def _physical(inline: Token) -> list[str]:
    """The words of a block, one string for each line of the file."""
    parts = [""]
    for child in inline.children or ():
        if child.type in {"softbreak", "hardbreak"}:
            parts.append("")
        elif child.type in {"text", "code_inline"} or child.type == "image":
            parts[-1] += child.content
    return parts
