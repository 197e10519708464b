"""Real programs, started, killed and stopped."""

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from schoolgate.cli import kept
from schoolgate.cli.household import Household
from schoolgate.kernel.errors import Malformed, Refused

WAITING = (
    "import signal, pathlib, os, sys; pathlib.Path(sys.argv[1]).open('a').write(f'{os.getpid()}\\n'); signal.pause()"
)


def pids(path: Path) -> list[int]:
    return [int(line) for line in path.read_text().split()] if path.exists() else []


def test_a_child_that_falls_is_started_again_and_none_is_left(tmp_path: Path) -> None:
    marks, said = tmp_path / "pids", list[str]()
    with Household(tmp_path / "logs", {}, said.append) as household:
        household.start("sleeper", [sys.executable, "-c", WAITING, str(marks)])
        assert household.wait_until(lambda: len(pids(marks)) == 1, "the sleeper")
        os.kill(pids(marks)[0], signal.SIGKILL)
        assert household.wait_until(lambda: len(pids(marks)) == 2, "the sleeper, again")
    assert said == ["the sleeper stopped (code -9); starting it again"]
    for pid in pids(marks):
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_a_child_that_keeps_falling_stops_everything(tmp_path: Path) -> None:
    with Household(tmp_path / "logs", {}, lambda _: None) as household:
        household.start("faller", [sys.executable, "-c", "print('no port left', flush=True); raise SystemExit(3)"])
        with pytest.raises(Refused, match="keeps stopping"):
            household.keep()
    assert "no port left" in (tmp_path / "logs" / "faller.log").read_text()


@pytest.mark.parametrize(
    ("how", "child_is_stopped"),
    [(signal.SIGINT, False), (signal.SIGTERM, False), (signal.SIGKILL, False), (signal.SIGKILL, True)],
)
def test_no_child_outlives_us_however_we_end(tmp_path: Path, how: signal.Signals, child_is_stopped: bool) -> None:
    marks = tmp_path / "pids"
    parent = (
        "import sys, pathlib; from schoolgate.cli.household import Household\n"
        f"marks = pathlib.Path({str(marks)!r})\n"
        f"with Household(pathlib.Path({str(tmp_path)!r}) / 'logs', {{}}, print) as h:\n"
        f"    h.start('sleeper', [sys.executable, '-c', {WAITING!r}, str(marks)])\n"
        "    h.wait_until(marks.exists, 'the sleeper'); print('up', flush=True); h.keep()\n"
    )
    with subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"up\n"
        (child,) = pids(marks)
        ended = os.pidfd_open(child)
        if child_is_stopped:
            os.kill(child, signal.SIGSTOP)
        process.send_signal(how)
        process.wait(20)
    readable, _, _ = select.select([ended], [], [], 20)
    os.close(ended)
    assert readable, "the child is still running"


@pytest.mark.parametrize("text", ['{"school', "[]", "\x00", "5"])
def test_a_damaged_record_of_the_school_is_said_and_left_as_it_is(tmp_path: Path, text: str) -> None:
    file = tmp_path / kept.NAME
    file.write_text(text)
    with pytest.raises(Malformed, match=r"school\.json is damaged"):
        kept.read(tmp_path)
    assert file.read_text() == text
