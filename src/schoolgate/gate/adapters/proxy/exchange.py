"""One request and its answer, between a client and a server, with the brakes on both sides."""

import asyncio
from typing import TYPE_CHECKING

from schoolgate.gate.adapters.proxy import body, forward, head, limits
from schoolgate.gate.adapters.proxy.head import BadHead, Request, Response
from schoolgate.gate.adapters.proxy.judge import CLOSED_NETWORK, Ruling
from schoolgate.gate.adapters.proxy.targets import Forbidden, Unresolvable
from schoolgate.gate.adapters.proxy.upstream import Unreachable, Upstream
from schoolgate.gate.core.names import Address

if TYPE_CHECKING:
    from schoolgate.gate.adapters.proxy.client import Client

# RFC 9110 §9.2.2. Only these may be sent a second time when a kept-alive connection turns out to be dead, and only
# these go over a kept-alive connection at all: a form must not fail because a server hung up in silence.
REPEATABLE = frozenset({"GET", "HEAD", "OPTIONS"})
# Informational answers before the real one (RFC 9110 §15.2). Nobody sends more than two.
MAX_INFORMATIONAL = 8


class Exchange:
    """Carries one allowed request to its server and the answer back.

    Attributes:
        request: its head.
        address: its canonical address.
    """

    __slots__ = (
        "_body", "_buffer", "_client", "_framing", "_is_chunked_out", "_is_request_chunked", "_keep_alive", "_n_informational",
        "_path", "_request_body", "_response", "_ruling", "_task", "_upstream", "address", "request",
    )  # fmt: skip

    def __init__(self, client: "Client", request: Request, address: Address, path: str, ruling: Ruling) -> None:
        self._client = client
        self.request = request
        self.address = address
        self._path = path
        self._ruling = ruling
        self._request_body = body.of(request.body)
        self._is_request_chunked = request.body == head.CHUNKED
        self._upstream: Upstream | None = None
        self._task: asyncio.Task[None] | None = None
        self._response: Response | None = None
        self._body: body.Body | None = None
        self._buffer = b""
        self._is_chunked_out = False
        self._keep_alive = False
        self._n_informational = 0

    # ── Beginning ───────────────────────────────────────────────────────────

    def begin(self) -> None:
        """Send the request over a kept-alive connection if there is one, else open one."""
        key = (self.address.host, self.address.port)
        if self.request.method in REPEATABLE and self._request_body.is_done:
            upstream = self._client.gate.pool.take(key, self)
            if upstream is not None:
                if self._client.record(self._ruling, self.request.method, self.address.text):
                    self._send(upstream)
                else:
                    upstream.user = None
                    upstream.transport.close()
                    self._client.fail(503, "unrecorded")
                return
        self._task = self._client.spawn(self._open(must_record=True))

    @property
    def is_open(self) -> bool:
        """Whether request content is still to come from the client."""
        return not self._request_body.is_done

    @property
    def has_answered(self) -> bool:
        """Whether the client has got the head of the answer."""
        return self._response is not None

    async def _open(self, *, must_record: bool) -> None:
        gate = self._client.gate
        places: list[tuple[str, int]] | None = None
        try:
            places = await gate.resolver.places(self.address.host, self.address.port)
        except Forbidden:
            self._task = None
            self._client.block(gate.judge.refusal(CLOSED_NETWORK, "", self._ruling), self.request, self.address)
            return
        except Unresolvable:
            pass  # recorded all the same: what was looked for matters, also when it is not there
        if must_record and not self._client.record(self._ruling, self.request.method, self.address.text):
            self._task = None
            self._client.fail(503, "unrecorded")
            return
        try:
            upstream = None if places is None else await gate.pool.connect(
                (self.address.host, self.address.port), places, self
            )  # fmt: skip
        except Unreachable:
            self._task = None
            self._client.fail(504, "unreachable")
            return
        self._task = None
        if upstream is None:
            self._client.fail(502, "unknown-name")
        else:
            self._send(upstream)

    def _send(self, upstream: Upstream) -> None:
        self._upstream = upstream
        default = 80
        literal = f"[{self.address.host}]" if ":" in self.address.host else self.address.host
        host = literal if self.address.port == default else f"{literal}:{self.address.port}"
        upstream.transport.write(forward.request(self.request, self._path, host))
        if self._client.is_full:
            upstream.transport.pause_reading()
        self._client.upstream_is_there()

    # ── From the client ─────────────────────────────────────────────────────

    @property
    def is_ready(self) -> bool:
        """Whether there is a server to take request content."""
        return self._upstream is not None

    def client_data(self, data: bytes) -> bytes:
        """Pass request content on; return what belongs to the next request.

        Raises:
            BadHead: if its chunks are not well-formed.
        """
        content, rest = self._request_body.feed(data)
        upstream = self._upstream
        if upstream is not None and not upstream.transport.is_closing():
            if self._is_request_chunked:
                content = body.chunk(content)
                if self._request_body.is_done:
                    content += body.LAST_CHUNK
            if content:
                upstream.transport.write(content)
        return rest

    def client_full(self) -> None:
        """The client takes no more for now: stop reading from the server."""
        if self._upstream is not None and not self._upstream.transport.is_closing():
            self._upstream.transport.pause_reading()

    def client_ready(self) -> None:
        """The client takes more again."""
        if self._upstream is not None and not self._upstream.transport.is_closing():
            self._upstream.transport.resume_reading()

    def abandon(self) -> None:
        """Drop everything: the client is gone, or may not go on."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
        if self._upstream is not None:
            self._upstream.user = None
            self._upstream.transport.abort()
            self._upstream = None

    # ── From the server ─────────────────────────────────────────────────────

    def upstream_data(self, data: bytes) -> None:
        self._client.stir()
        try:
            if self._response is None:
                found = self._answer_begins(data)
                if found is None:
                    return
                begin, data = found
            else:
                begin = b""
            assert self._body is not None
            content, rest = self._body.feed(data)
        except BadHead:
            self._broken()
            return
        if self._is_chunked_out:
            content = body.chunk(content)
            if self._body.is_done:
                content += body.LAST_CHUNK
        if begin or content:
            self._client.transport.write(begin + content if content else begin)
        if self._body.is_done:
            self._finish(is_clean=not rest)

    def upstream_eof(self) -> None:
        self._over()

    def upstream_lost(self) -> None:
        self._over()

    def upstream_full(self) -> None:
        self._client.hold()

    def upstream_ready(self) -> None:
        self._client.release()

    def _answer_begins(self, data: bytes) -> tuple[bytes, bytes] | None:
        """Return (the head for the client, what follows it), or None while the head is not complete."""
        data = self._buffer + data if self._buffer else data
        while True:
            end = data.find(b"\r\n\r\n", 0, limits.MAX_RESPONSE_HEAD_BYTES)
            if end < 0:
                if len(data) >= limits.MAX_RESPONSE_HEAD_BYTES or head.has_bare_line_feed(data):
                    raise BadHead("an answer whose head does not end", 502)
                self._buffer = data
                return None
            response = head.response(data[: end + 4], self.request.method)
            data = data[end + 4 :]
            if response.status >= 200:
                break
            self._n_informational += 1
            if response.status == 101 or self._n_informational > MAX_INFORMATIONAL:
                raise BadHead("an answer that nobody asked for", 502)
            if response.status == 100 and self.request.expects_continue:
                self._client.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        self._buffer = b""
        self._response = response
        self._body = body.of(response.body)
        minor = self.request.minor
        self._is_chunked_out = response.body < 0 and minor == 1
        self._keep_alive = (
            self.request.keep_alive
            and self._request_body.is_done
            and (response.body >= 0 or minor == 1)
            and not self._client.gate.is_stopping
        )
        return forward.response(response, minor=minor, keep_alive=self._keep_alive), data

    def _finish(self, *, is_clean: bool) -> None:
        """The answer is complete."""
        upstream, self._upstream = self._upstream, None
        assert self._response is not None
        if upstream is not None:
            if is_clean and self._response.keep_alive and self._request_body.is_done:
                if self._client.is_full:
                    upstream.transport.resume_reading()
                self._client.gate.pool.give(upstream)
            else:
                upstream.user = None
                upstream.transport.close()
        self._client.exchange_is_over(keep_alive=self._keep_alive)

    def _over(self) -> None:
        """The server has hung up."""
        upstream, self._upstream = self._upstream, None
        if upstream is None:
            return
        upstream.user = None
        upstream.transport.close()
        if self._body is not None:
            if not self._body.ends_at_close():
                self._client.cut_off()  # the client must see that it did not get all
                return
            if self._is_chunked_out:
                self._client.transport.write(body.LAST_CHUNK)
            self._client.exchange_is_over(keep_alive=self._keep_alive)
        elif upstream.is_used and not self._buffer and not self._n_informational:
            # It hung up while it was waiting in the pool; we only saw it now. begin() put nothing on it
            # that may not be sent again, and it is recorded already.
            self._task = self._client.spawn(self._open(must_record=False))
        else:
            self._client.fail(502, "no-answer")

    def _broken(self) -> None:
        """The server's answer is not HTTP that can be passed on."""
        upstream, self._upstream = self._upstream, None
        if upstream is not None:
            upstream.user = None
            upstream.transport.abort()
        if self._response is None:
            self._client.fail(502, "bad-answer")
        else:
            self._client.cut_off()
