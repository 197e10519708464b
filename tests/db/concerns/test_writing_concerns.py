"""Concerns from report to outcome: nothing overwritten, nothing closed half done."""

from datetime import date, timedelta

import pytest

from cast import person
from findings import finding
from schoolgate.concerns import queries, services
from schoolgate.concerns.models import Concern, Entry
from schoolgate.concerns.rules import Decision, Kind, Part, Subject
from schoolgate.concerns.services import Named
from schoolgate.kernel.errors import NotFound, Refused
from schoolgate.ledger.models import Entry as LedgerEntry
from schoolgate.monitoring import services as monitoring
from schoolgate.monitoring.models import Alert
from schoolgate.monitoring.rules import Status
from schoolgate.people.models import RoleHeld
from schoolgate.people.queries import roles_of
from schoolgate.people.rules import Role

MINUTE = timedelta(minutes=1)


def report(cast, now, **facts):
    whole = {
        "text": "She said that somebody online frightens her.",
        "category": "bullying",
        "subject": Subject.CHILD,
        "named": [Named(Part.ABOUT, cast.asha)],
        "by": cast.ben,
        "now": now,
    }
    return services.report(**whole | facts)


@pytest.fixture
def concern(larks, now):
    return report(larks, now)


def write(concern, kind, by, now, **facts):
    return services.add(
        concern.pk, kind, f"{kind} by {by.given_name}", by=by, now=now, **{"seen": queries.last_entry(concern)} | facts
    )


def complete(concern, cast, now, decision=Decision.IN_SCHOOL):
    write(concern, Kind.ACTION, cast.carys, now, owner=cast.ben, due_on=now.date())
    made = write(concern, Kind.DECISION, cast.carys, now, decision=decision, reasons="It is enough.")
    write(concern, Kind.OUTCOME, cast.carys, now)
    return made.entry


def readable(person, now):
    return set(queries.concerns_for(person, roles_of(person, now.date())))


def test_a_report_is_kept_as_it_was_said(concern, larks, now):
    (line,) = queries.chronology(concern, now)
    assert line.entry.text == "She said that somebody online frightens her."
    assert (line.entry.by, line.entry.at) == (larks.ben, now)
    logged = LedgerEntry.objects.get(about=f"concern:{concern.pk}")
    assert (logged.action, logged.by) == ("reported concern", larks.ben.pk)
    assert "frightens" not in logged.said_json


def test_who_reads_a_concern_about_a_child(concern, larks, now):
    assert readable(larks.carys, now) == {concern}
    assert readable(larks.gwen, now) == {concern}
    for other in (larks.asha, larks.ben, larks.dilys, larks.efe, larks.fran):
        assert readable(other, now) == set()


def test_who_reported_sees_what_they_wrote_and_not_the_rest(concern, larks, now):
    write(concern, Kind.FOLLOW_UP, larks.carys, now)
    found, words = queries.report_by(larks.ben, concern.ref)
    assert (found, [entry.kind for entry in words]) == (concern, ["summary"])
    with pytest.raises(NotFound):
        queries.report_by(larks.dilys, concern.ref)


@pytest.mark.parametrize("subject", [Subject.CHILD, Subject.ADULT])
def test_an_allegation_about_an_adult_is_for_the_head_only(larks, now, subject):
    concern = report(larks, now, subject=subject, by=larks.dilys, named=[Named(Part.ABOUT, larks.ben)])
    assert readable(larks.gwen, now) == {concern}
    assert readable(larks.carys, now) == set()
    assert readable(larks.ben, now) == set()


def test_what_is_said_about_the_head_is_read_by_nobody_in_school(larks, now):
    report(larks, now, named=[Named(Part.INSTIGATOR, larks.gwen)])
    assert readable(larks.gwen, now) == readable(larks.carys, now) == set()


def test_a_head_who_is_named_in_a_concern_does_not_read_it(larks, now):
    concern = report(larks, now, named=[Named(Part.VICTIM, larks.gwen)])
    assert readable(larks.gwen, now) == set()
    assert readable(larks.carys, now) == {concern}


def test_a_staff_witness_does_not_make_it_an_allegation(larks, now):
    concern = report(larks, now, named=[Named(Part.ABOUT, larks.asha), Named(Part.WITNESS, larks.carys)])
    assert readable(larks.carys, now) == {concern}


def test_what_is_hidden_reads_like_what_is_not_there(larks, now):
    concern = report(larks, now, subject=Subject.ADULT)
    with pytest.raises(NotFound):
        queries.concern_for(larks.carys, {Role.DSL}, concern.ref)
    with pytest.raises(NotFound):
        queries.entry_for(larks.carys, {Role.DSL}, concern.ref, concern.entries.get().pk)


def test_two_who_write_at_once_both_keep_their_words(concern, larks, now):
    seen = queries.last_entry(concern)
    first = write(concern, Kind.FOLLOW_UP, larks.carys, now, seen=seen)
    second = write(concern, Kind.FOLLOW_UP, larks.gwen, now + MINUTE, seen=seen)
    assert first.between == []
    assert second.between == [first.entry]
    lines = queries.chronology(concern, now, (seen, second.entry.pk))
    assert [(line.entry.by, line.is_new) for line in lines] == [
        (larks.ben, False),
        (larks.carys, True),
        (larks.gwen, False),
    ]


def test_a_correction_stands_beside_what_it_corrects(concern, larks, now):
    wrong = concern.entries.get()
    services.correct(wrong.pk, "It was on Tuesday.", by=larks.carys, now=now, seen=wrong.pk)
    (line,) = queries.chronology(concern, now)
    assert line.entry.text.startswith("She said")
    assert [one.text for one in line.corrections] == ["It was on Tuesday."]


@pytest.mark.parametrize(
    ("kind", "facts"),
    [
        (Kind.DECISION, {"decision": "refer"}),  # no reasons
        (Kind.DECISION, {"reasons": "So."}),  # nothing decided
        (Kind.ACTION, {"due_on": date(2026, 11, 30)}),  # nobody does it
        (Kind.CLOSED, {}),  # not by this way
        (Kind.SUMMARY, {}),
    ],
)
def test_an_entry_that_lacks_something_is_refused(concern, larks, now, kind, facts):
    with pytest.raises(Refused):
        write(concern, kind, larks.carys, now, **facts)
    assert concern.entries.count() == 1


def test_an_entry_without_words_is_refused(concern, larks, now):
    with pytest.raises(Refused):
        services.add(concern.pk, Kind.FOLLOW_UP, "  ", by=larks.carys, now=now, seen=0)


def close(concern, by, now, **facts):
    services.close(concern.pk, by=by, now=now, **{"seen": queries.last_entry(concern)} | facts)


def test_a_concern_without_its_parts_stays_open_and_says_what_it_needs(concern, larks, now):
    with pytest.raises(services.Incomplete, match=r"at least one action, at least one decision .* and an outcome"):
        close(concern, larks.carys, now)
    concern.refresh_from_db()
    assert concern.is_open


def test_a_whole_concern_is_closed_and_opened_again_with_its_history(concern, larks, now):
    complete(concern, larks, now)
    close(concern, larks.carys, now)
    with pytest.raises(services.Closed):
        write(concern, Kind.FOLLOW_UP, larks.carys, now)
    services.reopen(concern.pk, "She spoke to me again.", by=larks.gwen, now=now)
    kinds = list(concern.entries.values_list("kind", flat=True))
    assert kinds == ["summary", "action", "decision", "outcome", "closed", "reopened"]
    with pytest.raises(services.Incomplete, match="needs an outcome"):
        close(concern, larks.carys, now)


def test_nobody_closes_over_what_they_have_not_read(concern, larks, now):
    complete(concern, larks, now)
    seen = queries.last_entry(concern)
    write(concern, Kind.FOLLOW_UP, larks.gwen, now)
    with pytest.raises(services.Changed):
        close(concern, larks.carys, now, seen=seen)


def test_closing_twice_and_reopening_twice_are_refused(concern, larks, now):
    complete(concern, larks, now)
    close(concern, larks.carys, now)
    with pytest.raises(services.Closed):
        close(concern, larks.gwen, now)
    services.reopen(concern.pk, "More is known.", by=larks.gwen, now=now)
    with pytest.raises(Refused):
        services.reopen(concern.pk, "More is known.", by=larks.gwen, now=now)


def test_not_referring_a_sexual_matter_under_13_needs_a_second_person(larks, now):
    concern = report(larks, now, category="indecent-image")
    decision = complete(concern, larks, now)
    assert [line.entry for line in queries.chronology(concern, now) if line.waits_for_agreement] == [decision]
    with pytest.raises(services.Incomplete, match="second person"):
        close(concern, larks.carys, now)
    seen = queries.last_entry(concern)
    with pytest.raises(Refused, match="somebody else"):
        services.agree(decision.pk, "I agree with myself.", by=larks.carys, now=now, seen=seen)
    services.agree(decision.pk, "Social care advised it.", by=larks.gwen, now=now, seen=seen)
    close(concern, larks.carys, now)


def test_an_older_pupil_leaves_the_decision_to_one_person(larks, now):
    old = person("Hari", "Hill", Role.PUPIL, now.date(), born_on=date(2010, 1, 1))
    concern = report(larks, now, category="sexual", named=[Named(Part.ABOUT, old)])
    assert not queries.must_consider_referral(concern, now)


def test_only_the_decision_that_waits_can_be_agreed_with(concern, larks, now):
    decision = complete(concern, larks, now)  # bullying: nothing waits
    with pytest.raises(Refused, match="does not wait"):
        services.agree(decision.pk, "Yes.", by=larks.gwen, now=now, seen=0)


def test_where_the_device_is_stands_in_the_report(larks, now):
    concern = report(larks, now, category="indecent-image", device_at="Switched off, in the head's safe.")
    assert concern.entries.get().text.endswith("Where the device is: Switched off, in the head's safe.")


def test_somebody_outside_school_is_kept_in_words(larks, now):
    concern = report(larks, now, named=[Named(Part.ABOUT, larks.asha), Named(Part.INSTIGATOR, described="A gamer")])
    (row,) = queries.rows(Concern.objects.all(), now)
    assert row.about == "Asha Achebe, A gamer"
    assert row.concern == concern


@pytest.fixture
def alert(larks, now):
    return monitoring.take([finding("a1", now, person=larks.asha)], {"s": 1}, now)[0]


def test_a_concern_from_an_alert_says_what_the_alert_said_and_each_links_to_the_other(alert, larks, now):
    concern = services.open_from_alert(alert, larks.carys, now + MINUTE)
    assert "how to disappear" in concern.entries.get().text
    assert [(one.person, one.part) for one in concern.involved.all()] == [(larks.asha, "about")]
    assert concern.alert == alert
    assert queries.concern_of(alert) == concern
    alert.refresh_from_db()
    assert (alert.status, alert.acknowledged_by) == ("concern", larks.carys)


def test_two_cannot_open_a_concern_from_one_alert(alert, larks, now):
    stale = Alert.objects.get(pk=alert.pk)
    services.open_from_alert(alert, larks.carys, now)
    with pytest.raises(monitoring.AlreadyDecided):
        services.open_from_alert(stale, larks.gwen, now)
    assert Concern.objects.count() == 1


def test_after_a_concern_the_alert_is_decided_for_good(alert, larks, now):
    services.open_from_alert(alert, larks.carys, now)
    with pytest.raises(Refused, match="concern"):
        monitoring.decide(alert.pk, Status.WATCHING, by=larks.gwen, now=now, seen=Status.CONCERN)


def test_a_concern_from_an_alert_about_an_adult_is_for_the_head(larks, now):
    (alert,) = monitoring.take([finding("a1", now, person=larks.ben)], {"s": 1}, now)
    concern = services.open_from_alert(alert, larks.carys, now)
    assert readable(larks.carys, now) == set()
    assert readable(larks.gwen, now) == {concern}


def test_an_action_is_late_after_its_day(concern, larks, now):
    write(concern, Kind.ACTION, larks.carys, now, owner=larks.ben, due_on=now.date())
    late = [line.is_overdue for line in queries.chronology(concern, now + timedelta(days=1))]
    assert late == [False, True]
    assert not any(line.is_overdue for line in queries.chronology(concern, now))


def test_every_change_and_read_is_in_the_ledger_and_no_words_are(concern, larks, now):
    complete(concern, larks, now)
    close(concern, larks.carys, now)
    services.read("concern", concern, by=larks.gwen, now=now)
    actions = list(LedgerEntry.objects.filter(about=f"concern:{concern.pk}").values_list("action", flat=True))
    assert actions == [
        "reported concern",
        "wrote action in concern",
        "wrote decision in concern",
        "wrote outcome in concern",
        "closed concern",
        "read concern",
    ]
    assert not any("enough" in entry.said_json for entry in LedgerEntry.objects.all())


def test_triage_is_measured_from_the_entries(larks, now):
    answered = report(larks, now)
    write(answered, Kind.FOLLOW_UP, larks.carys, now + timedelta(hours=3))
    write(answered, Kind.DECISION, larks.carys, now + timedelta(hours=4), decision="watch", reasons="So.")
    report(larks, now + timedelta(hours=5))
    report(larks, now, subject=Subject.HEAD)  # the chair's: nobody here can answer it
    found = queries.triage(now + timedelta(hours=6))
    assert (found.n_concerns, found.answered_in, found.undecided_for) == (2, [timedelta(hours=3)], [timedelta(hours=1)])


def test_who_reported_is_not_answered_by_their_own_words(larks, now):
    reported = report(larks, now)
    [summary] = Entry.objects.filter(concern=reported)
    services.correct(summary.pk, "He said.", by=larks.ben, now=now, seen=summary.pk)
    write(reported, Kind.FOLLOW_UP, larks.ben, now + timedelta(hours=1))
    assert queries.triage(now + timedelta(hours=2)).answered_in == []
    write(reported, Kind.FOLLOW_UP, larks.carys, now + timedelta(hours=3))
    assert queries.triage(now + timedelta(hours=4)).answered_in == [timedelta(hours=3)]


def test_the_lead_is_told_first_then_the_deputies(larks, now):
    RoleHeld.objects.create(person=larks.ben, role=Role.DEPUTY, starts_on=now.date())
    assert queries.who_to_tell(now) == [larks.carys, larks.ben]
    assert {one.given_name for one in queries.owners(now)} == {"Ben", "Carys", "Dilys", "Gwen"}
    assert {one.given_name for one in queries.nameable(now)} >= {"Asha", "Fran"}


@pytest.mark.parametrize(
    ("accused", "part", "readers"),
    [
        ("ben", Part.INSTIGATOR, {"gwen"}),  # it has become an allegation
        ("gwen", Part.ABOUT, set()),  # about the head: the chair's
        ("ben", Part.WITNESS, {"carys", "gwen"}),
    ],
)
def test_naming_an_adult_as_the_one_who_did_it_leaves_fewer_readers(concern, larks, now, accused, part, readers):
    services.involve(concern.pk, Named(part, getattr(larks, accused)), by=larks.carys, now=now)
    services.involve(concern.pk, Named(Part.WITNESS, described="a neighbour"), by=larks.carys, now=now)
    assert {name for name in ("carys", "gwen") if concern in readable(getattr(larks, name), now)} == readers


def test_a_reference_is_found_however_it_is_typed(concern, larks):
    assert queries.concern_for(larks.gwen, {Role.HEAD}, concern.ref.lower().replace("-", "")) == concern
    with pytest.raises(NotFound):
        queries.concern_for(larks.gwen, {Role.HEAD}, "not a reference")


def test_an_alert_is_nobodys_own_report(alert, larks, now):
    concern = services.open_from_alert(alert, larks.carys, now + MINUTE)
    with pytest.raises(NotFound):
        queries.report_by(larks.carys, concern.ref)
