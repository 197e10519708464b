"""The server name in a TLS ClientHello (RFC 8446 §4.1.2, RFC 6066 §3). Nothing here does I/O.

Only what is needed to say which name a tunnel is for. Encrypted ClientHello
(ECH) keeps an outer name, and that is the one seen here: it must agree with
the CONNECT name like any other.
"""

import re

from schoolgate.gate.adapters.proxy import limits
from schoolgate.kernel.errors import Malformed

_HANDSHAKE = 22
_CLIENT_HELLO = 1
_SERVER_NAME = 0
_HOST_NAME = 0
_MAX_RECORD_BYTES = 2**14  # RFC 8446 §5.1
_NAME = re.compile(rb"[A-Za-z0-9_](?:[A-Za-z0-9\-_.]{0,253}[A-Za-z0-9_.])?")


def server_name(data: bytes) -> str | None:
    """Return the server name that the ClientHello in *data* asks for.

    Args:
        data: all bytes that came through the tunnel so far.

    Returns:
        None while the hello is not complete; "" when it names no server; else
        the name as sent.

    Raises:
        Malformed: if *data* cannot be the beginning of a ClientHello of a bearable size.
    """
    hello = _hello(data)
    return None if hello is None else _name(_Reader(hello))


def _hello(data: bytes) -> bytes | None:
    """Join the handshake message out of its records, however it was cut into them."""
    message = b""
    at = 0
    while True:
        head = data[at : at + 5]
        if head[:1] not in {b"", b"\x16"} or head[1:2] not in {b"", b"\x03"}:
            raise Malformed(f"not the beginning of TLS: {data[:16]!r}")
        if len(head) < 5:
            return None
        size = int.from_bytes(head[3:5], "big")
        # A handshake record holds at least one byte (RFC 8446 §5.1).
        if not 0 < size <= _MAX_RECORD_BYTES:
            raise Malformed(f"a TLS record of {size} bytes")
        message += data[at + 5 : at + 5 + size]
        if message[0:1] not in {b"", b"\x01"}:
            raise Malformed("the first TLS message is not a ClientHello")
        if len(message) >= 4:
            length = int.from_bytes(message[1:4], "big")
            if length > limits.MAX_HELLO_BYTES:
                raise Malformed(f"a ClientHello of {length} bytes")
            if len(message) >= 4 + length:
                return message[4 : 4 + length]
        if len(data) < at + 5 + size:
            return None
        at += 5 + size
        if at > 2 * limits.MAX_HELLO_BYTES:  # many tiny records
            raise Malformed("a ClientHello in too many pieces")


class _Reader:
    """Takes fields off the front; running short is `Malformed`."""

    __slots__ = ("_at", "_data")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, n_bytes: int) -> bytes:
        piece = self._data[self._at : self._at + n_bytes]
        if len(piece) < n_bytes:
            raise Malformed("a ClientHello that ends too early")
        self._at += n_bytes
        return piece

    def number(self, n_bytes: int) -> int:
        return int.from_bytes(self.take(n_bytes), "big")

    def block(self, length_bytes: int) -> bytes:
        return self.take(self.number(length_bytes))

    @property
    def is_empty(self) -> bool:
        return self._at == len(self._data)


def _name(hello: _Reader) -> str:
    hello.take(2 + 32)  # legacy_version, random
    hello.block(1)  # legacy_session_id
    hello.block(2)  # cipher_suites
    hello.block(1)  # legacy_compression_methods
    if hello.is_empty:
        return ""
    extensions = _Reader(hello.block(2))
    found: bytes | None = None
    while not extensions.is_empty:
        kind = extensions.number(2)
        content = extensions.block(2)
        if kind == _SERVER_NAME:
            if found is not None:  # RFC 8446 §4.2: no extension twice. The server might read the other one.
                raise Malformed("a ClientHello with two server names")
            found = _host_name(content)
    return "" if found is None else found.decode("ascii")


def _host_name(content: bytes) -> bytes:
    names = _Reader(_Reader(content).block(2))
    kind = names.number(1)
    name = names.block(2)
    if kind != _HOST_NAME or not names.is_empty or _NAME.fullmatch(name) is None:
        raise Malformed(f"not a server name: {name[:80]!r}")
    return name
