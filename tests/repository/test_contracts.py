"""Each import contract is shown to fail when it is broken: a contract that cannot fail holds nothing."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

BREACHES = [
    # a layer imports the one above it
    ("layers", "people/rules.py", "import schoolgate.access"),
    # two packages of one layer know each other
    ("layers", "gate/board.py", "import schoolgate.watch"),
    # an engine needs the web stack
    ("engines", "gate/core/decide.py", "import django"),
    # deciding opens a socket
    ("pure", "gate/core/decide.py", "import socket"),
    # a rule starts a thread
    ("pure", "assurance/rules.py", "import threading"),
    # assurance reaches for a fact instead of being told
    ("assurance", "assurance/services.py", "import schoolgate.concerns.models"),
]


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter in *root* on the sources that lie there."""
    code = "import sys; sys.path.insert(0, 'src'); from importlinter.cli import lint_imports_command as c; c()"
    return subprocess.run(
        [sys.executable, "-c", code, "--no-cache"], cwd=root, capture_output=True, text=True, check=False
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Our sources and contracts, to be broken without harm."""
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("static", "__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_all_contracts_hold_as_the_code_stands(copy: Path) -> None:
    result = lint_imports(copy)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(("contract", "file", "line"), BREACHES)
def test_a_broken_contract_is_seen(copy: Path, contract: str, file: str, line: str) -> None:
    path = copy / "src" / "schoolgate" / file
    path.write_text(path.read_text() + f"\n{line}\n")
    result = lint_imports(copy)
    assert result.returncode == 1
    assert any(row.startswith(f"{contract}:") and row.endswith("BROKEN") for row in result.stdout.splitlines()), (
        result.stdout
    )
