"""Each fact that monitoring relies on is refused by the database itself, in raw form."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from schoolgate.monitoring.models import Alert, AlertEvent, AlertStep, QuietCount


@pytest.fixture
def alert(larks, now):
    return Alert.objects.create(
        ref="7QK-2FD", person=larks.asha, about="pupil", category="self-harm", grade=3, opened_at=now, last_at=now
    )


@pytest.fixture
def event(alert, now):
    return AlertEvent.objects.create(
        alert=alert,
        activity_id="a1",
        kind="search",
        at=now,
        taken_at=now,
        text="x",
        source="s",
        grade=3,
        help_seeking=False,
        because=[],
    )


@pytest.fixture
def step(alert, now):
    return AlertStep.objects.create(alert=alert, kind="opened", at=now)


def refused(constraint, rows, **values):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        rows.update(**values)


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("alert_grade_2_to_5", {"grade": 1}),  # below it nothing is stored
        ("alert_grade_2_to_5", {"grade": 6}),
        ("alert_status_known", {"status": "ignored"}),
        ("alert_category_known", {"category": "naughty"}),
        ("alert_about_matches_person", {"person": None}),
        ("alert_about_matches_person", {"about": "nobody"}),
        ("alert_decided_after_acknowledged", {"status": "false"}),
    ],
)
def test_an_alert_that_cannot_be_is_refused(alert, constraint, values):
    refused(constraint, Alert.objects.filter(pk=alert.pk), **values)


def test_an_acknowledgement_has_a_name_and_a_time(alert, larks, now):
    refused("alert_acknowledged_by_somebody", Alert.objects.filter(pk=alert.pk), acknowledged_at=now)
    refused("alert_acknowledged_by_somebody", Alert.objects.filter(pk=alert.pk), acknowledged_by=larks.carys)


def test_an_alert_never_ends_before_it_begins(alert, now):
    refused("alert_last_after_opened", Alert.objects.filter(pk=alert.pk), last_at=now - timedelta(seconds=1))


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("alertevent_grade_2_to_5", {"grade": 0}),
        ("alertevent_activity_named", {"activity_id": ""}),
        ("alertevent_kind_known", {"kind": "thought"}),
    ],
)
def test_an_event_that_cannot_be_is_refused(event, constraint, values):
    refused(constraint, AlertEvent.objects.filter(pk=event.pk), **values)


def test_an_activity_counts_once_for_each_kind(event):
    event.pk = None
    with pytest.raises(IntegrityError, match="activity_id"), transaction.atomic():
        event.save(force_insert=True)


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("alertstep_people_decide", {"kind": "decided", "status": "watching"}),  # by nobody
        ("alertstep_decision_says_what", {"kind": "opened", "status": "watching"}),
    ],
)
def test_a_step_that_cannot_be_is_refused(alert, now, constraint, values):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        AlertStep.objects.create(alert=alert, at=now, **values)


@pytest.mark.parametrize("status", ["false", "true"])
def test_a_decision_that_ends_an_alert_has_reasons(alert, larks, now, status):
    with pytest.raises(IntegrityError, match="alertstep_decision_with_reasons"), transaction.atomic():
        AlertStep.objects.create(alert=alert, at=now, by=larks.carys, kind="decided", status=status)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE monitoring_alertstep SET because = 'x'",
        "DELETE FROM monitoring_alertstep",
        "INSERT OR REPLACE INTO monitoring_alertstep SELECT * FROM monitoring_alertstep",
    ],
)
def test_what_was_done_about_an_alert_is_never_changed(step, statement):
    with pytest.raises(IntegrityError, match="never"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_day_and_category_are_counted_in_one_place(db, now):
    QuietCount.objects.create(on=now.date(), category="drugs", n_events=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        QuietCount.objects.create(on=now.date(), category="drugs", n_events=1)
