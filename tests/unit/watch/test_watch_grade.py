from datetime import UTC, datetime, timedelta

import pytest

from schoolgate.watch.detect import NOTHING, detect
from schoolgate.watch.grade import Past, decay, with_session

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def told(*texts, kind="search", every=timedelta(minutes=3)):
    """What a person wrote, one text after the other; the last one is graded with the others as its past."""
    past = []
    for number, text in enumerate(texts):
        at = NOON + number * every
        alone = detect(text, kind)
        graded = with_session(alone, at, past, text)
        past.append(Past(at, text, alone))
    return graded


def test_the_third_different_text_of_one_theme_is_raised():
    assert told("i hate myself", "i cry myself to sleep", "why am i always so sad").grade >= 4


def test_the_same_text_again_and_again_counts_once():
    assert told(*["unblocked games"] * 20).grade == 2
    assert told(*["i hate myself"] * 20).grade == 3


def test_a_way_round_the_filter_is_never_an_emergency():
    assert told(*[f"unblocked games {n}" for n in range(30)]).grade <= 3


def test_contact_then_secrecy_then_a_meeting_is_urgent():
    assert (
        told(
            "hey how old are you",
            "what school do you go to",
            "dont tell anyone we talk, lets go on telegram",
            kind="post",
        ).grade
        == 5
    )


def test_despair_then_a_method_is_urgent():
    assert told("i hate myself", "does it hurt to hang yourself").grade == 5


def test_a_lesson_stays_a_lesson():
    assert told("types of cyber attack gcse", "sql injection explained", "computer misuse act case studies").grade <= 1


def test_asking_for_help_is_not_raised_by_asking_often():
    assert told("samaritans number", "kooth", "suicide helpline", "papyrus help").grade == 2


def test_nothing_stays_nothing():
    assert with_session(NOTHING, NOON, []) == NOTHING


def test_a_past_that_lies_ahead_is_refused():
    later = Past(NOON + timedelta(seconds=1), "x", NOTHING)
    with pytest.raises(ValueError, match="later"):
        with_session(detect("i hate myself", "search"), NOON, [later])


def test_worth_halves_with_each_half_life():
    assert decay(8, timedelta(hours=48), timedelta(hours=24)) == 2


@pytest.mark.parametrize(
    ("weight", "age", "half_life"), [(-1, 1, 1), (1, -1, 1), (1, 1, 0)], ids=["weight", "age", "half_life"]
)
def test_decay_refuses_what_makes_no_sense(weight, age, half_life):
    with pytest.raises(ValueError, match="out of range"):
        decay(weight, timedelta(hours=age), timedelta(hours=half_life))
