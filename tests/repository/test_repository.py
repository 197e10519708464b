"""The repository keeps its own promises: what is listed twice agrees, and what we promise readers is there."""

import ast
import json
import re
import subprocess
from pathlib import Path

import pytest

from schoolgate.cli.main import load, names

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "schoolgate"
LONGEST_FILE = 500
PURE = ["kernel", "gate/core", "watch/detect", "drafting/lint"]
CLOCKS = {"now", "today", "utcnow", "time", "monotonic"}


def tracked(pattern: str) -> list[Path]:
    """The files of the repository that match, whether or not they are committed yet."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", pattern],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


@pytest.mark.parametrize("name", names())
def test_every_command_has_a_page_and_says_what_it_does(name: str) -> None:
    page = ROOT / "docs" / "reference" / "commands" / f"{name.replace('_', '-')}.md"
    assert page.is_file(), f"write {page.relative_to(ROOT)}"
    assert load(name).SUMMARY


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in tracked("*.py")
        if "migrations" not in path.parts and (lines := path.read_text().count("\n")) > LONGEST_FILE
    }
    assert long == {}


def test_every_package_says_what_it_is_for() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in SOURCE.rglob("__init__.py")
        if "migrations" not in path.parts and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert silent == []


def test_what_decides_reads_no_clock() -> None:
    files = [path for folder in PURE for path in (SOURCE / folder).rglob("*.py")] + list(SOURCE.glob("*/rules.py"))
    assert len(files) > 10
    reading = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in files
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS
    ]
    assert reading == []


def test_links_between_documents_lead_somewhere() -> None:
    broken = [
        f"{page.relative_to(ROOT)} → {target}"
        for page in tracked("*.md")
        for target in re.findall(r"\]\(([^)#]+)", page.read_text())
        if "://" not in target and not target.startswith("mailto:") and not (page.parent / target).exists()
    ]
    assert broken == []


def test_the_locks_name_no_download_host() -> None:
    for lock in [*(ROOT / "locks").glob("*.txt"), ROOT / "package-lock.json"]:
        assert "://" not in re.sub(r'"(url|license)": "[^"]*"', "", lock.read_text()), lock.name
    assert json.loads((ROOT / "package.json").read_text())["private"] is True


def test_every_python_lock_carries_checksums() -> None:
    for lock in (ROOT / "locks").glob("*.txt"):
        pins = re.findall(r"^\S+==\S+.*$", lock.read_text(), re.MULTILINE)
        assert pins
        assert all(pin.endswith("\\") for pin in pins), f"a pin of {lock.name} has no checksum"


def test_a_change_that_a_school_notices_is_told() -> None:
    kinds = {"act", "safety", "new", "changed", "fixed"}
    for fragment in (ROOT / "changelog.d").glob("*.md"):
        assert fragment.stem.rpartition(".")[2] in kinds, fragment.name
