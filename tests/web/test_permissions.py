"""Every address of the site against every member of the cast, as one table.

The table is written by hand and says who *should* get in; the decorators on
the views say who does. An address that the table does not know fails.
"""

from collections.abc import Iterator
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from cast import Cast
from schoolgate.people.models import Person

SOME_ID = UUID(int=7)
PUBLIC = "everybody"

# Who gets in, by the first letter of their name: Ben teaches, Carys is the safeguarding lead, Dilys the technician,
# Efe a governor, Gwen the head. Fran has an account and no role: she stands in no row. Asha, a pupil, has no account.
TABLE: list[tuple[str, dict[str, object], str]] = [
    # whoever is signed in
    ("home", {}, "BCDEG"),
    ("agreements", {}, "BCDEG"),
    ("sign", {}, "BCDEG"),
    ("account_reauthenticate", {}, "BCDEG"),
    ("mfa_reauthenticate", {}, "BCDEG"),
    ("account_change_password", {}, "BCDEG"),
    ("mfa_index", {}, "BCDEG"),
    ("mfa_activate_totp", {}, "BCDEG"),
    ("mfa_deactivate_totp", {}, "BCDEG"),
    ("mfa_view_recovery_codes", {}, "BCDEG"),
    ("mfa_generate_recovery_codes", {}, "BCDEG"),
    # the policy is for all who work here or govern
    ("policy", {}, "BCDEG"),
    ("statement", {"ref": "ST-1"}, "BCDEG"),
    ("harms", {}, "BCDEG"),
    ("policy-check", {}, "CDG"),
    ("attest", {"ref": "ST-1"}, "CDG"),
    ("adopt-upload", {}, "CG"),
    ("adopt", {"edition_id": SOME_ID}, "CG"),
    ("adopt-confident", {"edition_id": SOME_ID}, "CG"),
    ("adopt-force", {"edition_id": SOME_ID}, "CG"),
    ("bind", {"edition_id": SOME_ID, "ref": "ST-1"}, "CG"),
    # alerts and concerns are for the safeguarding team and the head
    ("alerts", {}, "CG"),
    ("alerts-live", {}, "CG"),
    ("alerts-decided", {}, "CG"),
    ("alert", {"ref": "7QK-2FD"}, "CG"),
    ("alert-acknowledge", {"ref": "7QK-2FD"}, "CG"),
    ("alert-decide", {"ref": "7QK-2FD"}, "CG"),
    ("concerns", {}, "CG"),
    ("concern", {"ref": "7QK-2FD"}, "CG"),
    ("concern-add", {"ref": "7QK-2FD", "kind": "action"}, "CG"),
    ("concern-involve", {"ref": "7QK-2FD"}, "CG"),
    ("concern-correct", {"ref": "7QK-2FD", "pk": 1}, "CG"),
    ("concern-agree", {"ref": "7QK-2FD", "pk": 1}, "CG"),
    ("concern-close", {"ref": "7QK-2FD"}, "CG"),
    ("concern-reopen", {"ref": "7QK-2FD"}, "CG"),
    ("concern-from-alert", {"ref": "7QK-2FD"}, "CG"),
    # whoever works here reports, and sees what they reported
    ("concern-new", {}, "BCDG"),
    ("concerns-reported", {}, "BCDG"),
    ("concern-reported", {"ref": "7QK-2FD"}, "BCDG"),
    # people and what they signed
    ("people", {}, "BCDG"),
    ("class-signing", {"code": "4-oak"}, "BCG"),
    ("class-cards", {"code": "4-oak"}, "BCG"),
    ("sign-on-behalf", {"person_id": SOME_ID}, "BCG"),
    ("signatures", {"person_id": SOME_ID}, "CG"),
    ("withdraw-signature", {"signature_id": SOME_ID}, "CG"),
    ("suspensions", {}, "CG"),
    ("suspend", {"person_id": SOME_ID}, "CG"),
    ("restore", {"suspension_id": SOME_ID}, "CG"),
    # the gate
    ("requests", {}, "BCDG"),
    ("ask", {}, "BCDG"),
    ("request", {"request_id": SOME_ID}, "CDG"),
    ("close-site", {"code": "SR-1"}, "CDG"),
    ("gate", {}, "CDG"),
    ("gate-publish", {}, "CDG"),
    ("components", {}, "D"),
    # oversight
    ("governors", {}, "CEG"),
    ("ledger", {}, "CG"),
    # no account needed: signing in, a child's device, health
    ("account_login", {}, PUBLIC),
    ("account_logout", {}, PUBLIC),
    ("mfa_authenticate", {}, PUBLIC),
    ("portal", {}, PUBLIC),
    ("portal-hello", {}, PUBLIC),
    ("portal-promise", {}, PUBLIC),
    ("portal-finished", {}, PUBLIC),
    ("health-live", {}, PUBLIC),
    ("health-ready", {}, PUBLIC),
]


def addresses(patterns: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns)
        else:
            yield pattern


def test_every_address_is_in_the_table() -> None:
    known = {name for name, _, _ in TABLE}
    assert {pattern.name for pattern in addresses(get_resolver().url_patterns)} == known


def test_every_view_says_whom_it_lets_in() -> None:
    silent = [p.name for p in addresses(get_resolver().url_patterns) if not hasattr(p.callback, "allowed")]
    assert silent == []


@pytest.fixture
def accounts(larks: Cast) -> dict[str, Person]:
    return {one.given_name[0]: one for one in (larks.ben, larks.carys, larks.dilys, larks.efe, larks.gwen, larks.fran)}


@pytest.mark.parametrize(("name", "kwargs", "who"), TABLE, ids=[row[0] for row in TABLE])
def test_who_gets_in(accounts: dict[str, Person], name: str, kwargs: dict[str, object], who: str) -> None:
    address = reverse(name, kwargs=kwargs)
    for letter, person in accounts.items():
        client = Client(raise_request_exception=False)
        client.force_login(person.user)
        got = _opened(client, address)
        gets_in = got.status_code not in {403, 500} and not _asks_to_sign_in(got)
        assert gets_in == (who == PUBLIC or letter in who), f"{person.given_name}: {got.status_code}"
    nobody = _opened(Client(raise_request_exception=False), address)
    if who == PUBLIC:
        assert nobody.status_code < 500 or name == "health-ready"
    else:
        assert _asks_to_sign_in(nobody), nobody.status_code


def _opened(client: Client, address: str):
    """Open a page, or press its button where there is nothing to read."""
    got = client.get(address)
    return client.post(address) if got.status_code == 405 else got


def _asks_to_sign_in(response) -> bool:
    return response.status_code == 302 and response["Location"].startswith(reverse("account_login"))
