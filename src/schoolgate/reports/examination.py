"""Is everything there, and does it run? What `schoolgate doctor` finds, and what to do about it."""

import shutil
import stat
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import DatabaseError

from schoolgate.access.services import published_board
from schoolgate.filtering import queries as filtering
from schoolgate.gate import keys
from schoolgate.kernel.errors import Malformed, Refused
from schoolgate.ledger import queries as ledger
from schoolgate.monitoring import queries as monitoring
from schoolgate.monitoring.rules import BEAT_MISSED_AFTER

LEAST_FREE_BYTES = 1024**3
BOARD_STALE = timedelta(hours=2)  # it is published at least every hour
LISTS_OLD = timedelta(days=30)


class State(StrEnum):
    """How one thing is."""

    WELL = "well"
    CARE = "needs care"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one thing.

    Attributes:
        what: the thing, in a few words.
        state: how it is.
        words: what was seen.
        hint: what to do next; "" when all is well.
    """

    what: str
    state: State
    words: str
    hint: str = ""


def examine(now: datetime, names: Collection[str] = ()) -> Iterator[Finding]:
    """Look at everything that a school's folder needs, one thing after another.

    A thing that cannot be looked at is wrong, never well; it does not keep
    the others from being looked at.

    Args:
        now: aware.
        names: what to look at; everything when empty.
    """
    looks: dict[str, Callable[[], Finding]] = {
        "database": _database,
        "keys": _keys,
        "disk": _disk,
        "ledger": _ledger,
        "release": _release,
        "lists": partial(_lists, now),
        "board of standing": partial(_board, now),
        "gate": partial(_gate, now),
        "watch": partial(_watch, now),
    }
    for what in names or looks:
        try:
            yield looks[what]()
        except (Refused, Malformed) as error:
            yield Finding(what, State.WRONG, str(error), error.hint)
        except FileNotFoundError as error:
            yield Finding(what, State.WRONG, f"{error.filename} is not there", "`schoolgate up` makes what is missing")
        except (OSError, DatabaseError) as error:
            yield Finding(what, State.WRONG, f"it could not be looked at ({type(error).__name__})", "see the logs")


def _database() -> Finding:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        return Finding("database", State.WRONG, f"{len(waiting)} changes wait", "run `schoolgate manage migrate`")
    return Finding("database", State.WELL, f"{connection.vendor}, up to date")


def _keys() -> Finding:
    for folder in ("gate", "ledger"):
        keys.private_key(settings.KEYS_DIR / folder)
        mode = (settings.KEYS_DIR / folder / keys.PRIVATE_NAME).stat().st_mode
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            path = settings.KEYS_DIR / folder / keys.PRIVATE_NAME
            return Finding("keys", State.WRONG, f"others can read {path}", f"run `chmod 600 {path}`")
    return Finding("keys", State.WELL, "the gate's and the ledger's, readable by their owner only")


def _disk() -> Finding:
    free = shutil.disk_usage(settings.DATA_DIR).free
    words = f"{free / 1024**3:.1f} GB free"
    if free < LEAST_FREE_BYTES:
        return Finding("disk", State.CARE, words, "make room: what cannot be recorded is blocked")
    return Finding("disk", State.WELL, words)


def _ledger() -> Finding:
    found = ledger.verification()
    if found.ok:
        return Finding("ledger", State.WELL, f"{found.count} entries, each sealed and in its place")
    return Finding(
        "ledger",
        State.WRONG,
        f"damaged at entry {found.first_bad_seq}: {found.why}",
        "keep the folder as it is, and tell the head",
    )


def _release() -> Finding:
    release = filtering.current_release()
    last = filtering.last_publication()
    if last is not None and last.why_not:
        return Finding(
            "release",
            State.CARE,
            f"{release.id} is in force; a newer one could not be built: {last.why_not}",
            "correct that, then build again on the gate page",
        )
    return Finding("release", State.WELL, f"{release.id} is in force")


def _lists(now: datetime) -> Finding:
    aged = filtering.lists_in_force(filtering.current_release(), now)
    if not aged:
        return Finding("lists", State.CARE, "the release holds no lists", "`schoolgate lists import` brings some in")
    oldest = aged[0]
    words = f"{len(aged)}; the oldest, {oldest.listed.name}, is {oldest.age.days} days old"
    if oldest.age > LISTS_OLD:
        return Finding("lists", State.CARE, words, "import newer ones and build the release again")
    return Finding("lists", State.WELL, words)


def _board(now: datetime) -> Finding:
    board = published_board()
    age = now - board.issued_at
    words = f"number {board.serial}, published {age.total_seconds() / 60:.0f} minutes ago"
    if age > BOARD_STALE:
        return Finding("board of standing", State.WRONG, words, "start the watch: it publishes the board every hour")
    return Finding("board of standing", State.WELL, words)


def _gate(now: datetime) -> Finding:
    workers = filtering.workers(now)
    well = [worker for worker in workers if worker.is_well]
    words = f"{len(well)} of {len(workers)} workers are well"
    if not well:
        if workers and all(worker.status.faults for worker in workers):
            return Finding("gate", State.WRONG, words, "it blocks everything until what is wrong above is mended")
        return Finding("gate", State.WRONG, words if workers else "it is not running", "start it with `schoolgate up`")
    if len(well) < len(workers):
        return Finding("gate", State.CARE, words, "look at the gate page")
    return Finding("gate", State.WELL, words)


def _watch(now: datetime) -> Finding:
    path = monitoring.path(now)
    if path.beat_at is None or now - path.beat_at > BEAT_MISSED_AFTER:
        return Finding(
            "watch", State.WRONG, "it is not running: nobody is told of anything", "start it with `schoolgate up`"
        )
    if path.damaged:
        return Finding(
            "watch", State.CARE, f"{path.damaged} lines of the spool could not be read", "look at the watch's log"
        )
    return Finding("watch", State.WELL, "it reads what the gate records")
