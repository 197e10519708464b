"""Small numbers are kept back."""

from datetime import timedelta

import pytest

from schoolgate.reports.suppress import all_told, length_told, told


@pytest.mark.parametrize(
    ("count", "words"), [(0, "none"), (1, "fewer than 5"), (4, "fewer than 5"), (5, "5"), (312, "312")]
)
def test_one_to_four_are_kept_back(count, words):
    assert told(count) == words


def test_a_count_below_nothing_is_a_mistake():
    with pytest.raises(ValueError, match="-1"):
        told(-1)


def test_no_sum_stands_beside_what_is_kept_back():
    assert all_told({"Content": 3, "Contact": 7}) == [("Content", "fewer than 5"), ("Contact", "7")]


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(seconds=59), "under a minute"),
        (timedelta(seconds=60), "1 minute"),
        (timedelta(minutes=119), "1 hour"),
        (timedelta(hours=50), "2 days"),
    ],
)
def test_lengths_are_told_in_words(length, words):
    assert length_told(length) == words
