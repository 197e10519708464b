import io
import json
import sys
from dataclasses import replace

import pytest
from test_watch_extract import visit

from schoolgate.cli import main
from schoolgate.watch import pipeline

WORRYING = "http://search.test/?q=i+want+to+kill+myself"


def test_a_worrying_search_is_a_finding():
    (finding,) = pipeline.findings(visit(WORRYING))
    assert (finding.activity_id, finding.person, finding.device) == ("01", "p1", "d1")
    assert (finding.text, finding.kind, finding.source) == ("i want to kill myself", "search", "demo")
    assert (finding.detection.category, finding.detection.grade) == ("self-harm", 5)


def test_a_search_that_was_blocked_is_a_finding_too():
    assert pipeline.findings(replace(visit(WORRYING), outcome="block"))


def test_an_innocent_search_is_none():
    assert pipeline.findings(visit("http://search.test/?q=red+pandas")) == ()


@pytest.mark.parametrize("tier", sorted(pipeline.HELP_LANE))
def test_a_visit_to_the_help_lane_is_never_a_finding(tier):
    assert pipeline.findings(replace(visit(WORRYING), tier=tier)) == ()


def run(monkeypatch, capsys, lines, *options):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines)))  # the command reads its real standard input
    code = main.main(["detect", "--stdin", *options])
    out, err = capsys.readouterr()
    return code, [json.loads(line) for line in out.splitlines()], err


def test_the_command_answers_each_line(monkeypatch, capsys):
    code, answers, err = run(
        monkeypatch,
        capsys,
        b'{"text": "i want to die", "kind": "search"}\n\n{"text": "cats", "kind": "post", "age": 9}\n',
    )
    assert (code, err) == (0, "")
    assert answers[0]["category"] == "self-harm"
    assert answers[0]["because"][0].keys() == {"span", "rule"}
    assert (answers[1]["category"], answers[1]["grade"]) == (None, 0)


@pytest.mark.parametrize(
    "line",
    [b"no json", b"\xff\xfe", b"[1]", b'{"kind": "search"}', b'{"text": "x"}', b'{"text": "x", "kind": ["search"]}',
     b'{"text": "x", "kind": "search", "age": -1}', b'{"text": "x", "kind": "search", "age": true}', b"[" * 100_000],
)  # fmt: skip
def test_a_bad_line_is_answered_and_the_rest_goes_on(monkeypatch, capsys, line):
    code, answers, err = run(monkeypatch, capsys, line + b'\n{"text": "i want to die", "kind": "search"}\n')
    assert code == 2
    assert "line 1" in answers[0]["error"]
    assert answers[1]["grade"] >= 4
    assert err.startswith("error: 1 line ")


def test_a_session_takes_the_earlier_lines_of_a_person_into_account(monkeypatch, capsys):
    said = ["i hate myself", "does it hurt to hang yourself"]
    lines = [
        {"text": text, "kind": "search", "person": "p", "at": f"2026-03-02T09:0{n}:00+00:00"}
        for n, text in enumerate(said)
    ]
    code, answers, _ = run(monkeypatch, capsys, "\n".join(map(json.dumps, lines)).encode(), "--session")
    assert code == 0
    assert [answer["grade"] for answer in answers] == [3, 5]


@pytest.mark.parametrize("at", ['"yesterday"', "7", '"2026-03-02T09:00:00"', "null"])
def test_a_session_needs_a_time_with_its_zone(monkeypatch, capsys, at):
    code, answers, _ = run(
        monkeypatch, capsys, b'{"text": "x", "kind": "post", "person": "p", "at": %s}' % at.encode(), "--session"
    )
    assert code == 2
    assert "`at`" in answers[0]["error"]
