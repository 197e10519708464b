"""What the gate does with what the core says, second by second."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from schoolgate.gate.adapters.proxy import judge as judging
from schoolgate.gate.adapters.proxy.judge import Judge, is_literal
from schoolgate.gate.core.decide import Ask, decide
from schoolgate.gate.core.names import canonical
from schoolgate.gate.core.rules import Profile, Rules, SiteRule
from schoolgate.gate.core.who import Board, Device, Grant, Session

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
RULES = Rules(
    school="Larkfield",
    time_zone="Europe/London",
    profiles={"ks2": Profile("ks2", "Years 3 to 6", "open", "allow")},
    sites=(SiteRule("R-1", "allow", "open.test"), SiteRule("R-2", "allow", "8.8.8.8")),
    release="r1",
)
BOARD = Board(
    1,
    NOON,
    {"p": Grant("ks2", None, "signed", "")},
    {"10.0.0.7": Device("d", "", "p"), "10.0.0.8": Device("e", "", None)},
)


class Release:
    """A release without lists, which counts how often it is asked."""

    id = "r1"
    rules = RULES

    def __init__(self, fault=None):
        self.fault = fault
        self.asked_at = []

    def verdict(self, address, standing, at, method):
        self.asked_at.append(at)
        if self.fault:
            raise self.fault
        return decide(Ask(address, method, standing, at), RULES, ())


class Clock:
    def __init__(self):
        self.seconds = NOON.timestamp()

    def __call__(self):
        return self.seconds


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def release():
    return Release()


@pytest.fixture
def judge(clock, release):
    made = Judge(clock)
    made.take_release(release)
    made.take_board(BOARD)
    return made


def outcome(judge, url="http://a.test/", method="GET", asker="10.0.0.7"):
    ruling = judge.ruling(canonical(url), method, asker)
    return ruling.outcome, ruling.tier, ruling.rule


def test_a_fault_in_deciding_blocks(judge):
    judge.take_release(Release(KeyError("a bug")))
    assert outcome(judge) == ("block", "edge", "edge.undecided")


def test_without_a_release_everything_is_blocked(judge):
    judge.take_release(None)
    assert outcome(judge) == ("block", "edge", "edge.no-release")


def test_a_ruling_is_remembered_until_the_second_is_over(judge, release, clock):
    for fraction in (0.0, 0.4, 0.9):
        clock.seconds = NOON.timestamp() + fraction
        outcome(judge)
    assert release.asked_at == [NOON]  # in whole seconds, so that remembering changes nothing
    clock.seconds += 0.2
    outcome(judge)
    assert release.asked_at == [NOON, NOON + timedelta(seconds=1)]


def test_a_new_board_counts_at_once(judge):
    assert outcome(judge)[0] == "allow"
    judge.take_board(None)
    assert outcome(judge) == ("block", "standing", "standing/no-board")


def test_what_is_remembered_is_never_another_one_s(judge):
    assert outcome(judge)[0] == "allow"
    assert outcome(judge, asker="10.0.0.8")[0] == "block"
    assert outcome(judge, asker="10.0.0.9")[0] == "block"


def test_a_session_ends_in_its_second(judge, clock):
    until = NOON + timedelta(seconds=3)
    judge.take_board(Board(2, NOON, BOARD.grants, BOARD.devices, {"10.0.0.8": Session("p", until)}))
    clock.seconds = until.timestamp() - 0.001
    assert outcome(judge, asker="10.0.0.8")[0] == "allow"
    clock.seconds = until.timestamp()
    assert outcome(judge, asker="10.0.0.8")[0] == "block"


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("a.test:443", "allow"),
        ("a.test:8443", "edge.tunnel-port"),
        ("1.1.1.1:443", "edge.tunnel-to-address"),
        ("[2606:4700::1111]:443", "edge.tunnel-to-address"),
        ("open.test:8443", "allow"),  # a rule of the school about the site
        ("8.8.8.8:443", "allow"),
    ],
)
def test_where_tunnels_go(judge, target, expected):
    found = outcome(judge, f"https://{target}/", "CONNECT")
    assert expected in found


def test_a_refusal_keeps_who_asked(judge):
    ruling = judge.refusal("edge.malformed", "10.0.0.7")
    assert (ruling.standing.person, ruling.release, ruling.is_allowed) == ("p", "r1", False)


@pytest.mark.parametrize(
    ("host", "expected"), [("1.2.3.4", True), ("::1", True), ("a.test", False), ("1.2.3.a", False)]
)
def test_what_is_a_literal_address(host, expected):
    assert is_literal(host) is expected


def test_the_manual_lists_every_rule_of_the_edge():
    manual = (Path(judging.__file__).parent / "README.md").read_text("utf-8")
    assert set(re.findall(r"^\| `(edge\.[a-z-]+)` \|", manual, re.MULTILINE)) == set(judging.EDGE_RULES)
