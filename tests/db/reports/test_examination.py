"""What the doctor says: each thing is broken on purpose, and must not be called well."""

import sqlite3
from datetime import timedelta

import pytest
from django.db import connection, transaction

from schoolgate.access.services import publish_board
from schoolgate.ledger import services as ledger
from schoolgate.monitoring import services as monitoring
from schoolgate.reports.examination import State, examine


def state_of(what: str, now) -> State:
    return next(finding for finding in examine(now) if finding.what == what).state


@pytest.fixture
def school(transactional_db, now):
    """A school with keys, a ledger and a board, and no gate."""
    with transaction.atomic():
        ledger.record("began", by=None, about="school", at=now, said={})
    publish_board(now)


def test_a_school_without_a_gate_or_a_watch_is_told_so(school, now):
    found = {finding.what: finding for finding in examine(now)}
    assert found["gate"].state == found["watch"].state == found["release"].state == State.WRONG
    assert all(finding.hint for finding in found.values() if finding.state == State.WRONG)
    assert {what for what, finding in found.items() if finding.state == State.WELL} >= {"database", "keys", "ledger"}


def test_a_key_that_others_can_read_is_wrong(school, now, settings):
    assert state_of("keys", now) == State.WELL
    (settings.KEYS_DIR / "ledger" / "seal.key").chmod(0o644)
    assert state_of("keys", now) == State.WRONG


def test_a_board_that_nobody_renews_is_wrong(school, now):
    assert state_of("board of standing", now) == State.WELL
    assert state_of("board of standing", now + timedelta(hours=3)) == State.WRONG


def test_a_damaged_board_is_wrong(school, now, settings):
    settings.BOARD_FILE.write_bytes(settings.BOARD_FILE.read_bytes().replace(b'"serial":1', b'"serial":9'))
    assert state_of("board of standing", now) == State.WRONG


def test_a_changed_ledger_is_wrong(school, now):
    connection.close()
    with sqlite3.connect(connection.settings_dict["NAME"]) as raw:
        for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name='ledger_entry'"):
            raw.execute(f"DROP TRIGGER {name}")
        raw.execute("UPDATE ledger_entry SET action = 'ended'")
    raw.close()
    assert state_of("ledger", now) == State.WRONG


def test_a_watch_that_stopped_is_wrong(school, now):
    monitoring.beat(now)
    assert state_of("watch", now) == State.WELL
    assert state_of("watch", now + timedelta(minutes=5)) == State.WRONG
