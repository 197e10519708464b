"""Plain names, one a line; `#` begins a comment; `*.example.test`, `.example.test` and `example.test/page` are taken too."""

from collections.abc import Iterator
from pathlib import Path

from schoolgate.gate.lists.entry import Entry, Read
from schoolgate.gate.lists.lines import lines

FORMAT = "domains"
NAMES_ITS_LISTS = False


def read(path: Path) -> Iterator[Read]:
    """Yield an entry a line."""
    for line in lines(path):
        text = line.partition("#")[0].strip()
        if text:
            yield Entry(text.removeprefix("*").removeprefix("."))
