"""The whole chain, once, as four people at a primary school live it.

The parts build on each other, as a day does, so they are one test: what is
proven is that nothing has to be typed twice or believed without looking.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from running import Running, accessibility_faults

SOON = 10_000  # milliseconds; how soon it really is, the benchmark measures


@pytest.mark.timeout(180)
def test_from_the_signature_to_the_closed_concern(
    primary: Running, child_at: Callable[[Running], Page], sign_in: Callable[[Running, str], Page]
) -> None:
    child = child_at(primary)
    head = sign_in(primary, "head")
    assert policy_status(head, primary, "AUP-1") == "Not met"

    the_unsigned_pupil_is_asked_to_sign(child, primary)
    the_page_that_she_wanted_opens(child)
    assert policy_status(head, primary, "AUP-1") == "Met"

    a_gambling_site_is_blocked_kindly(child)
    lead = sign_in(primary, "dsl")
    a_worrying_search_reaches_the_lead(child, lead, primary)
    the_lead_opens_a_concern_and_closes_it_with_reasons(lead)
    the_governors_see_numbers_and_no_names(sign_in(primary, "governor"), primary)


def policy_status(page: Page, school: Running, promise: str) -> str:
    """Check now, and read what the policy page says of the sentence that is bound to *promise*."""
    page.goto(f"{school.site}/policy/")
    page.get_by_role("button", name="Check now").click()
    page.wait_for_load_state()
    assert accessibility_faults(page) == []
    row = page.locator("tr", has_text=re.compile(rf"\b{promise}\b")).first
    return row.locator(".status").inner_text().strip()


def the_unsigned_pupil_is_asked_to_sign(page: Page, school: Running) -> None:
    card = next(row["card"] for row in school.facts["cards"] if row["name"].startswith("Asha"))
    teacher = school.sign_in_of("teacher")
    page.goto("http://library.test/")
    expect(page.get_by_role("heading", name="Who are you?")).to_be_visible()
    assert accessibility_faults(page) == []
    page.get_by_label("What is on your card?").fill(card)
    page.get_by_role("button", name="That is me").click()
    expect(page.get_by_role("heading", name="Hello Asha!")).to_be_visible()
    assert accessibility_faults(page) == []
    page.get_by_label("Yes, I promise").check()
    page.get_by_label("Your e-mail address at school").fill(teacher["email"])
    page.get_by_label("Your password", exact=True).fill(teacher["password"])
    page.get_by_role("button", name="We have read it together").click()
    expect(page.get_by_text("Off you go.")).to_be_visible()


def the_page_that_she_wanted_opens(page: Page) -> None:
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="The Story Library")).to_be_visible(timeout=SOON)
    assert page.url == "http://library.test/"


def a_gambling_site_is_blocked_kindly(page: Page) -> None:
    answer = page.goto("http://bigwins-casino.test/")
    assert answer is not None
    assert answer.status == 403
    assert accessibility_faults(page) == []
    words = page.locator("body").inner_text().lower()
    assert "grown-up" in words
    assert "gambling" not in words
    assert "casino" not in words.replace("bigwins-casino.test", "")


def a_worrying_search_reaches_the_lead(child: Page, lead: Page, school: Running) -> None:
    lead.goto(f"{school.site}/alerts/")
    assert lead.get_by_text("Asha").count() == 0
    child.goto("http://search.test/")
    child.get_by_label("Look up").fill("how do i hurt myself")
    child.get_by_role("button", name="Search").click()
    card = lead.locator("li", has_text="Asha Achebe").first  # the page is not loaded again
    expect(card).to_be_visible(timeout=SOON)
    expect(card.locator("mark")).to_have_text("how do i hurt myself")
    assert accessibility_faults(lead) == []


def the_lead_opens_a_concern_and_closes_it_with_reasons(page: Page) -> None:
    page.locator("li", has_text="Asha Achebe").get_by_role("link").first.click()
    assert accessibility_faults(page) == []
    page.get_by_role("button", name="I have seen this").click()
    page.get_by_role("button", name="Open a concern").click()
    expect(page.get_by_role("heading", name="What was written")).to_be_visible()
    assert accessibility_faults(page) == []

    page.get_by_role("link", name="Add: action").click()
    page.get_by_label("What will be done?").fill("Carys talks to Asha with her teacher, today.")
    page.get_by_label("Who does it?").select_option(label="Carys Clay")
    page.get_by_label("By when?").fill("2030-01-07")
    assert accessibility_faults(page) == []
    page.get_by_role("button", name="Save").click()

    page.get_by_role("link", name="Add: decision").click()
    page.get_by_label("No further action; do not refer").check()
    page.get_by_label("The decision in your words").fill("No referral.")
    page.get_by_label("Why?").fill("She had heard the words in a song, and is well.")
    page.get_by_role("button", name="Save").click()

    page.get_by_role("link", name="Add: outcome").click()
    page.get_by_label("What do you want to record?").fill("Asha knows whom she can talk to.")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Close this concern").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Closed by Carys Clay")).to_be_visible()


def the_governors_see_numbers_and_no_names(page: Page, school: Running) -> None:
    page.goto(f"{school.site}/governors/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert accessibility_faults(page) == []
    words = page.locator("main").inner_text()
    for name in ("Asha", "Achebe", "Rosa", "Ember", "Carys", "Ben "):
        assert name not in words
