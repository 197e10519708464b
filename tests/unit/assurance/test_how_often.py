"""Intervals as people say them."""

import pytest

from schoolgate.assurance.rules import how_often


@pytest.mark.parametrize(
    ("days", "words"),
    [(1, "every day"), (7, "every week"), (45, "every 45 days"), (365, "every year"), (None, "every year")],
)
def test_an_interval_is_said_as_people_say_it(days, words):
    assert how_often(days) == words
