from datetime import UTC, datetime, timedelta

import pytest

from schoolgate.assurance.rules import Status as Kept
from schoolgate.monitoring import rules
from schoolgate.monitoring.rules import About, Piece
from schoolgate.people.rules import Role

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        (None, About.NOBODY),  # only a device is known
        ({Role.PUPIL}, About.PUPIL),
        ({Role.TEACHER}, About.STAFF),
        ({Role.PUPIL, Role.VISITOR}, About.STAFF),  # anything beside pupil makes an adult
        (set(), About.STAFF),  # a leaver: the narrower audience
        ({Role.DSL, Role.TEACHER}, About.LEAD),
        ({Role.HEAD}, About.HEAD),
        ({Role.HEAD, Role.DSL}, About.HEAD),  # one person in both posts: the deputies must see it
    ],
)
def test_whom_an_alert_is_about_follows_from_the_roles(roles, expected):
    assert rules.about(roles) is expected


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        ({Role.DSL}, {About.PUPIL, About.NOBODY, About.STAFF, About.HEAD}),
        ({Role.DEPUTY}, {About.PUPIL, About.NOBODY, About.STAFF, About.HEAD}),
        ({Role.HEAD}, {About.PUPIL, About.NOBODY, About.STAFF, About.LEAD}),
        ({Role.TEACHER, Role.COMPUTING}, set()),
        ({Role.GOVERNOR}, set()),
        ({Role.TECHNICIAN}, set()),
        (set(), set()),
    ],
)
def test_who_may_see_which_alerts(roles, expected):
    assert rules.audience(roles) == expected


def standing(grade=3, decided=False, acknowledged=False):
    return rules.Standing(grade, NOW, decided, acknowledged)


@pytest.mark.parametrize(
    ("alert", "grade", "after", "expected"),
    [
        (standing(), 2, 5 * MINUTE, True),
        (standing(), 5, 5 * MINUTE, True),  # unread: it rises to the top with the graver event in it
        (standing(), 3, rules.GROUP_WITHIN, True),  # the boundary belongs to the window
        (standing(), 3, rules.GROUP_WITHIN + MINUTE, False),
        (standing(), 3, -5 * MINUTE, True),  # an older one, out of another worker's file
        (standing(decided=True), 3, MINUTE, False),
        (standing(acknowledged=True), 3, MINUTE, True),  # read already, and no worse
        (standing(acknowledged=True), 4, MINUTE, False),  # read already, and now worse: tell again
        (standing(grade=5, acknowledged=True), 5, MINUTE, False),  # urgent never hides in what was read
    ],
)
def test_what_joins_an_alert_and_what_opens_a_new_one(alert, grade, after, expected):
    assert rules.joins(alert, grade, NOW + after) is expected


def test_the_marked_words_are_where_the_rule_found_them():
    pieces = rules.marked("how to hide it", [(7, 11)])
    assert pieces == (Piece("how to ", False), Piece("hide", True), Piece(" it", False))


@pytest.mark.parametrize("spans", [[(-3, 99)], [(0, 2), (1, 4)], [(3, 1)], []])
def test_marking_never_loses_a_letter(spans):
    assert "".join(piece.text for piece in rules.marked("hide", spans)) == "hide"


def test_no_words_no_pieces():
    assert rules.marked("", [(0, 1)]) == ()


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(seconds=59), "less than a minute"),
        (MINUTE, "1 minute"),
        (timedelta(hours=2, minutes=59), "2 hours"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=9), "9 days"),
    ],
)
def test_waiting_is_said_in_words(length, words):
    assert rules.waited(length) == words


def way(beat=timedelta(seconds=3), newest=timedelta(days=1), delays=(timedelta(seconds=1),), overdue=(), damaged=0):
    return rules.Path(
        beat_at=None if beat is None else NOW - beat,
        newest_at=None if newest is None else NOW - newest,
        delays=delays,
        overdue=overdue,
        damaged=damaged,
    )


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (way(), Kept.MET),
        (way(beat=None), Kept.UNKNOWN),  # it has never run: nothing is known, and nothing is claimed
        (way(beat=timedelta(minutes=2)), Kept.NOT_MET),  # it has stopped
        (way(beat=-timedelta(hours=1)), Kept.UNKNOWN),  # the clock went back: it may have stopped long ago
        (way(overdue=(5,)), Kept.NOT_MET),
        (way(overdue=(4, 2)), Kept.NOT_MET),
        (way(overdue=(2,)), Kept.AT_RISK),
        (way(newest=None, delays=()), Kept.UNKNOWN),  # it runs, and nothing ever came through
        (way(newest=timedelta(days=200)), Kept.AT_RISK),  # longer ago than a term
        (way(delays=(timedelta(seconds=1), timedelta(minutes=4))), Kept.AT_RISK),
        (way(damaged=2), Kept.AT_RISK),
    ],
)
def test_delivery_is_never_flattered(path, status):
    found, words = rules.delivery(path, NOW)
    assert found is status
    assert words.endswith(".")
