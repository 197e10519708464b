"""axe finds nothing on any page that anybody is led to, on a desk and on a phone."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from running import Running, accessibility_faults

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 800}
# Pages that the navigation leads to by a second step.
DEEPER = {
    "head": ["/policy/ST-14/", "/policy/harms/", "/policy/adopt/", "/agreements/class/4-oak/", "/suspensions/"],
    "dsl": ["/concerns/report/", "/alerts/decided/", "/account/second-factor/"],
    "teacher": ["/agreements/mine/", "/agreements/class/4-oak/", "/requests/ask/?url=http://bigwins-casino.test/"],
    "technician": ["/requests/", "/account/password/", "/components/"],
    "governor": [],
}


def is_wider_than_its_window(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


@pytest.mark.timeout(150)
@pytest.mark.parametrize("role", DEEPER)
def test_axe_finds_nothing(primary: Running, sign_in: Callable[[Running, str], Page], role: str) -> None:
    page = sign_in(primary, role)
    links = page.locator(".govuk-service-navigation__link").all()
    paths = [urlsplit(str(link.get_attribute("href"))).path for link in links] + DEEPER[role]
    assert len(paths) > 3
    faults: dict[str, list[str]] = {}
    for path in paths:
        for window in (DESK, PHONE):
            page.set_viewport_size(window)
            # Not until all is quiet: the page of alerts keeps a stream open.
            answer = page.goto(f"{primary.site}{path}", wait_until="domcontentloaded")
            assert answer is not None
            assert answer.status == 200, path
            found = accessibility_faults(page)
            if window is PHONE and is_wider_than_its_window(page):
                found.append("wider than a phone")
            if found:
                faults[f"{path} at {window['width']}"] = found
    assert faults == {}


def test_the_pages_that_need_no_account(primary: Running, browser) -> None:
    page = browser.new_page()
    for path in ("/account/sign-in/", "/portal/hello/", "/nowhere/"):
        page.goto(f"{primary.site}{path}")
        assert accessibility_faults(page) == [], path
    page.close()
