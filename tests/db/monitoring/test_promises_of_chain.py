"""What monitoring and the concerns say about the promises NET-4 and INC-1, from real rows."""

from datetime import timedelta

from findings import finding
from schoolgate.assurance.registry import of_promise
from schoolgate.assurance.rules import Status
from schoolgate.concerns import services as concerns
from schoolgate.concerns.controls import reports_are_answered
from schoolgate.concerns.rules import Subject
from schoolgate.monitoring import services
from schoolgate.monitoring.controls import notifications_arrive


def test_both_are_registered_and_name_nobody():
    for promise in ("NET-4", "INC-1"):
        assert of_promise(promise)
        assert not any(one.names_people for one in of_promise(promise))


def test_a_school_without_a_watch_knows_nothing(db, now):
    assert notifications_arrive(now).status is Status.UNKNOWN


def test_from_a_working_watch_to_a_stopped_one(larks, now):
    services.beat(now)
    assert notifications_arrive(now).status is Status.UNKNOWN  # it runs, and nothing has come through
    (alert,) = services.take([finding("a1", now, person=larks.asha, grade=5)], {"s": 1}, now + timedelta(seconds=1))
    assert notifications_arrive(now + timedelta(seconds=5)).status is Status.MET
    later = now + timedelta(minutes=20)
    services.beat(later)
    assert notifications_arrive(later).status is Status.NOT_MET  # urgent, and nobody has read it
    services.acknowledge(alert.pk, by=larks.carys, now=later)
    assert notifications_arrive(later).status is Status.MET
    assert notifications_arrive(later + timedelta(minutes=5)).status is Status.NOT_MET  # no sign of life


def test_the_rows_of_evidence_name_nobody(larks, now):
    services.take([finding("a1", now, person=larks.asha)], {"s": 1}, now)
    services.beat(now)
    assert "Asha" not in str(notifications_arrive(now))
    assert "disappear" not in str(notifications_arrive(now))


def test_a_report_that_waits_too_long_shows(larks, now):
    assert reports_are_answered(now).status is Status.UNKNOWN
    concerns.report(text="x", category="other", subject=Subject.CHILD, named=[], by=larks.ben, now=now)
    assert reports_are_answered(now + timedelta(days=4)).status is Status.AT_RISK
    assert reports_are_answered(now + timedelta(days=8)).status is Status.NOT_MET
