"""`schoolgate policy` as a script uses it: exit codes, standard output, standard error."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[3] / "examples" / "policies"
WRONG = (
    "Contents\n\nThis policy will be reviewed by September 2025.\n\nStaff must sign the agreement (see appendix 2).\n"
)


@pytest.fixture
def run(tmp_path):
    def command(*words, **files):
        for name, data in files.items():
            (tmp_path / name.replace("_", ".")).write_bytes(data if isinstance(data, bytes) else data.encode())
        return subprocess.run(
            [sys.executable, "-m", "schoolgate.cli", "policy", *words],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=50,
            env={name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"},
        )

    return command


def test_lint_says_each_defect_with_its_line_and_fix(run):
    done = run("lint", "wrong.txt", "--today", "2026-11-21", wrong_txt=WRONG)
    assert done.returncode == 0
    assert "1 error, 1 warning on 21 November 2026" in done.stdout
    assert "line 3  date-passed" in done.stdout
    assert "Fix: " in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 100


def test_lint_json_is_one_object(run):
    done = run("lint", "wrong.txt", "--today", "2026-11-21", "--json", wrong_txt=WRONG)
    answer = json.loads(done.stdout)
    assert (answer["file"], answer["today"]) == ("wrong.txt", "2026-11-21")
    assert [set(each) for each in answer["findings"]] == [{"rule", "severity", "line", "excerpt", "message", "fix"}] * 2


def test_strict_is_a_clear_no_only_when_there_is_something(run):
    assert run("lint", "wrong.txt", "--strict", "--today", "2026-11-21", wrong_txt=WRONG).returncode == 1
    assert run("lint", str(EXAMPLES / "larkfield-primary.md"), "--strict", "--today", "2026-11-21").returncode == 0


def test_adopt_json_is_one_line_a_sentence(run):
    done = run("adopt", str(EXAMPLES / "little-wrens-nursery.md"), "--json")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert all(list(row) == ["line", "sentence", "normative", "promise", "binding", "confidence"] for row in rows)
    assert {
        "line": 42,
        "sentence": "The children's login has no internet.",
        "normative": True,
        "promise": "EDU-6",
        "binding": "control",
    }.items() <= next(row for row in rows if row["line"] == 42).items()


def test_adopt_is_a_table_that_fits(run):
    done = run("adopt", str(EXAMPLES / "larkfield-primary.md"))
    assert "line  promise" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 120


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("lint", "picture.txt"), "this is a picture (PNG)"),
        (("adopt", "empty.txt"), "the file is empty"),
        (("adopt", "letter.txt"), "no sentence in it promises anything"),
        (("lint", "missing.txt"), "missing.txt"),
        (("lint", "letter.txt", "--today", "soon"), "`soon` is not a date"),
        ((), "lint|adopt"),
    ],
)
def test_bad_input_is_one_message_and_exit_two(run, words, message):
    done = run(*words, picture_txt=b"\x89PNG\r\n\x1a\n\0\0", empty_txt=b"", letter_txt="Dear all,\n\nHow are you?\n")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("error: ")
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_it_needs_no_django():
    code = "import sys; import schoolgate.cli.commands.policy; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=50).returncode == 0
