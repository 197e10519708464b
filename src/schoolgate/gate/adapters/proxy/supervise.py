"""The supervisor: starts the workers, replaces those that die, and takes all with it when it ends.

It holds the port bound but never listens on it: while no worker lives, a
connection is refused, which is closed. It opens no file of the school and
parses nothing from outside, so there is little that can bring it down.
"""

import contextlib
import ctypes
import mmap
import os
import selectors
import signal
import struct
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from schoolgate.gate.adapters.proxy import status, worker
from schoolgate.gate.adapters.proxy.worker import Settings

log = structlog.get_logger()

_PR_SET_PDEATHSIG = 1  # prctl(2)
# How long a worker may take to end after SIGTERM, before it is killed. With worker.stop's own second, under two.
KILL_AFTER_SECONDS = 1.6
# The pause before a worker is replaced, doubled each time it dies within STABLE_SECONDS.
FIRST_PAUSE_SECONDS = 0.05
MAX_PAUSE_SECONDS = 5.0
STABLE_SECONDS = 10.0
READY_SECONDS = 30.0

# A worker that has not said for so long that it keeps up hangs: it would hold its share of all connections for ever.
HUNG_SECONDS = 10.0
LOOK_SECONDS = 1.0

_WAKING = (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT)
_MOMENT = struct.Struct("q")


@dataclass
class _Worker:
    name: str
    pid: int = 0
    started: float = 0.0
    start_again: float = 0.0
    pause: float = FIRST_PAUSE_SECONDS
    n_restarts: int = 0
    # Memory that the worker shares with us: the moment (nanoseconds of the monotonic clock) at which it last kept up.
    alive: mmap.mmap = field(default_factory=lambda: mmap.mmap(-1, _MOMENT.size))

    def say_alive(self) -> None:
        """Called in the worker."""
        _MOMENT.pack_into(self.alive, 0, time.monotonic_ns())

    @property
    def silent_seconds(self) -> float:
        """How long it has said nothing."""
        moment: int = _MOMENT.unpack_from(self.alive)[0]
        return (time.monotonic_ns() - moment) / 1e9


def supervise(settings: Settings, n_workers: int, is_listening: Callable[[], None]) -> int:
    """Run the gate until SIGTERM or SIGINT; return the exit code.

    Args:
        settings: for the workers.
        n_workers: one a core is right.
        is_listening: called once when all workers take connections.
    """
    status.clear(settings.status)
    # A browser that hangs up must not end a worker, and a terminal that closes must not end the gate.
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _WAKING)
    workers = [_Worker(f"w{number}") for number in range(n_workers)]
    try:
        ready = [_start(one, settings) for one in workers]
        if not _all_ready(ready):
            log.error("not all workers came up: see above")
        is_listening()
        _keep(workers, settings)
    finally:
        _stop([one for one in workers if one.pid])
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return 0


def _keep(workers: list[_Worker], settings: Settings) -> None:
    """Replace workers that die, and end those that hang so that they can be, until a signal says to stop."""
    while True:
        waiting = [one.start_again - time.monotonic() for one in workers if not one.pid]
        said = signal.sigtimedwait(_WAKING, max(0.0, min([LOOK_SECONDS, *waiting])))
        if said is not None and said.si_signo != signal.SIGCHLD:
            return
        for one in workers:
            if one.pid:
                _bury(one)
            if one.pid and one.silent_seconds > HUNG_SECONDS:
                log.error("a worker hangs and is ended", worker=one.name)
                _signal(one, signal.SIGKILL)
        for one in workers:
            if not one.pid and time.monotonic() >= one.start_again:
                one.n_restarts += 1
                os.close(_start(one, settings))


def _bury(one: _Worker) -> None:
    """Note that a worker has died, if it has."""
    pid, code = os.waitpid(one.pid, os.WNOHANG)
    if not pid:
        return
    now = time.monotonic()
    one.pause = FIRST_PAUSE_SECONDS if now - one.started > STABLE_SECONDS else min(2 * one.pause, MAX_PAUSE_SECONDS)
    one.pid = 0
    one.start_again = now + one.pause
    log.error("a worker died and is replaced", worker=one.name, exit_code=os.waitstatus_to_exitcode(code))


def _start(one: _Worker, settings: Settings) -> int:
    """Fork a worker; return the reading end of a pipe on which it says that it is ready."""
    parent = os.getpid()
    one.say_alive()  # on its behalf, so that it has its time to begin
    reading, writing = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writing)
        one.pid = pid
        one.started = time.monotonic()
        return reading
    code = 1
    try:
        os.close(reading)
        _die_with(parent)
        # Back to defaults before unblocking, so that a signal that came meanwhile ends the worker.
        for number in _WAKING:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _WAKING)
        code = worker.run(settings, one.name, one.n_restarts, lambda: _say_ready(writing), one.say_alive)
    except BaseException:  # a forked child must never run on into its parent's code
        log.exception("a worker ended with a fault")
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _say_ready(writing: int) -> None:
    with contextlib.suppress(BrokenPipeError):  # nobody waits for a worker that was replaced
        os.write(writing, b"1")
    os.close(writing)


def _die_with(parent: int) -> None:
    """Make the kernel kill this process when the supervisor dies, whatever it dies of."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
    if os.getppid() != parent:  # it died between the fork and the prctl
        os._exit(1)


def _all_ready(pipes: list[int]) -> bool:
    """Wait until each worker has said that it is ready, or has died, or time is up."""
    said = []
    until = time.monotonic() + READY_SECONDS
    with selectors.DefaultSelector() as selector:
        for pipe in pipes:
            selector.register(pipe, selectors.EVENT_READ)
        while selector.get_map() and time.monotonic() < until:
            for key, _ in selector.select(until - time.monotonic()):
                said.append(os.read(key.fd, 1) == b"1")
                selector.unregister(key.fd)
    for pipe in pipes:
        os.close(pipe)
    return len(said) == len(pipes) and all(said)


def _stop(workers: list[_Worker]) -> None:
    """End all workers: kindly, then surely."""
    for one in workers:
        _signal(one, signal.SIGTERM)
    until = time.monotonic() + KILL_AFTER_SECONDS
    while any(one.pid for one in workers):
        left = until - time.monotonic()
        if left <= 0:
            for one in workers:
                _signal(one, signal.SIGKILL)
        for one in workers:
            if one.pid and os.waitpid(one.pid, 0 if left <= 0 else os.WNOHANG)[0]:
                one.pid = 0
        if any(one.pid for one in workers):
            signal.sigtimedwait([signal.SIGCHLD], 0.05)


def _signal(one: _Worker, number: int) -> None:
    if one.pid:
        with contextlib.suppress(ProcessLookupError):
            os.kill(one.pid, number)
