"""The one way to write to the ledger."""

import fcntl
import os
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import connection, transaction

from schoolgate.gate import keys
from schoolgate.kernel.errors import Malformed, Refused
from schoolgate.ledger import chain
from schoolgate.ledger.models import Entry, Turn

log = structlog.get_logger()


class Actor(Protocol):
    """Whoever does something: a person of `people`, which stands above this package."""

    @property
    def id(self) -> UUID: ...


def record(action: str, *, by: Actor | None, about: str, at: datetime, said: dict[str, Any]) -> Entry:
    """Append an entry to the ledger, in the caller's transaction: both stand, or neither.

    Keep *said* short and free of what is private: ids, counts and versions
    are enough to find the rest.

    Args:
        action: what was done, as a past tense: "signed agreement".
        by: who did it; None when the system did.
        about: what it was done to, such as "person:0f…".
        at: aware.
        said: the facts, as plain JSON.

    Raises:
        RuntimeError: if there is no transaction.
        Refused: if the ledger has entries but its key is gone.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an entry belongs into the transaction of the act that it records")
    Turn.objects.select_for_update().get_or_create(pk=1)
    newest = Entry.objects.order_by("-seq").values_list("seq", "hash").first()
    last = None if newest is None else chain.Head(*newest)
    key = _key() if last else _first_key()
    link = chain.link(last, at=at, action=action, by=str(by.id) if by else "", about=about, said=said, key=key)
    entry = Entry(
        seq=link.seq,
        at=link.at,
        action=link.action,
        by=by.id if by else None,
        about=link.about,
        said_json=link.said,
        previous=link.previous,
        hash=link.hash,
        seal=link.seal,
    )
    entry.save()
    transaction.on_commit(partial(move_head, chain.Head(link.seq, link.hash), key))
    return entry


def record_read(what: str, by: Actor | None, about: str, at: datetime, why: str = "") -> Entry:
    """Record that somebody looked at something sensitive, in a transaction of its own if there is none."""
    with transaction.atomic():
        return record(f"read {what}", by=by, about=about, at=at, said={"why": why} if why else {})


def key_folder() -> Path:
    """Where the ledger's pair of keys lies."""
    folder: Path = settings.KEYS_DIR / "ledger"
    return folder


def head_file() -> Path:
    """Where the sealed head lies: beside the database, not in it."""
    path: Path = settings.DATA_DIR / "ledger" / "head"
    return path


def move_head(head: chain.Head, key: Ed25519PrivateKey) -> None:
    """Seal *head* into its file, unless another process has gone further already.

    A head that is missing or damaged is left so: writing a new one would hide
    what somebody did to it. `ledger verify` says it.
    """
    path = head_file()
    with path.with_name("head.lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            current = chain.head_from_bytes(path.read_bytes(), key.public_key())
        except (FileNotFoundError, Malformed) as error:
            log.error("the ledger's head cannot be moved", seq=head.seq, error=type(error).__name__)
            return
        if current.seq < head.seq:
            _write_head(head, key)


def _write_head(head: chain.Head, key: Ed25519PrivateKey) -> None:
    path = head_file()
    draft = path.with_name("head.new")
    with draft.open("wb") as file:
        file.write(chain.head_to_bytes(head, key))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _first_key() -> Ed25519PrivateKey:
    """Return the key for the first entry of all, and make it and an empty head if the ledger is new."""
    folder = key_folder()
    if (folder / keys.PRIVATE_NAME).exists():
        return _key()
    key = keys.create(folder)
    head_file().parent.mkdir(parents=True, exist_ok=True)
    _write_head(chain.NOTHING, key)
    return key


def _key() -> Ed25519PrivateKey:
    try:
        return keys.private_key(key_folder())
    except Refused as refusal:
        raise Refused(
            f"the ledger cannot be written: {refusal}", "put its key back from the backup; a new one cannot continue it"
        ) from None
