"""Appending to the ledger for real: database, key, head file."""

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from cast import person
from schoolgate.gate import keys
from schoolgate.kernel.errors import Refused
from schoolgate.ledger import chain, queries, services
from schoolgate.ledger.models import AppendOnly, Entry
from schoolgate.people.rules import Role


@pytest.fixture
def ben(db, now):
    return person("Ben", "Brook", Role.TEACHER, now.date())


@pytest.fixture
def three(ben, now, django_capture_on_commit_callbacks):
    """Three entries, committed as far as the head goes."""
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        return [
            services.record(f"act {number}", by=ben, about="test:1", at=now, said={"number": number})
            for number in (1, 2, 3)
        ]


def test_a_chain_written_by_the_service_verifies(three):
    assert queries.verification() == chain.Verification(True, 3, None, "")


def test_an_entry_keeps_who_did_what_to_whom(three, ben, now):
    entry = Entry.objects.get(seq=2)
    assert (entry.action, entry.by, entry.about, entry.at, entry.said) == (
        "act 2",
        ben.id,
        "test:1",
        now,
        {"number": 2},
    )


def test_the_head_is_sealed_outside_the_database(three):
    head = chain.head_from_bytes(services.head_file().read_bytes(), keys.public_key(services.key_folder()))
    assert head == chain.Head(3, three[2].hash)


def test_without_a_transaction_nothing_is_recorded(transactional_db, now):
    with pytest.raises(RuntimeError, match="transaction"):
        services.record("act", by=None, about="", at=now, said={})
    assert not Entry.objects.exists()


def test_an_entry_whose_act_fails_is_not_there(db, now):
    def fail_after_recording():
        with transaction.atomic():
            services.record("act", by=None, about="", at=now, said={})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_after_recording()
    assert not Entry.objects.exists()


def test_a_lost_key_stops_the_writing_and_is_never_replaced(three, now):
    (services.key_folder() / keys.PRIVATE_NAME).unlink()
    with pytest.raises(Refused, match="cannot be written"):
        services.record("act 4", by=None, about="", at=now, said={})
    assert not (services.key_folder() / keys.PRIVATE_NAME).exists()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entry SET action = 'else' WHERE seq = 2",
        "DELETE FROM ledger_entry WHERE seq = 3",
        # REPLACE removes a row without firing the trigger that guards removal
        "INSERT OR REPLACE INTO ledger_entry SELECT seq, at, 'x', by, about, said, previous, hash, seal FROM ledger_entry",
        "INSERT OR REPLACE INTO ledger_entry SELECT 4, at, 'x', by, about, said, previous, hash, seal FROM ledger_entry",
    ],
)
def test_the_database_refuses_to_change_an_entry(three, statement):
    with pytest.raises(DatabaseError, match="the ledger"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert [entry.action for entry in Entry.objects.all()] == ["act 1", "act 2", "act 3"]


def test_the_model_refuses_to_change_an_entry(three):
    entry = Entry.objects.get(seq=1)
    for change in (
        entry.save,
        entry.delete,
        Entry.objects.all().delete,
        lambda: Entry.objects.update(action="else"),
        lambda: Entry.objects.bulk_update([entry], ["action"]),
    ):
        with pytest.raises(AppendOnly):
            change()
