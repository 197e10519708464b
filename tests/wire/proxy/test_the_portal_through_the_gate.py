"""The portal through the gate: nobody could sign in otherwise, and nothing else may pass by that way."""

from dataclasses import replace

import pytest
from gate_rig import ASHA, EFE, LAPTOP, PORTAL, STRANGER


@pytest.mark.parametrize(
    "who",
    [
        ASHA,  # has signed
        EFE,  # has not
        LAPTOP,  # nobody is signed in
        STRANGER,  # an address that is not in the register
    ],
)
def test_the_portal_opens_for_everyone_and_is_not_recorded(shared_gate, shared_school, who):
    before = len(shared_school.activities())
    assert shared_gate.get(f"{PORTAL}?ticket=x", who).status == 200
    assert len(shared_school.activities()) == before


@pytest.mark.parametrize(
    "url",
    [
        "http://portal.test/",  # another port
        "http://portal.test:8001/portal/",
        "http://sub.portal.test:8000/portal/",  # another name
        "http://portal.test.:8000@plain.test/",  # the portal as a user's name
    ],
)
def test_nothing_else_passes_by_that_way(shared_gate, url):
    assert shared_gate.get(url, EFE).status in {302, 400, 403}


def test_the_portal_opens_while_there_is_no_board_and_no_release(start, school):
    (school.releases / "current").unlink()
    school.board_file.unlink()
    gate = start()
    assert gate.get(PORTAL, EFE).status == 200
    assert gate.get("http://plain.test/", ASHA).status != 200


def test_a_revoke_does_not_cut_the_page_that_explains_it(start, school):
    gate = start()
    with gate.connect(ASHA) as wire:
        assert wire.ask(f"GET {PORTAL} HTTP/1.1\r\nHost: portal.test:8000\r\n\r\n".encode()).status == 200
        grants = school.board.grants | {"asha": replace(school.board.grants["asha"], profile="no-internet")}
        school.publish(grants=grants)
        assert wire.ask(f"GET {PORTAL} HTTP/1.1\r\nHost: portal.test:8000\r\n\r\n".encode()).status == 200
