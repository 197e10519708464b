"""The chain of entries: what is hashed, what is sealed, and what proves that nothing was touched. Pure.

The **body** of an entry is its canonical JSON: UTF-8, keys sorted, no spaces,
no escapes beyond what JSON needs, with the keys `about action at by previous
said seq`. Its **hash** is SHA-256 over the body, and `previous` inside the body
is the hash of the entry before, so each hash covers the whole past. Its
**seal** is an Ed25519 signature (RFC 8032) over `schoolgate NUL ledger NUL`
and the body.

The **head** says, under a seal of its own and outside the database, how far
the chain had come: a tail cut off leaves a perfect shorter chain, and only the
head tells.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from schoolgate.kernel.errors import Malformed
from schoolgate.kernel.seal import is_sealed, seal

PURPOSE = "ledger"
HEAD_PURPOSE = "ledger-head"
START = "0" * 64  # what the first entry follows


@dataclass(frozen=True, slots=True)
class Link:
    """One entry as it is stored.

    Attributes:
        seq: 1 for the first, then one more each.
        at: aware.
        action: what was done, in a few words.
        by: id of the person who did it, or "".
        about: what it was done to, or "".
        said: the facts, as canonical JSON text.
        previous: hash of the entry before, or `START`.
        hash: of this entry's body, 64 lower-case hex digits.
        seal: base64 of the signature of this entry's body.
    """

    seq: int
    at: datetime
    action: str
    by: str
    about: str
    said: str
    previous: str
    hash: str
    seal: str


@dataclass(frozen=True, slots=True)
class Head:
    """How far the chain has come."""

    seq: int
    hash: str


NOTHING = Head(0, START)  # the head of a ledger without entries


@dataclass(frozen=True, slots=True)
class Verification:
    """What a check of the whole chain found.

    Attributes:
        ok: nothing was changed, removed, added, put elsewhere or cut off.
        count: how many entries stand, counted up to the first bad one.
        first_bad_seq: where the chain breaks first, or None. After a cut it
            is the first that is missing.
        why: what is wrong there, in words; "" when all is well.
    """

    ok: bool
    count: int
    first_bad_seq: int | None
    why: str


def canonical(facts: Mapping[str, Any]) -> str:
    """Return the one JSON text of *facts*.

    Raises:
        TypeError, ValueError: if something in them is not plain JSON.
    """
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def body(link: Link) -> bytes:
    """Return the bytes of *link* that are hashed and sealed.

    Raises:
        ValueError: if the stored facts are not JSON.
    """
    return canonical(
        {
            "about": link.about,
            "action": link.action,
            "at": link.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "by": link.by,
            "previous": link.previous,
            "said": json.loads(link.said),
            "seq": link.seq,
        }
    ).encode()


def link(
    last: Head | None,
    *,
    at: datetime,
    action: str,
    by: str,
    about: str,
    said: Mapping[str, Any],
    key: Ed25519PrivateKey,
) -> Link:
    """Return the entry that follows *last*, hashed and sealed.

    Raises:
        TypeError, ValueError: if *said* is not plain JSON or *at* has no time zone.
    """
    if at.tzinfo is None:
        raise ValueError(f"an entry needs a time with its zone, got {at!r}")
    seq, previous = (1, START) if last is None else (last.seq + 1, last.hash)
    bare = Link(seq, at, action, by, about, canonical(said), previous, "", "")
    data = body(bare)
    signature = base64.b64encode(seal(PURPOSE, data, key)).decode()
    return Link(seq, at, action, by, about, bare.said, previous, hashlib.sha256(data).hexdigest(), signature)


def verify(links: Iterable[Link], key: Ed25519PublicKey, head: Head | None, after: Head = NOTHING) -> Verification:
    """Check the chain, in the order in which it is stored, and stop at the first fault.

    The head may lag behind the chain (it is written after the entries), never
    be ahead of it. Entries without a head are a fault.

    Args:
        links: every entry that follows *after*.
        key: the public half of the key that seals.
        head: how far the chain had come, as sealed outside the database.
        after: where to begin. What stands before is taken on trust.
    """
    count, previous = after.seq, after.hash
    for entry in links:
        why = _fault(entry, count + 1, previous, key)
        if not why and head is not None and entry.seq == head.seq and entry.hash != head.hash:
            why = "it is not the entry that the head was sealed for: the chain was made again from here or before"
        if why:
            return Verification(False, count, min(entry.seq, count + 1) if entry.seq > 0 else count + 1, why)
        count, previous = count + 1, entry.hash
    if head is None and count:
        return Verification(
            False, count, count, "the sealed head is missing, so nobody can tell whether the end was cut"
        )
    if head is not None and head.seq > count:
        return Verification(False, count, count + 1, f"the end was cut: the head was sealed at entry {head.seq}")
    return Verification(True, count, None, "")


def _fault(entry: Link, expected: int, previous: str, key: Ed25519PublicKey) -> str:
    """Return what is wrong with one entry in its place, or "" when nothing is."""
    if entry.seq != expected:
        return f"entry {expected} is missing, or stands in another place"
    try:
        data = body(entry)
        stored_as_sealed = canonical(json.loads(entry.said)) == entry.said
        signature = base64.b64decode(entry.seal, validate=True)
    except (ValueError, TypeError, OverflowError, RecursionError):
        return "it was changed: it can no longer be read"
    if hashlib.sha256(data).hexdigest() != entry.hash or not stored_as_sealed:
        return "it was changed: its content does not match its hash"
    if base64.b64encode(signature).decode() != entry.seal or not is_sealed(PURPOSE, data, signature, key):
        return "its seal was changed, or was made with another key"
    if entry.previous != previous:
        return "it does not follow the entry before it"
    return ""


def to_line(entry: Link) -> str:
    """Return the line of an export: the body as text, its hash and its seal. A body that cannot be made is null."""
    try:
        text = body(entry).decode()
    except (ValueError, OverflowError):
        text = None
    return canonical({"body": text, "hash": entry.hash, "seal": entry.seal, "seq": entry.seq})


def head_to_bytes(head: Head, key: Ed25519PrivateKey) -> bytes:
    """Return the sealed head file: its seal, a line feed, its JSON."""
    data = canonical({"hash": head.hash, "seq": head.seq}).encode()
    return base64.b64encode(seal(HEAD_PURPOSE, data, key)) + b"\n" + data


def head_from_bytes(data: bytes, key: Ed25519PublicKey) -> Head:
    """Read a sealed head.

    Raises:
        Malformed: if it is damaged or was sealed with another key.
    """
    first, _, text = data.partition(b"\n")
    try:
        signature = base64.b64decode(first, validate=True)
    except binascii.Error as error:
        raise Malformed("the head of the ledger has no seal") from error
    if not is_sealed(HEAD_PURPOSE, text, signature, key):
        raise Malformed("the head of the ledger is damaged, or another key made it")
    record = json.loads(text)
    return Head(seq=record["seq"], hash=record["hash"])
