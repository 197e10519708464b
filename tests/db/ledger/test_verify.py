"""Whoever gets past the walls and changes the stored ledger is seen, and where.

The triggers are dropped first: these tests are about what the chain shows when
somebody works on the file itself.
"""

import importlib
import json
import threading

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schoolgate.cli.commands import ledger as command
from schoolgate.ledger import queries, services
from schoolgate.ledger.models import Entry

COLUMNS = ("at", "action", "by", "about", "said", "previous", "hash", "seal")


@pytest.fixture
def five(larks, now, django_capture_on_commit_callbacks):
    """The five entries of the agreements and five more, with the triggers out of the way."""
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        for number in range(5):
            services.record("looked", by=larks.ben, about=f"thing:{number}", at=now, said={"né": [number, None, "x"]})
    with connection.cursor() as cursor:
        for statement in importlib.import_module("schoolgate.ledger.migrations.0002_refuse_changes").DROP.split(";"):
            cursor.execute(statement)
    assert queries.verification().ok
    return list(Entry.objects.order_by("seq"))


@pytest.mark.usefixtures("five")
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seq=st.integers(6, 10), column=st.sampled_from(COLUMNS), place=st.integers(0, 500), bit=st.integers(0, 7))
def test_any_bit_flipped_in_any_column_is_seen_at_its_entry(seq, column, place, bit):
    outside = transaction.savepoint()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT CAST({column} AS BLOB) FROM ledger_entry WHERE seq = %s", [seq])
        data = bytearray(cursor.fetchone()[0])
        data[place % len(data)] ^= 1 << bit
        cursor.execute(f"UPDATE ledger_entry SET {column} = CAST(%s AS TEXT) WHERE seq = %s", [bytes(data), seq])
    found = queries.verification()
    transaction.savepoint_rollback(outside)
    assert (found.ok, found.first_bad_seq, found.count) == (False, seq, seq - 1)


@pytest.mark.parametrize(
    ("statement", "first_bad"),
    [
        ("DELETE FROM ledger_entry WHERE seq = 8", 8),  # one removed from the middle
        ("DELETE FROM ledger_entry WHERE seq = 10", 10),  # the last one
        ("DELETE FROM ledger_entry WHERE seq > 6", 7),  # the tail cut
        ("DELETE FROM ledger_entry", 1),  # everything
        ("UPDATE ledger_entry SET seq = seq - 1 WHERE seq = 10", 9),  # moved, after the next is gone
        ("UPDATE ledger_entry SET seq = 100 - seq", 1),  # all turned round
    ],
)
def test_an_entry_removed_moved_or_cut_off_is_seen(five, statement, first_bad):
    with connection.cursor() as cursor:
        if "seq - 1" in statement:
            cursor.execute("DELETE FROM ledger_entry WHERE seq = 9")
        cursor.execute(statement)
    found = queries.verification()
    assert (found.ok, found.first_bad_seq) == (False, first_bad)


def test_a_look_at_the_end_alone_sees_the_end_alone(five):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_entry SET about = 'x' WHERE seq = 7")
    assert queries.verification(newest=3).ok
    assert queries.verification(newest=4).first_bad_seq == 7
    assert queries.verification(newest=400).first_bad_seq == 7


def test_a_head_that_is_gone_is_seen_and_not_made_anew(five, larks, now, django_capture_on_commit_callbacks):
    services.head_file().unlink()
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        services.record("looked", by=None, about="", at=now, said={})
    assert "head is missing" in queries.verification().why


def test_a_ledger_that_was_emptied_together_with_its_head_is_seen(five):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM ledger_entry")
    services.head_file().unlink()
    found = queries.verification()
    assert (found.ok, found.count, found.first_bad_seq) == (False, 0, 1)


@pytest.mark.parametrize("is_json", [True, False])
def test_an_entry_whose_moment_is_none_is_named(five, capsys, is_json):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_entry SET at = 'noon' WHERE seq = 7")
    assert command._verify(is_json=is_json) == 1
    said = capsys.readouterr().out
    assert '"seq": 7' in said if is_json else "damaged at entry 7" in said


def test_a_head_that_lags_behind_is_no_fault(five, now):
    with transaction.atomic():
        services.record("looked", by=None, about="", at=now, said={})  # its head is never written: no commit here
    assert queries.verification().ok


def test_the_command_names_the_first_damaged_entry(five, capsys):
    assert command._verify(is_json=False) == 0
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_entry SET about = 'thing:9' WHERE seq = 7")
    capsys.readouterr()
    assert command._verify(is_json=True) == 1
    said = json.loads(capsys.readouterr().out)
    assert said["first_damaged"] == {
        "seq": 7,
        "at": five[6].at.isoformat(),
        "action": "looked",
        "why": "it was changed: its content does not match its hash",
    }
    assert command._verify(is_json=False) == 1
    assert "damaged at entry 7 (looked, 23 November 2026" in capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
def test_many_writers_at_once_keep_one_chain(now):
    start = threading.Barrier(4)

    def write():
        start.wait()
        for number in range(8):
            with transaction.atomic():
                services.record("wrote", by=None, about="", at=now, said={"number": number})
        connection.close()

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert queries.verification() == type(queries.verification())(True, 32, None, "")
