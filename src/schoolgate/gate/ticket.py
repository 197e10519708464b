"""Tickets: how the gate sends a person to the portal, and how the portal knows which address they came from.

The portal may sit behind the gate or a router, so it cannot trust the address
that it sees itself. The gate writes address and wanted page into a ticket and
seals it with a secret that only gate and portal hold (HMAC-SHA256, RFC 2104).

A ticket says "someone at this address wants to sign in", no more. Whoever
signs in with it opens *that* address, so the portal shows which device it is.
"""

import base64
import binascii
import hashlib
import hmac
import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from schoolgate.kernel.errors import Malformed, Refused

SECRET_NAME = "ticket.secret"  # noqa: S105  # the name of a file, not a secret
VALID_FOR = timedelta(minutes=10)
# A clock of the portal that is behind the gate's by more than this is wrong; tickets from the future are not taken.
MAX_SKEW = timedelta(minutes=1)
MAX_BACK_CHARACTERS = 2000  # what every browser can open in an address bar
_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a ticket says.

    Attributes:
        address: the client's IP address as the gate saw it.
        back: the page to return to, or "" when it was too long to carry.
    """

    address: str
    back: str


def secret(folder: Path) -> bytes:
    """Return the secret of gate and portal, kept in the folder of keys. Made at first use, readable by its owner only.

    Raises:
        Malformed: if the file is there and is not a secret of ours.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / SECRET_NAME
    draft = folder / f"{SECRET_NAME}.{os.getpid()}.new"
    if not path.exists():
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(os.urandom(_SECRET_BYTES).hex().encode())
        try:
            os.link(draft, path)  # fails when another process was first: then theirs counts
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    try:
        key = bytes.fromhex(path.read_text("ascii").strip())
    except ValueError as error:
        raise Malformed(f"{path} is not a secret of ours", "remove it, and a new one is made") from error
    if len(key) != _SECRET_BYTES:
        raise Malformed(f"{path} is not a secret of ours", "remove it, and a new one is made")
    return key


def issue(address: str, back: str, now: datetime, key: bytes) -> str:
    """Return a ticket for whoever asks from *address* and wants *back*; safe in a query, about 200 characters."""
    if len(back) > MAX_BACK_CHARACTERS:
        back = ""
    body = json.dumps([address, back, int(now.timestamp())], separators=(",", ":")).encode()
    return f"{_text(body)}.{_text(_mac(body, key))}"


def read(text: str, now: datetime, key: bytes) -> Ticket:
    """Return what a ticket says.

    Raises:
        Malformed: if it is not a ticket of ours.
        Refused: if it is older than ten minutes.
    """
    body_text, _, mac_text = text.partition(".")
    try:
        body, mac = _bytes(body_text), _bytes(mac_text)
    except (binascii.Error, ValueError) as error:
        raise Malformed(f"not a ticket: {text[:80]!r}") from error
    if not hmac.compare_digest(mac, _mac(body, key)):
        raise Malformed(f"not a ticket of this gate: {text[:80]!r}")
    address, back, seconds = json.loads(body)
    age = now - datetime.fromtimestamp(seconds, UTC)
    if not -MAX_SKEW <= age < VALID_FOR:
        raise Refused("This sign-in link is too old", "Open any page, and the gate brings you here again")
    return Ticket(address, back)


def _mac(body: bytes, key: bytes) -> bytes:
    return hmac.new(key, b"schoolgate\0ticket\0" + body, hashlib.sha256).digest()


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
