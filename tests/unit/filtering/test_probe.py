"""What an answer of the gate proves, and what it does not."""

import json

import pytest

from schoolgate.filtering.probe import Result, Seen, Try, understood


def body(**record) -> bytes:
    return json.dumps(record).encode()


@pytest.mark.parametrize(
    ("status", "answer", "observed"),
    [
        (403, body(outcome="block", tier="category", rule="ks2/gambling"), "block"),
        (403, body(outcome="block", tier="shelf", rule="shelf/only"), "block"),
        (403, body(outcome="block", tier="edge", rule="edge.no-release"), "nothing"),  # blocks all: proves nothing
        (403, body(outcome="block", tier="standing", rule="standing/unsigned"), "nothing"),
        (302, b"", "nothing"),  # the portal
        (502, body(outcome="failed", why="unknown-name"), "allow"),  # let through, and nobody there
        (503, body(outcome="failed", why="unrecorded"), "nothing"),
        (403, b"<h1>Forbidden</h1>", "allow"),  # the site's own answer
        (200, b"[1]", "allow"),
        (200, b"hello", "allow"),
    ],
)
def test_an_answer_is_understood_by_what_the_gate_says(status, answer, observed):
    assert understood(status, answer).observed == observed


@pytest.mark.parametrize(
    ("expected", "observed", "result"),
    [("block", "block", "pass"), ("block", "allow", "fail"), ("allow", "block", "fail"), ("allow", "allow", "pass")]
    + [(one, "nothing", "inconclusive") for one in ("block", "allow")],
)
def test_no_answer_is_never_a_pass(expected, observed, result):
    assert Result(Try("Gambling", "http://casino.test/", expected), Seen(observed, "")).result == result
