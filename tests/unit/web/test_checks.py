"""Each system check: the thing is broken, and the check says so with a way out. Then the page that lists them."""

import re
from pathlib import Path

import pytest
from django.core import checks as django_checks

from schoolgate.web import checks

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "checks.md"
SECRET = "a secret of these tests, long enough to be one"


def found() -> set[str]:
    """What all checks say, by id; each with a hint."""
    messages = [message for check in checks.CHECKS for message in check(app_configs=None)]
    assert all(message.hint for message in messages)
    return {message.id for message in messages}


@pytest.fixture(autouse=True)
def sound(school_folder, settings, tmp_path, monkeypatch):
    """A set-up with which nothing is wrong."""
    built = tmp_path / "built"
    for folder in (built, school_folder / "keys" / "gate"):
        folder.mkdir(parents=True)
    for name in checks.BUILT:
        (built / name).touch()
    for path in (school_folder / "school.sqlite3", school_folder / "keys" / "gate" / "seal.key"):
        path.touch(0o600)
    (school_folder / "keys").chmod(0o700)
    settings.STATICFILES_DIRS = [built]
    monkeypatch.setitem(settings.DATABASES["default"], "NAME", school_folder / "school.sqlite3")
    settings.SECRET_KEY = SECRET
    settings.SITE_ADDRESS = "https://gate.example.org"
    settings.ALLOWED_HOSTS = ["gate.example.org", "10.20.0.4", "127.0.0.1", "localhost", "[::1]"]
    for number, name in enumerate(checks.PHONES):
        setattr(settings, name, f"01632 96000{number}")
    return settings


def test_nothing_is_said_of_a_sound_set_up():
    assert found() == set()


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("SECRET_KEY", "", "E001"),
        ("SECRET_KEY", "x" * 31, "E002"),
        ("SITE_ADDRESS", "gate.example.org", "E006"),
        ("SITE_ADDRESS", "ftp://gate.example.org", "E006"),
        ("SITE_ADDRESS", "https://", "E006"),
        ("SITE_ADDRESS", "http://[", "E006"),
        ("SITE_ADDRESS", "http://gate.example.org", "W001"),
        ("SITE_ADDRESS", "http://10.20.0.4:8000", "W001"),
        ("ALLOWED_HOSTS", [], "E007"),
        ("ALLOWED_HOSTS", ["gate.example.org", "*"], "E008"),
        ("ALLOWED_HOSTS", ["other.example.org"], "E011"),
        ("TIME_ZONE", "Europe/Larkfield", "E009"),
        ("TIME_ZONE", "", "E009"),
        ("SAFEGUARDING_PHONE", "", "W002"),
        ("SOCIAL_CARE_PHONE", "", "W002"),
        ("CHAIR_PHONE", "", "W002"),
    ],
)
def test_a_wrong_setting_is_found(monkeypatch, name, value, expected):
    from django.conf import settings

    monkeypatch.setitem(settings.__dict__, name, value)  # quietly: Django would act on a changed time zone at once
    assert found() == {f"schoolgate.{expected}"}


@pytest.mark.parametrize("address", ["http://127.0.0.1:8000", "http://localhost:8000", "http://[::1]:8000"])
def test_plain_http_is_fine_on_this_machine(sound, address):
    sound.SITE_ADDRESS = address
    assert found() == set()


def test_a_folder_that_cannot_be_written_is_found(sound, tmp_path):
    file = tmp_path / "a-file"
    file.touch()
    sound.DATA_DIR = file
    assert found() == {"schoolgate.E003"}
    sound.DATA_DIR = file / "below"
    assert found() == {"schoolgate.E003"}


def test_a_folder_that_is_yet_to_be_made_is_fine(sound, tmp_path):
    sound.DATA_DIR = tmp_path / "not" / "yet"
    assert found() == set()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_a_database_that_others_can_read_is_found(school_folder, mode):
    (school_folder / "school.sqlite3").chmod(mode)
    assert found() == {"schoolgate.E004"}


def test_a_folder_of_keys_that_others_can_read_is_found(school_folder):
    (school_folder / "keys").chmod(0o750)
    assert found() == {"schoolgate.E004"}


@pytest.mark.parametrize("name", ["gate/seal.key", "web.secret", "gate/ticket.secret"])
def test_a_key_that_others_can_read_is_found(school_folder, name):
    path = school_folder / "keys" / name
    path.touch()
    path.chmod(0o644)
    assert found() == {"schoolgate.E005"}


def test_a_public_key_may_be_read(school_folder):
    (school_folder / "keys" / "gate" / "seal.pub").touch(0o644)
    assert found() == set()


def test_styles_that_were_not_built_are_found(sound):
    (sound.STATICFILES_DIRS[0] / "schoolgate.css").unlink()
    assert found() == {"schoolgate.E010"}


def test_django_runs_all_of_them():
    assert set(checks.CHECKS) <= set(django_checks.registry.registry.get_checks())


def test_the_page_lists_every_check_and_no_other():
    source = Path(checks.__file__).read_text()
    kinds = {
        one: kind
        for kind, one in re.findall(r'(?s)yield (?:checks\.)?(Error|Warning)\(.*?id="schoolgate\.(\w+)"', source)
    }
    assert {one for one, kind in kinds.items() if kind == "Error"} == {one for one in kinds if one.startswith("E")}
    listed = re.findall(r"(?m)^\| `schoolgate\.([EW]\d{3})` \|", PAGE.read_text())
    assert listed == sorted(listed)
    assert set(listed) == set(kinds)
