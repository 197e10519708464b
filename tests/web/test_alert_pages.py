"""The pages of alerts: who may open them, what they show, what is recorded."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from findings import finding
from schoolgate.concerns.models import Concern
from schoolgate.ledger.models import Entry
from schoolgate.monitoring import services
from schoolgate.monitoring.models import Alert
from schoolgate.people.models import RoleHeld
from schoolgate.web.monitoring import live


@pytest.fixture
def alert(larks, now):
    return services.take(
        [finding("a1", now, person=larks.asha, text="<b>how to disappear", span=(10, 19))], {"s": 1}, now
    )[0]


@pytest.fixture
def now():
    """A little ago: requests carry the real time."""
    return timezone.now() - timedelta(minutes=5)


@pytest.fixture
def signed_in(client, larks):
    def sign_in(who):
        client.force_login(getattr(larks, who).user)
        return client

    return sign_in


@pytest.mark.parametrize("who", ["carys", "gwen"])
def test_the_list_shows_who_what_when_and_why(signed_in, alert, who):
    page = signed_in(who).get(reverse("alerts")).content.decode()
    assert "Asha Achebe" in page
    assert "Oak (Year 4)" in page
    assert "&lt;b&gt;how to <mark>disappear</mark>" in page
    assert "wants to vanish" in page
    assert "Nobody has seen this yet" in page
    assert f'data-after="{alert.steps.get().pk}"' in page


@pytest.mark.parametrize("who", ["ben", "dilys", "efe", "fran"])
@pytest.mark.parametrize("name", ["alerts", "alerts-live", "alerts-decided"])
def test_nobody_else_opens_the_pages(signed_in, alert, who, name):
    assert signed_in(who).get(reverse(name)).status_code == 403


def test_whoever_is_not_signed_in_is_sent_to_sign_in(client, alert):
    assert client.get(reverse("alert", args=[alert.ref])).status_code == 302


def test_the_page_of_an_alert_is_recorded_when_read(signed_in, alert, larks):
    page = signed_in("carys").get(reverse("alert", args=[alert.ref]))
    assert page.status_code == 200
    assert Entry.objects.filter(action="read alert", by=larks.carys.pk, about=f"alert:{alert.pk}").count() == 1


def test_nobody_opens_an_alert_about_themselves(signed_in, larks, now):
    (alert,) = services.take([finding("a1", now, person=larks.carys)], {"s": 1}, now)
    client = signed_in("carys")
    assert alert.ref not in client.get(reverse("alerts")).content.decode()
    assert client.get(reverse("alert", args=[alert.ref])).status_code == 404
    assert client.post(reverse("alert-acknowledge", args=[alert.ref])).status_code == 404
    assert client.post(reverse("concern-from-alert", args=[alert.ref])).status_code == 404
    assert signed_in("gwen").get(reverse("alert", args=[alert.ref])).status_code == 200


def test_seeing_it_is_said_on_the_page(signed_in, alert, larks):
    client = signed_in("carys")
    page = client.post(reverse("alert-acknowledge", args=[alert.ref]), follow=True).content.decode()
    assert "seen by Carys Clay" in page
    page = signed_in("gwen").post(reverse("alert-acknowledge", args=[alert.ref]), follow=True).content.decode()
    assert "Carys Clay had seen this alert before you" in page


def decide(client, alert, **said):
    return client.post(reverse("alert-decide", args=[alert.ref]), {"seen": "new"} | said)


def test_a_decision_is_kept_and_shown(signed_in, alert):
    client = signed_in("carys")
    assert decide(client, alert, decision="false", because="A word list.").status_code == 302
    page = client.get(reverse("alert", args=[alert.ref])).content.decode()
    assert "Carys Clay called it a false alarm: “A word list.”" in page
    assert alert.ref in client.get(reverse("alerts-decided")).content.decode()


def test_a_decision_without_what_it_needs_comes_back_with_its_words(signed_in, alert):
    page = decide(signed_in("carys"), alert, decision="false")
    assert page.status_code == 422
    assert "Enter why you decided this" in page.content.decode()
    assert decide(signed_in("carys"), alert).status_code == 422


def test_the_second_to_decide_is_told_what_the_first_decided(signed_in, alert):
    decide(signed_in("carys"), alert, decision="watching")
    page = decide(signed_in("gwen"), alert, decision="false", because="Nothing in it.")
    assert page.status_code == 422
    words = page.content.decode()
    assert "Somebody else has just decided" in words
    assert "Nothing in it." in words
    assert "Carys Clay keeps watch" in words


def test_one_press_opens_a_concern_from_an_alert(signed_in, alert):
    client = signed_in("carys")
    page = client.post(reverse("concern-from-alert", args=[alert.ref]), follow=True)
    concern = Concern.objects.get()
    assert page.redirect_chain[-1][0] == reverse("concern", args=[concern.ref])
    assert concern.ref in client.get(reverse("alert", args=[alert.ref])).content.decode()
    page = client.post(reverse("concern-from-alert", args=[alert.ref]), follow=True)
    assert Concern.objects.count() == 1


def test_the_lead_who_passes_on_an_alert_about_a_teacher_no_longer_reads_what_follows(signed_in, larks, now):
    (alert,) = services.take([finding("a1", now, person=larks.ben)], {"s": 1}, now)
    client = signed_in("carys")
    page = client.post(reverse("concern-from-alert", args=[alert.ref]), follow=True)
    assert "Only the head teacher can read this" in page.content.decode()
    assert client.get(reverse("concern", args=[Concern.objects.get().ref])).status_code == 404


def test_without_a_role_the_pages_close_at_once(signed_in, alert, larks, now):
    client = signed_in("carys")
    RoleHeld.objects.filter(person=larks.carys).update(ends_on=larks.carys.starts_on)
    assert client.get(reverse("alert", args=[alert.ref])).status_code == 403


def test_the_cards_of_the_page_and_of_the_stream_carry_their_order(signed_in, larks, now):
    found = [finding("a1", now, person=larks.asha, grade=2), finding("a2", now, person=larks.ben, grade=5)]
    services.take(found, {"s": 1}, now)
    page = signed_in("gwen").get(reverse("alerts")).content.decode()
    orders = re.findall(r'data-order="(\d+)"', page)
    assert len(orders) == 2
    assert orders == sorted(orders)
    assert Alert.objects.count() == 2


def test_a_decision_that_comes_back_shows_the_alert_and_is_recorded_as_read(signed_in, alert, larks):
    client = signed_in("carys")
    for said in ({"decision": "nonsense"}, {"decision": "false"}):
        assert decide(client, alert, **said).status_code == 422
    assert Entry.objects.filter(action="read alert", by=larks.carys.pk, about=f"alert:{alert.pk}").count() == 2


def test_what_the_stream_sends_is_recorded_as_read(signed_in, alert, larks):
    client = signed_in("carys")
    looked = live._look(str(client.session.session_key), 0, must_check=True)
    assert "Asha Achebe" in looked.events[0]
    entry = Entry.objects.get(action="read alerts", by=larks.carys.pk)
    assert alert.ref in entry.said_json


@pytest.mark.parametrize("after", ["9" * 5000, "-1", "²", "1e9", "x"])
def test_a_stream_that_begins_nowhere_begins_now(signed_in, alert, after):
    page = signed_in("carys").get(reverse("alerts-live"), {"after": after})
    assert page.status_code == 200
    page.close()
