"""One tunnel: opened for a name, held until the TLS hello asks for the same name, then carried both ways."""

import asyncio
from typing import TYPE_CHECKING

from schoolgate.gate.adapters.proxy import tls
from schoolgate.gate.adapters.proxy.head import Request
from schoolgate.gate.adapters.proxy.judge import CLOSED_NETWORK, TUNNEL_NAME, Ruling, is_literal
from schoolgate.gate.adapters.proxy.targets import Forbidden, Unresolvable
from schoolgate.gate.adapters.proxy.upstream import Unreachable, Upstream
from schoolgate.gate.core.names import Address, canonical
from schoolgate.kernel.errors import Malformed

if TYPE_CHECKING:
    from schoolgate.gate.adapters.proxy.client import Client

ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"


class Tunnel:
    """Carries an allowed CONNECT.

    Attributes:
        request: the head of the CONNECT.
        address: "https://host:port/", canonical.
        is_settled: whether the hello was seen and agrees.
    """

    __slots__ = (
        "_client",
        "_hello",
        "_is_client_done",
        "_is_server_done",
        "_ruling",
        "_task",
        "_upstream",
        "address",
        "is_settled",
        "request",
    )

    def __init__(self, client: "Client", request: Request, address: Address, ruling: Ruling) -> None:
        self._client = client
        self.request = request
        self.address = address
        self._ruling = ruling
        self._hello = b""
        self._upstream: Upstream | None = None
        self._task: asyncio.Task[None] | None = None
        self._is_client_done = False
        self._is_server_done = False
        self.is_settled = False

    def begin(self) -> None:
        """Open the connection to the server; the client gets its 200 when it stands."""
        self._task = self._client.spawn(self._open())

    @property
    def is_ready(self) -> bool:
        """Whether the client has got its 200."""
        return self._upstream is not None

    async def _open(self) -> None:
        gate = self._client.gate
        places: list[tuple[str, int]] | None = None
        try:
            places = await gate.resolver.places(self.address.host, self.address.port)
        except Forbidden:
            self._task = None
            self._client.block(gate.judge.refusal(CLOSED_NETWORK, "", self._ruling), self.request, self.address)
            return
        except Unresolvable:
            pass
        if not self._client.record(self._ruling, "CONNECT", self.address.text):
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
            return
        # A server that speaks first has to wait until we know that the client wants TLS, and from whom.
        upstream.transport.pause_reading()
        self._upstream = upstream
        self._client.transport.write(ESTABLISHED)
        self._client.upstream_is_there()

    def client_data(self, data: bytes) -> bytes:
        """Take bytes of the client."""
        assert self._upstream is not None
        if self.is_settled:
            self._upstream.transport.write(data)
            return b""
        self._hello += data
        try:
            name = tls.server_name(self._hello)
            if name is None:
                return b""
            refusal = self._settle(name)
        except Malformed:
            refusal = self._client.gate.judge.refusal(TUNNEL_NAME, "", self._ruling)
        if refusal is not None:
            self._client.cut(refusal)
            return b""
        self.is_settled = True
        self._upstream.transport.write(self._hello)
        self._hello = b""
        if not self._client.is_full:
            self._upstream.transport.resume_reading()
        return b""

    def _settle(self, name: str) -> Ruling | None:
        """Return None if the tunnel may go on to the server *name*, else why not.

        Raises:
            Malformed: if it is no name.
        """
        judge = self._client.gate.judge
        if not name and is_literal(self.address.host):
            return None  # RFC 6066 §3: a literal address is never sent as a server name
        asked = canonical(f"https://{name}:{self.address.port}/") if name else None
        if asked is None or asked.host != self.address.host:
            return judge.refusal(TUNNEL_NAME, "", self._ruling)
        ruling = judge.ruling(asked, "CONNECT", self._client.asker)
        return None if ruling.is_allowed else ruling

    def client_eof(self) -> None:
        """The client will send no more; the server may."""
        self._is_client_done = True
        if self._upstream is None or not self.is_settled or self._is_server_done:
            self._client.cut_off()
        elif not self._upstream.transport.is_closing():
            self._upstream.transport.write_eof()

    def client_full(self) -> None:
        if self._upstream is not None and not self._upstream.transport.is_closing():
            self._upstream.transport.pause_reading()

    def client_ready(self) -> None:
        if self.is_settled and self._upstream is not None and not self._upstream.transport.is_closing():
            self._upstream.transport.resume_reading()

    def abandon(self) -> None:
        """Close the server's side."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
        if self._upstream is not None:
            upstream, self._upstream = self._upstream, None
            upstream.user = None
            upstream.transport.abort()

    def upstream_data(self, data: bytes) -> None:
        self._client.stir()
        self._client.transport.write(data)

    def upstream_eof(self) -> None:
        self._is_server_done = True
        if self._is_client_done or not self.is_settled:
            self._client.finish()
        elif not self._client.transport.is_closing():
            self._client.transport.write_eof()

    def upstream_lost(self) -> None:
        self._upstream = None
        self._client.finish()

    def upstream_full(self) -> None:
        self._client.hold()

    def upstream_ready(self) -> None:
        self._client.release()
