"""Trying the gate from outside, as a pupil's device: what is to be blocked, what is to open, what came back.

A school has a test pupil and a test device for this, as for every check of a
filter: the device stands in the register at `PROBE_ADDRESS`, the pupil has
signed. So the gate treats the probe as it treats everyone, and nothing in it
is made to pass.

Nothing illegal is ever tried: if the gate were open, the try would fetch it.
"""

import hashlib
import http.client
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from schoolgate.gate.core import names
from schoolgate.gate.core.categories import CATEGORIES, is_locked
from schoolgate.gate.core.rules import ALLOW, BLOCK, OPEN_KIND, SHELF_KIND, Profile, SiteRule
from schoolgate.gate.core.sites import has_path, host_of
from schoolgate.gate.core.who import Standing
from schoolgate.gate.lists import store
from schoolgate.gate.release import Release
from schoolgate.kernel.errors import Malformed

# The test device's address: on loopback, which the whole of 127.0.0.0/8 is, so that no real device can have it.
PROBE_ADDRESS = "127.0.0.9"
TIMEOUT_SECONDS = 5.0
MOST_ANSWER_BYTES = 64 * 1024
# How many entries of a list are looked at to find one that nothing else opens.
ENTRIES_TRIED = 20


@dataclass(frozen=True, slots=True)
class Try:
    """One thing to try.

    Attributes:
        what: what it stands for: a category's label, "Help lane", "Allowed site".
        url: what is asked for.
        expected: "allow" or "block".
    """

    what: str
    url: str
    expected: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What came back.

    Attributes:
        observed: "block" (by a rule of the policy), "allow", or "nothing" when that cannot be told.
        detail: which rule, or what went wrong, in a few words.
    """

    observed: str
    detail: str


@dataclass(frozen=True, slots=True)
class Result:
    """One thing tried, and what came of it."""

    tried: Try
    seen: Seen

    @property
    def result(self) -> str:
        """How it went: pass, fail, or inconclusive."""
        if self.seen.observed == "nothing":
            return "inconclusive"
        return "pass" if self.seen.observed == self.tried.expected else "fail"


class Gate:
    """A connection to the running gate, from the test device where the gate is on this machine.

    Raises:
        OSError: from `__init__`, if the gate cannot be reached.
    """

    def __init__(self, proxy: str) -> None:
        host, _, port = proxy.rpartition(":")
        self._host, self._port = host.strip("[]"), int(port)
        self._source = (PROBE_ADDRESS, 0) if self._host.startswith("127.") else None
        connection = self._connected()
        self.address: str = connection.sock.getsockname()[0]
        connection.close()

    def seen(self, url: str) -> Seen:
        """Ask for *url*, and say what the gate did."""
        try:
            connection = self._connected()
            connection.request("GET", url, headers={"Accept": "application/json"})
            answer = connection.getresponse()
            body = answer.read(MOST_ANSWER_BYTES)
        except (OSError, http.client.HTTPException) as error:
            return Seen("nothing", f"no answer ({type(error).__name__})")
        connection.close()
        return understood(answer.status, body)

    def _connected(self) -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection(
            self._host, self._port, timeout=TIMEOUT_SECONDS, source_address=self._source
        )
        connection.connect()
        return connection


def understood(status: int, body: bytes) -> Seen:
    """Tell from an answer whether a rule of the policy blocked the request.

    A gate that blocks because it has no rules, or because it does not know
    the device, proves nothing about the filter: that counts as nothing seen.
    """
    try:
        record = json.loads(body)
    except ValueError:
        record = {}
    if not isinstance(record, dict):
        record = {}
    if status == 302:
        return Seen("nothing", "the gate asks the test device to sign in")
    if status == 403 and record.get("outcome") == BLOCK:
        tier, rule = str(record.get("tier")), str(record.get("rule"))
        if tier in {"edge", "standing"}:
            return Seen("nothing", f"blocked for another reason ({rule})")
        return Seen(BLOCK, rule)
    if record.get("outcome") == "failed":
        if record.get("why") == "unrecorded":
            return Seen("nothing", "the gate cannot record")
        return Seen(ALLOW, f"let through; the site did not answer ({record.get('why')})")
    return Seen(ALLOW, f"answered with {status}")


def plan(release: Release, lists: Path, standing: Standing, now: datetime) -> tuple[Try, ...]:
    """Return what is to be tried by somebody of this standing.

    One entry of the lists for each category that the profile blocks at this
    hour, then the first of the help lane, and the first site that the school
    opened or put on the shelf. The entry changes from hour to hour, so that
    nobody can pass by knowing it.
    """
    profile = release.rules.profiles[standing.profile]
    tries = []
    for code in _blocked(release, profile, now):
        found = next(
            (entry for entry in _entries(release, lists, code, now) if _blocks(release, entry, standing, now)), None
        )
        if found:
            tries.append(Try(CATEGORIES[code].label, f"http://{found}/", BLOCK))
    opened = release.rules.shelf if profile.kind == SHELF_KIND else release.rules.sites
    for what, rules in (("Help lane", release.rules.help_lane), ("Allowed site", opened)):
        first = next((url for rule in rules if (url := _open(release, rule, standing, now))), None)
        if first:
            tries.append(Try(what, first, ALLOW))
    return tuple(tries)


def _blocked(release: Release, profile: Profile, now: datetime) -> list[str]:
    """The categories that a profile blocks at *now* and that some list has. A shelf blocks them all."""
    held = {one.category for one in release.manifest.lists if one.names and not is_locked(one.category)}
    if profile.kind != OPEN_KIND:
        return sorted(held & CATEGORIES.keys())[:5]
    local = now.astimezone(ZoneInfo(release.rules.time_zone))
    return sorted(
        {
            rule.category
            for rule in profile.categories
            if rule.outcome == BLOCK and rule.category in held and (rule.window is None or rule.window.covers(local))
        }
    )


def _entries(release: Release, lists: Path, category: str, now: datetime) -> Iterator[str]:
    """Some names of the lists of a category, from a place that changes each hour."""
    for source in store.records(lists):
        for listed in source.lists:
            if listed.category != category or not listed.names:
                continue
            path = lists / f"{listed.file}.names"
            seed = hashlib.sha256(f"{listed.name}{now:%Y-%m-%dT%H}".encode()).digest()
            with path.open("rb") as file:
                file.seek(int.from_bytes(seed[:8], "big") % max(1, path.stat().st_size))
                file.readline()  # the rest of the line that we fell into
                lines = file.readlines(64 * ENTRIES_TRIED)[:ENTRIES_TRIED]
                if len(lines) < ENTRIES_TRIED:
                    file.seek(0)
                    lines += file.readlines(64 * ENTRIES_TRIED)[:ENTRIES_TRIED]
            yield from (line.decode().strip() for line in lines)


def _blocks(release: Release, entry: str, standing: Standing, now: datetime) -> bool:
    """Tell whether nothing else opens the entry: a help lane and a school's own opening go before a category."""
    try:
        verdict = release.verdict(names.canonical(f"http://{entry}/"), standing, now)
    except Malformed:
        return False
    return verdict.outcome == BLOCK and verdict.tier in {"category", "shelf"}


def _open(release: Release, rule: SiteRule, standing: Standing, now: datetime) -> str:
    if rule.outcome != ALLOW or not rule.site:
        return ""
    path = rule.site.removeprefix(host_of(rule.site)) if has_path(rule.site) else "/"
    url = f"http://{host_of(rule.site)}{path}"
    return url if release.verdict(names.canonical(url), standing, now).outcome == ALLOW else ""
