"""A running demonstration school as tests see it, and what axe says of its pages."""

import http.client
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).resolve().parents[1] / "node_modules" / "axe-core" / "axe.min.js"


@dataclass(frozen=True)
class Running:
    """A running demonstration school.

    Attributes:
        facts: what `schoolgate up --json` printed.
        log: everything that it said on standard error.
    """

    facts: dict[str, Any]
    log: Path

    @property
    def site(self) -> str:
        return str(self.facts["site"])

    @property
    def proxy(self) -> str:
        return str(self.facts["proxy"])

    def sign_in_of(self, role: str) -> dict[str, str]:
        return next(row for row in self.facts["sign_ins"] if row["role"] == role)


def accessibility_faults(page: Page) -> list[str]:
    """What axe finds on the page as it stands, by WCAG 2.2 A and AA and axe's own best practices."""
    page.evaluate(AXE.read_text())
    result = page.evaluate("async () => await axe.run()")
    return [f"{fault['id']}: {node['html'][:160]}" for fault in result["violations"] for node in fault["nodes"]]


def status_from(device: str, school: Running, url: str) -> int:
    """What the gate answers to a device at the address *device*."""
    host, _, port = school.proxy.partition(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=10, source_address=(device, 0))
    connection.request("GET", url, headers={"Host": url.split("/")[2]})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status
