"""Settings from the environment: what is not understood is refused, and the page lists every one."""

import ast
import re
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from schoolgate.web import env, settings

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "settings.md"
READERS = {"text", "boolean", "whole", "words", "folder", "secret"}


@pytest.fixture
def given(monkeypatch):
    """Set SCHOOLGATE_TRIED."""
    return lambda value: monkeypatch.setenv("SCHOOLGATE_TRIED", value)


@pytest.mark.parametrize(("value", "read"), [("true", True), ("TRUE", True), ("False", False), (" false ", False)])
def test_yes_and_no_are_understood(given, value, read):
    given(value)
    assert env.boolean("TRIED", default=not read) is read


@pytest.mark.parametrize("value", ["Ture", "yes", "1", "on", ""])
def test_what_is_neither_yes_nor_no_is_refused(given, value):
    given(value)
    with pytest.raises(ImproperlyConfigured, match="SCHOOLGATE_TRIED must be true or false"):
        env.boolean("TRIED", default=False)


@pytest.mark.parametrize("value", ["3", "10", " 7 "])
def test_a_whole_number_within_its_bounds_is_read(given, value):
    given(value)
    assert env.whole("TRIED", 5, least=3, most=10) == int(value)


@pytest.mark.parametrize("value", ["2", "11", "-4", "4.0", "four", "", "\u0664", "1e1", "9" * 20])
def test_any_other_number_is_refused(given, value):
    given(value)
    with pytest.raises(ImproperlyConfigured, match="SCHOOLGATE_TRIED must be a number from 3 to 10"):
        env.whole("TRIED", 5, least=3, most=10)


def test_a_list_is_parted_by_commas(given):
    given(" gate.example.org, ,10.0.0.4,")
    assert env.words("TRIED", "") == ["gate.example.org", "10.0.0.4"]


def test_a_folder_is_absolute(given, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    given("school/../here")
    assert env.folder("TRIED", Path("elsewhere")) == tmp_path / "here"


def test_a_secret_comes_from_the_environment_first_then_from_its_file(given, tmp_path):
    file = tmp_path / "secret"
    assert env.secret("TRIED", file) == ""
    file.write_text("from the file\n")
    assert env.secret("TRIED", file) == "from the file"
    given("from outside")
    assert env.secret("TRIED", file) == "from outside"


def test_what_is_not_given_has_its_default(monkeypatch):
    monkeypatch.delenv("SCHOOLGATE_TRIED", raising=False)
    assert env.text("TRIED", "as ever") == "as ever"
    assert env.boolean("TRIED", default=True) is True
    assert env.whole("TRIED", 5, least=3, most=10) == 5


def test_the_page_lists_every_setting_with_its_default_and_no_other():
    asked = {}
    for call in ast.walk(ast.parse(Path(settings.__file__).read_text())):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in READERS:
            name, default = call.args[0], call.args[1]
            assert isinstance(name, ast.Constant)
            asked[f"SCHOOLGATE_{name.value}"] = default.value if isinstance(default, ast.Constant) else None
    rows = re.findall(r"(?m)^\| `(SCHOOLGATE_\w+)` \| .+ \| (.+?) \| .+ \|$", PAGE.read_text())
    assert {name for name, _ in rows} == set(asked)
    assert len(rows) == len(asked)
    for name, default in rows:
        if asked[name] is not None:
            assert default == (f"`{asked[name]}`" if asked[name] else "none"), name
