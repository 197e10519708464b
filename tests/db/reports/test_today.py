"""The lines of the first page: each says a number, and none says that all is well without having looked."""

from datetime import date, timedelta

import pytest

from cast import person
from findings import finding
from schoolgate.access import services as access
from schoolgate.access.models import AgreementVersion
from schoolgate.access.rules import Audience, Method
from schoolgate.assurance import editions
from schoolgate.assurance.editions import Choice
from schoolgate.assurance.models import Setting, Statement
from schoolgate.assurance.rules import Kind
from schoolgate.concerns import services as concerns
from schoolgate.concerns.queries import last_entry
from schoolgate.concerns.rules import ALLEGATION, Part, Subject
from schoolgate.concerns.rules import Kind as Written
from schoolgate.drafting import reading
from schoolgate.filtering.models import SiteRequest
from schoolgate.monitoring import services as monitoring
from schoolgate.people.models import Membership, Person
from schoolgate.people.queries import roles_of
from schoolgate.people.rules import Part as Place
from schoolgate.people.rules import Role
from schoolgate.reports import today
from schoolgate.reports.today import Line, Need

MINUTE = timedelta(minutes=1)


def seen(reader: Person, now) -> dict[str, Line]:
    """What *reader* sees, by matter."""
    return {line.about: line for line in today.lines(reader, roles_of(reader, now.date()), now)}


def signs(someone: Person, audience: Audience, now, by: Person) -> None:
    version = AgreementVersion.objects.get(agreement__audience=audience)
    method = Method.OWN if audience == Audience.STAFF else Method.WITH_TEACHER
    access.sign(someone, version, method=method, by=by, now=now)


def report(larks, now, subject=Subject.CHILD, category="bullying", **named) -> object:
    about = [concerns.Named(Part.ABOUT, **(named or {"person": larks.asha}))]
    return concerns.report(text="Seen at noon.", category=category, subject=subject, named=about, by=larks.ben, now=now)


# ── Alerts ──────────────────────────────────────────────────────────────────


def test_no_alert_is_well_only_while_somebody_watches(larks, now):
    assert seen(larks.carys, now)["watch"].need is Need.NOW
    assert "alerts" not in seen(larks.carys, now)
    monitoring.beat(now)
    assert seen(larks.carys, now)["alerts"].need is Need.WELL
    assert "watch" not in seen(larks.carys, now)
    later = seen(larks.carys, now + 5 * MINUTE)
    assert later["watch"].detail == "It last looked 5 minutes ago."
    assert "alerts" not in later


def test_alerts_are_counted_and_the_oldest_is_said(larks, now):
    monitoring.take([finding("a-1", now, person=larks.asha, grade=2)], {}, now)
    monitoring.take([finding("a-2", now + 65 * MINUTE, person=larks.asha, grade=5)], {}, now + 65 * MINUTE)
    at = now + 66 * MINUTE
    monitoring.beat(at)
    for reader in (larks.carys, larks.gwen):
        line = seen(reader, at)["alerts"]
        assert line.words == "2 alerts wait for a decision"
        assert line.detail == "The oldest has waited 1 hour. 2 are unread; the gravest: urgent."
        assert line.need is Need.NOW


def test_a_mild_alert_presses_only_when_it_has_waited_too_long(larks, now):
    monitoring.take([finding("a-1", now, person=larks.asha, grade=2)], {}, now)
    for days, need in ((0, Need.SOON), (8, Need.NOW)):
        monitoring.beat(now + timedelta(days=days))
        assert seen(larks.carys, now + timedelta(days=days))["alerts"].need is need


def test_an_alert_that_somebody_read_still_waits_for_a_decision(larks, now):
    (opened,) = monitoring.take([finding("a-1", now, person=larks.asha)], {}, now)
    monitoring.acknowledge(opened.pk, by=larks.carys, now=now + MINUTE)
    monitoring.beat(now + 2 * MINUTE)
    line = seen(larks.carys, now + 2 * MINUTE)["alerts"]
    assert line.words == "1 alert waits for a decision"
    assert line.detail == "The oldest has waited 2 minutes. Each has been read."
    assert line.need is Need.SOON


# ── Concerns ────────────────────────────────────────────────────────────────


def test_open_concerns_and_late_actions_are_counted(larks, now):
    assert seen(larks.carys, now)["concerns"].need is Need.WELL
    concern = report(larks, now)
    assert seen(larks.carys, now)["concerns"].words == "1 concern is open"
    assert seen(larks.carys, now)["concerns"].need is Need.SOON
    concerns.add(
        concern.pk,
        Written.ACTION,
        "Speak with her mother.",
        by=larks.carys,
        now=now,
        seen=last_entry(concern),
        owner=larks.carys,
        due_on=now.date(),
    )
    assert seen(larks.carys, now)["concerns"].detail == "No action is past its day."
    line = seen(larks.carys, now + timedelta(days=1))["concerns"]
    assert (line.need, line.detail) == (Need.NOW, "1 action is past its day.")


def test_what_is_said_about_an_adult_is_counted_for_the_head_alone(larks, now):
    report(larks, now, Subject.ADULT, ALLEGATION, described="somebody at the gate")
    assert seen(larks.gwen, now)["concerns"].words == "1 concern is open"
    assert seen(larks.carys, now)["concerns"].words == "No open concern waits for you"


# ── The policy ──────────────────────────────────────────────────────────────


def in_force(larks, now, confirmed: bool):
    document = reading.from_bytes(b"All web access must be filtered by category.\n", "policy.txt")
    draft = editions.adopt(document, title="Policy", setting=Setting.PRIMARY, by=larks.gwen, now=now)
    assert seen(larks.gwen, now)["policy"].words == "No policy is in force"
    for one in Statement.objects.filter(normative=True):
        choice = Choice(Kind.CONTROL, promise="NET-2") if confirmed else Choice(Kind.NOT_APPLICABLE, reason="No web")
        editions.confirm(one.pk, choice, by=larks.gwen, now=now)
    editions.bring_into_force(
        draft.pk,
        ratified_on=date(2026, 11, 9),
        minute="Minute 3",
        review_due_on=date(2027, 11, 9),
        by=larks.gwen,
        now=now,
    )


def test_a_sentence_that_was_never_checked_is_unknown_and_not_well(larks, now):
    in_force(larks, now, confirmed=True)
    line = seen(larks.gwen, now)["policy"]
    assert (line.need, line.words, line.key) == (Need.UNKNOWN, "1 sentence of the policy is unknown", "unknown")


def test_a_policy_that_promises_nothing_is_not_called_well(larks, now):
    in_force(larks, now, confirmed=False)
    assert seen(larks.gwen, now)["policy"].need is Need.UNKNOWN


def test_governors_see_when_the_review_is_due(larks, now):
    assert seen(larks.efe, now)["governors"].words == "No policy is in force"
    in_force(larks, now, confirmed=True)
    assert seen(larks.efe, now)["governors"].need is Need.WELL
    assert "9 November 2027" in seen(larks.efe, now)["governors"].detail
    assert seen(larks.efe, now + timedelta(days=340))["governors"].need is Need.SOON
    assert seen(larks.efe, now + timedelta(days=360))["governors"].need is Need.NOW


def test_the_computing_lead_sees_drafts_and_requests(larks, now):
    mina = person("Mina", "Moor", Role.COMPUTING, now.date())
    assert "drafts" not in seen(mina, now)
    editions.adopt(
        reading.from_bytes(b"We will be kind.\n", "p.txt"), title="P", setting=Setting.PRIMARY, by=mina, now=now
    )
    assert seen(mina, now)["drafts"].words == "1 draft of the policy is being prepared"
    SiteRequest.objects.create(
        url="http://casino.test/", host="casino.test", person=larks.ben, audience="ks2", reason="Maths",
        until_on=now.date(), asked_at=now - timedelta(hours=3),
    )  # fmt: skip
    assert seen(mina, now)["requests"].words == "1 request for a site waits"
    assert seen(larks.dilys, now)["requests"].detail == "The oldest has waited 3 hours."


# ── Agreements ──────────────────────────────────────────────────────────────


def test_everybody_who_works_here_is_told_of_their_own_agreement(larks, now):
    assert seen(larks.ben, now)["own agreement"].need is Need.NOW
    signs(larks.ben, Audience.STAFF, now, larks.ben)
    assert seen(larks.ben, now)["own agreement"].need is Need.WELL
    AgreementVersion.objects.filter(agreement__audience=Audience.STAFF).update(effective_on=date(2027, 1, 1))
    assert seen(larks.gwen, now)["agreements"].words == "There is no agreement for you to sign yet"


def test_a_teacher_sees_how_many_of_the_class_have_not_signed(larks, now):
    line = seen(larks.ben, now)["class"]
    assert (line.words, line.key, line.need) == ("1 child has not signed", "4-oak", Need.SOON)
    signs(larks.asha, Audience.KS2, now, larks.ben)
    assert seen(larks.ben, now)["class"].words == "Everybody in your class has signed"
    Membership.objects.filter(part=Place.PUPIL).update(ends_on=now.date())
    assert seen(larks.ben, now)["class"].need is Need.UNKNOWN


def test_suspensions_are_counted_for_the_head(larks, now):
    assert seen(larks.gwen, now)["suspensions"].need is Need.WELL
    access.suspend(larks.asha, by=larks.gwen, reason="Talked about it", now=now, ends_at=now + timedelta(days=1))
    assert seen(larks.gwen, now)["suspensions"].words == "1 suspension is in force or to come"


# ── The whole page ──────────────────────────────────────────────────────────


def test_a_technician_without_a_gate_is_told_so(larks, now):
    found = today.lines(larks.dilys, frozenset({Role.TECHNICIAN}), now)
    machinery = [line for line in found if line.about == "gate"]
    assert {line.need for line in machinery} >= {Need.NOW}
    assert not [line for line in machinery if line.need is Need.WELL]


def test_what_needs_the_reader_most_comes_first_and_names_nobody(larks, now):
    monitoring.take([finding("a-1", now, person=larks.asha, grade=5)], {}, now)
    report(larks, now)
    for reader in (larks.ben, larks.carys, larks.dilys, larks.efe, larks.gwen):
        found = today.lines(reader, roles_of(reader, now.date()), now)
        order = list(Need)
        assert [line.need for line in found] == sorted((line.need for line in found), key=order.index)
        assert "Asha" not in repr(found)
        assert "Achebe" not in repr(found)


def test_somebody_with_two_roles_sees_each_line_once(larks, now):
    found = today.lines(larks.gwen, frozenset({Role.HEAD, Role.DSL, Role.TECHNICIAN, Role.COMPUTING}), now)
    assert len({(line.about, line.words, line.key) for line in found}) == len(found)


def test_somebody_without_a_role_sees_nothing(larks, now):
    assert today.lines(larks.fran, frozenset(), now) == []


@pytest.mark.parametrize("role", list(Role))
def test_every_role_can_be_looked_up(larks, now, role):
    for line in today.lines(larks.gwen, frozenset({role}), now):
        assert line.words[0].isupper() or line.words[0].isdigit()
