"""The board of standing as a sealed file: how the centre tells every gate who may pass.

One JSON object after one line with its seal. It is written whole beside the
old one and put in its place in one step, so a gate reads the old board or the
new one, never half of one.
"""

import base64
import binascii
import json
import os
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from schoolgate.gate.core.who import Board, Device, Grant, Session
from schoolgate.kernel.errors import Malformed
from schoolgate.kernel.seal import is_sealed, seal

PURPOSE = "board"


def to_bytes(board: Board, key: Ed25519PrivateKey) -> bytes:
    """Return the sealed file."""
    body = json.dumps(asdict(board), default=_plain, separators=(",", ":"), sort_keys=True).encode()
    return base64.b64encode(seal(PURPOSE, body, key)) + b"\n" + body


def from_bytes(data: bytes, key: Ed25519PublicKey) -> Board:
    """Read a sealed board.

    Raises:
        Malformed: if it is damaged, was sealed with another key, or is not a board.
    """
    head, _, body = data.partition(b"\n")
    try:
        signature = base64.b64decode(head, validate=True)
    except binascii.Error as error:
        raise Malformed("the board has no seal") from error
    if not is_sealed(PURPOSE, body, signature, key):
        raise Malformed("the board's seal does not match: it is damaged, or another key made it")
    try:
        record: dict[str, Any] = json.loads(body)
        return Board(
            serial=int(record["serial"]),
            issued_at=datetime.fromisoformat(record["issued_at"]),
            grants={person: Grant(**_until(grant)) for person, grant in record["grants"].items()},
            devices={address: Device(**device) for address, device in record["devices"].items()},
            sessions={address: Session(**_until(session)) for address, session in record["sessions"].items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Malformed("the board is sealed but not a board: was it made by another version?") from error


def publish(board: Board, path: Path, key: Ed25519PrivateKey) -> None:
    """Put *board* in place of the one at *path*, in one step and surely on disk."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    path.parent.mkdir(parents=True, exist_ok=True)
    with draft.open("wb") as file:
        file.write(to_bytes(board, key))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _until(record: dict[str, Any]) -> dict[str, Any]:
    until = record["until"]
    return record | {"until": None if until is None else datetime.fromisoformat(until)}


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"not for a board: {value!r}")
