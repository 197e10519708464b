"""What may be opened, to whom and for how long: pure, no clock."""

from datetime import date
from enum import StrEnum

# The months in which the terms of an English school end. A school rule ends with its term at the latest,
# so that every exception is looked at three times a year.
_TERM_ENDS = ((4, 15), (8, 31), (12, 31))


class Audience(StrEnum):
    """For whom a site is opened. The gate knows key stages, not single classes."""

    STAFF = "staff"
    KS1 = "ks1"
    KS2 = "ks2"
    PUPILS = "pupils"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def profiles(self) -> tuple[str, ...]:
        """The profiles of the release that it means."""
        return ("ks1", "ks2") if self is Audience.PUPILS else (self.value,)

    @property
    def is_children(self) -> bool:
        return self is not Audience.STAFF


_LABELS = {
    Audience.STAFF: "Staff only",
    Audience.KS1: "Years 1 and 2",
    Audience.KS2: "Years 3 to 6",
    Audience.PUPILS: "All pupils from Year 1",
}


def end_of_term(day: date) -> date:
    """Return the last day of the term that *day* is in; the last day itself is still in it."""
    return next(date(day.year, *end) for end in _TERM_ENDS if day <= date(day.year, *end))


def last_day_allowed(asked_until: date, today: date) -> date:
    """Return how long a site may be open: as asked, but no longer than the term."""
    return min(asked_until, end_of_term(today))
