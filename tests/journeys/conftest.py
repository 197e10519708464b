"""A whole school, started as a stranger would start it, and a real browser in front of it."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from running import Running
from schoolgate.cli import ports

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str | None], Running]]:
    """Start schools on free ports, demonstrations or a new one; all are stopped at the end, by Ctrl-C."""
    started: list[subprocess.Popen[str]] = []

    def up(demo: str | None) -> Running:
        folder = tmp_path_factory.mktemp(demo or "new")
        log = folder / "up.log"
        command = [sys.executable, "-m", "schoolgate.cli", "up", "--json", "--dir", str(folder)]
        command += ["--demo", demo] if demo else []
        command += ["--port", str(ports.any_free()), "--proxy-port", str(ports.any_free())]
        environment = {key: value for key, value in os.environ.items() if not key.startswith("SCHOOLGATE_")}
        with log.open("w") as errors:
            process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True, env=environment)
        started.append(process)
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, log.read_text()
        return Running(json.loads(line), log)

    yield up
    for process in started:
        process.send_signal(signal.SIGINT)
    for process in started:
        assert process.wait(20) == 0
        assert process.stdout is not None
        process.stdout.close()


@pytest.fixture(scope="session")
def primary(start: Callable[[str | None], Running]) -> Running:
    return start("primary")


@pytest.fixture(scope="session")
def nursery(start: Callable[[str | None], Running]) -> Running:
    return start("early-years")


# Not for the session: while Playwright runs, no other test could start an event loop.
@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


def chromium() -> str:
    found = shutil.which("chromium")
    if found is None:
        pytest.skip("these tests need Chromium: apt-get install chromium")
    return found


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Chromium as staff use it: straight to the pages."""
    browser = playwright.chromium.launch(executable_path=chromium(), args=QUIET)
    yield browser
    browser.close()


@pytest.fixture
def child_at(playwright: Playwright) -> Iterator[Callable[[Running], Page]]:
    """Chromium on a pupil's computer: everything goes through the gate."""
    opened: list[Browser] = []

    def open_at(school: Running) -> Page:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=QUIET, proxy={"server": f"http://{school.proxy}"}
        )
        opened.append(browser)
        return browser.new_page()

    yield open_at
    for browser in opened:
        browser.close()


@pytest.fixture
def sign_in(browser: Browser) -> Iterator[Callable[[Running, str], Page]]:
    """Sign somebody in by the real sign-in page; each has a browser profile of their own."""
    contexts: list[BrowserContext] = []

    def by_role(school: Running, role: str) -> Page:
        context = browser.new_context()
        contexts.append(context)
        page = context.new_page()
        known = school.sign_in_of(role)
        page.goto(f"{school.site}/account/sign-in/")
        page.get_by_label("Email").fill(known["email"])
        page.get_by_label("Password", exact=True).fill(known["password"])
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"{school.site}/")
        return page

    yield by_role
    for context in contexts:
        context.close()
