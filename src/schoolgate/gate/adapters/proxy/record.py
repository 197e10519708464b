"""Turns rulings into activities in the spool, and counts them."""

import secrets
import time
from datetime import UTC, datetime

import structlog

from schoolgate.archive.spool import Writer
from schoolgate.gate.adapters.proxy.judge import Ruling
from schoolgate.kernel.activity import Activity

log = structlog.get_logger()


class Recorder:
    """Writes what one worker does.

    Attributes:
        n_allowed: recorded and allowed.
        n_blocked: recorded and blocked.
        n_unrecorded: what could not be recorded, and so was not carried out.
        is_failing: whether the last activity could not be recorded.
    """

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._run = secrets.token_hex(4)
        self._n = 0
        self.n_allowed = 0
        self.n_blocked = 0
        self.n_unrecorded = 0
        self.is_failing = False

    def record(self, ruling: Ruling, method: str, url: str, asker: str) -> bool:
        """Write one activity; tell whether it is written. What is not written must not be carried out."""
        self._n += 1
        nanoseconds = time.time_ns()
        standing = ruling.standing
        activity = Activity(
            id=f"{nanoseconds // 1000:014x}-{self._run}-{self._n:x}",
            at=datetime.fromtimestamp(nanoseconds / 1e9, UTC),
            edge="proxy",
            address=asker,
            device=standing.device,
            person=standing.person,
            profile=standing.profile,
            method=method,
            url=url,
            outcome=ruling.outcome,
            tier=ruling.tier,
            rule=ruling.rule,
            categories=ruling.categories,
            statement=ruling.statement,
            release=ruling.release,
        )
        try:
            self._writer.append(activity)
        except OSError as error:
            self.n_unrecorded += 1
            if not self.is_failing:
                log.error("activity cannot be recorded: everything is blocked", why=str(error))
            self.is_failing = True
            return False
        if self.is_failing:
            log.info("activity is recorded again")
            self.is_failing = False
        if ruling.is_allowed:
            self.n_allowed += 1
        else:
            self.n_blocked += 1
        return True
