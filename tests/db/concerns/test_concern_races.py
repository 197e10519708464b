"""Several people at once, on a real database file: threads with connections of their own."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from cast import larkfield
from findings import finding
from schoolgate.concerns import queries, services
from schoolgate.concerns.models import Concern
from schoolgate.concerns.rules import Kind, Part, Subject
from schoolgate.concerns.services import Named
from schoolgate.kernel.errors import Refused
from schoolgate.ledger import queries as ledger
from schoolgate.monitoring import services as monitoring
from schoolgate.monitoring.models import Alert, AlertEvent, AlertStep
from schoolgate.monitoring.rules import Status

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def at_once(*acts):
    """Run all *acts* at the same moment. Returns what each returned, or the refusal it met."""
    start = threading.Barrier(len(acts))
    answers = [None] * len(acts)

    def run(place, act):
        try:
            start.wait(10)
            answers[place] = act()
        except Refused as refusal:
            answers[place] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers


@pytest.fixture
def school():
    return larkfield(NOW)


@pytest.fixture
def concern(school):
    named = [Named(Part.ABOUT, school.asha)]
    return services.report(
        text="Afraid.", category="bullying", subject=Subject.CHILD, named=named, by=school.ben, now=NOW
    )


def test_of_two_who_decide_at_once_one_is_told(school):
    (alert,) = monitoring.take([finding("a1", NOW, person=school.asha)], {"s": 1}, NOW)
    answers = at_once(
        lambda: monitoring.decide(alert.pk, Status.WATCHING, by=school.carys, now=NOW),
        lambda: monitoring.decide(alert.pk, Status.FALSE, by=school.gwen, now=NOW, because="A word list."),
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["AlreadyDecided", "NoneType"]
    assert AlertStep.objects.filter(kind="decided").count() == 1
    winner = [school.carys, school.gwen][answers.index(None)]
    assert AlertStep.objects.get(kind="decided").by == winner


def test_two_watches_on_one_stretch_take_it_once(school):
    stretch = [finding(f"a{n}", NOW, person=school.asha, category=kind) for n, kind in enumerate(["drugs", "hate"] * 5)]
    at_once(*[lambda: monitoring.take(stretch, {"s": 9}, NOW)] * 3)
    assert AlertEvent.objects.count() == 10
    assert Alert.objects.count() == 2


def test_two_concerns_are_never_opened_from_one_alert(school):
    (alert,) = monitoring.take([finding("a1", NOW, person=school.asha)], {"s": 1}, NOW)
    answers = at_once(
        lambda: services.open_from_alert(alert, school.carys, NOW),
        lambda: services.open_from_alert(alert, school.gwen, NOW),
    )
    assert sum(isinstance(answer, monitoring.AlreadyDecided) for answer in answers) == 1
    assert Concern.objects.count() == 1


def test_many_who_write_at_once_all_keep_their_words(concern, school):
    seen = queries.last_entry(concern)
    people = [school.carys, school.gwen] * 4
    answers = at_once(
        *(
            lambda n=n, who=who: services.add(concern.pk, Kind.FOLLOW_UP, f"words {n}", by=who, now=NOW, seen=seen)
            for n, who in enumerate(people)
        )
    )
    kept = set(concern.entries.filter(kind="follow-up").values_list("text", flat=True))
    assert kept == {f"words {n}" for n in range(8)}
    assert sorted(len(answer.between) for answer in answers) == list(range(8))
    assert ledger.verification().ok


def test_closing_and_writing_at_once_never_leaves_words_nobody_read(concern, school):
    services.add(
        concern.pk, Kind.ACTION, "Talk.", by=school.carys, now=NOW, seen=0, owner=school.ben, due_on=NOW.date()
    )
    services.add(
        concern.pk, Kind.DECISION, "No.", by=school.carys, now=NOW, seen=0, decision="in-school", reasons="Small."
    )
    services.add(concern.pk, Kind.OUTCOME, "Well.", by=school.carys, now=NOW, seen=0)
    seen = queries.last_entry(concern)
    later = NOW + timedelta(minutes=1)
    closed, written = at_once(
        lambda: services.close(concern.pk, by=school.carys, now=later, seen=seen),
        lambda: services.add(concern.pk, Kind.FOLLOW_UP, "Wait!", by=school.gwen, now=later, seen=seen),
    )
    concern.refresh_from_db()
    if concern.is_open:
        assert isinstance(closed, services.Changed)
        assert not isinstance(written, Refused)
    else:
        assert isinstance(written, services.Closed)
        assert closed is None
