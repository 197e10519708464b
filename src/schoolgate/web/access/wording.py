"""Reading the words of an agreement for a page: headings, paragraphs, and promises with their pictures.

A small part of Markdown, and no HTML ever: what a school writes cannot
become a script on a child's screen.
"""

import re
from dataclasses import dataclass
from pathlib import Path

PICTURES = frozenset(
    path.stem for path in (Path(__file__).resolve().parent.parent / "templates" / "access" / "pictures").glob("*.svg")
)
_ITEM = re.compile(r"- (?:\[picture: ([a-z-]+)\] )?(.+)")


@dataclass(frozen=True, slots=True)
class Item:
    """One promise, and the template of its picture, or "" for none."""

    text: str
    picture: str


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph, or a list of promises."""

    kind: str
    text: str = ""
    items: tuple[Item, ...] = ()


def blocks(text: str) -> list[Block]:
    """Return the parts of *text*, in order."""
    found: list[Block] = []
    for chunk in re.split(r"\n\s*\n", text.strip()):
        lines = [line.strip() for line in chunk.splitlines()]
        items = [_ITEM.fullmatch(line) for line in lines]
        if lines[0].startswith("#"):
            kind = "title" if lines[0].startswith("# ") else "heading"
            found.append(Block(kind, lines[0].lstrip("#").strip()))
        elif all(items):
            found.append(Block("list", items=tuple(_item(match) for match in items if match)))
        else:
            found.append(Block("paragraph", " ".join(lines)))
    return found


def _item(match: re.Match[str]) -> Item:
    picture = match[1] or ""
    return Item(match[2], f"access/pictures/{picture}.svg" if picture in PICTURES else "")
