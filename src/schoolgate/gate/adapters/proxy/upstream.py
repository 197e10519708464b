"""Connections to servers: opened to judged addresses only, kept alive, given out again."""

import asyncio
from typing import Protocol, cast

from schoolgate.gate.adapters.proxy import limits

Key = tuple[str, int]


class User(Protocol):
    """Who uses a connection now: an exchange or a tunnel."""

    def upstream_data(self, data: bytes) -> None: ...
    def upstream_eof(self) -> None: ...
    def upstream_lost(self) -> None: ...
    def upstream_full(self) -> None: ...
    def upstream_ready(self) -> None: ...


class Unreachable(Exception):
    """No address of the server took the connection."""


class Upstream(asyncio.Protocol):
    """One connection to a server.

    Attributes:
        user: who gets what it says, or None while it waits in the pool.
        is_used: whether it has carried an exchange before.
        idle_until: when the pool closes it, in the worker's seconds.
    """

    __slots__ = ("idle_until", "is_used", "key", "pool", "transport", "user")
    transport: asyncio.Transport

    def __init__(self, pool: "Pool", key: Key) -> None:
        self.pool = pool
        self.key = key
        self.user: User | None = None
        self.is_used = False
        self.idle_until = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)  # uvloop's is one in all but its ancestors

    def data_received(self, data: bytes) -> None:
        if self.user is None:
            # Nobody asked: an answer without a question would be taken for the answer to the next one.
            self.pool.forget(self)
            self.transport.abort()
        else:
            self.user.upstream_data(data)

    def eof_received(self) -> bool:
        if self.user is None:
            self.pool.forget(self)
            return False
        self.user.upstream_eof()
        return not self.transport.is_closing()

    def connection_lost(self, exc: Exception | None) -> None:
        if self.user is None:
            self.pool.forget(self)
        else:
            user, self.user = self.user, None
            user.upstream_lost()

    def pause_writing(self) -> None:
        if self.user is not None:
            self.user.upstream_full()

    def resume_writing(self) -> None:
        if self.user is not None:
            self.user.upstream_ready()


class Pool:
    """The kept-alive connections of one worker. The one used last is given out first: it is the least likely to be dead."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._idle: dict[Key, list[Upstream]] = {}
        self._n_idle = 0
        self.now = loop.time()  # set by the worker twice a second: exact enough for an idle time

    def take(self, key: Key, user: User) -> Upstream | None:
        """Return a kept-alive connection to the server *key*, or None when there is none."""
        waiting = self._idle.get(key)
        while waiting:
            upstream = waiting.pop()
            self._n_idle -= 1
            if not upstream.transport.is_closing():
                upstream.user = user
                return upstream
        return None

    def give(self, upstream: Upstream) -> None:
        """Take back a connection whose exchange is over, to the last byte on both sides."""
        waiting = self._idle.setdefault(upstream.key, [])
        upstream.user = None
        if (
            upstream.transport.is_closing()
            or len(waiting) >= limits.MAX_IDLE_PER_SERVER
            or self._n_idle >= limits.MAX_IDLE
        ):
            upstream.transport.close()
            return
        upstream.is_used = True
        upstream.idle_until = self.now + limits.UPSTREAM_IDLE_SECONDS
        waiting.append(upstream)
        self._n_idle += 1

    def forget(self, upstream: Upstream) -> None:
        """Drop a waiting connection that is closing."""
        waiting = self._idle.get(upstream.key, [])
        if upstream in waiting:
            waiting.remove(upstream)
            self._n_idle -= 1

    async def connect(self, key: Key, places: list[tuple[str, int]], user: User) -> Upstream:
        """Open a new connection to the first of *places* that takes one.

        Raises:
            Unreachable: if none does in time.
        """
        try:
            async with asyncio.timeout(limits.CONNECT_SECONDS):
                for address, port in places:
                    try:
                        _, upstream = await self._loop.create_connection(lambda: Upstream(self, key), address, port)
                    except OSError:
                        continue
                    upstream.user = user
                    return upstream
        except TimeoutError:
            pass
        raise Unreachable(f"{key[0]}:{key[1]}")

    def tend(self, now: float) -> None:
        """Close what has waited too long."""
        self.now = now
        for key, waiting in list(self._idle.items()):
            for upstream in [upstream for upstream in waiting if upstream.idle_until < now]:
                self.forget(upstream)
                upstream.transport.close()
            if not waiting:
                del self._idle[key]

    def close(self) -> None:
        """Close all that wait."""
        for waiting in self._idle.values():
            for upstream in waiting:
                upstream.transport.close()
        self._idle.clear()
        self._n_idle = 0
