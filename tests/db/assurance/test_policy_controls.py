"""Mutation proof of the policy's own controls: break the fact, and the status turns; mend it, and it turns back."""

from datetime import date, timedelta

import pytest
from django.utils.timezone import localdate

from schoolgate.assurance import controls, editions
from schoolgate.assurance.editions import Choice
from schoolgate.assurance.models import Edition, Setting, Statement
from schoolgate.assurance.rules import Kind, Status
from schoolgate.drafting import reading
from schoolgate.ledger.services import record_read

TEXT = b"All web access is filtered by category.\n\nEvery pupil must sign the acceptable use agreement.\n"


@pytest.fixture
def edition(larks, now) -> Edition:
    draft = editions.adopt(
        reading.from_bytes(TEXT, "policy.txt"), title="Autumn", setting=Setting.PRIMARY, by=larks.gwen, now=now
    )
    for statement in Statement.objects.all():
        editions.confirm(statement.pk, Choice(Kind.CONTROL, "NET-2"), by=larks.gwen, now=now)
    editions.bring_into_force(
        draft.pk,
        ratified_on=date(2026, 11, 9),
        minute="Item 7",
        review_due_on=date(2027, 11, 9),
        by=larks.gwen,
        now=now,
    )
    draft.refresh_from_db()
    return draft


def test_pol_1_needs_an_edition_in_force(larks, now):
    assert controls.an_edition_is_in_force(now).status is Status.NOT_MET


def test_pol_1_turns_when_a_sentence_loses_what_makes_it_true(edition, now):
    assert controls.an_edition_is_in_force(now).status is Status.MET
    one = Statement.objects.filter(normative=True).first()
    one.bindings.update(ended_at=now)
    found = controls.an_edition_is_in_force(now)
    assert found.status is Status.AT_RISK
    assert found.rows[0]["bound"] == found.rows[0]["promising"] - 1


def test_pol_4_needs_a_ratified_edition(larks, now):
    assert controls.ratified_and_reviewed_in_time(now).status is Status.NOT_MET


@pytest.mark.parametrize(
    ("due", "status"),
    [
        (date(2027, 11, 9), Status.MET),  # a year less two weeks away
        (date(2026, 12, 24), Status.MET),  # 31 days away
        (date(2026, 12, 23), Status.AT_RISK),  # 30 days away
        (date(2026, 11, 23), Status.AT_RISK),  # today: still in time
        (date(2026, 11, 22), Status.NOT_MET),  # yesterday
        (date(2027, 11, 10), Status.NOT_MET),  # later than the interval allows
    ],
)
def test_pol_4_follows_the_date_of_the_review(edition, now, due, status):
    Edition.objects.update(review_due_on=due)
    assert controls.ratified_and_reviewed_in_time(now).status is status
    Edition.objects.update(review_due_on=date(2027, 11, 9))
    assert controls.ratified_and_reviewed_in_time(now).status is Status.MET


def test_pol_4_believes_no_ratification_that_is_still_to_come(edition, now):
    Edition.objects.update(ratified_on=date(2026, 11, 24), review_due_on=date(2027, 11, 9))
    assert controls.ratified_and_reviewed_in_time(now).status is Status.NOT_MET


def test_pol_4_is_at_risk_without_a_date(edition, now):
    Edition.objects.update(review_due_on=None)
    assert controls.ratified_and_reviewed_in_time(now).status is Status.AT_RISK


def test_pol_7_counts_a_governors_reading_and_nobody_elses(larks, now):
    record_read("governor report", by=larks.gwen, about="staff", at=now)
    assert controls.governors_read_the_report(now).status is Status.NOT_MET
    record_read("governor report", by=larks.efe, about="governor", at=now)
    assert controls.governors_read_the_report(now).status is Status.MET
    later = now + controls.GOVERNORS_READ_WITHIN + timedelta(days=1)
    found = controls.governors_read_the_report(later)
    assert found.status is Status.AT_RISK
    assert f"{localdate(now):%-d %B %Y}" in found.summary
