"""The pages of the policy: adopt a text, confirm its sentences, bring it into force, read it, prove it."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from schoolgate.assurance import registry
from schoolgate.assurance.models import Edition, Evidence, Stage, Statement
from schoolgate.assurance.registry import Finding
from schoolgate.assurance.rules import Status
from schoolgate.ledger.models import Entry

TEXT = b"# Safety\n\nAll web access is filtered by category.\n\nEvery pupil must sign the acceptable use agreement.\n"


def sign_in(client, who):
    client.force_login(get_user_model().objects.get(email=f"{who}@larkfield.test"))


def upload(client, text=TEXT, name="policy.md"):
    file = SimpleUploadedFile(name, text)
    return client.post("/policy/adopt/", {"file": file, "title": "Autumn <2026>", "setting": "primary"})


@pytest.fixture
def draft(client, larks):
    sign_in(client, "gwen")
    answer = upload(client)
    edition = Edition.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/policy/adopt/{edition.pk}/")
    return edition


@pytest.fixture
def facts(monkeypatch):
    """A registry with one control for NET-2, whose rows name somebody."""
    monkeypatch.setattr(registry, "_controls", {})
    answer = {"status": Status.MET}

    @registry.control(promise="NET-2", title="The filter", every=timedelta(hours=1), stale_after=timedelta(hours=2))
    def the_filter(now):
        return Finding(answer["status"], "As it is.", [{"who": "Zebedee", "seen": True}])

    return answer


@pytest.fixture
def in_force(client, draft, facts):
    sign_in(client, "gwen")
    statement = draft.statements.get(text__contains="filtered")
    client.post(f"/policy/adopt/{draft.pk}/{statement.ref}/", {"kind": "control", "promise": "NET-2"})
    today = timezone.localdate()
    given = {"ratified_on": today, "minute": "Item 7", "review_due_on": today + timedelta(days=360)}
    answer = client.post(f"/policy/adopt/{draft.pk}/force/", given)
    assert (answer.status_code, answer["Location"]) == (302, "/policy/")
    client.logout()
    return statement


def test_a_text_becomes_a_draft_that_shows_each_sentence_with_its_proposal(client, draft):
    page = client.get(f"/policy/adopt/{draft.pk}/").content.decode()
    assert "All web access is filtered by category." in page
    assert "NET-2" in page
    assert "% sure" in page
    assert "Autumn &lt;2026&gt;" in page


@pytest.mark.parametrize(
    ("text", "name", "word"),
    [
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "policy.pdf", "picture"),
        (b"Do all two hundred pupils use the internet?", "letter.txt", "promises anything"),
        (b"%PDF-1.7 broken", "policy.pdf", "policy.pdf"),
        (b"   \n", "policy.txt", "empty"),
    ],
)
def test_what_cannot_be_read_is_said_kindly_and_changes_nothing(client, larks, text, name, word):
    sign_in(client, "gwen")
    answer = upload(client, text, name)
    assert answer.status_code == 422
    assert word in answer.content.decode()
    assert not Edition.objects.exists()


def test_confirming_one_and_confirming_the_sure_ones(client, draft):
    answer = client.post(f"/policy/adopt/{draft.pk}/confident/")
    assert answer.status_code == 302
    statement = draft.statements.get(text__contains="sign")
    assert statement.bindings.get(ended_at=None).confirmed_by.given_name == "Gwen"
    answer = client.post(f"/policy/adopt/{draft.pk}/{statement.ref}/", {"kind": "duty", "promise": "AUP-1"})
    assert answer["Location"] == f"/policy/adopt/{draft.pk}/#{statement.ref}"
    assert statement.bindings.get(ended_at=None).kind == "duty"


@pytest.mark.parametrize(
    "given", [{}, {"kind": "control"}, {"kind": "not-applicable", "reason": " "}, {"kind": "control", "promise": "X-1"}]
)
def test_a_choice_that_lacks_something_is_asked_for_again(client, draft, given):
    statement = draft.statements.first()
    answer = client.post(f"/policy/adopt/{draft.pk}/{statement.ref}/", given)
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    assert not statement.bindings.filter(confirmed_at__isnull=False).exists()


def test_dates_that_cannot_be_are_asked_for_again(client, draft):
    today = timezone.localdate()
    given = {"ratified_on": today + timedelta(days=1), "minute": "", "review_due_on": today + timedelta(days=900)}
    answer = client.post(f"/policy/adopt/{draft.pk}/force/", given)
    assert answer.status_code == 422
    draft.refresh_from_db()
    assert draft.status == Stage.DRAFT


@pytest.mark.parametrize("day", ["9999-12-31", "9999-01-01", "0001-01-01"])
def test_a_date_at_the_end_of_the_calendar_is_no_meeting(client, draft, day):
    answer = client.post(
        f"/policy/adopt/{draft.pk}/force/", {"ratified_on": day, "minute": "Item 7", "review_due_on": "9999-12-31"}
    )
    assert answer.status_code == 422
    draft.refresh_from_db()
    assert draft.status == Stage.DRAFT


def test_the_policy_shows_every_sentence_with_what_is_known(client, in_force, facts):
    sign_in(client, "ben")
    page = client.get("/policy/").content.decode()
    assert "It has never been checked." in page
    assert "Nothing makes it true yet." in page
    client.logout()
    sign_in(client, "dilys")
    assert client.post("/policy/check/").status_code == 302
    page = client.get("/policy/").content.decode()
    assert "As it is." in page
    facts["status"] = Status.NOT_MET
    page = client.post("/policy/check/", follow=True).content.decode()
    assert "The status has changed for NET-2" in page
    assert "changed on" in page


def test_one_status_can_be_shown_alone(client, in_force):
    sign_in(client, "ben")
    page = client.get("/policy/?status=unknown").content.decode()
    assert "All web access is filtered" in page
    assert "Every pupil must sign" not in page
    assert client.get("/policy/?status=splendid").status_code == 200


@pytest.mark.parametrize(("who", "reads"), [("gwen", True), ("carys", True), ("ben", False), ("efe", False)])
def test_rows_that_may_name_people_are_for_the_head_and_the_safeguarding_lead(client, in_force, who, reads):
    sign_in(client, "gwen")
    client.post("/policy/check/")
    client.logout()
    sign_in(client, who)
    page = client.get(f"/policy/{in_force.ref}/").content.decode()
    assert ("Zebedee" in page) is reads
    assert ("1 row. They may name people" in page) is not reads
    assert Entry.objects.filter(action="read evidence rows").exists() is reads


def test_a_duty_is_done_when_somebody_says_so(client, in_force, larks):
    sign_in(client, "carys")
    statement = Statement.objects.get(text__contains="sign")
    path = f"/policy/adopt/{statement.edition_id}/{statement.ref}/"
    answer = client.post(path, {"kind": "duty", "promise": "AUP-4", "every_days": 30})
    assert answer["Location"] == f"/policy/{statement.ref}/"
    assert client.post(f"/policy/{statement.ref}/done/", {"summary": ""}).status_code == 422
    assert client.post(f"/policy/{statement.ref}/done/", {"summary": "All classes have signed."}).status_code == 302
    assert Evidence.objects.get(statement=statement).by == larks.carys
    assert "All classes have signed." in client.get(f"/policy/{statement.ref}/").content.decode()


def test_a_sentence_that_is_not_there_is_not_found(client, in_force):
    sign_in(client, "ben")
    assert client.get("/policy/ST-999/").status_code == 404


@pytest.mark.parametrize(
    ("path", "may"),
    [
        ("/policy/", {"ben", "carys", "dilys", "efe", "gwen"}),
        ("/policy/harms/", {"ben", "carys", "dilys", "efe", "gwen"}),
        ("/policy/adopt/", {"carys", "gwen"}),
        ("/requests/", {"ben", "carys", "dilys", "gwen"}),
        ("/requests/ask/", {"ben", "carys", "dilys", "gwen"}),
        ("/gate/", {"carys", "dilys", "gwen"}),
        ("/governors/", {"carys", "efe", "gwen"}),
    ],
)
def test_each_page_opens_for_its_roles_only(client, larks, path, may):
    for who in ("ben", "carys", "dilys", "efe", "gwen", "fran"):
        sign_in(client, who)
        assert client.get(path).status_code == (200 if who in may else 403), who
        client.logout()
    assert client.get(path).status_code == 302
