"""Ctrl-C stops everything and leaves nothing; the next start finds everything as it was."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from schoolgate.cli import ports


def started(folder: Path) -> tuple["subprocess.Popen[str]", dict[str, Any]]:
    port, proxy_port = ports.any_free(), ports.any_free()
    command = [sys.executable, "-m", "schoolgate.cli", "up", "--json", "--demo", "early-years", "--dir", str(folder)]
    process = subprocess.Popen(
        [*command, "--port", str(port), "--proxy-port", str(proxy_port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    return process, json.loads(process.stdout.readline())


def stopped(process: "subprocess.Popen[str]") -> int:
    process.send_signal(signal.SIGINT)
    assert process.stdout is not None
    process.stdout.close()
    return process.wait(20)


def still_running(folder: Path) -> list[str]:
    """The command lines of processes that name *folder*."""
    lines = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue  # it has just ended
        if str(folder) in line:
            lines.append(line)
    return lines


@pytest.mark.timeout(120)
def test_nothing_is_left_running_and_nothing_is_lost(tmp_path: Path) -> None:
    folder = tmp_path / "a school with spaces"
    process, first = started(folder)
    assert len(still_running(folder)) > 1
    second = subprocess.run(
        [sys.executable, "-m", "schoolgate.cli", "up", "--dir", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert second.returncode == 1
    assert "is running already" in second.stderr
    assert stopped(process) == 0
    assert still_running(folder) == []

    process, again = started(folder)
    assert stopped(process) == 0
    assert again["sign_ins"] == first["sign_ins"]
    assert still_running(folder) == []
