"""Plain text, and the plain text that copying out of Markdown leaves behind."""

import re

from schoolgate.drafting.document import Document
from schoolgate.drafting.reading import tidy, titles

_LINK = re.compile(r"!?\[([^\]]*)\]\((?:[^()\s]|\([^()]*\))*\)")
_EMPHASIS = re.compile(r"(?<![\w*])(\*{1,3})(?=\S)([^*\n]+?)(?<=\S)\1(?![\w*])")


def document(text: str) -> Document:
    """Read plain text; a form feed is a page break."""
    physical = text.replace("\f", "").splitlines()
    raws = [tidy.Raw(number, _unmarked(line)) for number, line in enumerate(physical, start=1)]
    lines = tidy.lines(raws)
    return Document(lines, titles.title(lines), "txt")


def _unmarked(line: str) -> str:
    """Take out the marks of links and emphasis; the words stay."""
    line = _EMPHASIS.sub(r"\2", _LINK.sub(r"\1", line))
    return re.sub(r"\\([()\[\]*_])", r"\1", line)
