"""Publishing the board of standing: how a change reaches the gates."""

import fcntl
from datetime import datetime
from functools import partial
from pathlib import Path

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import transaction
from django.db.models import F

from schoolgate.access import queries, rules
from schoolgate.access.models import BoardSerial
from schoolgate.gate import board as boards
from schoolgate.gate import keys
from schoolgate.gate.core.who import Board
from schoolgate.kernel.errors import Malformed, Refused

log = structlog.get_logger()


def gate_keys() -> Path:
    """Where the pair of keys lies whose public half the gates hold."""
    folder: Path = settings.KEYS_DIR / "gate"
    return folder


def publish_board(now: datetime) -> int:
    """Compute everybody's standing at *now* and put the board where the gates read it, after commit.

    Called by each service that changes standing, and every hour by whoever
    keeps the school running, because grants are leases (`rules.LEASE`).

    Returns:
        The serial of the board.

    Raises:
        OSError: if it cannot be written. What was decided stands in the
            register, and the gates close at the end of the old board's leases.
    """
    with transaction.atomic():
        BoardSerial.objects.get_or_create(pk=1)
        BoardSerial.objects.filter(pk=1).update(serial=F("serial") + 1)
        # Above what is published, too: a register that was put back from a backup counts from an older number, and no
        # gate would take its boards, with whatever they withdraw, until the leases of the newer one end.
        serial = max(BoardSerial.objects.get(pk=1).serial, _published_serial() + 1)
        BoardSerial.objects.filter(pk=1).update(serial=serial)
        board = rules.board(serial, now, queries.register(now))
        transaction.on_commit(partial(_put_in_place, board))
    return serial


def publish_after_commit(now: datetime) -> None:
    """Have the board published when the transaction around us has been committed."""
    transaction.on_commit(partial(publish_board, now))


def published_board() -> Board:
    """Read the board as a gate does: from its file, with the public key.

    Raises:
        FileNotFoundError: if none has been published.
        Refused: if there is no public key.
        Malformed: if the board is damaged or was sealed with another key.
    """
    return boards.from_bytes(settings.BOARD_FILE.read_bytes(), keys.public_key(gate_keys()))


def _put_in_place(board: Board) -> None:
    """Write *board*, unless another process has written a later one: serials only grow on disk, too."""
    path: Path = settings.BOARD_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_name(f"{path.name}.lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        key = _key()
        if _published_serial() >= board.serial:
            log.info("a later board is published already", serial=board.serial)
            return
        boards.publish(board, path, key)
    log.info("board published", serial=board.serial, n_grants=len(board.grants))


def _published_serial() -> int:
    """The serial of the board on disk; 0 when there is none that a gate would take."""
    try:
        return published_board().serial
    except (FileNotFoundError, Refused, Malformed):
        return 0


def _key() -> Ed25519PrivateKey:
    try:
        return keys.private_key(gate_keys())
    except Refused:
        return keys.create(gate_keys())
