"""One connection of a client: requests off the wire, each decided anew, one after the other."""

import asyncio
import math
from collections.abc import Coroutine
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING, Any, cast

import structlog

from schoolgate.gate.adapters.proxy import forward, head, limits
from schoolgate.gate.adapters.proxy.answers import Answer, to_bytes
from schoolgate.gate.adapters.proxy.exchange import Exchange
from schoolgate.gate.adapters.proxy.head import BadHead, Request
from schoolgate.gate.adapters.proxy.judge import MALFORMED, PORTAL, SCHEME, UPGRADE, Ruling
from schoolgate.gate.adapters.proxy.tunnel import Tunnel
from schoolgate.gate.core.names import Address, canonical
from schoolgate.kernel.errors import Malformed

if TYPE_CHECKING:
    from schoolgate.gate.adapters.proxy.worker import Gate

log = structlog.get_logger()

# Addresses are up to 8 KiB long, and a class asks for the same few again and again.
_address = lru_cache(maxsize=2048)(canonical)


class Client(asyncio.Protocol):
    """The state of one client connection.

    It is in one of four states: waiting for a head (`_user` is None), carrying
    an exchange, carrying a tunnel, or draining (an early answer was given, and
    what the client still sends is read and dropped).

    Attributes:
        gate: what all clients of the worker share.
        asker: the client's IP address in canonical text.
        deadline: when the connection is given up unless something happens, in the worker's seconds.
        is_full: whether the client takes nothing for now.
    """

    __slots__ = ("_buffer", "_drained_bytes", "_is_held", "_user", "asker", "deadline", "gate", "is_full", "transport")
    transport: asyncio.Transport

    def __init__(self, gate: "Gate") -> None:
        self.gate = gate
        self.asker = ""
        self.deadline = math.inf
        self.is_full = False
        self._user: Exchange | Tunnel | None = None
        self._buffer = b""
        self._is_held = False
        self._drained_bytes: int | None = None

    # ── asyncio.Protocol ────────────────────────────────────────────────────

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)  # uvloop's is one in all but its ancestors
        peer = transport.get_extra_info("peername")
        self.asker = canonical_ip(peer[0]) if peer else ""
        self.deadline = self.gate.now + limits.HEAD_SECONDS
        self.gate.clients.add(self)

    def data_received(self, data: bytes) -> None:
        user = self._user
        if user is None:
            if self._drained_bytes is not None:
                self._drain(data)
                return
            if self._is_held or self.is_full:
                self._buffer += data
                self._pause()
                return
            self._heads(self._buffer + data if self._buffer else data)
            return
        self.stir()
        if not user.is_ready:
            self._buffer += data
            self._pause()
        elif isinstance(user, Tunnel):
            user.client_data(data)
        else:
            self._request_content(user, data)

    def eof_received(self) -> bool:
        if isinstance(self._user, Tunnel):
            self._user.client_eof()
        elif self._user is None or self._user.is_open:
            return False
        return not self.transport.is_closing()

    def connection_lost(self, exc: Exception | None) -> None:
        self.gate.leave(self)
        user, self._user = self._user, None
        if user is not None:
            user.abandon()

    def pause_writing(self) -> None:
        self.is_full = True
        if self._user is not None:
            self._user.client_full()

    def resume_writing(self) -> None:
        self.is_full = False
        self.stir()
        if self._user is not None:
            self._user.client_ready()
        elif self._is_held:
            self.gate.loop.call_soon(self._go_on)

    # ── Requests ────────────────────────────────────────────────────────────

    def _heads(self, data: bytes) -> None:
        """Take the first request out of *data*. What follows it waits its turn: see `_next`."""
        if data.startswith(b"\r\n"):
            # RFC 9112 §2.2: an empty line before the request line is ignored. One, which is what old browsers sent
            # behind a form; whoever sends many wants us to be busy with them.
            data = data[2:]
            if data.startswith(b"\r\n"):
                self._malformed(BadHead("more than one empty line before a request"))
                return
        end = data.find(b"\r\n\r\n", 0, limits.MAX_REQUEST_HEAD_BYTES)
        if end < 0:
            if len(data) >= limits.MAX_REQUEST_HEAD_BYTES:
                self._malformed(BadHead("the head is too long", 431))
                return
            if head.has_bare_line_feed(data):
                self._malformed(BadHead("a line that ends without a carriage return"))
                return
            if data and not self._buffer:
                self.deadline = self.gate.now + limits.HEAD_SECONDS
            self._buffer = data
            self._resume()
            return
        raw, self._buffer = data[: end + 4], data[end + 4 :]
        try:
            request = head.request(raw)
        except BadHead as error:
            self._malformed(error)
            return
        self.deadline = self.gate.now + limits.ANSWER_SECONDS
        if request.method == "CONNECT":
            self._tunnel(request)
        else:
            self._exchange(request)

    def _exchange(self, request: Request) -> None:
        try:
            cut = forward.absolute(request.target, request.method)
            address = _address(request.target)
        except BadHead as error:
            self._malformed(error)
            return
        except Malformed:
            self.record(self.gate.judge.refusal(MALFORMED, self.asker), request.method, "")
            self._malformed(BadHead("an address that means nothing"))
            return
        judge = self.gate.judge
        ruling = judge.ruling(address, request.method, self.asker)
        if ruling.is_allowed:
            if address.scheme != "http" or request.method == "TRACE":
                ruling = judge.refusal(SCHEME, "", ruling)
            elif b"websocket" in request.upgrade:
                ruling = judge.refusal(UPGRADE, "", ruling)
        if not ruling.is_allowed:
            self.block(ruling, request, address)
            return
        exchange = Exchange(self, request, address, cut.path, ruling)
        self._user = exchange
        exchange.begin()

    def _tunnel(self, request: Request) -> None:
        try:
            forward.authority(request.target)
            if request.body:
                raise BadHead("a CONNECT with content")  # RFC 9110 §9.3.6
            address = _address(f"https://{request.target}/")
        except BadHead as error:
            self._malformed(error)
            return
        except Malformed:
            self.record(self.gate.judge.refusal(MALFORMED, self.asker), "CONNECT", "")
            self._malformed(BadHead("an address that means nothing"))
            return
        ruling = self.gate.judge.ruling(address, "CONNECT", self.asker)
        if not ruling.is_allowed:
            self.block(ruling, request, address)
            return
        tunnel = Tunnel(self, request, address, ruling)
        self._user = tunnel
        tunnel.begin()

    def _request_content(self, exchange: Exchange, data: bytes) -> None:
        if exchange.is_open:
            try:
                data = exchange.client_data(data)
            except BadHead as error:
                if exchange.has_answered:
                    self.cut_off()
                else:
                    self._malformed(error)
                return
        if data:
            self._buffer += data
            if len(self._buffer) > limits.MAX_REQUEST_HEAD_BYTES:
                self._pause()

    def upstream_is_there(self) -> None:
        """The server took the connection: pass on what has come meanwhile."""
        data, self._buffer = self._buffer, b""
        self._resume()
        if isinstance(self._user, Tunnel):
            self.deadline = self.gate.now + limits.HELLO_SECONDS
            if data:
                self._user.client_data(data)
        elif self._user is not None and data:
            self._request_content(self._user, data)

    def exchange_is_over(self, *, keep_alive: bool) -> None:
        """The answer is through: close, or go on with the next request."""
        user, self._user = self._user, None
        if not keep_alive:
            self._close_kindly(is_open=isinstance(user, Exchange) and user.is_open)
            return
        self._next()

    def _next(self) -> None:
        """Wait for the next request, or take it when everybody else had a turn.

        Somebody who sends thousands of requests at once must not keep the
        worker from all others, nor have it fill the memory with answers that
        nobody reads.
        """
        self.deadline = self.gate.now + limits.CLIENT_IDLE_SECONDS
        if not self._buffer:
            self._resume()
            return
        self._pause()
        self.gate.loop.call_soon(self._go_on)

    def _go_on(self) -> None:
        if self._user is None and self._drained_bytes is None and not self.is_full and not self.transport.is_closing():
            data, self._buffer = self._buffer, b""
            self._heads(data)

    # ── Answers of our own ──────────────────────────────────────────────────

    def record(self, ruling: Ruling, method: str, url: str) -> bool:
        """Write the activity; tell whether it may be carried out.

        What people do on the school's own pages is no browsing, and whoever
        reports a worry there is not to be found in the record of it.
        """
        return ruling.rule == PORTAL or self.gate.recorder.record(ruling, method, url, self.asker)

    def block(self, ruling: Ruling, request: Request, address: Address) -> None:
        """Answer that *request* is not carried out, in words for whoever asked."""
        if not self.record(ruling, request.method, address.text):
            self.fail(503, "unrecorded", request)
            return
        self._answer(self.gate.pages.blocked(ruling, address, request, self.asker, self.gate.judge.rules), request)

    def fail(self, status: int, why: str, request: Request | None = None) -> None:
        """Answer that the request was allowed, or might have been, and something does not work."""
        if request is None:
            assert self._user is not None
            request = self._user.request
        self._answer(self.gate.pages.failed(status, why, request), request)

    def _malformed(self, error: BadHead) -> None:
        # Not recorded as activity: it asks for no address. The bytes stay out of the log above debug: they may
        # hold what a child typed.
        log.debug("malformed request", text=str(error))
        self._answer(self.gate.pages.malformed(error.status), None)

    def _answer(self, answer: Answer, request: Request | None) -> None:
        is_open = request is None or request.method == "CONNECT" or request.body != 0
        user, self._user = self._user, None
        if user is not None:
            user.abandon()
        keep_alive = not is_open and request is not None and request.keep_alive and not self.gate.is_stopping
        is_head = request is not None and request.method == "HEAD"
        if not self.transport.is_closing():
            self.transport.write(to_bytes(answer, keep_alive=keep_alive, is_head=is_head))
        if not keep_alive:
            self._close_kindly(is_open=is_open)
            return
        self._next()

    def _close_kindly(self, *, is_open: bool) -> None:
        """Close so that the client gets to read the answer: a close with unread input would reset it (RFC 9112 §9.6)."""
        if self.transport.is_closing():
            return
        if not is_open:
            self.transport.close()
            return
        self._drained_bytes = 0
        self._buffer = b""
        self.deadline = self.gate.now + limits.DRAIN_SECONDS
        self._resume()
        self.transport.write_eof()

    def _drain(self, data: bytes) -> None:
        assert self._drained_bytes is not None
        self._drained_bytes += len(data)
        if self._drained_bytes > limits.MAX_DRAINED_BYTES:
            self.transport.abort()

    @property
    def is_tunnel(self) -> bool:
        """Whether a tunnel is open."""
        return isinstance(self._user, Tunnel)

    # ── The end ─────────────────────────────────────────────────────────────

    def tend(self, now: float) -> None:
        """Close what has waited too long, and cut what may not go on. Called twice a second and when the rules change."""
        user = self._user
        if now >= self.deadline:
            if isinstance(user, Exchange):
                if user.has_answered:
                    self.cut_off()
                else:
                    self.fail(504, "no-answer")
            else:
                self.cut_off()
        elif user is not None:
            method = "CONNECT" if isinstance(user, Tunnel) else user.request.method
            ruling = self.gate.judge.ruling(user.address, method, self.asker)
            if ruling.is_allowed:
                return
            if isinstance(user, Exchange) and not user.has_answered:
                self.block(ruling, user.request, user.address)
            else:
                self.cut(ruling)

    def cut(self, ruling: Ruling) -> None:
        """End what goes on, because *ruling* says that it may not; keep a record of it."""
        user = self._user
        if user is not None:
            self.record(ruling, user.request.method, user.address.text)
        self.cut_off()

    def cut_off(self) -> None:
        """End the connection at once, so that the client sees that something is missing."""
        user, self._user = self._user, None
        if user is not None:
            user.abandon()
        self.transport.abort()

    def finish(self) -> None:
        """End the connection when all that is written is sent."""
        user, self._user = self._user, None
        if user is not None:
            user.abandon()
        self.transport.close()

    def stop(self) -> None:
        """The gate stops: close now if nothing goes on; a tunnel has no end to wait for."""
        if not isinstance(self._user, Exchange):
            self.finish()

    # ── Brakes ──────────────────────────────────────────────────────────────

    def stir(self) -> None:
        """Something moved."""
        seconds = limits.TUNNEL_IDLE_SECONDS if isinstance(self._user, Tunnel) else limits.ANSWER_SECONDS
        if not isinstance(self._user, Tunnel) or self._user.is_settled:
            self.deadline = self.gate.now + seconds

    def hold(self) -> None:
        """The server takes no more for now."""
        self._pause()

    def release(self) -> None:
        """The server takes more again."""
        self._resume()

    def _pause(self) -> None:
        if not self._is_held and not self.transport.is_closing():
            self._is_held = True
            self.transport.pause_reading()

    def _resume(self) -> None:
        if self._is_held and not self.transport.is_closing():
            self._is_held = False
            self.transport.resume_reading()

    def spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run *work* for this client; a fault in it ends the connection and nothing else."""
        task = self.gate.loop.create_task(work)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and task.exception() is not None:
            log.error("a fault while opening a connection", exc_info=task.exception())
            self.cut_off()


@lru_cache(maxsize=4096)
def canonical_ip(text: str) -> str:
    """Return an IP address as the register writes it: an IPv4 address that came in IPv6 form as IPv4."""
    ip = ip_address(text.partition("%")[0])
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    return str(ip)
