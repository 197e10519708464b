"""The pages of people, agreements and the ledger: who may open them, and that each does what it says."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cast import PASSWORD, person
from schoolgate.access import queries, services
from schoolgate.access.models import Signature, Suspension
from schoolgate.access.rules import Method
from schoolgate.ledger.models import Entry
from schoolgate.people.models import Group, Membership
from schoolgate.people.rules import Part, Role

EVERYBODY = ("ben", "carys", "dilys", "efe", "fran", "gwen")


@pytest.fixture
def as_(client, larks):
    def sign_in(name):
        assert client.login(email=f"{name}@larkfield.test", password=PASSWORD)
        return client

    return sign_in


def addresses(larks):
    """Each address, and who of the cast may open it."""
    return {
        reverse("people"): {"ben", "carys", "dilys", "gwen"},
        reverse("agreements"): {"ben", "carys", "dilys", "efe", "gwen"},
        reverse("sign"): {"ben", "carys", "dilys", "efe", "gwen"},
        reverse("class-signing", args=["4-oak"]): {"ben", "carys", "gwen"},
        reverse("signatures", args=[larks.asha.id]): {"carys", "gwen"},
        reverse("suspensions"): {"carys", "gwen"},
        reverse("suspend", args=[larks.asha.id]): {"carys", "gwen"},
        reverse("ledger"): {"carys", "gwen"},
    }


@pytest.mark.parametrize("name", EVERYBODY)
def test_each_of_the_cast_opens_what_is_theirs_and_nothing_else(as_, larks, name):
    browser = as_(name)
    for address, allowed in addresses(larks).items():
        assert browser.get(address).status_code == (200 if name in allowed else 403), (name, address)


def test_without_signing_in_every_page_leads_to_the_sign_in(client, larks):
    for address in addresses(larks):
        assert client.get(address).url.startswith(reverse("account_login"))


def test_a_teacher_sees_their_own_class_and_no_other(as_, larks, now):
    elm = Group.objects.create(code="3-elm", name="Elm (Year 3)", year_group="3")
    cai = person("Cai", "Cole", Role.PUPIL, now.date(), year_group="3")
    Membership.objects.create(person=cai, group=elm, part=Part.PUPIL, starts_on=cai.starts_on)
    own = as_("ben").get(reverse("people")).content.decode()
    assert ("Asha" in own, "Cai" in own) == (True, False)
    assert as_("ben").get(reverse("class-signing", args=["3-elm"])).status_code == 404
    assert "Cai" in as_("dilys").get(reverse("people")).content.decode()


def test_staff_sign_their_own_agreement(as_, larks):
    version = queries.version_for(larks.ben, timezone.localdate())
    browser = as_("ben")
    assert browser.post(reverse("sign"), {"version": version.id}).status_code == 422
    assert browser.post(reverse("sign"), {"version": version.id, "agreed": "on"}).status_code == 302
    assert Signature.objects.get().person == larks.ben
    assert "You signed on" in browser.get(reverse("sign")).content.decode()


def test_a_teacher_confirms_who_of_the_class_signed(as_, larks):
    version = queries.version_for(larks.asha, timezone.localdate())
    address = reverse("class-signing", args=["4-oak"])
    ticked = {"version": version.id, "signed": [str(larks.asha.id)]}
    assert as_("ben").post(address, ticked).status_code == 422, "without the teacher's word nothing is signed"
    assert as_("ben").post(address, ticked | {"witnessed": "on"}).status_code == 302
    assert Signature.objects.get().witness == larks.ben


def test_a_child_of_another_class_cannot_be_ticked(as_, larks, now):
    other = person("Cai", "Cole", Role.PUPIL, now.date(), year_group="3")
    version = queries.version_for(larks.asha, timezone.localdate())
    ticked = {"version": version.id, "signed": [str(other.id)], "witnessed": "on"}
    assert as_("ben").post(reverse("class-signing", args=["4-oak"]), ticked).status_code == 422


def test_a_parents_signature_is_entered_for_a_young_child(as_, larks, now):
    acorn = Group.objects.create(code="R-acorn", name="Acorn (Reception)", year_group="R")
    hari = person("Hari", "Hill", Role.PUPIL, now.date(), year_group="R")
    Membership.objects.create(person=hari, group=acorn, part=Part.PUPIL, starts_on=hari.starts_on)
    version = queries.version_for(hari, timezone.localdate())
    address = reverse("sign-on-behalf", args=[hari.id])
    assert as_("ben").get(address).status_code == 404, "not Ben's class"
    paper = {"version": version.id, "on_behalf_by": "Indra Hill", "relationship": "mother", "seen": "on"}
    assert as_("gwen").post(address, paper).status_code == 302
    assert Signature.objects.get().on_behalf_by == "Indra Hill"


def test_new_cards_are_shown_once_and_never_kept_by_a_browser(as_, larks):
    page = as_("ben").post(reverse("class-cards", args=["4-oak"]))
    ((_, code),) = page.context["cards"]
    assert code in page.content.decode()
    assert services.person_with_card(code, "10.20.0.3", timezone.now()) == larks.asha
    assert "no-store" in page["Cache-Control"]


def test_access_is_suspended_and_restored_with_reasons(as_, larks):
    browser = as_("carys")
    address = reverse("suspend", args=[larks.asha.id])
    assert browser.post(address, {"reason": ""}).status_code == 422
    yesterday = timezone.localdate() - timedelta(days=1)
    assert browser.post(address, {"reason": "unkind", "ends_on": yesterday}).status_code == 422
    assert browser.post(address, {"reason": "unkind", "ends_on": ""}).status_code == 302
    suspension = Suspension.objects.get()
    assert "unkind" in browser.get(reverse("suspensions")).content.decode()
    assert Entry.objects.filter(action="read suspensions", by=larks.carys.id).exists()
    assert browser.post(reverse("restore", args=[suspension.id]), {"because": "made good"}).status_code == 302
    suspension.refresh_from_db()
    assert suspension.lifted_by == larks.carys


def test_the_head_withdraws_a_signature(as_, larks):
    version = queries.version_for(larks.asha, timezone.localdate())
    signature = services.sign(larks.asha, version, method=Method.WITH_TEACHER, by=larks.ben, now=timezone.now())
    browser = as_("gwen")
    assert "Ben Brook" in browser.get(reverse("signatures", args=[larks.asha.id])).content.decode()
    address = reverse("withdraw-signature", args=[signature.id])
    assert browser.get(address).status_code == 200
    assert browser.post(address, {"because": "the wrong child"}).status_code == 302
    assert "the wrong child" in browser.get(reverse("signatures", args=[larks.asha.id])).content.decode()


def test_only_the_overseers_see_how_many_have_signed(as_, larks):
    assert "Who has signed" in as_("gwen").get(reverse("agreements")).content.decode()
    assert "Who has signed" not in as_("ben").get(reverse("agreements")).content.decode()


def test_reading_the_ledger_is_in_the_ledger(as_, larks):
    as_("gwen").get(reverse("ledger"))
    page = as_("gwen").get(reverse("ledger"), {"action": "read"}).content.decode()
    assert "read ledger" in page
    assert "Gwen Glen" in page
    assert "published agreement" not in page
