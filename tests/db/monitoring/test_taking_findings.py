"""Taking findings in: once each, in groups, with the least data."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from findings import finding
from schoolgate.access.models import Device
from schoolgate.ledger.models import Entry
from schoolgate.monitoring import queries, rules, services
from schoolgate.monitoring.models import Alert, AlertEvent, AlertStep, QuietCount
from schoolgate.people.rules import Role

MINUTE = timedelta(minutes=1)


def take(*found, now, cursor=None):
    return services.take(found, cursor or {"s": 1}, now)


def test_a_finding_becomes_an_alert_about_the_person(larks, now):
    (alert,) = take(finding("a1", now, person=larks.asha), now=now + MINUTE)
    assert (alert.person, alert.category, alert.grade, alert.about) == (larks.asha, "self-harm", 3, "pupil")
    event = AlertEvent.objects.get()
    assert (event.text, event.at, event.taken_at) == ("how to disappear", now, now + MINUTE)


def test_nothing_that_is_stored_names_anybody(larks, now):
    take(finding("a1", now, person=larks.asha), now=now)
    stored = str(list(Alert.objects.values())) + str(list(AlertEvent.objects.values()))
    assert "Asha" not in stored
    assert "Achebe" not in stored


def test_the_cursor_moves_with_what_was_taken(larks, now):
    take(finding("a1", now, person=larks.asha), now=now, cursor={"one": 10, "two": 5})
    assert queries.position() == {"one": 10, "two": 5}


def test_when_taking_fails_half_way_nothing_is_taken_and_the_cursor_stays(larks, now):
    take(now=now, cursor={"one": 10})
    broken = finding("a2", now, person=larks.asha, kind="thought")  # no such kind: the database refuses it
    with pytest.raises(IntegrityError):
        take(finding("a1", now, person=larks.asha), broken, now=now, cursor={"one": 99})
    assert not Alert.objects.exists()
    assert queries.position() == {"one": 10}


def test_the_same_stretch_taken_twice_counts_once(larks, now):
    stretch = [finding("a1", now, person=larks.asha), finding("a2", now, person=larks.asha, category="drugs")]
    take(*stretch, now=now)
    assert take(*stretch, now=now + MINUTE) == ()
    assert (Alert.objects.count(), AlertEvent.objects.count(), AlertStep.objects.count()) == (2, 2, 2)


def test_one_activity_may_be_a_search_and_a_page(larks, now):
    take(finding("a1", now, person=larks.asha), finding("a1", now, person=larks.asha, kind="page"), now=now)
    assert AlertEvent.objects.count() == 2


def test_the_cursor_never_goes_backwards(larks, now):
    take(now=now, cursor={"one": 10})
    take(now=now, cursor={"one": 4})
    assert queries.position() == {"one": 10}


def test_a_segment_that_is_gone_leaves_the_cursor(larks, now):
    take(now=now, cursor={"one": 10})
    take(now=now, cursor={"two": 4})
    assert queries.position() == {"two": 4}


def test_events_of_one_person_and_theme_are_one_alert_with_the_highest_grade(larks, now):
    take(finding("a1", now, person=larks.asha, grade=2), now=now)
    take(finding("a2", now + 5 * MINUTE, person=larks.asha, grade=5), now=now + 5 * MINUTE)
    take(finding("a3", now + 6 * MINUTE, person=larks.asha, grade=3), now=now + 6 * MINUTE)
    alert = Alert.objects.get()
    assert (alert.grade, alert.events.count(), alert.last_at) == (5, 3, now + 6 * MINUTE)


@pytest.mark.parametrize("other", [{"category": "drugs"}, {"at": 45 * MINUTE}])
def test_another_theme_or_another_time_is_another_alert(larks, now, other):
    later = now + other.pop("at", MINUTE)
    take(finding("a1", now, person=larks.asha), now=now)
    take(finding("a2", later, person=larks.asha, **other), now=later)
    assert Alert.objects.count() == 2


def test_two_people_are_never_one_alert(larks, now):
    take(finding("a1", now, person=larks.asha), finding("a2", now, person=larks.ben), now=now)
    assert Alert.objects.count() == 2


def test_an_urgent_event_is_not_hidden_in_an_alert_that_was_read(larks, now):
    (first,) = take(finding("a1", now, person=larks.asha, grade=3), now=now)
    services.acknowledge(first.pk, by=larks.carys, now=now)
    (second,) = take(finding("a2", now + MINUTE, person=larks.asha, grade=5), now=now + MINUTE)
    assert second.pk != first.pk
    assert second.acknowledged_at is None


def test_a_decided_alert_takes_nothing_in(larks, now):
    (first,) = take(finding("a1", now, person=larks.asha), now=now)
    services.decide(first.pk, rules.Status.WATCHING, by=larks.carys, now=now)
    take(finding("a2", now + MINUTE, person=larks.asha, grade=2), now=now)
    assert Alert.objects.count() == 2


@pytest.mark.parametrize("grade", [0, 1])
def test_below_grade_two_a_stroke_in_a_count_is_all_that_stays(larks, now, grade):
    quiet = [finding(f"a{n}", now, person=larks.asha, grade=grade) for n in range(3)]
    assert take(*quiet, now=now) == ()
    assert not Alert.objects.exists()
    assert not AlertEvent.objects.exists()
    assert list(QuietCount.objects.values_list("on", "category", "n_events")) == [(now.date(), "self-harm", 3)]


def test_nothing_found_leaves_no_trace(larks, now):
    take(finding("a1", now, person=larks.asha, category=None, grade=0), now=now)
    assert not QuietCount.objects.exists()


def test_where_nobody_is_known_the_device_is_named(larks, now):
    tablet = Device.objects.create(name="Oak tablet 3", address="10.0.0.9", room="Oak")
    (alert,) = take(finding("a1", now, device=str(tablet.pk)), now=now)
    (row,) = queries.shown([alert], now)
    assert (row.who, row.place) == ("Nobody known, on Oak tablet 3", "Oak")
    assert (alert.person, alert.about) == (None, "nobody")


@pytest.mark.parametrize("person", ["not an id", "00000000-0000-0000-0000-000000000000"])
def test_a_person_that_the_register_does_not_hold_is_nobody_known(larks, now, person):
    odd = finding("a1", now)
    (alert,) = take(type(odd)(**{name: getattr(odd, name) for name in odd.__slots__} | {"person": person}), now=now)
    assert alert.about == "nobody"
    assert queries.shown([alert], now)[0].who == "Nobody known, on a device that is not in the register"


def test_events_without_person_or_device_are_never_thrown_together(larks, now):
    take(finding("a1", now, device=None), finding("a2", now, device=None), now=now)
    assert Alert.objects.count() == 2


def test_an_alert_about_an_adult_says_so(larks, now):
    found = [finding(f"a-{one.given_name}", now, person=one) for one in (larks.ben, larks.carys, larks.gwen)]
    take(*found, now=now)
    assert list(Alert.objects.order_by("person__given_name").values_list("about", flat=True)) == [
        "staff",
        "lead",
        "head",
    ]


def test_of_a_long_text_the_words_round_the_reason_are_kept(larks, now):
    text = "x" * 5000 + "here it is" + "y" * 5000
    take(finding("a1", now, person=larks.asha, text=text, kind="page", span=(5000, 5010)), now=now)
    event = AlertEvent.objects.get()
    start, end = event.because[0]["span"]
    assert event.text[start:end] == "here it is"
    assert len(event.text) == services.TEXT_KEPT


def test_damaged_lines_are_counted(larks, now):
    services.take([], {"s": 4}, now, damaged=2)
    services.take([], {"s": 5}, now)
    assert queries.path(now).damaged == 2


def test_taking_writes_nothing_into_the_ledger(larks, now):
    take(finding("a1", now, person=larks.asha), now=now)
    assert not Entry.objects.filter(about__startswith="alert").exists()


def test_the_roles_of_the_day_settle_whom_it_is_about(larks, now):
    larks.ben.roles_held.update(ends_on=now.date())
    take(finding("a1", now, person=larks.ben), now=now)
    assert Alert.objects.get().about == "staff"
    assert Role.TEACHER not in rules.READERS
