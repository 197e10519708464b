"""What holds on every page: what a browser may do with it, who asks, and what becomes of a refusal."""

import asyncio
import re
from pathlib import Path

import pytest
from asgiref.sync import iscoroutinefunction
from django.contrib.auth import get_user_model
from django.http import HttpResponse, JsonResponse
from django.test import AsyncClient, Client
from django.urls import include, path, reverse

from schoolgate import web
from schoolgate.kernel.errors import Malformed, NotFound, Refused
from schoolgate.people.rules import Role
from schoolgate.web import permissions
from schoolgate.web.permissions import allow, public, signed_in

TEMPLATES = sorted((Path(web.__file__).parent / "templates").rglob("*.html")) + sorted(
    (Path(web.__file__).parent / "components").rglob("*.html")
)
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
PRIVATE = "a detail that nobody may read"


# ── A few pages that misbehave ──────────────────────────────────────────────


@public
def refuse(request):
    raise Refused("This is closed.", "Ask the head to open it.")


@public
def malformed(request):
    raise Malformed("`x` is no date")


@public
def missing(request):
    raise NotFound("There is no such thing.")


@public
def broken(request):
    raise ZeroDivisionError(PRIVATE)


@allow(Role.HEAD)
async def for_the_head(request):
    return JsonResponse({"person": str(request.person), "roles": sorted(request.roles)})


@signed_in
def who(request):
    return JsonResponse({"person": str(request.person), "roles": sorted(request.roles), "now": request.now.isoformat()})


@public
async def who_else(request):
    return JsonResponse({"person": str(request.person), "roles": sorted(request.roles)})


urlpatterns = [
    path("", include("schoolgate.web.urls")),
    path("tried/refuse", refuse, name="refuse"),
    path("tried/malformed", malformed),
    path("tried/missing", missing),
    path("tried/broken", broken),
    path("tried/head", for_the_head),
    path("tried/who", who),
    path("tried/who-else", who_else),
]


@pytest.fixture
def tried(settings):
    """The site, with the pages above added to it."""
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


def sign_in(client, given: str):
    client.force_login(get_user_model().objects.get(email=f"{given}@larkfield.test"))


def words(answer) -> str:
    found = re.search(r"(?s)<main.*</main>", answer.content.decode())
    assert found is not None
    return re.sub(r"(?s)<[^>]+>|\s+", " ", found[0])


# ── What a browser may do ───────────────────────────────────────────────────


def built(name: str) -> str:
    from django.templatetags.static import static

    return static(name)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/account/sign-in/", 200),
        ("/", 302),
        ("/health/live", 200),
        ("/no/such/page", 404),
        ("/account/sign-out/", 405),
        ("/tried/refuse", 409),
        ("/tried/malformed", 400),
        ("/tried/broken", 500),
        ("css", 200),
    ],
)
def test_every_answer_says_what_a_browser_may_do_with_it(tried, db, address, status):
    answer = tried.get(built("schoolgate.css") if address == "css" else address)
    assert answer.status_code == status
    said = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";") if part.strip())
    assert said == POLICY
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["X-Frame-Options"] == "DENY"
    assert "Server" not in answer


def test_a_page_that_is_not_theirs_is_guarded_as_well(tried, larks):
    sign_in(tried, "ben")
    answer = tried.get(reverse("ledger"))
    assert answer.status_code == 403
    assert "default-src 'none'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda one: "/".join(one.parts[-2:]))
def test_no_template_holds_script_or_style_of_its_own(template):
    text = template.read_text()
    assert not re.search(r"<style|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:|(?:src|href)=[\"']data:", text)
    for script in re.findall(r"(?s)<script([^>]*)>(.*?)</script>", text):
        assert "src=" in script[0]
        assert script[1].strip() == ""
    assert "|safe" not in text
    assert "autoescape off" not in text
    assert not re.search(r"(?:src|href|action)=[\"'](?:https?:)?//", text)


@pytest.mark.parametrize("name", ["home", "alerts", "policy", "mfa_index", "ledger"])
def test_no_browser_keeps_what_was_read_after_sign_in(client, larks, name):
    sign_in(client, "carys")
    assert "no-store" in client.get(reverse(name))["Cache-Control"]


# ── Static files ────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "kind"),
    [("schoolgate.css", "text/css"), ("schoolgate.js", "text/javascript"), ("mark.svg", "image/svg+xml")],
)
def test_static_files_are_what_they_say_and_stay_for_a_year(client, name, kind):
    address = built(name)
    assert re.fullmatch(r"/static/[\w.-]+\?[0-9a-f]{12}", address)
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"].split(";")[0] == kind
    assert "max-age=31536000" in answer["Cache-Control"]
    assert len(answer.content) == int(answer["Content-Length"]) > 0
    again = client.get(address, headers={"If-Modified-Since": answer["Last-Modified"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.head(address).content == b""


def test_nothing_else_is_served_from_the_disk(client, db):
    for address in ("/static/../settings.py", "/static/%2e%2e/settings.py", "/static/", "/static/no-such.css"):
        assert client.get(address).status_code == 404


# ── Pages for when it goes wrong ────────────────────────────────────────────


def test_a_missing_page_is_kind(client, larks):
    sign_in(client, "ben")
    answer = client.get("/no/such/page")
    assert answer.status_code == 404
    assert "There is nothing at this address, or it is not yours to see." in words(answer)


def test_a_page_of_others_says_who_can_see_it(client, larks):
    sign_in(client, "ben")
    said = words(client.get(reverse("ledger")))
    assert "Designated safeguarding lead" in said
    assert "Head teacher" in said
    assert "Technician" not in said


def test_an_account_without_a_role_is_told_whom_to_ask(client, larks):
    sign_in(client, "fran")
    answer = client.get(reverse("home"))
    assert answer.status_code == 403
    assert "ask the school office" in words(answer)
    assert "Larkfield" not in words(answer)


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/tried/refuse", 409, "This is closed. Ask the head to open it."),
        ("/tried/malformed", 400, "`x` is no date"),
        ("/tried/missing", 404, "or it is not yours to see"),
    ],
)
def test_our_own_errors_become_pages(tried, db, address, status, said):
    answer = tried.get(address)
    assert answer.status_code == status
    assert said in re.sub(r"\s+", " ", words(answer))


def test_what_is_not_there_and_what_is_not_yours_read_the_same(tried, db):
    assert words(tried.get("/tried/missing")) == words(tried.get("/no/such/page"))


def test_an_unexpected_error_shows_nothing_internal(tried, db):
    answer = tried.get("/tried/broken")
    assert answer.status_code == 500
    page = answer.content.decode()
    for inner in (PRIVATE, "ZeroDivisionError", "Traceback", "test_house", "/work"):
        assert inner not in page
    assert "this is our fault" in words(answer)


def test_a_forged_form_changes_nothing_and_says_what_to_do(larks):
    client = Client(enforce_csrf_checks=True)
    sign_in(client, "ben")
    answer = client.post(reverse("account_logout"))
    assert answer.status_code == 403
    assert "Nothing was saved" in words(answer)
    assert "CSRF" not in words(answer)
    assert client.get(reverse("home")).status_code == 200


def test_a_forged_host_is_refused(client, db):
    answer = client.get("/account/sign-in/", headers={"host": "evil.test"})
    assert answer.status_code == 400
    assert b"evil.test" not in answer.content


@pytest.mark.parametrize("name", ["home", "health-live", "policy", "alerts", "ledger"])
def test_reading_pages_take_no_other_method(client, larks, name):
    sign_in(client, "gwen")
    for method in (client.post, client.put, client.delete):
        assert method(reverse(name)).status_code == 405


# ── Health ──────────────────────────────────────────────────────────────────


def test_it_is_alive_without_a_database(client):
    answer = client.get(reverse("health-live"))
    assert answer.json() == {"live": True}
    assert "no-store" in answer["Cache-Control"]


def test_it_is_not_ready_without_a_gate_and_says_which_part(client, larks):
    answer = client.get(reverse("health-ready"))
    assert answer.status_code == 503
    assert answer.json()["ready"] is False
    assert answer.json()["parts"]["release"] == "wrong"
    assert answer.json()["parts"]["database"] == "well"
    assert "/" not in answer.content.decode().replace("application/json", "")  # no path of this machine


# ── Who asks ────────────────────────────────────────────────────────────────


def test_a_request_knows_person_roles_and_time(tried, larks):
    sign_in(tried, "carys")
    said = tried.get("/tried/who").json()
    assert (said["person"], said["roles"]) == ("Carys Clay", ["dsl"])
    assert said["now"].endswith("+00:00")


def test_nobody_is_nobody(tried, db):
    assert tried.get("/tried/who-else").json() == {"person": "None", "roles": []}


def test_a_view_in_a_loop_is_guarded_like_any_other(tried, larks):
    assert iscoroutinefunction(for_the_head)
    assert tried.get("/tried/head").status_code == 302
    sign_in(tried, "ben")
    assert tried.get("/tried/head").status_code == 403
    sign_in(tried, "gwen")
    assert tried.get("/tried/head").json() == {"person": "Gwen Glen", "roles": ["head"]}


@pytest.mark.django_db(transaction=True)
def test_the_whole_chain_runs_in_a_loop_too(tried):
    from cast import NOON, larkfield

    larks = larkfield(NOON)
    client = AsyncClient(raise_request_exception=False)

    async def visit() -> list[HttpResponse]:
        answers = [await client.get("/tried/head")]
        await client.aforce_login(larks.ben.user)
        answers.append(await client.get("/tried/head"))
        await client.aforce_login(larks.gwen.user)
        answers += [await client.get(address) for address in ("/tried/head", "/tried/refuse", "/")]
        return answers

    answers = asyncio.run(visit())
    assert [answer.status_code for answer in answers] == [302, 403, 200, 409, 200]


def test_a_view_says_once_who_may_open_it():
    with pytest.raises(ValueError, match="says twice"):
        public(signed_in(lambda request: HttpResponse()))
    with pytest.raises(ValueError, match="at least one role"):
        allow()


def test_a_page_for_roles_is_for_those_roles_only():
    assert permissions.may_open(frozenset({Role.HEAD}), frozenset({Role.HEAD, Role.TEACHER}))
    assert not permissions.may_open(frozenset({Role.HEAD}), frozenset({Role.TEACHER}))
    assert not permissions.may_open(permissions.Anyone.SIGNED_IN, frozenset())
    assert permissions.may_open(permissions.Anyone.PUBLIC, frozenset())


# ── The first page ──────────────────────────────────────────────────────────


@pytest.mark.parametrize("given", ["ben", "carys", "dilys", "efe", "gwen"])
def test_the_first_page_leads_only_where_its_reader_may_go(client, larks, given):
    sign_in(client, given)
    answer = client.get(reverse("home"))
    assert "What needs you now" in words(answer)
    assert "Asha" not in words(answer)
    for address in set(re.findall(r'href="(/[^"#]*)"', answer.content.decode())):
        assert address.startswith("/static/") or client.get(address).status_code == 200, address


def test_the_first_page_says_that_nothing_waits_only_when_something_was_looked_at(client, larks):
    sign_in(client, "carys")
    assert "Nothing needs you now" not in words(client.get(reverse("home")))
