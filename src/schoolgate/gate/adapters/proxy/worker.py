"""One worker process: a loop, the clients on it, and the things that tick."""

import asyncio
import contextlib
import gc
import os
import resource
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import structlog
import uvloop
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from schoolgate.archive.spool import Writer
from schoolgate.gate.adapters.proxy import limits, status
from schoolgate.gate.adapters.proxy.client import Client
from schoolgate.gate.adapters.proxy.judge import Judge
from schoolgate.gate.adapters.proxy.pages import Pages
from schoolgate.gate.adapters.proxy.record import Recorder
from schoolgate.gate.adapters.proxy.targets import Hosts, Resolver
from schoolgate.gate.adapters.proxy.upstream import Pool
from schoolgate.gate.adapters.proxy.watch import BoardWatch, ReleaseWatch
from schoolgate.gate.core import names
from schoolgate.kernel.errors import Malformed

log = structlog.get_logger()

STATUS_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Settings:
    """What a gate is told.

    Attributes:
        releases: folder of releases with its pointer `current`.
        board: the sealed board of standing.
        key: what both are sealed with.
        spool: where activity goes; `status` beside it is where workers say how they are.
        host, port: where to listen. The port is a real one.
        portal: address of the sign-in portal.
        secret: what tickets to the portal are sealed with.
        hosts: names mapped by hand.
        own: (address, port) of the portal and the gate, never a target by another name.
        seconds: the clock that rules are measured by, in seconds since 1970.
    """

    releases: Path
    board: Path
    key: Ed25519PublicKey
    spool: Path
    host: str
    port: int
    portal: str
    secret: bytes
    hosts: Hosts
    own: tuple[tuple[str, int], ...]
    seconds: Callable[[], float] = time.time

    @property
    def status(self) -> Path:
        return self.spool.parent / "status"


def listener(host: str, port: int) -> socket.socket:
    """Return a socket bound to a place that all workers share: the kernel spreads connections over them."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        bound.bind((host, port))
    except OSError:
        bound.close()
        raise
    return bound


class Gate:
    """What all clients of one worker share.

    Attributes:
        loop: the event loop.
        now: seconds of the loop's clock, exact to a tick: for deadlines.
        clients: the connections that are open.
        is_stopping: whether no new request is taken.
    """

    def __init__(
        self,
        settings: Settings,
        name: str,
        n_restarts: int,
        loop: asyncio.AbstractEventLoop,
        is_alive: Callable[[], None] = lambda: None,
    ) -> None:
        self._settings = settings
        self._name = name
        self._n_restarts = n_restarts
        self._is_alive = is_alive
        self._started_at = datetime.now(UTC)
        self.loop = loop
        self.now = loop.time()
        self.clients: set[Client] = set()
        self.is_stopping = False
        self._all_gone = asyncio.Event()
        portal = names.canonical(settings.portal)
        self.judge = Judge(settings.seconds, portal)
        self.pool = Pool(loop)
        self.resolver = Resolver(settings.hosts, settings.own, (portal.host, portal.port))
        self.pages = Pages(settings.portal, settings.secret, lambda: datetime.now(UTC))
        self._writer = Writer(settings.spool, name)
        self.recorder = Recorder(self._writer)
        self._board = BoardWatch(settings.board, settings.key, self.judge, _floor(settings.status))
        self._release = ReleaseWatch(settings.releases, settings.key, self.judge)
        self._opening: asyncio.Future[object] | None = None
        self._next_tend = 0.0
        self._next_status = 0.0
        self.fault: BaseException | None = None

    def start(self) -> None:
        """Look at everything once, before the first client."""
        self._release.is_due(self.now)
        self._release.take(self._release.opened())
        self._board.look()
        self._tick()

    def _tick(self) -> None:
        """Keep up with the world. A fault here ends the worker: a gate that no longer hears of a revoke must not go on."""
        try:
            self._kept_up()
            self._is_alive()
        except Exception as error:  # whatever it is, the worker must end and be replaced
            log.exception("the worker cannot keep up and ends")
            self.fault = error
            self.loop.stop()
            return
        self.loop.call_later(limits.WATCH_SECONDS, self._tick)

    def _kept_up(self) -> None:
        self.now = self.loop.time()
        has_changed = self._board.look()
        if self._opening is None and self._release.is_due(self.now):
            self._opening = self.loop.run_in_executor(None, self._release.opened)
        if self._opening is not None and self._opening.done():
            opening, self._opening = self._opening, None
            has_changed |= self._release.take(opening.result())  # type: ignore[arg-type]  # what opened() returns
        if has_changed or self.now >= self._next_tend:
            self._next_tend = self.now + limits.TEND_SECONDS
            for client in list(self.clients):
                client.tend(self.now)
            self.pool.tend(self.now)
        if self.now >= self._next_status:
            self._next_status = self.now + STATUS_SECONDS
            self._writer.tend()
            self.loop.run_in_executor(None, self._to_disk)

    def _to_disk(self) -> None:
        """What may be slow: syncing the spool and writing the status. Neither decides anything."""
        try:
            self._writer.sync()
            status.write(self._settings.status, self.status())
        except OSError as error:
            log.warning("the status cannot be written", why=str(error))

    def status(self) -> status.Status:
        """How this worker is now."""
        faults = {"board": self._board.fault, "release": self._release.fault, "spool": self.recorder.is_failing}
        board, release = self.judge.board, self.judge.release
        return status.Status(
            worker=self._name,
            pid=os.getpid(),
            started_at=self._started_at,
            at=datetime.now(UTC),
            release="" if release is None else release.id,
            board_serial=None if board is None else board.serial,
            faults=tuple(sorted(name for name, is_wrong in faults.items() if is_wrong)),
            n_clients=len(self.clients),
            n_tunnels=sum(client.is_tunnel for client in self.clients),
            n_allowed=self.recorder.n_allowed,
            n_blocked=self.recorder.n_blocked,
            n_unrecorded=self.recorder.n_unrecorded,
            n_restarts=self._n_restarts,
        )

    def leave(self, client: Client) -> None:
        """A client's connection is closed."""
        self.clients.discard(client)
        if self.is_stopping and not self.clients:
            self._all_gone.set()

    async def stop(self) -> None:
        """Let what goes on come to its end, for a short time."""
        self.is_stopping = True
        for client in list(self.clients):
            client.stop()
        if self.clients:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._all_gone.wait(), limits.STOP_SECONDS)
        for client in list(self.clients):
            client.cut_off()
        self.pool.close()
        self._writer.close()


def run(
    settings: Settings, name: str, n_restarts: int, is_ready: Callable[[], None], is_alive: Callable[[], None]
) -> int:
    """Be a worker until SIGTERM; return the exit code.

    Args:
        settings: of the gate.
        name: of this worker.
        n_restarts: how often it was replaced.
        is_ready: called once when it takes connections.
        is_alive: called several times a second for as long as it keeps up.
    """
    _raise_file_limit()
    loop = uvloop.new_event_loop()
    asyncio.set_event_loop(loop)
    gate = Gate(settings, name, n_restarts, loop, is_alive)
    gate.start()
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    bound = listener(settings.host, settings.port)

    async def serve() -> None:
        server = await loop.create_server(lambda: Client(gate), sock=bound, backlog=limits.BACKLOG)
        # What stands now stands until the end: the collector need not look at it again.
        gc.collect()
        gc.freeze()
        is_ready()
        await stopping.wait()
        server.close()
        await gate.stop()

    try:
        loop.run_until_complete(serve())
    except RuntimeError:
        if gate.fault is None:
            raise
        return 1  # said already
    return 0


def _floor(folder: Path) -> int:
    """The highest board that any worker of this gate has had: one that was replaced must not fall behind it."""
    try:
        return max((said.board_serial or 0 for said in status.read(folder)), default=0)
    except (OSError, Malformed):
        return 0


def _raise_file_limit() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
