"""The governor view: numbers, and nobody's name."""

import re
from datetime import date, timedelta

import pytest
from django.contrib.auth import get_user_model

from schoolgate.assurance import editions
from schoolgate.assurance.editions import Choice
from schoolgate.assurance.models import Evidence, Setting, Statement
from schoolgate.assurance.rules import Kind, Light, Status
from schoolgate.concerns.models import Concern
from schoolgate.drafting import reading
from schoolgate.ledger.models import Entry
from schoolgate.monitoring.models import Alert
from schoolgate.people.models import Group, Person
from schoolgate.reports import governors

TEXT = b"Ms Carys Clay must read every alert.\n\nAll web access is filtered by category for Asha Achebe.\n"


def alert(ref, now, minutes, category="bullying", **facts):
    given = {"about": "pupil", "grade": 3, "opened_at": now, "last_at": now} | facts
    return Alert.objects.create(ref=ref, category=category, acknowledged_at=now + timedelta(minutes=minutes), **given)


@pytest.fixture
def busy(larks, now):
    """A school in which names stand wherever a person could type one."""
    Group.objects.update(name="Mr Ben Brook's class")
    draft = editions.adopt(
        reading.from_bytes(TEXT, "policy.txt"), title="By Gwen Glen", setting=Setting.PRIMARY, by=larks.gwen, now=now
    )
    for one in Statement.objects.filter(normative=True):
        choice = Choice(Kind.NOT_APPLICABLE, reason="Asha Achebe has left")
        editions.confirm(one.pk, choice, by=larks.gwen, now=now)
    editions.bring_into_force(
        draft.pk,
        ratified_on=date(2026, 11, 9),
        minute="Proposed by Efe East",
        review_due_on=date(2027, 11, 9),
        by=larks.gwen,
        now=now,
    )
    for minutes in range(7):
        alert(f"AAA-AA{minutes}", now, 2 + minutes, person=larks.asha, acknowledged_by=larks.carys)
    alert("BBB-BBB", now, 1, "gambling", person=larks.asha, acknowledged_by=larks.carys)
    told = [("bullying", "team")] * 6 + [("grooming", "team")] * 2
    # What an adult is said to have done: also when the reporter sorted it under a harm, or it is about the head.
    kept_back = [("allegation", "head")] * 5 + [("gambling", "head")] * 7 + [("sexual", "chair")] * 6
    for number, (category, audience) in enumerate(told + kept_back):
        Concern.objects.create(
            ref=f"C-{number}", category=category, audience=audience, opened_at=now, opened_by=larks.ben
        )
    for status in (Status.MET, Status.NOT_MET):
        Evidence.objects.create(
            promise="AUP-1",
            source="access.nobody_without_a_signature",
            status=status,
            found_at=now - timedelta(days=2) + timedelta(hours=status is Status.NOT_MET),
            stale_after=timedelta(days=9),
            summary="Asha Achebe has not signed.",
            rows=[{"name": "Asha Achebe"}],
        )
    return larks


def page(client, who):
    client.force_login(get_user_model().objects.get(email=f"{who}@larkfield.test"))
    answer = client.get("/governors/")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("who", ["efe", "gwen", "carys"])
def test_no_name_of_anybody_stands_in_it(client, busy, who):
    main = re.search(r"(?s)<main.*</main>", page(client, who))[0]
    words = set(re.findall(r"\w+", main))
    for person in Person.objects.all():
        assert not {person.given_name, person.family_name, person.preferred_name} & words


@pytest.mark.parametrize(("who", "status"), [("ben", 403), ("dilys", 403), ("fran", 403)])
def test_others_do_not_see_it(client, busy, who, status):
    client.force_login(get_user_model().objects.get(email=f"{who}@larkfield.test"))
    assert client.get("/governors/").status_code == status


def test_small_numbers_are_kept_back_and_allegations_are_not_counted(busy, now):
    report = governors.report(busy.efe, now)
    assert dict(report.alerts) == {"Bullying": "7", "Gambling": "fewer than 5"}
    assert dict(report.concerns) == {
        "Content": "none",
        "Contact": "fewer than 5",
        "Conduct": "6",
        "Commerce": "none",
        governors.NOT_SORTED: "none",
    }


def test_the_median_needs_enough_alerts(busy, now):
    assert governors.report(busy.efe, now).acknowledged_after == "4 minutes"
    later = now + timedelta(days=91)
    assert governors.report(busy.efe, later).acknowledged_after == ""


def test_unknown_is_its_own_number_and_nothing_is_added_to_met(busy, now):
    counts = governors.report(busy.efe, now).counts
    assert counts[Light.NOT_APPLICABLE] == Statement.objects.filter(normative=True).count()
    assert counts[Light.MET] == counts[Light.UNKNOWN] == 0


def test_what_changed_is_told_once_to_each_reader(busy, now):
    first = governors.report(busy.efe, now)
    assert [(one.promise, one.before, one.after) for one in first.changes] == [("AUP-1", "met", "not-met")]
    governors.record_reading(busy.efe, frozenset({"governor"}), now)
    assert governors.report(busy.efe, now + timedelta(minutes=1)).changes == ()
    assert len(governors.report(busy.gwen, now + timedelta(minutes=1)).changes) == 1


def test_reading_is_recorded_and_a_governors_reading_is_told_apart(client, busy):
    page(client, "gwen")
    client.logout()
    page(client, "efe")
    reads = Entry.objects.filter(action="read governor report").order_by("seq")
    assert [(one.by, one.about) for one in reads] == [(busy.gwen.pk, "staff"), (busy.efe.pk, "governor")]


def test_agreements_are_counted_for_pupils_and_staff_without_classes(busy, now):
    signed = governors.report(busy.efe, now).signed
    assert [(one.group, one.percent) for one in signed] == [("Pupils", 0), ("Staff", 0)]
