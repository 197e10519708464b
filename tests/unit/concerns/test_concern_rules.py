from datetime import UTC, date, datetime, timedelta

import pytest

from schoolgate.assurance.rules import Status as Kept
from schoolgate.concerns import rules
from schoolgate.concerns.rules import Audience, Decision, Kind, Said, Subject
from schoolgate.monitoring.rules import About
from schoolgate.people.rules import Role

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("subject", "category", "accused", "expected"),
    [
        (Subject.CHILD, "bullying", [{Role.PUPIL}], Audience.TEAM),
        (Subject.OUTSIDER, "grooming", [{Role.PARENT}], Audience.TEAM),
        (Subject.ADULT, "other", [], Audience.HEAD),  # nobody is picked, the reporter says so
        (Subject.CHILD, "other", [{Role.TEACHER}], Audience.HEAD),  # the reporter slipped, the register did not
        (Subject.CHILD, rules.ALLEGATION, [], Audience.HEAD),
        (Subject.CHILD, "other", [{Role.DSL}], Audience.HEAD),
        (Subject.CHILD, "other", [{Role.GOVERNOR}], Audience.HEAD),
        (Subject.HEAD, "other", [], Audience.CHAIR),
        (Subject.ADULT, "other", [{Role.HEAD, Role.TEACHER}], Audience.CHAIR),
    ],
)
def test_who_may_read_follows_from_who_is_accused(subject, category, accused, expected):
    assert rules.audience(subject, category, [frozenset(roles) for roles in accused]) is expected


def test_nobody_in_the_school_reads_what_is_said_about_the_head():
    assert all(Audience.CHAIR not in rules.audiences({role}) for role in Role)


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        ({Role.DSL}, {Audience.TEAM}),
        ({Role.DEPUTY}, {Audience.TEAM}),
        ({Role.HEAD}, {Audience.TEAM, Audience.HEAD}),
        ({Role.TEACHER}, set()),
        ({Role.GOVERNOR, Role.PARENT}, set()),
    ],
)
def test_which_concerns_a_role_opens(roles, expected):
    assert rules.audiences(roles) == expected


@pytest.mark.parametrize(
    ("about", "expected"),
    [
        (About.PUPIL, Audience.TEAM),
        (About.NOBODY, Audience.TEAM),
        (About.STAFF, Audience.HEAD),
        (About.LEAD, Audience.HEAD),
        (About.HEAD, Audience.CHAIR),
    ],
)
def test_a_concern_from_an_alert_is_read_by_as_few(about, expected):
    assert rules.audience_of_alert(about) is expected


@pytest.mark.parametrize(("day", "age"), [(date(2026, 3, 8), 7), (date(2026, 3, 9), 8)])
def test_a_birthday_counts_on_the_day(day, age):
    assert rules.age_on(date(2018, 3, 9), day) == age


@pytest.mark.parametrize(
    ("category", "ages", "expected"),
    [
        ("sexual", [8], True),
        ("sexual", [13], False),
        ("sexual", [14, 12], True),  # one child under 13 is enough
        ("grooming", [None], True),  # a birthday that nobody entered
        (rules.INDECENT_IMAGE, [], True),  # no child is named yet
        ("bullying", [8], False),
    ],
)
def test_referral_is_preselected_for_sexual_matters_under_13(category, ages, expected):
    assert rules.must_consider_referral(category, ages) is expected


SUMMARY, ACTION, OUTCOME = Said(1, Kind.SUMMARY), Said(2, Kind.ACTION), Said(9, Kind.OUTCOME)
REFERRED, KEPT_IN = Said(3, Kind.DECISION, Decision.REFER), Said(4, Kind.DECISION, Decision.IN_SCHOOL)
WHOLE = [SUMMARY, ACTION, KEPT_IN, OUTCOME]


@pytest.mark.parametrize("left_out", range(4))
def test_a_record_without_any_one_of_its_parts_stays_open(left_out):
    part = WHOLE[:left_out] + WHOLE[left_out + 1 :]
    assert len(rules.missing(part, must_refer=False)) == 1


def test_a_whole_record_lacks_nothing():
    assert rules.missing(WHOLE, must_refer=False) == ()


def test_not_referring_needs_a_second_person():
    assert rules.unagreed([SUMMARY, KEPT_IN], must_refer=True) == KEPT_IN.id
    assert rules.unagreed([SUMMARY, KEPT_IN, Said(5, Kind.AGREEMENT, answers=4)], must_refer=True) is None


def test_an_agreement_is_with_one_decision_and_not_with_the_next():
    later = Said(6, Kind.DECISION, Decision.NOTHING)
    assert rules.unagreed([KEPT_IN, Said(5, Kind.AGREEMENT, answers=4), later], must_refer=True) == later.id


def test_referring_needs_nobody_else():
    assert rules.unagreed([KEPT_IN, Said(6, Kind.DECISION, Decision.REFER)], must_refer=True) is None


def test_a_reopened_concern_ends_anew():
    again = [*WHOLE, Said(10, Kind.CLOSED), Said(11, Kind.REOPENED)]
    assert rules.missing(again, must_refer=False) == ("an outcome",)


@pytest.mark.parametrize(
    ("found", "status"),
    [
        (rules.Triage(0, [], []), Kept.UNKNOWN),  # nothing reported proves nothing
        (rules.Triage(1, [], [DAY]), Kept.UNKNOWN),
        (rules.Triage(3, [DAY / 8] * 3, []), Kept.MET),
        (rules.Triage(3, [DAY / 8, 2 * DAY, 3 * DAY], []), Kept.AT_RISK),
        (rules.Triage(3, [DAY / 8], [4 * DAY]), Kept.AT_RISK),
        (rules.Triage(3, [DAY / 8], [8 * DAY, 4 * DAY]), Kept.NOT_MET),
    ],
)
def test_triage_is_never_flattered(found, status):
    assert rules.triage(found)[0] is status


def test_an_action_is_in_time_on_its_day():
    now = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    assert not rules.is_overdue(date(2026, 11, 23), now)
    assert rules.is_overdue(date(2026, 11, 22), now)
