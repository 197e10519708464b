"""Following the spool: each new activity is looked at once, and what is found goes to monitoring.

A stretch of the spool and the place where it ends are stored in one
transaction (`monitoring.services.take`). Killed at any point, the watch
begins again where the last stored stretch ended.
"""

import os
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

import structlog
from django.db import OperationalError, connections

from schoolgate.archive import spool
from schoolgate.kernel.activity import Activity
from schoolgate.monitoring import queries, services
from schoolgate.monitoring.rules import BEAT_EVERY
from schoolgate.watch import pipeline
from schoolgate.watch.detect import detect, scanner
from schoolgate.watch.extract import texts
from schoolgate.watch.grade import Past

log = structlog.get_logger()

POLL_SECONDS = 0.05
STRETCH = 200  # activities a transaction: some milliseconds of work, so nothing urgent waits behind a backlog's end
MOVE_EVERY_SECONDS = 1.0  # how often the cursor is stored when nothing is found; what is read again changes nothing
PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.1, 5.0  # after the database refused, doubling

REMEMBERED = timedelta(days=7)  # the longest that the grader looks back
REMEMBERED_HARMLESS = timedelta(minutes=30)  # how long it looks back for what tells a lesson
REMEMBERED_TEXTS = 200  # a person: a flood must not fill the memory


class Memory:
    """What each person wrote lately, for the grader; in memory only, and gone with the process."""

    def __init__(self) -> None:
        self._texts: dict[str, deque[Past]] = defaultdict(lambda: deque(maxlen=REMEMBERED_TEXTS))

    def of(self, key: str, now: datetime) -> list[Past]:
        """What is remembered of one person (or device) at *now*."""
        kept = [one for one in self._texts.get(key, ()) if not _is_forgotten(one, now)]
        if kept:
            self._texts[key] = deque(kept, maxlen=REMEMBERED_TEXTS)
        else:
            self._texts.pop(key, None)
        return kept

    def add(self, key: str, past: Past) -> None:
        """Remember one text."""
        self._texts[key].append(past)


def _is_forgotten(past: Past, now: datetime) -> bool:
    return now - past.at > (REMEMBERED if past.detection.grade > 0 else REMEMBERED_HARMLESS)


class Watch:
    """One watch over one spool.

    Args:
        folder: the spool.
        now: the clock; aware.
        stopping: set by whoever wants it to stop.
    """

    def __init__(self, folder: Path, now: Callable[[], datetime], stopping: threading.Event) -> None:
        self._folder = folder
        self._now = now
        self._stopping = stopping
        self._memory = Memory()
        self._position: dict[str, int] = {}
        self._moved_at = self._beat_at = float("-inf")

    def run(self) -> None:
        """Follow until told to stop. A database that is away is waited for; nothing is passed over meanwhile."""
        pause = PAUSE_SECONDS
        is_begun = False
        while not self._stopping.is_set():
            try:
                if not is_begun:
                    self._begin()
                    is_begun = True
                self._beat()
                n_read = self._take_stretch()
                pause = PAUSE_SECONDS
            except OperationalError as error:
                log.warning("the database is not to be had; trying again", pause_seconds=pause, error=str(error))
                connections.close_all()
                self._stopping.wait(pause)
                pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
                continue
            if n_read == 0:
                self._stopping.wait(POLL_SECONDS)

    def _begin(self) -> None:
        scanner.shipped()  # reading the rules takes a second, which the first alert must not wait for
        self._position = queries.position()
        now = self._now()
        for event in queries.events_since(now - REMEMBERED):
            alone = detect(event.text, event.kind)
            key = str(event.alert.person_id or event.alert.device)
            self._memory.add(key, Past(event.at, event.text, alone))
        log.info("watching", segments=len(self._position))

    def _beat(self) -> None:
        if time.monotonic() - self._beat_at >= BEAT_EVERY.total_seconds():
            services.beat(self._now())
            self._beat_at = time.monotonic()

    def _take_stretch(self) -> int:
        """Look at the next activities and store what came of them. Returns how many there were."""
        if not self._has_grown():
            return 0
        reading = spool.read(self._folder, self._position)
        found: list[pipeline.Finding] = []
        fresh: list[tuple[str, Past]] = []
        n_read = n_missed = 0
        for activity, _ in islice(reading, STRETCH):
            n_read += 1
            try:
                found += self._look(activity, fresh)
            except Exception:
                # A fault of ours in looking at one line must not keep the watch from all that follow: it would meet
                # the same line again each time it is started. The line is counted as damaged, so somebody is told.
                n_missed += 1
                log.exception("an activity could not be looked at", activity=activity.id)
        is_time = time.monotonic() - self._moved_at >= MOVE_EVERY_SECONDS
        n_damaged = len(reading.damage) + n_missed
        if found or n_damaged or is_time:
            alerts = services.take(found, reading.cursor, self._now(), n_damaged)
            self._moved_at = time.monotonic()
            for damage in reading.damage:
                # What the line says stays out of the log: it may be somebody's search.
                log.error("a line of the spool cannot be read", segment=damage.segment, offset=damage.offset_bytes)
            for alert in alerts:
                log.info("alert", ref=alert.ref, grade=alert.grade)
        self._position = reading.cursor
        for key, past in fresh:
            self._memory.add(key, past)
        return n_read

    def _look(self, activity: Activity, fresh: list[tuple[str, Past]]) -> Iterable[pipeline.Finding]:
        key = activity.person or activity.device or ""
        past = [*self._memory.of(key, activity.at), *(one for of, one in fresh if of == key)] if key else []
        found = pipeline.findings(activity, past)
        if key and activity.tier not in pipeline.HELP_LANE:
            fresh += [(key, Past(activity.at, text.text, detect(text.text, text.kind))) for text in texts(activity)]
        return found

    def _has_grown(self) -> bool:
        """Tell whether any segment is longer than what was taken of it: a look at the folder, with nothing opened."""
        try:
            with os.scandir(self._folder) as entries:
                return any(
                    entry.stat().st_size > self._position.get(entry.name, 0)
                    for entry in entries
                    if spool.SEGMENT.fullmatch(entry.name)
                )
        except FileNotFoundError:  # no gate has written yet, or a segment was moved away under us
            return False
