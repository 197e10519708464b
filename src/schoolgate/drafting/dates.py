"""Dates as people write them in policies."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1
    )
}
_MONTH = r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_TERMS = {"autumn": (9, 12), "spring": (1, 4), "summer": (4, 8)}
_FORMS = (
    re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH},? {_YEAR}\b"),
    re.compile(rf"\b{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? {_YEAR}\b"),
    re.compile(rf"\b{_MONTH},? {_YEAR}\b"),
    re.compile(r"\b(?P<year>(?:19|20)\d\d)-(?P<monthnumber>\d\d)(?:-(?P<day>\d\d))?\b"),
    re.compile(r"\b(?P<day>\d{1,2})[/.](?P<monthnumber>\d{1,2})[/.](?P<year>(?:20)?\d\d)\b"),
    re.compile(r"\b(?P<monthnumber>0?[1-9]|1[0-2])/(?P<year>20\d\d)\b"),
    re.compile(rf"\b(?P<term>autumn|spring|summer)(?: term)?,? {_YEAR}\b"),
    re.compile(rf"\b{_YEAR}\b"),
)


@dataclass(frozen=True, slots=True)
class When:
    """A date in a text: a day, or all the days from `first` to `last` of a month, term or year.

    Attributes:
        start: offset of its first character.
        end: offset past its last.
        text: as it was written.
        exact: more exact than a year alone.
    """

    start: int
    end: int
    text: str
    first: date
    last: date
    exact: bool


def dates(text: str) -> tuple[When, ...]:
    """Return the dates in *text*, in order. Days come first, as in Britain; impossible ones are left out."""
    found: list[When] = []
    for form in _FORMS:
        for match in form.finditer(text.lower()):
            if any(match.start() < other.end and other.start < match.end() for other in found):
                continue
            found.extend(_when(match, text))
    return tuple(sorted(found, key=lambda when: when.start))


def _when(match: re.Match[str], text: str) -> Iterator[When]:
    parts = match.groupdict()
    year = int(parts["year"])
    year += 2000 if year < 100 else 0
    exact = True
    try:
        if parts.get("term"):
            low, high = _TERMS[parts["term"]]
            first, last = date(year, low, 1), date(year, high, monthrange(year, high)[1])
        elif parts.get("month") or parts.get("monthnumber"):
            month = _MONTHS[parts["month"][:3]] if parts.get("month") else int(parts["monthnumber"])
            day = int(parts["day"]) if parts.get("day") else 0
            first = date(year, month, day or 1)
            last = first if day else date(year, month, monthrange(year, month)[1])
        else:
            first, last, exact = date(year, 1, 1), date(year, 12, 31), False
    except ValueError:
        return
    yield When(match.start(), match.end(), text[match.start() : match.end()], first, last, exact)
