"""From a search at the gate to the alert on the safeguarding lead's open page, on a whole running school.

There is no peer to run beside it; the promise is two seconds (NET-4). Each
search is of its own words, so that each is an event of its own.
"""

import argparse
import http.client
import json
import queue
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from urllib.parse import quote, urlsplit

from playwright.sync_api import sync_playwright

from schoolgate.cli import ports

TABLET = "127.0.0.10"
SEARCH = "how do i hurt myself with number {n}"


def session_of(site: str, sign_in: dict[str, str], chromium: str) -> str:
    """Sign in as a person does, and return the session cookie."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.goto(f"{site}/account/sign-in/")
        page.get_by_label("Email").fill(sign_in["email"])
        page.get_by_label("Password", exact=True).fill(sign_in["password"])
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"{site}/")
        found = next(one["value"] for one in page.context.cookies() if one["name"] == "schoolgate")
        browser.close()
    return found


def listen(site: str, session: str, came: "queue.Queue[float]") -> None:
    """Put the moment of each alert that the page of alerts is sent."""
    connection = http.client.HTTPConnection(urlsplit(site).netloc)
    connection.request("GET", "/alerts/live/", headers={"Cookie": f"schoolgate={session}"})
    for line in connection.getresponse():
        if line.startswith(b"event: alert"):
            came.put(time.monotonic())


def search(proxy: str, words: str) -> None:
    """Search as a pupil's tablet does."""
    host, _, port = proxy.partition(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=10, source_address=(TABLET, 0))
    connection.request("GET", f"http://search.test/?q={quote(words)}", headers={"Host": "search.test"})
    connection.getresponse().read()
    connection.close()


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="bench.alerts", description=__doc__)
    parser.add_argument("--searches", type=int, default=100)
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="schoolgate-bench-") as folder:
        command = [sys.executable, "-m", "schoolgate.cli", "up", "--json", "--demo", "primary", "--dir", folder]
        command += ["--port", str(ports.any_free()), "--proxy-port", str(ports.any_free())]
        school = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert school.stdout is not None
        try:
            facts = json.loads(school.stdout.readline())
            lead = next(row for row in facts["sign_ins"] if row["role"] == "dsl")
            came: queue.Queue[float] = queue.Queue()
            session = session_of(facts["site"], lead, arguments.chromium)
            threading.Thread(target=listen, args=(facts["site"], session, came), daemon=True).start()
            delays = []
            for n in range(arguments.searches):
                began = time.monotonic()
                search(facts["proxy"], SEARCH.format(n=n))
                delays.append(came.get(timeout=20) - began)
        finally:
            school.send_signal(signal.SIGINT)
            school.wait(20)
    delays.sort()
    p99 = delays[min(len(delays) - 1, int(len(delays) * 0.99))]
    print(f"from a search to the open page, {len(delays)} searches one after the other, seconds:")
    print(f"median {statistics.median(delays):.2f}, 99th percentile {p99:.2f}, most {delays[-1]:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
