"""Signing in and out, the second factor, and what a stranger learns from trying: nothing."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cast import PASSWORD
from schoolgate.ledger import services
from schoolgate.ledger.models import Entry

CARYS = "carys@larkfield.test"
NEW_PASSWORD = "three geese over the mill"


@pytest.fixture(autouse=True)
def _fresh_counts():
    """Failed tries are counted in the cache: each test begins with none."""
    cache.clear()


def sign_in(client, email=CARYS, password=PASSWORD, **given):
    return client.post(reverse("account_login"), {"login": email, "password": password, **given})


def code_of(secret: str) -> str:
    """What an authenticator app shows now."""
    counter = int(time.time()) // 30
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def words(page) -> str:
    """What a page says, without what differs by request."""
    main = re.search(r"(?s)<main.*</main>", page.content.decode())
    assert main is not None
    return re.sub(r'(?s)csrfmiddlewaretoken" value="[^"]*"|[a-z]+@larkfield\.test', "", main[0])


@pytest.fixture
def signed_in(client, larks):
    assert sign_in(client).status_code == 302
    return client


def confirm(client):
    """Say with the password that it is still you."""
    return client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


@pytest.fixture
def with_app(signed_in):
    """Carys with an authenticator app; returns its secret."""
    confirm(signed_in)
    secret = signed_in.get(reverse("mfa_activate_totp")).context["form"].secret
    answer = signed_in.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert answer["Location"] == reverse("mfa_view_recovery_codes")
    cache.clear()  # a code works once; the tests that follow come within its 30 seconds
    return secret


# ── Who gets in ─────────────────────────────────────────────────────────────


def test_signing_in_leads_home_and_signing_out_leads_back(client, larks):
    assert client.get(reverse("home"))["Location"] == f"{reverse('account_login')}?next=/"
    assert sign_in(client)["Location"] == reverse("home")
    assert client.get(reverse("home")).status_code == 200
    assert client.get(reverse("account_logout")).status_code == 405
    assert client.post(reverse("account_logout"))["Location"] == reverse("home")
    assert client.get(reverse("home")).status_code == 302


def test_a_stranger_learns_nothing_from_a_refusal(client, larks):
    wrong = sign_in(client, CARYS, "not the password")
    unknown = sign_in(client, "nobody@larkfield.test", "not the password")
    assert wrong.status_code == unknown.status_code == 200
    assert words(wrong) == words(unknown)
    assert "The email address or the password is not right" in words(wrong)


def test_a_closed_account_stays_closed_and_says_so_only_to_its_owner(client, larks):
    get_user_model().objects.filter(email=CARYS).update(is_active=False)
    assert "is not right" in words(sign_in(client, password="not the password"))
    answer = sign_in(client)
    assert answer.status_code == 403
    assert "This account is closed" in words(answer)
    assert client.get(reverse("home")).status_code == 302


def test_five_wrong_passwords_close_the_door_even_to_the_right_one(client, larks):
    for _ in range(5):
        assert "is not right" in words(sign_in(client, password="not the password"))
    answer = sign_in(Client())
    assert "too many failed tries" in words(answer)
    assert "_auth_user_id" not in client.session
    assert sign_in(Client(), "gwen@larkfield.test").status_code == 302  # a colleague is not kept out


def test_twenty_wrong_passwords_from_one_place_close_the_door_to_all_addresses(client, larks):
    for number in range(20):
        sign_in(client, f"guess-{number}@larkfield.test", "not the password")
    assert "too many failed tries" in words(sign_in(client, "gwen@larkfield.test"))


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.test/",
        "//evil.test/",
        "/\\evil.test",
        "http:///evil.test",
        "javascript:alert(1)",
        "https:evil.test",
        "\thttps://evil.test",
    ],
)
def test_signing_in_never_leads_to_another_site(client, larks, address):
    answer = sign_in(client, next=address)
    assert answer["Location"] == reverse("home")
    for way_out in ("account_login", "account_logout"):
        assert "evil" not in client.post(reverse(way_out), {"next": address})["Location"]


def test_signing_in_leads_on_to_where_one_was_going(client, larks):
    assert sign_in(client, next="/alerts/")["Location"] == "/alerts/"


@pytest.mark.parametrize("name", ["account_signup", "account_reset_password", "account_email", "account_set_password"])
def test_what_a_school_does_not_need_has_no_address(name):
    from django.urls import NoReverseMatch

    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_a_session_ends_with_the_browser_and_after_eight_hours(signed_in):
    cookie = signed_in.cookies["schoolgate"]
    assert cookie["max-age"] == ""  # gone when the browser closes
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    kept = Session.objects.get()
    left = kept.expire_date - timezone.now()
    assert 7.9 * 3600 < left.total_seconds() <= 8 * 3600
    Session.objects.update(expire_date=timezone.now())
    assert signed_in.get(reverse("home")).status_code == 302


# ── The password ────────────────────────────────────────────────────────────


def test_a_new_password_replaces_the_old_one_and_ends_other_sessions(signed_in):
    elsewhere = Client()
    assert sign_in(elsewhere).status_code == 302
    given = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    answer = signed_in.post(reverse("account_change_password"), given)
    assert answer["Location"] == reverse("mfa_index")
    page = signed_in.get(reverse("mfa_index"))
    assert "Your password has been changed." in words(page)
    assert elsewhere.get(reverse("home")).status_code == 302
    assert "is not right" in words(sign_in(Client()))
    assert sign_in(Client(), password=NEW_PASSWORD).status_code == 302


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"oldpassword": "not it"}, "This is not your present password"),
        ({"password1": "short one", "password2": "short one"}, "too short"),
        ({"password2": "three geese over the hill"}, "same password each time"),
        ({"password1": "1qaz2wsx3edc", "password2": "1qaz2wsx3edc"}, "too common"),
    ],
)
def test_a_password_that_will_not_do_is_refused(signed_in, given, said):
    right = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    page = signed_in.post(reverse("account_change_password"), right | given)
    assert said in words(page)
    assert sign_in(Client()).status_code == 302  # the old one still holds


# ── The second factor ───────────────────────────────────────────────────────


def test_the_app_is_set_up_by_a_picture_inside_the_page(signed_in):
    confirm(signed_in)
    page = signed_in.get(reverse("mfa_activate_totp")).content.decode()
    assert 'aria-label="QR code for your authenticator app"' in page
    assert "data:" not in page
    assert " style=" not in page


def test_a_wrong_code_turns_nothing_on(signed_in):
    confirm(signed_in)
    signed_in.get(reverse("mfa_activate_totp"))
    page = signed_in.post(reverse("mfa_activate_totp"), {"code": "000000"})
    assert "This code is not right" in words(page)
    assert not Authenticator.objects.exists()


def test_with_an_app_the_password_alone_is_not_enough(with_app, client):
    other = Client()
    assert sign_in(other, next="/alerts/")["Location"].startswith(reverse("mfa_authenticate"))
    assert other.get(reverse("home")).status_code == 302
    assert "This code is not right" in words(other.post(reverse("mfa_authenticate"), {"code": "000000"}))
    assert other.get(reverse("home")).status_code == 302
    answer = other.post(reverse("mfa_authenticate"), {"code": code_of(with_app)})
    assert answer["Location"] == "/alerts/"
    assert other.get(reverse("home")).status_code == 200


def test_a_code_works_once_for_as_long_as_it_counts(with_app, monkeypatch):
    code = code_of(with_app)
    began = time.time()
    for seconds_later, typed, gets_in in ((0, code, True), (0, code, False), (29, f"{code[:3]}-{code[3:]}", False)):
        monkeypatch.setattr(time, "time", lambda later=began + seconds_later: later)
        browser = Client()
        sign_in(browser)
        browser.post(reverse("mfa_authenticate"), {"code": typed})
        assert (browser.get(reverse("home")).status_code == 200) == gets_in


def test_a_code_of_long_ago_counts_no_more(with_app):
    browser = Client()
    sign_in(browser)
    for steps in (-3, -2, 2, 3):
        old = totp.format_hotp_value(totp.hotp_value(with_app, int(time.time()) // 30 + steps))
        assert "This code is not right" in words(browser.post(reverse("mfa_authenticate"), {"code": old}))


def test_codes_cannot_be_guessed_one_after_another(with_app):
    other = Client()
    sign_in(other)
    for _ in range(5):
        other.post(reverse("mfa_authenticate"), {"code": "000000"})
    page = other.post(reverse("mfa_authenticate"), {"code": code_of(with_app)})
    assert "too many failed tries" in words(page)
    assert other.get(reverse("home")).status_code == 302


def test_one_may_turn_back_from_the_second_step(with_app):
    other = Client()
    sign_in(other)
    answer = other.post(reverse("account_logout"), {"next": reverse("account_login")})
    assert answer["Location"] == reverse("account_login")
    assert other.get(reverse("mfa_authenticate"))["Location"] == reverse("account_login")


def test_a_recovery_code_stands_in_for_the_phone_once(with_app, client):
    page = client.get(reverse("mfa_view_recovery_codes"))
    code = page.context["unused_codes"][0]
    assert code in words(page)
    for gets_in in (True, False):
        other = Client()
        sign_in(other)
        other.post(reverse("mfa_authenticate"), {"code": code})
        assert (other.get(reverse("home")).status_code == 200) == gets_in


def test_new_recovery_codes_end_the_old_ones(with_app, client):
    old = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    assert "unused codes will stop working" in words(client.get(reverse("mfa_generate_recovery_codes")))
    assert client.post(reverse("mfa_generate_recovery_codes")).status_code == 302
    new = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    assert not set(old) & set(new)
    other = Client()
    sign_in(other)
    assert "This code is not right" in words(other.post(reverse("mfa_authenticate"), {"code": old[0]}))


def test_removing_the_app_takes_the_codes_with_it(with_app, client):
    assert "Remove it" in words(client.get(reverse("mfa_deactivate_totp")))
    assert client.post(reverse("mfa_deactivate_totp"))["Location"] == reverse("mfa_index")
    assert not Authenticator.objects.exists()
    assert sign_in(Client())["Location"] == reverse("home")


def forget_confirmation(client):
    session = client.session
    for one in session["account_authentication_methods"]:
        one["at"] -= 301
    session.save()


def test_what_changes_protection_asks_again_after_five_minutes(with_app, client):
    assert client.get(reverse("mfa_deactivate_totp")).status_code == 200
    forget_confirmation(client)
    asks = client.get(reverse("mfa_deactivate_totp"))
    assert asks["Location"].startswith(reverse("account_reauthenticate"))
    for name, field, given in (
        ("account_reauthenticate", "password", "not it"),
        ("mfa_reauthenticate", "code", "000000"),
    ):
        page = client.get(reverse(name))
        assert "Confirm that it is you" in words(page)
        assert "instead" in words(page)
        assert "Error:" in words(client.post(reverse(name), {field: given}))
    assert client.post(reverse("mfa_reauthenticate"), {"code": code_of(with_app)}).status_code == 302
    assert client.get(reverse("mfa_deactivate_totp")).status_code == 200


def test_what_was_sent_too_late_is_done_after_the_confirmation(with_app, client):
    forget_confirmation(client)
    asks = client.post(reverse("mfa_generate_recovery_codes"))
    old = Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES).pk
    answer = client.post(asks["Location"], {"password": PASSWORD})
    assert answer["Location"] == reverse("mfa_view_recovery_codes")
    assert Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES).pk != old


def test_the_secret_of_an_app_is_sealed_in_the_database(with_app):
    stored = Authenticator.objects.get(type=Authenticator.Type.TOTP).data["secret"]
    assert with_app not in stored
    assert totp.decrypt(stored) == with_app


def test_every_page_of_the_account_is_ours(with_app, client):
    names = ("mfa_index", "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes")
    for name in (*names, "account_change_password", "account_reauthenticate", "mfa_reauthenticate"):
        page = client.get(reverse(name))
        assert page.status_code == 200, name
        assert "base.html" in [template.name for template in page.templates], name
        assert not [one.name for one in page.templates if one.name and one.name.startswith("allauth/")], name
        for address in set(re.findall(r'href="(/[^"?#]*)', page.content.decode())):
            assert address.startswith("/static/") or client.get(address).status_code == 200, address


def test_a_password_is_not_changed_at_machine_speed(signed_in):
    given = {"oldpassword": "not it", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    for _ in range(5):
        assert signed_in.post(reverse("account_change_password"), given).status_code == 200
    answer = signed_in.post(reverse("account_change_password"), given | {"oldpassword": PASSWORD})
    assert answer.status_code == 429
    assert "Too many tries" in words(answer)
    assert sign_in(Client()).status_code == 302  # the old password still holds


# ── What is recorded ────────────────────────────────────────────────────────


def recorded(larks):
    return list(
        Entry.objects.filter(about=f"person:{larks.carys.pk}", by=larks.carys.pk).values_list("action", flat=True)
    )


@pytest.mark.django_db(transaction=True)
def test_what_changes_an_account_stands_in_the_ledger(signed_in, with_app, larks):
    signed_in.post(reverse("mfa_generate_recovery_codes"))
    signed_in.post(reverse("mfa_deactivate_totp"))
    given = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    signed_in.post(reverse("account_change_password"), given)
    found = recorded(larks)
    assert {"set up second factor", "removed second factor", "made new recovery codes", "changed password"} == set(
        found
    )
    assert not any(with_app in entry.said_json or NEW_PASSWORD in entry.said_json for entry in Entry.objects.all())


@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_recorded_is_not_changed(signed_in, larks, settings):
    with transaction.atomic():
        services.record("something", by=None, about="x", at=timezone.now(), said={})
    services.key_folder().rename(settings.KEYS_DIR / "gone")
    given = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert signed_in.post(reverse("account_change_password"), given).status_code >= 400
    larks.carys.user.refresh_from_db()
    assert larks.carys.user.check_password(PASSWORD)
