"""Rows of tables, read as a person reads them aloud."""

from collections.abc import Iterator, Sequence

from schoolgate.drafting.document import Kind, Line


def row(number: int, cells: Sequence[str]) -> Iterator[Line]:
    """Give the row of two cells as "label: value", any other as a line for each cell."""
    texts = [" ".join(cell.split()) for cell in cells]
    filled = [text for text in texts if text]
    if len(texts) == 2 and len(filled) == 2:
        label = texts[0].rstrip(":")
        yield Line(number, f"{label}: {texts[1]}", Kind.CELL)
        return
    for text in filled:
        yield Line(number, text, Kind.CELL)
