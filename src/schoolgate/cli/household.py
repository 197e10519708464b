"""Starting several of our own programs together, keeping them up, and leaving none behind.

A child that falls is started again, with a pause that grows; one that keeps
falling stops everything, because a school that runs by half looks as if it
ran. Children die with us even when we are killed outright (prctl,
PR_SET_PDEATHSIG), and also when they hang, so no stray gate can hold a port or
an old decision.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from schoolgate.kernel.errors import Refused

PR_SET_PDEATHSIG = 1
STOPPING_SECONDS = 5.0
FALLS_ALLOWED = 5  # within FALLS_SECONDS; a sixth stops everything
FALLS_SECONDS = 60.0
STOPS = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
SIGNALS = STOPS | {signal.SIGCHLD}

_libc = ctypes.CDLL(None, use_errno=True)


@dataclass
class Child:
    """One program of the household.

    Attributes:
        name: one word, used for its log file and in messages.
        command: program and arguments.
        falls: when it fell, newest last (seconds of the monotonic clock).
    """

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    start_at: float = 0.0
    falls: deque[float] = field(default_factory=lambda: deque(maxlen=FALLS_ALLOWED + 1))


class Household:
    """Children that are started in order, watched, and stopped in the opposite order."""

    def __init__(self, logs: Path, environment: Mapping[str, str], say: Callable[[str], None]) -> None:
        self._logs = logs
        self._environment = {**os.environ, **environment}
        self._say = say
        self._children: list[Child] = []

    def __enter__(self) -> "Household":
        self._logs.mkdir(parents=True, exist_ok=True)
        self._mask = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()
        # A second Ctrl-C while we stopped is the same wish: take it off the queue before signals count again.
        while signal.sigtimedwait(SIGNALS, 0):
            pass
        signal.pthread_sigmask(signal.SIG_SETMASK, self._mask)

    def start(self, name: str, command: Sequence[str]) -> None:
        """Start a program; what it prints goes to `<logs>/<name>.log`."""
        child = Child(name, command)
        self._children.append(child)
        self._spawn(child)

    def wait_until(self, ready: Callable[[], bool], what: str, seconds: float = 60.0) -> bool:
        """Watch the children until *ready* says yes.

        Returns:
            False when somebody asked us to stop first.

        Raises:
            Refused: if it takes longer than *seconds*, or a child keeps falling.
        """
        deadline = time.monotonic() + seconds
        while not ready():
            if time.monotonic() > deadline:
                raise Refused(f"{what} did not start within {seconds:.0f} seconds", f"its log is in {self._logs}")
            if self._watch(0.05):
                return False
        return True

    def keep(self) -> None:
        """Watch the children until somebody asks us to stop (Ctrl-C, SIGTERM, or a closed terminal)."""
        while not self._watch(0.5):
            pass

    def _watch(self, seconds: float) -> bool:
        got = signal.sigtimedwait(SIGNALS, seconds)
        if got is not None and got.si_signo in STOPS:
            return True
        now = time.monotonic()
        for child in self._children:
            if child.process is not None and child.process.poll() is not None:
                self._mark_fallen(child, now)
            if child.process is None and now >= child.start_at:
                self._spawn(child)
        return False

    def _mark_fallen(self, child: Child, now: float) -> None:
        assert child.process is not None
        child.falls.append(now)
        log = self._logs / f"{child.name}.log"
        if len(child.falls) > FALLS_ALLOWED and now - child.falls[0] < FALLS_SECONDS:
            raise Refused(f"the {child.name} keeps stopping, so everything was stopped", f"its last words are in {log}")
        pause = 0.1 * 2 ** len(child.falls)
        self._say(f"the {child.name} stopped (code {child.process.returncode}); starting it again")
        child.process, child.start_at = None, now + pause

    def _spawn(self, child: Child) -> None:
        with (self._logs / f"{child.name}.log").open("ab") as log:
            child.process = subprocess.Popen(
                child.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self._environment,
                start_new_session=True,
                preexec_fn=dying_with_us(),  # safe: we have no threads when we fork
            )

    def _stop(self) -> None:
        running = [child.process for child in reversed(self._children) if child.process is not None]
        for process in running:
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + STOPPING_SECONDS
        for process in running:
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def program(*words: str) -> list[str]:
    """The command line of one of our own commands, run by this very Python."""
    return [sys.executable, "-m", "schoolgate.cli", *words]


def dying_with_us() -> Callable[[], None]:
    """What a child has to do first, so that it ends with us."""
    return partial(_die_with, os.getpid())


def _die_with(parent: int) -> None:
    # Not SIGTERM: a child that hangs or is stopped would stay. All of ours bear being killed at any time.
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it died between the fork and the prctl
        os._exit(1)
    signal.pthread_sigmask(signal.SIG_SETMASK, set())
