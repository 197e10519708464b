"""Runs the text scripts of this folder against the real program.

A script is a conversation: a line that begins with `$ ` is given to the shell
(lines after it that begin with `> ` belong to it), and what follows is what
must be printed, standard output first, then standard error. `…` stands for any
text within a line. `[exit N]` ends an answer whose exit code is not 0. A line
that begins with `# ` is a heading.
"""

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[1]
# What a school sets, so that the system checks have nothing to remark: numbers that Ofcom keeps free for drama.
NUMBERS = {
    f"SCHOOLGATE_{whose}_PHONE": f"01632 96000{n}"
    for n, whose in enumerate(("SAFEGUARDING", "SOCIAL_CARE", "CHAIR"), 1)
}
_EXIT = re.compile(r"\[exit (\d+)\]")


@dataclass
class Step:
    line: int
    command: str
    expected: list[str] = field(default_factory=list)
    code: int = 0


def steps(path: Path) -> list[Step]:
    found: list[Step] = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if line.startswith("$ "):
            found.append(Step(number, line[2:]))
        elif line.startswith("> "):
            found[-1].command += f"\n{line[2:]}"
        elif ends := _EXIT.fullmatch(line):
            found[-1].code = int(ends[1])
        elif line and not line.startswith("# "):
            found[-1].expected.append(line)
    return found


@pytest.mark.parametrize("script", sorted(HERE.glob("*.txt")), ids=lambda path: path.stem)
def test_a_script_goes_as_it_is_written(script: Path, tmp_path: Path):
    place = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "EXAMPLES": str(REPOSITORY / "examples")}
    place |= NUMBERS
    for step in steps(script):
        done = subprocess.run(
            ["bash", "-c", step.command], cwd=tmp_path, env=place, capture_output=True, text=True, timeout=30
        )
        printed = [line for line in (done.stdout + done.stderr).splitlines() if line]
        where = f"{script.name}, line {step.line}: {step.command}\n" + "\n".join(printed)
        assert len(printed) == len(step.expected), where
        for line, expected in zip(printed, step.expected, strict=True):
            assert re.fullmatch(re.escape(expected).replace("…", ".*"), line), f"{where}\nexpected: {expected}"
        assert done.returncode == step.code, where
