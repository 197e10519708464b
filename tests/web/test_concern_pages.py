"""The pages of concerns: quick to report, kept from those in them, and no word lost."""

from datetime import timedelta

import pytest
from django.urls import get_resolver, reverse
from django.utils import timezone

from findings import finding
from schoolgate.concerns import queries, services
from schoolgate.concerns.models import Concern
from schoolgate.concerns.rules import Kind, Part, Subject
from schoolgate.concerns.services import Named
from schoolgate.ledger.models import Entry
from schoolgate.monitoring import services as alerts

PAGES = ["concern", "concern-close", "concern-reopen", "concern-involve"]


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


def report(larks, now, **facts):
    whole = {"text": "She is afraid.", "category": "bullying", "subject": Subject.CHILD, "by": larks.ben, "now": now}
    return services.report(**{**whole, "named": [Named(Part.ABOUT, larks.asha)], **facts})


@pytest.fixture
def concern(larks, now):
    return report(larks, now)


def test_danger_comes_first_on_the_report_form(signed_in, settings):
    settings.SAFEGUARDING_PHONE = "01632 960 123"
    page = signed_in("ben").get(reverse("concern-new")).content.decode()
    assert page.index("call 999 first") < page.index("What did you see or hear?")
    assert "Carys Clay on 01632 960 123" in page


@pytest.mark.parametrize(("who", "status"), [("ben", 200), ("dilys", 200), ("gwen", 200), ("efe", 403), ("fran", 403)])
def test_all_staff_report(signed_in, who, status):
    assert signed_in(who).get(reverse("concern-new")).status_code == status


def post_report(client, **said):
    whole = {
        "text": "She is afraid.",
        "subject": "child",
        "category": "not-sure",
        "about": "",
        "others": "",
        "device_at": "",
    }
    return client.post(reverse("concern-new"), whole | said, follow=True)


def test_a_report_takes_words_only_and_one_press(signed_in, larks):
    client = signed_in("ben")
    page = post_report(client, about=str(larks.asha.pk), others="Her brother")
    concern = Concern.objects.get()
    assert page.redirect_chain[-1][0] == reverse("concern-reported", args=[concern.ref])
    assert "She is afraid." in page.content.decode()
    assert concern.ref in client.get(reverse("concerns-reported")).content.decode()
    assert {(str(one.person or one.described), one.part) for one in concern.involved.all()} == {
        ("Asha Achebe", "about"),
        ("Her brother", "witness"),
    }


def test_a_report_without_words_comes_back(signed_in):
    client = signed_in("ben")
    page = client.post(reverse("concern-new"), {"text": " ", "subject": "child", "category": "not-sure"})
    assert page.status_code == 422
    assert not Concern.objects.exists()


def test_the_reporter_reads_their_words_and_nothing_else(signed_in, concern, larks, now):
    services.add(concern.pk, Kind.FOLLOW_UP, "Rang her mother.", by=larks.carys, now=now, seen=0)
    client = signed_in("ben")
    page = client.get(reverse("concern-reported", args=[concern.ref])).content.decode()
    assert "She is afraid." in page
    assert "Rang her mother" not in page
    assert client.get(reverse("concern", args=[concern.ref])).status_code == 403
    assert signed_in("dilys").get(reverse("concern-reported", args=[concern.ref])).status_code == 404


@pytest.mark.parametrize("who", ["ben", "dilys", "efe", "fran"])
def test_nobody_outside_the_team_opens_a_concern(signed_in, concern, who):
    client = signed_in(who)
    assert client.get(reverse("concerns")).status_code == 403
    for name in PAGES:
        assert client.get(reverse(name, args=[concern.ref])).status_code == 403


@pytest.mark.parametrize(
    ("subject", "who", "status"),
    [
        (Subject.ADULT, "gwen", 200),
        (Subject.ADULT, "carys", 404),
        (Subject.HEAD, "gwen", 404),
        (Subject.HEAD, "carys", 404),
    ],
)
def test_an_allegation_is_opened_by_the_head_and_by_nobody_when_it_is_the_head(
    signed_in, larks, now, subject, who, status
):
    concern = report(larks, now, subject=subject, named=[])
    client = signed_in(who)
    assert (concern.ref in client.get(reverse("concerns")).content.decode()) == (status == 200)
    for address in (
        reverse("concern", args=[concern.ref]),
        reverse("concern-add", args=[concern.ref, "follow-up"]),
        reverse("concern-correct", args=[concern.ref, concern.entries.get().pk]),
    ):
        assert client.get(address).status_code == status


def test_a_report_about_the_head_says_to_ring_the_chair(signed_in, larks, settings):
    settings.CHAIR_PHONE = "01632 960 456"
    page = post_report(signed_in("ben"), subject="head").content.decode()
    assert "Ring the chair of governors now on 01632 960 456" in page
    assert "Carys Clay" not in page


def test_choosing_an_indecent_image_shows_what_to_do(signed_in, larks):
    client = signed_in("ben")
    page = client.get(reverse("concern-new") + "?category=indecent-image").content.decode()
    assert '<details class="govuk-details" data-image-advice open>' in page
    after = post_report(client, category="indecent-image", device_at="In the safe").content.decode()
    assert "Do not view it, copy it, forward it" in after
    assert "Where the device is: In the safe" in after


def test_no_form_takes_a_file(signed_in, concern):
    client = signed_in("gwen")
    kinds = [
        reverse("concern-add", args=[concern.ref, kind]) for kind in ("follow-up", "action", "decision", "outcome")
    ]
    forms = [reverse("concern-new"), *kinds, *(reverse(name, args=[concern.ref]) for name in PAGES)]
    for address in forms:
        page = client.get(address).content.decode()
        assert 'type="file"' not in page
        assert "multipart" not in page


def test_reading_a_concern_is_recorded(signed_in, concern, larks):
    signed_in("carys").get(reverse("concern", args=[concern.ref]))
    client = signed_in("carys")
    client.get(reverse("concerns"))
    read = Entry.objects.filter(action__startswith="read", by=larks.carys.pk)
    assert list(read.values_list("action", flat=True)) == ["read concern", "read concerns"]


def add(client, concern, kind, **said):
    return client.post(reverse("concern-add", args=[concern.ref, kind]), said)


def test_two_editors_at_once_both_keep_their_words_and_the_second_sees_the_first(signed_in, concern, larks, now):
    seen = queries.last_entry(concern)
    add(signed_in("carys"), concern, "follow-up", text="Spoke to her.", seen=seen)
    client = signed_in("gwen")
    answer = add(client, concern, "follow-up", text="Rang home.", seen=seen)
    page = client.get(answer.url).content.decode()
    assert "While you wrote, 1 entry was added by others" in page
    assert page.count("(new since you looked)") == 1
    assert page.index("new since you looked") < page.index("Spoke to her.") < page.index("Rang home.")


def test_from_report_to_outcome(signed_in, concern, larks, now):
    client = signed_in("carys")
    page = client.get(reverse("concern-close", args=[concern.ref]))
    assert page.status_code == 200
    due = (now + timedelta(days=2)).date().isoformat()
    entries = [
        ("action", {"text": "Talk to her.", "owner": str(larks.ben.pk), "due_on": due}),
        ("decision", {"text": "In school.", "decision": "in-school", "reasons": "It is over."}),
        ("outcome", {"text": "They are friends."}),
    ]
    for kind, said in entries:
        assert add(client, concern, kind, seen=queries.last_entry(concern), **said).status_code == 302
    close = reverse("concern-close", args=[concern.ref])
    assert client.post(close, {"seen": queries.last_entry(concern), "text": ""}).status_code == 302
    page = client.get(reverse("concern", args=[concern.ref])).content.decode()
    assert "Closed by Carys Clay" in page
    again = client.post(reverse("concern-reopen", args=[concern.ref]), {"because": "She came back."})
    assert again.status_code == 302
    page = client.get(reverse("concern", args=[concern.ref])).content.decode()
    for words in ("She is afraid.", "Talk to her.", "It is over.", "They are friends.", "She came back."):
        assert words in page


def test_a_concern_that_lacks_something_is_not_closed_and_says_what(signed_in, concern):
    page = signed_in("carys").post(reverse("concern-close", args=[concern.ref]), {"seen": queries.last_entry(concern)})
    assert page.status_code == 422
    assert "at least one action" in page.content.decode()


def test_words_for_a_concern_that_was_closed_meanwhile_come_back_to_their_writer(signed_in, concern, larks, now):
    Concern.objects.filter(pk=concern.pk).update(closed_at=now, closed_by=larks.gwen)
    page = add(signed_in("carys"), concern, "follow-up", text="One more thing.", seen=0)
    assert page.status_code == 422
    assert "One more thing." in page.content.decode()


def test_refer_is_chosen_for_a_sexual_matter_under_13_and_not_referring_asks_for_another(signed_in, larks, now):
    concern = report(larks, now, category="sexual")
    client = signed_in("carys")
    page = client.get(reverse("concern-add", args=[concern.ref, "decision"])).content.decode()
    assert (
        'value="refer" id="id_decision_0" checked' in " ".join(page.replace("required", "").split())
        or "checked" in page
    )
    add(client, concern, "decision", text="No.", decision="watch", reasons="It is nothing.", seen=0)
    entry = concern.entries.get(kind="decision")
    agree = reverse("concern-agree", args=[concern.ref, entry.pk])
    assert client.post(agree, {"text": "Yes.", "seen": entry.pk}).status_code == 422
    assert signed_in("gwen").post(agree, {"text": "Advised by social care.", "seen": entry.pk}).status_code == 302


def test_a_correction_and_a_name_are_added_beside_what_was_written(signed_in, concern, larks):
    client = signed_in("carys")
    entry = concern.entries.get()
    client.post(reverse("concern-correct", args=[concern.ref, entry.pk]), {"text": "She was sad.", "seen": entry.pk})
    named = reverse("concern-involve", args=[concern.ref])
    assert client.post(named, {"person": str(larks.ben.pk), "part": "witness"}).status_code == 302
    assert client.post(named, {"person": str(larks.ben.pk), "part": "witness"}).status_code == 422
    assert client.post(named, {"part": "witness"}).status_code == 422
    page = client.get(reverse("concern", args=[concern.ref])).content.decode()
    assert "She is afraid." in page
    assert "She was sad." in page
    assert "Ben Brook: they saw or heard it" in page


def test_an_unknown_kind_of_entry_is_no_page(signed_in, concern):
    assert signed_in("carys").get(reverse("concern-add", args=[concern.ref, "gossip"])).status_code == 404


def test_every_address_of_these_areas_says_who_may_open_it():
    urls = [one for one in get_resolver().reverse_dict if isinstance(one, str) and one.startswith(("alert", "concern"))]
    assert len(urls) >= 17


def test_who_names_a_colleague_as_the_one_who_did_it_is_told_that_they_no_longer_read_it(signed_in, concern, larks):
    named = reverse("concern-involve", args=[concern.ref])
    page = signed_in("carys").post(named, {"person": str(larks.dilys.pk), "part": "instigator"}, follow=True)
    assert "you no longer read it" in page.content.decode()
    assert signed_in("gwen").get(reverse("concern", args=[concern.ref])).status_code == 200


def test_the_words_in_the_form_of_a_correction_are_recorded_as_read(signed_in, concern, larks):
    address = reverse("concern-correct", args=[concern.ref, concern.entries.get().pk])
    assert "She is afraid." in signed_in("carys").get(address).content.decode()
    assert Entry.objects.filter(action="read entry of concern", by=larks.carys.pk).count() == 1


@pytest.mark.parametrize("number", ["9" * 5000, "9" * 30, "-1", "²", "x"])
def test_an_address_with_numbers_that_are_none_shows_the_concern(signed_in, concern, number):
    page = signed_in("carys").get(reverse("concern", args=[concern.ref]), {"seen": number, "own": number})
    assert page.status_code == 200


@pytest.mark.parametrize(
    ("facts", "who", "is_shown"),
    [
        ({"subject": Subject.HEAD, "named": []}, "gwen", False),
        ({"subject": Subject.ADULT, "named": []}, "carys", False),
        ({"subject": Subject.ADULT, "named": []}, "gwen", True),
        ({}, "carys", True),
    ],
)
def test_whoever_may_not_read_an_allegation_cannot_read_in_the_ledger_who_made_it(
    signed_in, larks, now, facts, who, is_shown
):
    concern = report(larks, now, **facts)
    client = signed_in(who)
    for asked in ("", "concern"):
        page = client.get(reverse("ledger"), {"action": asked}).content.decode()
        assert ("Ben Brook" in page, "reported concern" in page, str(concern.pk) in page) == (is_shown,) * 3


def test_the_ledger_shows_nobody_what_is_about_an_alert_about_themselves(signed_in, larks, now):
    (alert,) = alerts.take([finding("a1", now, person=larks.carys)], {"s": 1}, now)
    alerts.acknowledge(alert.pk, by=larks.gwen, now=now)
    assert str(alert.pk) not in signed_in("carys").get(reverse("ledger")).content.decode()
    assert str(alert.pk) in signed_in("gwen").get(reverse("ledger")).content.decode()
