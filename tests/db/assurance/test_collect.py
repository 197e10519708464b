"""Collecting: what runs, what is kept, and what is said when a status changes."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from schoolgate.assurance import queries, registry, services
from schoolgate.assurance.models import Evidence
from schoolgate.assurance.registry import Finding
from schoolgate.assurance.rules import Light, Status
from schoolgate.kernel.errors import Refused
from schoolgate.ledger.models import Entry

MINUTE = timedelta(minutes=1)


@pytest.fixture
def facts(monkeypatch, db):
    """A registry with one control, whose answer the test decides."""
    monkeypatch.setattr(registry, "_controls", {})
    answer = {"status": Status.MET, "summary": "All is well.", "rows": [{"fact": "seen", "value": 1}]}

    @registry.control(promise="NET-2", title="A fact", every=10 * MINUTE, stale_after=60 * MINUTE)
    def fact(now):
        if isinstance(answer["status"], Exception):
            raise answer["status"]
        return Finding(**answer)

    return answer


def light(now):
    return queries.promise_status("NET-2", now).light


def test_a_control_runs_when_it_is_due_and_not_before(facts, now):
    assert services.collect(now).ran == 1
    assert services.collect(now + 9 * MINUTE).ran == 0
    assert services.collect(now + 10 * MINUTE).ran == 1
    assert Evidence.objects.count() == 2


def test_what_repeats_before_its_time_is_not_kept_again(facts, now):
    services.collect(now)
    done = services.collect(now + MINUTE, everything=True)
    assert (done.ran, done.kept) == (1, 0)
    facts["rows"] = [{"fact": "seen", "value": 2}]
    assert services.collect(now + 2 * MINUTE, everything=True).kept == 1


def test_what_a_person_asked_for_is_always_kept(facts, larks, now):
    services.collect(now)
    assert services.collect(now + MINUTE, everything=True, by=larks.dilys).kept == 1
    assert Entry.objects.filter(action="checked the policy now", by=larks.dilys.pk).exists()


def test_only_the_promises_asked_for_are_checked(facts, now):
    assert services.collect(now, only={"AUP-1"}).ran == 0
    assert services.collect(now, only={"NET-2"}).ran == 1


def test_drift_shows_in_both_directions_with_its_moment(facts, now):
    services.collect(now)
    assert (light(now), queries.changed_at("test_collect.fact")) == (Light.MET, None)
    source = Evidence.objects.get().source
    facts |= {"status": Status.NOT_MET, "summary": "It fell."}
    worse = now + MINUTE
    assert services.collect(worse, everything=True).drifted == ("NET-2",)
    assert (light(worse), queries.changed_at(source)) == (Light.NOT_MET, worse)
    facts |= {"status": Status.MET, "summary": "It stands again."}
    better = now + 2 * MINUTE
    assert services.collect(better, everything=True).drifted == ("NET-2",)
    assert (light(better), queries.changed_at(source)) == (Light.MET, better)
    said = [entry.said for entry in Entry.objects.filter(action="status drifted").order_by("seq")]
    assert [(one["from"], one["to"]) for one in said] == [("met", "not-met"), ("not-met", "met")]
    assert [(a.status, b.status) for a, b in queries.changes_since(now)] == [("not-met", "met"), ("met", "not-met")]


@pytest.mark.parametrize("fault", [RuntimeError("Asha Achebe at 10.0.0.7"), Refused("no"), OSError(5, "disk")])
def test_a_control_that_fails_makes_its_promise_unknown_and_says_no_more_than_how(facts, now, fault):
    services.collect(now)
    facts["status"] = fault
    services.collect(now + 10 * MINUTE)
    last = Evidence.objects.first()
    assert (last.status, last.rows) == ("unknown", [])
    assert type(fault).__name__ in last.summary
    assert "Asha" not in last.summary
    assert light(now + 10 * MINUTE) is Light.UNKNOWN


def test_what_is_unknown_is_asked_again_in_every_round_and_kept_once(facts, now):
    facts["status"] = Status.UNKNOWN
    services.collect(now)
    again = services.collect(now + MINUTE)
    assert (again.ran, again.kept) == (1, 0)
    facts["status"] = Status.MET
    assert services.collect(now + 2 * MINUTE).drifted == ("NET-2",)


def test_a_control_that_answers_nonsense_is_unknown(facts, now):
    facts["status"] = "splendid"
    services.collect(now)
    assert Evidence.objects.get().status == "unknown"


def test_evidence_goes_stale_by_itself(facts, now):
    services.collect(now)
    assert light(now + 59 * MINUTE) is Light.MET
    assert light(now + 60 * MINUTE) is Light.UNKNOWN


def test_the_database_refuses_to_change_or_lose_evidence(facts, now):
    services.collect(now)
    one = Evidence.objects.get()
    with pytest.raises(IntegrityError, match="never edited"), transaction.atomic():
        Evidence.objects.update(status="met")
    with pytest.raises(IntegrityError, match="never removed"), transaction.atomic():
        Evidence.objects.all().delete()
    with (
        pytest.raises(IntegrityError, match="never replaced"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT OR REPLACE INTO assurance_evidence "
            "SELECT id, promise, source, 'not-met', found_at, stale_after, summary, rows, names_people, by_id, statement_id "
            "FROM assurance_evidence WHERE id = %s",
            [one.pk],
        )
    one.refresh_from_db()
    assert one.status == "met"


def test_two_controls_of_one_name_are_a_mistake(facts):
    with pytest.raises(ValueError, match="two controls"):

        @registry.control(promise="NET-2", title="Again", every=MINUTE, stale_after=MINUTE)
        def fact(now):
            return Finding(Status.MET, "")


def test_a_control_that_goes_stale_before_it_runs_again_is_a_mistake(facts):
    with pytest.raises(ValueError, match="stale before"):
        registry.control(promise="NET-2", title="Lazy", every=2 * MINUTE, stale_after=MINUTE)
