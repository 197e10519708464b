"""For whom a site opens, and for how long."""

from datetime import date

import pytest

from schoolgate.filtering.rules import Audience, end_of_term, last_day_allowed


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (date(2026, 9, 1), date(2026, 12, 31)),  # the first day of the autumn term
        (date(2026, 12, 31), date(2026, 12, 31)),  # its last day is still in it
        (date(2027, 1, 1), date(2027, 4, 15)),
        (date(2027, 4, 16), date(2027, 8, 31)),
    ],
)
def test_every_day_is_in_a_term(day, end):
    assert end_of_term(day) == end


def test_an_opening_ends_as_asked_or_with_the_term():
    today = date(2026, 11, 23)
    assert last_day_allowed(date(2026, 11, 30), today) == date(2026, 11, 30)
    assert last_day_allowed(date(2027, 11, 30), today) == date(2026, 12, 31)


def test_pupils_are_every_key_stage_and_never_staff():
    assert Audience.PUPILS.profiles == ("ks1", "ks2")
    assert [one.value for one in Audience if not one.is_children] == ["staff"]
