"""Words made comparable: one kind of quote, one kind of dash, lower case."""

import re

_PLAIN = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u00a0": " ", "\u2011": "-"})


def plain(text: str) -> str:
    """Return *text* with one form of quotes, dashes and spaces. The length stays, so offsets hold."""
    return text.translate(_PLAIN)


def folded(text: str) -> str:
    """Return *text* for matching: plain, lower case, single spaces."""
    return re.sub(r"\s+", " ", plain(text).lower()).strip()


def excerpt(text: str, start: int = 0, end: int | None = None, *, width: int = 110) -> str:
    """Return the part of *text* round a match, whole words only, with "…" where it was cut."""
    end = len(text) if end is None else end
    if len(text) <= width:
        return text.strip()
    spare = max(0, width - (end - start)) // 2
    left = max(0, start - spare)
    right = min(len(text), left + width)
    left = max(0, right - width)
    if left > 0:
        left = text.find(" ", left, start) + 1 or left
    if right < len(text):
        right = max(text.rfind(" ", end, right), end)
    return ("…" if left else "") + text[left:right].strip() + ("…" if right < len(text) else "")
