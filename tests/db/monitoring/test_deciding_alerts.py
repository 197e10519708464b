"""Acknowledging and deciding: nobody's decision is overwritten, and nobody sees an alert about themselves."""

from datetime import timedelta

import pytest

from findings import finding
from schoolgate.kernel.errors import NotFound, Refused
from schoolgate.ledger.models import Entry
from schoolgate.monitoring import queries, services
from schoolgate.monitoring.models import Alert
from schoolgate.monitoring.rules import Status
from schoolgate.people.models import RoleHeld
from schoolgate.people.queries import roles_of
from schoolgate.people.rules import Role

MINUTE = timedelta(minutes=1)


@pytest.fixture
def alert(larks, now):
    return services.take([finding("a1", now, person=larks.asha)], {"s": 1}, now)[0]


def test_the_first_to_acknowledge_stays_named(alert, larks, now):
    assert services.acknowledge(alert.pk, by=larks.carys, now=now)
    assert not services.acknowledge(alert.pk, by=larks.gwen, now=now + MINUTE)
    alert.refresh_from_db()
    assert (alert.acknowledged_by, alert.acknowledged_at) == (larks.carys, now)
    assert Entry.objects.filter(action="acknowledged alert").count() == 1


def test_a_decision_is_written_on_the_alert_with_its_reasons(alert, larks, now):
    services.decide(alert.pk, Status.FALSE, by=larks.carys, now=now, because="A spelling list.")
    (row,) = queries.shown([Alert.objects.get()], now)
    assert row.decision == "False alarm"
    assert [(step.kind, step.because, step.by) for step in row.steps][-1] == (
        "decided",
        "A spelling list.",
        larks.carys,
    )
    assert Entry.objects.get(action="decided alert").said == {"decision": "false"}


def test_the_second_to_decide_is_told_and_changes_nothing(alert, larks, now):
    services.decide(alert.pk, Status.WATCHING, by=larks.carys, now=now)
    with pytest.raises(services.AlreadyDecided):
        services.decide(alert.pk, Status.FALSE, by=larks.gwen, now=now, because="Nothing in it.")
    alert.refresh_from_db()
    assert alert.status == "watching"
    assert alert.steps.filter(kind="decided").count() == 1


def test_watching_may_become_another_decision_when_the_reader_has_seen_it(alert, larks, now):
    services.decide(alert.pk, Status.WATCHING, by=larks.carys, now=now)
    services.decide(alert.pk, Status.FALSE, by=larks.gwen, now=now, because="Asked her.", seen=Status.WATCHING)
    assert alert.steps.filter(kind="decided").count() == 2


@pytest.mark.parametrize("status", [Status.FALSE, Status.REAL])
def test_reasons_are_asked_for(alert, larks, now, status):
    with pytest.raises(Refused, match="why"):
        services.decide(alert.pk, status, by=larks.carys, now=now, because="  ")
    assert not Entry.objects.filter(about__startswith="alert").exists()


def test_nothing_becomes_undecided(alert, larks, now):
    with pytest.raises(Refused):
        services.decide(alert.pk, Status.NEW, by=larks.carys, now=now)


def seen_by(person, now):
    return set(queries.alerts_for(person, roles_of(person, now.date())).values_list("person__given_name", flat=True))


@pytest.fixture
def about_everybody(larks, now):
    found = [
        finding(f"a-{who.given_name}", now, person=who) for who in (larks.asha, larks.ben, larks.carys, larks.gwen)
    ]
    services.take([*found, finding("device", now)], {"s": 1}, now)


def test_who_sees_which_alerts(about_everybody, larks, now):
    assert seen_by(larks.carys, now) == {"Asha", "Ben", "Gwen", None}
    assert seen_by(larks.gwen, now) == {"Asha", "Ben", "Carys", None}
    for other in (larks.asha, larks.ben, larks.dilys, larks.efe, larks.fran):
        assert seen_by(other, now) == set()


def test_a_deputy_sees_neither_their_own_nor_the_leads(about_everybody, larks, now):
    RoleHeld.objects.create(person=larks.ben, role=Role.DEPUTY, starts_on=now.date())
    assert seen_by(larks.ben, now) == {"Asha", "Gwen", None}


def test_where_the_lead_is_the_head_as_well_the_deputies_see_it(larks, now):
    RoleHeld.objects.create(person=larks.gwen, role=Role.DSL, starts_on=now.date())
    RoleHeld.objects.create(person=larks.ben, role=Role.DEPUTY, starts_on=now.date())
    services.take([finding("a1", now, person=larks.gwen)], {"s": 1}, now)
    assert seen_by(larks.gwen, now) == set()
    assert seen_by(larks.ben, now) == {"Gwen"}


def test_what_is_not_yours_reads_like_what_is_not_there(about_everybody, larks, now):
    own = Alert.objects.get(person=larks.carys)
    with pytest.raises(NotFound, match=own.ref):
        queries.alert_for(larks.carys, {Role.DSL}, own.ref)


def test_unread_comes_first_then_the_gravest_then_the_newest(larks, now):
    found = [
        finding("a1", now, person=larks.asha, category="drugs", grade=2),
        finding("a2", now, person=larks.asha, category="hate", grade=5),
        finding("a3", now + MINUTE, person=larks.ben, category="drugs", grade=2),
        finding("a4", now, person=larks.asha, category="violence", grade=5),
    ]
    alerts = services.take(found, {"s": 1}, now)
    services.acknowledge(alerts[1].pk, by=larks.gwen, now=now)
    order = [alert.events.get().activity_id for alert in queries.waiting(larks.carys, {Role.DSL})]
    assert order == ["a4", "a3", "a1", "a2"]


def test_an_alert_says_how_long_it_waits(alert, larks, now):
    (row,) = queries.shown([Alert.objects.get()], now + timedelta(hours=25))
    assert (row.waited, row.is_overdue) == ("1 day", True)
    services.acknowledge(alert.pk, by=larks.carys, now=now)
    (row,) = queries.shown([Alert.objects.get()], now + timedelta(hours=25))
    assert (row.waited, row.is_overdue) == ("", False)


def test_the_class_and_the_marked_words_are_shown(alert, now):
    (row,) = queries.shown([Alert.objects.get()], now)
    assert (row.who, row.place) == ("Asha Achebe", "Oak (Year 4)")
    (event,) = row.events
    assert [piece.text for piece in event.pieces if piece.is_marked] == ["disappear"]


def test_reading_is_recorded(alert, larks, now):
    services.read_alert(alert, by=larks.carys, now=now)
    services.read_list([alert], by=larks.carys, now=now)
    services.read_list([], by=larks.carys, now=now)
    assert list(Entry.objects.filter(about__startswith="alert").values_list("action", "by")) == [
        ("read alert", larks.carys.pk),
        ("read alerts", larks.carys.pk),
    ]
