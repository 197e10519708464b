"""HTML, by Beautiful Soup on Python's own parser: it knows the lines, fetches nothing and expands no entity."""

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag

from schoolgate.drafting.document import Document, Kind, Line
from schoolgate.drafting.reading import tables, tidy, titles
from schoolgate.kernel.errors import Malformed

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


def document(text: str, name: str) -> Document:
    """Read a page; navigation, scripts, forms and the page footer are left out.

    Raises:
        Malformed: if its tags are nested beyond reason.
    """
    try:
        soup = BeautifulSoup(text, "html.parser")
        for tag in soup(_LEFT_OUT):
            tag.decompose()
        lines = tuple(_lines(soup))
    except RecursionError as error:
        raise Malformed(
            f"{name}: its tags are nested deeper than any page", "save the page again, or copy its text"
        ) from error
    return Document(lines, titles.title(lines), "html")


def _lines(soup: BeautifulSoup) -> Iterator[Line]:
    inside: dict[int, frozenset[str]] = {}  # what each tag stands in, found in one pass however deep the page is
    for tag in soup.find_all(True):
        parent = tag.parent
        around = inside.get(id(parent), frozenset())
        inside[id(tag)] = around | {parent.name} if parent is not None and parent.name in {"tr", "li"} else around
        number = tag.sourceline or 0
        if tag.name == "tr":
            yield from tables.row(number, [cell.get_text(" ") for cell in tag.find_all(["td", "th"])])
        elif tag.name in _LEAVES and "tr" not in inside[id(tag)] and (text := _own_text(tag)):
            yield Line(number, text, _kind(tag, text, in_item="li" in inside[id(tag)]))


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


def _kind(tag: Tag, text: str, *, in_item: bool) -> Kind:
    if tag.name in _HEADINGS:
        return Kind.HEADING
    if tag.name in {"caption", "figcaption"}:
        return Kind.CAPTION
    if tag.name in {"li", "dd"} or in_item:
        return Kind.ITEM
    if tag.name == "dt" or tidy.is_label(text):
        return Kind.LABEL
    return Kind.PARAGRAPH
