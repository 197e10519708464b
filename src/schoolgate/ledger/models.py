"""The record of who did what. Rows are written once and never again.

Three walls stand before a change: this model refuses it, database triggers
refuse it (migration 0002), and the chain of hashes and seals shows it.
"""

import json
from typing import Any, NoReturn

from django.db import models
from django.db.models import Q


class AppendOnly(Exception):
    """Something tried to change or remove a row of the ledger: a bug of ours."""


class Entries(models.QuerySet["Entry"]):
    """Entries, without the ways to change or remove many at once."""

    def update(self, **_values: Any) -> NoReturn:
        """Refuse: entries are never changed."""
        raise AppendOnly("the ledger is never updated; record a new entry")

    def delete(self) -> NoReturn:
        """Refuse: entries are never removed."""
        raise AppendOnly("the ledger is never deleted from")

    def bulk_update(self, *_args: Any, **_values: Any) -> NoReturn:
        """Refuse: entries are never changed."""
        raise AppendOnly("the ledger is never updated; record a new entry")


class Entry(models.Model):
    """One thing that somebody did.

    `chain.py` says what is hashed and sealed. `by` is the id of a person and
    no foreign key: the record outlives what it speaks of, and stands alone
    when it is exported.
    """

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    action = models.CharField(max_length=100, db_index=True)
    by = models.UUIDField(null=True, blank=True, db_index=True)
    about = models.CharField(max_length=200, blank=True, db_index=True)
    said_json = models.TextField(db_column="said")
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)
    seal = models.CharField(max_length=88)

    objects = Entries.as_manager()

    class Meta:
        ordering = ["seq"]
        constraints = [
            models.CheckConstraint(condition=Q(seq__gte=1), name="entry_seq_from_one"),
            models.CheckConstraint(condition=~Q(action=""), name="entry_has_action"),
        ]

    def __str__(self) -> str:
        return f"{self.seq}: {self.action}"

    def save(self, **options: Any) -> None:
        """Insert a new entry; refuse to write an old one again."""
        if not self._state.adding:
            raise AppendOnly("the ledger is never updated; record a new entry")
        super().save(**(options | {"force_insert": True}))

    def delete(self, *_args: Any, **_options: Any) -> NoReturn:
        """Refuse: entries are never removed."""
        raise AppendOnly("the ledger is never deleted from")

    @property
    def said(self) -> dict[str, Any]:
        """The facts of the entry."""
        facts: dict[str, Any] = json.loads(self.said_json)
        return facts


class Turn(models.Model):
    """One row, locked by whoever appends next.

    SQLite lets one transaction write at a time and needs no more. On other
    databases this lock keeps two writers from following the same entry.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="turn_is_one")]

    def __str__(self) -> str:
        return "the turn"
