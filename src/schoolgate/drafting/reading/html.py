"""HTML, by Beautiful Soup on lxml's HTML parser, which fetches nothing and knows no entity declarations."""

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag

from schoolgate.drafting.document import Document, Kind, Line
from schoolgate.drafting.reading import tables, tidy, titles

_LEFT_OUT = [
    "script",
    "style",
    "nav",
    "template",
    "noscript",
    "footer",
    "form",
    "button",
    "svg",
    "head",
    "iframe",
    "object",
]
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_LEAVES = _HEADINGS | {"p", "li", "dt", "dd", "caption", "figcaption", "blockquote", "div", "pre", "section", "article"}


def document(text: str) -> Document:
    """Read a page; navigation, scripts, forms and the page footer are left out."""
    soup = BeautifulSoup(text, "lxml")
    for tag in soup(_LEFT_OUT):
        tag.decompose()
    lines = tuple(_lines(soup))
    return Document(lines, titles.title(lines), "html")


def _lines(soup: BeautifulSoup) -> Iterator[Line]:
    for tag in soup.find_all([*_LEAVES, "tr"]):
        number = tag.sourceline or 0
        if tag.name == "tr":
            yield from tables.row(number, [cell.get_text(" ") for cell in tag.find_all(["td", "th"])])
            continue
        if tag.find_parent("tr"):
            continue
        text = _own_text(tag)
        if not text:
            continue
        yield Line(number, text, _kind(tag, text))


def _own_text(tag: Tag) -> str:
    """The text of *tag* that no block inside it holds, so that nothing is said twice."""
    parts: list[str] = []

    def walk(node: Tag) -> None:
        for child in node.children:
            if isinstance(child, Tag):
                if child.name == "br":
                    parts.append(" ")
                elif child.name not in _LEAVES and child.name not in {"table", "ul", "ol", "dl", "tr"}:
                    walk(child)
            elif type(child).__name__ == "NavigableString":
                parts.append(str(child))

    walk(tag)
    return re.sub(r"\s+", " ", "".join(parts)).strip()


def _kind(tag: Tag, text: str) -> Kind:
    if tag.name in _HEADINGS:
        return Kind.HEADING
    if tag.name in {"caption", "figcaption"}:
        return Kind.CAPTION
    if tag.name in {"li", "dd"} or tag.find_parent("li"):
        return Kind.ITEM
    if tag.name == "dt" or tidy.is_label(text):
        return Kind.LABEL
    return Kind.PARAGRAPH
