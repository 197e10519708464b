"""The program itself: what it lists, and how it says no."""

import subprocess
import sys

import pytest

from schoolgate.cli.main import main, names

WITHOUT_DJANGO = (
    "import sys; sys.modules['django'] = None; from schoolgate.cli.main import main; sys.exit(main({words!r}))"
)


def test_it_lists_every_command(capsys):
    assert main(["--help"]) == 0
    printed = capsys.readouterr().out
    assert all(f"  {name.replace('_', '-')} " in printed for name in names())


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        # nothing asked
        ([], 2, ""),
        # a command that is not there
        (["frobnicate"], 2, "error: there is no command `frobnicate`"),
        # an option that is not there
        (["url", "--frobnicate"], 2, "error: "),
        # a file that is not there
        (["policy", "lint", "nowhere.md"], 2, "error: nowhere.md: no such file or directory"),
        # a file where a folder is to be, a port that is none, one port for two, no workers
        (["up", "--dir", __file__], 2, f"error: {__file__}: file exists"),
        (["up", "--dir", "{folder}", "--port", "99999"], 2, "error: there is no port 99999"),
        (["up", "--dir", "{folder}", "--proxy-port", "-1"], 2, "error: there is no port -1"),
        (["up", "--dir", "{folder}", "--port", "3128"], 2, "error: pages and gate cannot both have port 3128"),
        (["up", "--dir", "{folder}", "--workers", "0"], 2, "error: 0 workers"),
    ],
)
def test_wrong_usage_is_said_in_one_line_and_changes_nothing(capsys, tmp_path, words, code, said):
    try:
        got = main([word.replace("{folder}", str(tmp_path)) for word in words])
    except SystemExit as stopped:
        got = stopped.code
    assert got == code
    assert capsys.readouterr().err.startswith(said)


@pytest.mark.parametrize("words", [["doctor"], ["people", "import", "x.csv"], ["assurance"], ["ledger", "verify"]])
def test_a_gate_box_says_what_it_lacks(words):
    code = WITHOUT_DJANGO.format(words=words)
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert "hint: install it: pip install 'schoolgate[web]'" in result.stderr


def test_a_gate_box_decides_without_django():
    code = WITHOUT_DJANGO.format(words=["url", "--stdin"])
    result = subprocess.run(
        [sys.executable, "-c", code], input="http://EXAMPLE.com./%7Efoo\n", capture_output=True, text=True, check=True
    )
    assert '"canonical":"http://example.com/~foo"' in result.stdout
