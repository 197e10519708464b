"""A new school with nothing in it: the head can sign in, and the gate is closed."""

import re
from collections.abc import Callable

from playwright.sync_api import Browser, expect

from running import Running, status_from


def test_a_new_school_is_closed_and_its_head_can_begin(
    start: Callable[[str | None], Running], browser: Browser
) -> None:
    school = start(None)
    assert school.facts["has_release"] is False
    assert status_from("127.0.0.9", school, "http://library.test/") in {403, 503}

    found = re.search(r"First sign-in: (\S+)  (\S+)", school.log.read_text())
    assert found, school.log.read_text()
    page = browser.new_page()
    page.goto(f"{school.site}/account/sign-in/")
    page.get_by_label("Email").fill(found[1])
    page.get_by_label("Password", exact=True).fill(found[2])
    page.get_by_role("button", name="Sign in").click()
    page.goto(f"{school.site}/policy/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.close()
