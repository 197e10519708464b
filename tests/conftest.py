"""What every test that needs a school shares: its own folder, a real database file, and the cast."""

import importlib
import os

import pytest

from cast import NOON, Cast, larkfield


def pytest_configure(config):
    """Give the site a secret; a school's own comes from its folder."""
    from django.conf import settings

    settings.SECRET_KEY = "only for tests, and the same in each of them"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """In CI nothing is passed over: a test that cannot run there has failed."""
    report = yield
    if os.environ.get("CI") and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome, report.longrepr = "failed", f"CI never skips: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory):
    """Use a database file: what threads and locks do is then what they do at a school."""
    from django.conf import settings

    name = tmp_path_factory.mktemp("database") / "test.sqlite3"
    settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = str(name)


@pytest.fixture(autouse=True)
def school_folder(tmp_path, settings):
    """Give each test a school's folder of its own: keys, board, ledger head."""
    folder = tmp_path / "school"
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher"
    ]  # quick: a strong one is slow by design
    settings.DATA_DIR = folder
    settings.KEYS_DIR = folder / "keys"
    settings.BOARD_FILE = folder / "gate" / "board"
    settings.RELEASES_DIR = folder / "gate" / "releases"
    settings.LISTS_DIR = folder / "gate" / "lists"
    settings.SPOOL_DIR = folder / "gate" / "spool"
    settings.GATE_POLICY_FILE = folder / "gate" / "policy.toml"
    return folder


# Tables that refuse to be emptied, by the migration that makes their triggers; those that point at others first.
EVIDENCE = {
    "schoolgate.concerns.migrations.0002_refuse_changes": (
        "DELETE FROM concerns_entry",
        "DELETE FROM concerns_involved",
    ),
    "schoolgate.monitoring.migrations.0002_refuse_changes": ("DELETE FROM monitoring_alertstep",),
    "schoolgate.assurance.migrations.0002_evidence_is_append_only": ("DELETE FROM assurance_evidence",),
    "schoolgate.ledger.migrations.0002_refuse_changes": ("DELETE FROM ledger_entry",),
}


@pytest.fixture(autouse=True)
def _evidence_can_be_emptied(request):
    """Lift the triggers of evidence while a transactional test empties its tables, and put them back."""
    uses = {"transactional_db", "live_server"} & set(request.fixturenames)
    marker = request.node.get_closest_marker("django_db")
    if not uses and not (marker and marker.kwargs.get("transaction")):
        yield
        return
    request.getfixturevalue("transactional_db")
    from django.db import connection

    yield
    with connection.cursor() as cursor:
        for name, emptied in EVIDENCE.items():
            triggers = importlib.import_module(name)
            cursor.connection.executescript(triggers.DROP)
            for statement in emptied:
                cursor.execute(statement)
            cursor.connection.executescript(triggers.MAKE)


@pytest.fixture
def now():
    return NOON


@pytest.fixture
def larks(db) -> Cast:
    """Larkfield Primary School with the cast in it."""
    return larkfield(NOON)
