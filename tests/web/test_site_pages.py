"""The pages about sites and the gate."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from gate_files import prepare
from schoolgate.filtering.models import SchoolRule, SiteRequest


def sign_in(client, who):
    client.force_login(get_user_model().objects.get(email=f"{who}@larkfield.test"))


@pytest.fixture
def asked(client, larks):
    prepare(timezone.now())
    sign_in(client, "ben")
    page = client.get("/requests/ask/", {"url": "http://casino.test/"}).content.decode()
    assert "Gambling" in page
    assert 'value="http://casino.test/"' in page
    until = timezone.localdate() + timedelta(days=3)
    given = {"url": "http://casino.test/", "audience": "ks2", "reason": "Chance, in maths", "until_on": until}
    assert client.post("/requests/ask/", given).status_code == 302
    client.logout()
    return SiteRequest.objects.get()


def test_a_request_is_answered_and_the_gate_has_it(client, asked, django_capture_on_commit_callbacks):
    sign_in(client, "carys")
    assert "casino.test" in client.get("/requests/").content.decode()
    page = client.get(f"/requests/{asked.pk}/").content.decode()
    assert "Chance, in maths" in page
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(f"/requests/{asked.pk}/", {"decision": "allow", "reason": "Good lesson"})
    assert answer.status_code == 302
    rule = SchoolRule.objects.get()
    assert rule.code in client.get("/requests/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(f"/requests/rules/{rule.code}/close/").status_code == 302
    assert client.post(f"/requests/rules/{rule.code}/close/").status_code == 409


def test_the_technician_cannot_open_a_site_to_children(client, asked):
    sign_in(client, "dilys")
    answer = client.post(f"/requests/{asked.pk}/", {"decision": "allow", "reason": "Why not"})
    assert answer.status_code == 422
    assert "cannot open sites to children" in answer.content.decode()
    assert not SchoolRule.objects.exists()


def test_a_request_that_lacks_something_is_asked_for_again(client, asked):
    sign_in(client, "ben")
    yesterday = timezone.localdate() - timedelta(days=1)
    answer = client.post("/requests/ask/", {"url": "http://", "audience": "all", "reason": "", "until_on": yesterday})
    assert answer.status_code == 422
    assert answer.content.decode().count("Error:</span>") >= 4


def test_a_locked_site_is_refused_on_the_page(client, asked):
    sign_in(client, "gwen")
    until = timezone.localdate()
    given = {"url": "http://locked.test/", "audience": "staff", "reason": "Why", "until_on": until}
    answer = client.post("/requests/ask/", given)
    assert answer.status_code == 422
    assert "Nobody can open it" in answer.content.decode()


def test_an_address_that_is_none_is_said_kindly(client, asked):
    sign_in(client, "ben")
    assert "cannot say anything" in client.get("/requests/ask/", {"url": "http://["}).content.decode()


def test_the_gate_page_shows_release_and_lists(client, asked):
    sign_in(client, "dilys")
    page = client.get("/gate/").content.decode()
    assert "gambling" in page
    assert "No gate has run here." in page


def test_the_gate_page_says_that_there_is_no_release(client, larks):
    sign_in(client, "dilys")
    page = client.get("/gate/").content.decode()
    assert "lets nothing through" in page


def test_building_again_says_how_it_went(client, asked, settings):
    sign_in(client, "dilys")
    page = client.post("/gate/publish/", follow=True).content.decode()
    assert "The gate decides by release" in page
    settings.GATE_POLICY_FILE.write_text("nonsense = ")
    page = client.post("/gate/publish/", follow=True).content.decode()
    assert "keeps its old release" in page
    assert "Not published" in page
