"""The spool: activity as the gate writes it, until the watch has taken it in.

A folder of segments, `<utc-hour>-<worker>-<random>.jsonl`, one activity a line
(`Activity.to_line`). Each worker writes segments of its own, so no lock is
needed, and each activity is one `os.write` to a file opened for appending: once
`append` has returned, the kernel holds the line, and the death of the worker
takes nothing back. A loss of power may take the last second; `sync` sets that.

Reading is by cursor: how many bytes of each segment have been taken. Whoever
stores the cursor in the same transaction as what came of the activities has
taken each exactly once.
"""

import heapq
import os
import re
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from schoolgate.kernel.activity import Activity
from schoolgate.kernel.errors import Malformed

# A segment that is closed can be moved, sealed or removed as a whole: small enough to send over a school's line
# in seconds, large enough that a day is a few dozen files. 16 MiB is Kafka's and PostgreSQL's order of size.
MAX_SEGMENT_BYTES = 16 * 1024 * 1024
# A line is an activity with one URL of 8 KiB at most; what is longer was not written by us.
MAX_LINE_BYTES = 64 * 1024

# A line is one write. What has no end after so long lost it with its writer, or with the power.
TORN_AFTER_SECONDS = 60.0

SEGMENT = re.compile(r"\d{10}-[0-9A-Za-z_]+-[0-9a-f]{8}\.jsonl")


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Writer:
    """Appends activities of one worker. Not for two threads at once.

    Args:
        folder: the spool; made when missing.
        worker: letters, digits and underscores, the same for all segments of this writer.
        now: the clock that names segments; aware, UTC.
        max_segment_bytes: size at which a new segment begins.

    Raises:
        ValueError: if *worker* cannot be part of a file name.
    """

    def __init__(
        self,
        folder: Path,
        worker: str,
        *,
        now: Callable[[], datetime] = _utc_now,
        max_segment_bytes: int = MAX_SEGMENT_BYTES,
    ) -> None:
        if not re.fullmatch(r"[0-9A-Za-z_]+", worker):
            raise ValueError(f"a worker is named by letters, digits and underscores, not {worker!r}")
        self.folder = folder
        self.worker = worker
        self._now = now
        self._max_segment_bytes = max_segment_bytes
        self._file = -1
        self._path = folder
        self._hour = ""
        self._bytes = 0

    def append(self, activity: Activity) -> None:
        """Record *activity*. When this returns, the kernel has it.

        Raises:
            OSError: if it could not be recorded, whole: nothing of it is left
                behind, and the caller must not carry it out.
        """
        line = activity.to_line()
        if self._file < 0 or self._bytes >= self._max_segment_bytes:
            self._open()
        elif os.fstat(self._file).st_nlink == 0:
            # Somebody removed the segment while it is open: what we write would vanish with it.
            self._open()
        try:
            written = os.write(self._file, line)
        except OSError:
            self._give_up()
            raise
        if written != len(line):
            # The disk filled up inside the line. Take the half back: readers have not seen it, it has no end.
            os.ftruncate(self._file, self._bytes)
            self._give_up()
            raise OSError(f"the spool took {written} of {len(line)} bytes: is the disk full?")
        self._bytes += written

    def tend(self) -> None:
        """Begin a new segment when the hour has changed or the current one was moved away. Call it every second."""
        if self._file < 0:
            return
        if self._now().strftime("%Y%m%d%H") != self._hour:
            self.close()
            return
        try:
            there = self._path.stat()
        except OSError:
            self.close()
            return
        if there.st_ino != os.fstat(self._file).st_ino:
            self.close()

    def sync(self) -> None:
        """Put on disk what the kernel holds, so that a loss of power does not take it. May be slow."""
        if self._file >= 0:
            os.fdatasync(self._file)

    def close(self) -> None:
        """Close the current segment. The next activity begins another."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _give_up(self) -> None:
        """Close a segment that takes no more. One that took nothing must not stay: each try would leave another."""
        self.close()
        if not self._bytes:
            self._path.unlink(missing_ok=True)

    def _open(self) -> None:
        self.close()
        self.folder.mkdir(parents=True, exist_ok=True)
        self._hour = self._now().strftime("%Y%m%d%H")
        self._path = self.folder / f"{self._hour}-{self.worker}-{secrets.token_hex(4)}.jsonl"
        self._file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o640)
        self._bytes = 0


@dataclass(frozen=True, slots=True)
class Damage:
    """A line that is no activity. It stays where it is; the cursor goes past it.

    Attributes:
        segment: file name.
        offset_bytes: where the line begins.
        why: what is wrong with it.
    """

    segment: str
    offset_bytes: int
    why: str


class Reading(Iterator[tuple[Activity, dict[str, int]]]):
    """One pass over a spool: activities that were not yet taken, oldest first.

    Attributes:
        cursor: where the pass stands now. After the last activity it may be
            further than the cursor that came with it: damaged lines behind it
            are passed too. Store this one at the end.
        damage: the damaged lines of this pass, so that none is skipped in silence.
    """

    def __init__(self, folder: Path, cursor: Mapping[str, int]) -> None:
        names = sorted(path.name for path in folder.glob("*.jsonl") if SEGMENT.fullmatch(path.name))
        # Segments that were removed since need no place in the cursor any more.
        self.cursor = {name: cursor[name] for name in names if name in cursor}
        self.damage: list[Damage] = []
        segments = [self._lines(folder / name, self.cursor.get(name, 0)) for name in names]
        # Ids sort by time, so merging by id gives one stream in order of time over all workers.
        self._merged = heapq.merge(*segments, key=lambda row: row[0].id)

    def __next__(self) -> tuple[Activity, dict[str, int]]:
        activity, segment, end = next(self._merged)
        self.cursor[segment] = end
        return activity, dict(self.cursor)

    def _lines(self, path: Path, start: int) -> Iterator[tuple[Activity, str, int]]:
        """Yield the whole lines of one segment from byte *start* on, with the place after each."""
        try:
            file = path.open("rb")
        except FileNotFoundError:  # removed since we listed the folder
            return
        with file:
            file.seek(start)
            offset = start
            while line := file.readline(MAX_LINE_BYTES):
                size = len(line)
                while not line.endswith(b"\n") and len(line) == MAX_LINE_BYTES:
                    line = file.readline(MAX_LINE_BYTES)  # too long to be ours: go to its end, keep none of it
                    size += len(line)
                is_torn = not line.endswith(b"\n")
                if is_torn and time.time() - os.fstat(file.fileno()).st_mtime < TORN_AFTER_SECONDS:
                    return  # its writer may still be at it: wait for the rest
                try:
                    if is_torn:
                        raise Malformed(f"a line without an end: {line[:120]!r}")
                    if size != len(line):
                        raise Malformed(f"a line of {size} bytes is no activity: {line[:120]!r}")
                    activity = Activity.from_line(line)
                except Malformed as error:
                    self.damage.append(Damage(path.name, offset, str(error)))
                else:
                    yield activity, path.name, offset + size
                # We come here only when the activity was taken, so the cursor never passes one that was not.
                offset += size
                self.cursor[path.name] = offset


def read(folder: Path, cursor: Mapping[str, int]) -> Reading:
    """Return what was written since *cursor*: activities, each with the cursor after it.

    Only whole lines are read; a torn last line waits until it is completed,
    or until nobody can be at it any more: then it is damaged. Damaged lines are counted in `Reading.damage`. An empty cursor reads all.
    """
    return Reading(folder, cursor)
