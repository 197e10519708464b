"""A child at a shared device: card, promise with the teacher, off you go, finished."""

from datetime import timedelta

import pytest
from django.contrib.auth.signals import user_login_failed
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from cast import PASSWORD, person
from schoolgate.access import queries, services
from schoolgate.access.models import Device, PortalSession, Signature
from schoolgate.access.rules import Method
from schoolgate.access.services import portal as desk
from schoolgate.gate import ticket
from schoolgate.gate.core import who
from schoolgate.kernel.errors import Malformed, Refused
from schoolgate.people.rules import Role
from schoolgate.web.portal.place import from_cookie, safe_back

ADDRESS = "10.20.0.3"
BACK = "http://chess.test/play"


@pytest.fixture
def oak_3(larks):
    return Device.objects.create(name="Oak 3", address=ADDRESS, room="Oak")


@pytest.fixture
def code(larks, now):
    return services.issue_card(larks.asha, by=larks.ben, now=now)


@pytest.fixture
def entrance(oak_3):
    """The portal's address with a good ticket of the gate."""
    text = ticket.issue(ADDRESS, BACK, timezone.now(), ticket.secret(services.gate_keys()))
    return f"{reverse('portal')}?ticket={text}"


def promise_of(larks, **other):
    version = queries.version_for(larks.asha, timezone.localdate())
    return {"version": version.id, "promised": "on", "email": "ben@larkfield.test", "password": PASSWORD} | other


def standing_there():
    return who.standing(services.published_board(), ADDRESS, timezone.now())


def test_an_unsigned_child_signs_with_her_teacher_and_goes_on(
    client, larks, entrance, code, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        page = client.post(entrance, {"code": code.lower()}, follow=True)
    assert page.redirect_chain[-1][0] == reverse("portal-promise")
    assert "Hello Asha!" in page.content.decode()
    assert standing_there().reason == "unsigned"
    with django_capture_on_commit_callbacks(execute=True):
        page = client.post(reverse("portal-promise"), promise_of(larks), follow=True)
    assert f'href="{BACK}"' in page.content.decode()
    assert standing_there().profile == "ks2"
    assert Signature.objects.get().witness == larks.ben
    assert "_auth_user_id" not in client.session, "the teacher confirms, and is not signed in on the child's device"
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("portal-finished"))
    assert standing_there().reason == "nobody-signed-in"


@pytest.mark.parametrize(
    ("other", "says"),
    [
        ({"password": "wrong"}, "not those of somebody who works here"),
        ({"email": "efe@larkfield.test"}, "not those of somebody who works here"),  # a governor is no witness
        ({"email": "fran@larkfield.test"}, "not those of somebody who works here"),  # an account without a role
        ({"promised": ""}, "Tick the box when you promise"),
    ],
)
def test_without_promise_or_witness_nothing_is_signed(client, larks, entrance, code, other, says):
    client.post(entrance, {"code": code})
    page = client.post(reverse("portal-promise"), promise_of(larks, **other))
    assert (page.status_code, Signature.objects.count()) == (422, 0)
    assert says in page.content.decode()


def test_nobody_goes_on_guessing_a_teachers_password(client, larks, entrance, code):
    client.post(entrance, {"code": code})
    for _ in range(desk.FAILURES_ALLOWED_PER_ACCOUNT):
        client.post(reverse("portal-promise"), promise_of(larks, password="guess"))
    page = client.post(reverse("portal-promise"), promise_of(larks))
    assert "too many tries" in page.content.decode()
    assert not Signature.objects.exists()


def test_tries_in_the_same_moment_are_counted_before_they_are_looked_at(oak_3, larks, now):
    looked_at, refused = [], []

    def another(**_):
        """Runs while a wrong password is being looked at: the next try comes in before this one has ended."""
        looked_at.append(len(looked_at))
        if len(looked_at) < 4 * desk.FAILURES_ALLOWED_PER_ACCOUNT:
            try:
                services.confirm_witness("ben@larkfield.test", "guess", ADDRESS, now)
            except desk.TooManyTries:
                refused.append(True)

    user_login_failed.connect(another)
    try:
        services.confirm_witness("ben@larkfield.test", "guess", ADDRESS, now)
    finally:
        user_login_failed.disconnect(another)
    assert (len(looked_at), len(refused)) == (desk.FAILURES_ALLOWED_PER_ACCOUNT, 1)


def test_a_teacher_who_confirms_a_whole_class_is_never_held_back(oak_3, larks, now):
    for _ in range(2 * desk.FAILURES_ALLOWED):
        assert services.confirm_witness("ben@larkfield.test", PASSWORD, ADDRESS, now) == larks.ben


def test_nobody_goes_on_guessing_cards(oak_3, larks, code, now):
    for number in range(desk.FAILURES_ALLOWED):
        assert services.person_with_card(f"BBB-BB{number}", ADDRESS, now) is None
    with pytest.raises(desk.TooManyTries):
        services.person_with_card(code, ADDRESS, now)
    assert services.person_with_card(code, ADDRESS, now + desk.WINDOW) == larks.asha
    assert services.person_with_card(code, "10.20.0.4", now) == larks.asha, "another device is not held back"


def test_the_database_holds_no_code(code, larks):
    assert code.replace("-", "") not in larks.asha.class_cards.get().code_hash.upper()


def test_a_new_card_stops_the_old_one(code, larks, now):
    newer = services.issue_card(larks.asha, by=larks.ben, now=now + timedelta(seconds=1))
    assert services.person_with_card(code, ADDRESS, now) is None
    assert services.person_with_card(newer, ADDRESS, now) == larks.asha


def test_the_card_of_a_leaver_opens_nothing(code, larks, now):
    larks.asha.ends_on = now.date()
    larks.asha.save()
    assert services.person_with_card(code, ADDRESS, now) is None


def test_without_a_ticket_of_the_gate_nobody_signs_in(client, oak_3, code):
    forged = ticket.issue(ADDRESS, BACK, timezone.now(), b"x" * 32)
    old = ticket.issue(ADDRESS, BACK, timezone.now() - timedelta(hours=1), ticket.secret(services.gate_keys()))
    for text in ("", "nonsense", forged, old):
        page = client.post(f"{reverse('portal')}?ticket={text}", {"code": code})
        assert "Open any website" in page.content.decode()
    assert not PortalSession.objects.exists()


def test_a_changed_cookie_names_no_place(client, entrance, code):
    client.post(entrance, {"code": code})
    client.cookies["portal-place"] = client.cookies["portal-place"].value.replace("10.20", "10.21")
    assert "Open any website" in client.get(reverse("portal-hello")).content.decode()


def test_a_copied_cookie_names_no_place_on_the_next_day(client, entrance, code):
    client.post(entrance, {"code": code})
    request = RequestFactory().get(reverse("portal-hello"))
    request.COOKIES["portal-place"] = client.cookies["portal-place"].value
    assert from_cookie(request, timezone.now()).address == ADDRESS
    assert from_cookie(request, timezone.now() + timedelta(days=1)) is None


def test_who_signs_in_next_replaces_whoever_was_there_and_leaves_no_session_elsewhere(oak_3, larks, now):
    Device.objects.create(name="Oak 4", address="10.20.0.4")
    bo = person("Bo", "Birch", Role.PUPIL, now.date(), year_group="4")
    services.sign_in_at(ADDRESS, larks.asha, now)
    services.sign_in_at(ADDRESS, bo, now + timedelta(minutes=1))
    services.sign_in_at("10.20.0.4", bo, now + timedelta(minutes=2))
    later = now + timedelta(minutes=3)
    assert queries.person_at(ADDRESS, later) is None
    assert queries.person_at("10.20.0.4", later) == bo


def test_a_device_that_the_school_does_not_know_signs_nobody_in(larks, now):
    with pytest.raises(Refused, match="does not know this device"):
        services.sign_in_at("10.99.0.1", larks.asha, now)
    with pytest.raises(Malformed):
        services.sign_in_at("not an address", larks.asha, now)


def test_somebody_elses_own_device_signs_nobody_else_in(larks, now):
    Device.objects.create(name="Ben's laptop", address="10.20.0.9", person=larks.ben)
    with pytest.raises(Refused, match="belongs to one person"):
        services.sign_in_at("10.20.0.9", larks.asha, now)


def test_a_session_ends_with_the_school_day(oak_3, larks, now):
    session = services.sign_in_at(ADDRESS, larks.asha, now)
    assert queries.person_at(ADDRESS, session.ends_at - timedelta(seconds=1)) == larks.asha
    assert queries.person_at(ADDRESS, session.ends_at) is None


def test_a_suspended_child_is_told_kindly(client, larks, entrance, code, now):
    version = queries.version_for(larks.asha, now.date())
    services.sign(larks.asha, version, method=Method.WITH_TEACHER, by=larks.ben, now=timezone.now())
    services.suspend(larks.asha, by=larks.carys, reason="unkind", now=timezone.now(), ends_at=None)
    page = client.post(entrance, {"code": code}, follow=True).content.decode()
    assert "having a rest" in page
    assert "unkind" not in page


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.test/",  # no scheme: a browser would take ours
        "http:evil.test",
        "http://",
        "http://user@evil.test/",  # names another host than a reader sees
        "http://evil.test\\@good.test/",
        "http://good.test/\nSet-Cookie: a=b",
        "http://[::1",
        "",
    ],
)
def test_what_is_no_plain_web_address_is_no_way_back(text):
    assert safe_back(text) == ""


def test_a_plain_web_address_is():
    assert safe_back(BACK) == BACK
