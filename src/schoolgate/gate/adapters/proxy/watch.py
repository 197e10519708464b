"""Brings the judge new releases and new boards as they are published, and keeps bad ones away from it.

Looked at by `stat` twenty times a second, which costs some microseconds and
needs no privilege and no kernel facility that network folders lack.
"""

from pathlib import Path

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from schoolgate.gate import board, release
from schoolgate.gate.adapters.proxy.judge import Judge
from schoolgate.kernel.errors import Malformed, Refused

log = structlog.get_logger()

Mark = tuple[object, ...] | None


class BoardWatch:
    """Keeps the judge's board the one that is published.

    A missing, damaged or unsealed board means that nobody has internet. A
    board with a lower serial than the highest seen is not taken: somebody
    put an old one back, and the newer stays in force.

    Args:
        path: where boards are published.
        key: what they are sealed with.
        judge: who is told.
        floor: the highest serial that this gate has had in force before.

    Attributes:
        fault: whether the file is not one that can be taken.
    """

    def __init__(self, path: Path, key: Ed25519PublicKey, judge: Judge, floor: int) -> None:
        self._path = path
        self._key = key
        self._judge = judge
        self._highest = floor
        self._mark: Mark = ()  # what no file has, so that the first look always counts
        self.fault = False

    def look(self) -> bool:
        """Take what is there now; tell whether the judge got something else."""
        mark = _mark(self._path)
        if mark == self._mark:
            return False
        self._mark = mark
        try:
            new = board.from_bytes(self._path.read_bytes(), self._key)
        except (OSError, Malformed) as error:
            log.error("no board of standing: nobody has internet", why=str(error))
            self.fault = True
            self._judge.take_board(None)
            return True
        self.fault = new.serial < self._highest
        if self.fault:
            log.error("an older board was put back: the newer stays in force", serial=new.serial, newer=self._highest)
            return False
        self._highest = new.serial
        self._judge.take_board(new)
        log.info("board in force", serial=new.serial)
        return True


class ReleaseWatch:
    """Keeps the judge's release the one that is published, as long as that one is good.

    A bad one never replaces a good one that is in force. Where none is in
    force everything is blocked, and a bad one is tried again every second:
    perhaps it was still being copied.

    Args:
        folder: the folder of releases, with its pointer `current`.
        key: what they are signed with.
        judge: who is told.

    Attributes:
        fault: whether what is published is not what is in force.
    """

    TRY_AGAIN_SECONDS = 1.0

    def __init__(self, folder: Path, key: Ed25519PublicKey, judge: Judge) -> None:
        self._folder = folder
        self._key = key
        self._judge = judge
        self._mark: Mark = ()
        self._tried_at = 0.0
        self._said = ""
        self.fault = False

    def is_due(self, now: float) -> bool:
        """Tell whether there may be something new. *now* is in seconds of a clock that only grows."""
        mark = self._pointer()
        is_hopeless = self._judge.release is None and now - self._tried_at >= self.TRY_AGAIN_SECONDS
        if mark == self._mark and not is_hopeless:
            return False
        self._mark = mark
        self._tried_at = now
        return True

    def opened(self) -> release.Release | None:
        """Open what is published, or say once why not. Reads and verifies whole files: not for the event loop."""
        try:
            new = release.open_current(self._folder, self._key)
        except (OSError, Malformed, Refused) as error:
            self.fault = True
            if str(error) != self._said:
                self._said = str(error)
                log.error("the published release cannot be used", why=self._said)
            return None
        except Exception:  # a good release must stay in force whatever is wrong with the next one
            self.fault = True
            log.exception("the published release cannot be opened")
            return None
        self.fault = False
        self._said = ""
        return new

    def take(self, new: release.Release | None) -> bool:
        """Put *new* in force, if it is one; tell whether the judge got something else."""
        if new is None or (self._judge.release is not None and new.id == self._judge.release.id):
            return False
        self._judge.take_release(new)
        log.info("release in force", release=new.id)
        return True

    def _pointer(self) -> Mark:
        current = self._folder / "current"
        try:
            return (str(current.readlink()), _mark(current), _mark(current / "manifest.json"))
        except OSError:
            return None


def _mark(path: Path) -> Mark:
    """Return what changes when the file is replaced or written, or None when there is no file."""
    try:
        there = path.stat()
    except OSError:
        return None
    return (there.st_ino, there.st_mtime_ns, there.st_size)
