"""Bodies of HTTP/1.1 messages: where they end, and what is in them (RFC 9112 §6 and §7).

Each kind takes bytes as they come, split anywhere, and returns the content and
what lies behind the end. Nothing here does I/O.
"""

import re
from typing import Protocol

from schoolgate.gate.adapters.proxy import head, limits
from schoolgate.gate.adapters.proxy.head import BadHead

# A size in hex, then perhaps extensions, which we drop. 15 digits are more than any disk.
_CHUNK_LINE = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[\t\x20-\x7e\x80-\xff]*)?")
LAST_CHUNK = b"0\r\n\r\n"


class Body(Protocol):
    """What is still to come of one body.

    Attributes:
        is_done: whether its end has been seen.
    """

    is_done: bool

    def feed(self, data: bytes) -> tuple[bytes, bytes]:
        """Return (content, rest). The rest belongs to the next message and is empty until `is_done`."""

    def ends_at_close(self) -> bool:
        """Tell whether the body is whole when the connection closes now."""


def of(framing: int) -> Body:
    """Return the reader for a framing: a length in bytes, `head.CHUNKED` or `head.UNTIL_CLOSE`."""
    if framing == head.CHUNKED:
        return Chunked()
    if framing == head.UNTIL_CLOSE:
        return UntilClose()
    return Sized(framing)


class Sized:
    """A body with a Content-Length."""

    __slots__ = ("_left", "is_done")

    def __init__(self, length: int) -> None:
        self._left = length
        self.is_done = length == 0

    def feed(self, data: bytes) -> tuple[bytes, bytes]:
        left = self._left
        size = len(data)
        if size < left:
            self._left = left - size
            return data, b""
        self._left = 0
        self.is_done = True
        if size == left:
            return data, b""
        return data[:left], data[left:]

    def ends_at_close(self) -> bool:
        return self.is_done


class UntilClose:
    """A body that ends with the connection: nobody can tell whether it is whole."""

    __slots__ = ("is_done",)

    def __init__(self) -> None:
        self.is_done = False

    def feed(self, data: bytes) -> tuple[bytes, bytes]:
        return data, b""

    def ends_at_close(self) -> bool:
        return True


class Chunked:
    """A body in chunks. Extensions and trailers are read and dropped.

    Raises:
        BadHead: from `feed`, if the chunks are not well-formed.
    """

    __slots__ = ("_in_trailer", "_left", "_pending", "_trailer_bytes", "is_done")

    def __init__(self) -> None:
        self._pending = b""  # a line of which the end has not come
        self._left = 0  # content bytes of the current chunk, plus 2 for the line end behind them
        self._in_trailer = False
        self._trailer_bytes = 0
        self.is_done = False

    def feed(self, data: bytes) -> tuple[bytes, bytes]:
        content = []
        at = 0
        if self._pending:
            data = self._pending + data
            self._pending = b""
        while at < len(data):
            if self._left > 2:
                piece = data[at : at + self._left - 2]
                content.append(piece)
                at += len(piece)
                self._left -= len(piece)
            elif self._left:
                expected = b"\r\n"[2 - self._left :]
                piece = data[at : at + self._left]
                if not expected.startswith(piece):
                    raise BadHead(f"a chunk ends with {piece!r}")
                at += len(piece)
                self._left -= len(piece)
            else:
                end = data.find(b"\r\n", at)
                line = data[at : len(data) if end < 0 else end]
                if len(line) > limits.MAX_CHUNK_LINE_BYTES or b"\n" in line or b"\r" in line[:-1]:
                    raise BadHead(f"not the line of a chunk: {line[:80]!r}")
                if end < 0:
                    self._pending = line
                    break
                at = end + 2
                if self._line(line):
                    return b"".join(content), data[at:]
        return b"".join(content), b""

    def ends_at_close(self) -> bool:
        return self.is_done

    def _line(self, line: bytes) -> bool:
        """Take one whole line; tell whether it was the last of the body."""
        if self._in_trailer:
            self._trailer_bytes += len(line)
            if self._trailer_bytes > limits.MAX_REQUEST_HEAD_BYTES:
                raise BadHead("the trailers are too long", 431)
            self.is_done = not line
            return self.is_done
        match = _CHUNK_LINE.fullmatch(line)
        if match is None:
            raise BadHead(f"not the line of a chunk: {line[:80]!r}")
        size = int(match[1], 16)
        if size:
            self._left = size + 2
        else:
            self._in_trailer = True
        return False


def chunk(content: bytes) -> bytes:
    """Return *content* as one chunk; nothing for nothing, because an empty chunk is the end."""
    return b"%x\r\n%b\r\n" % (len(content), content) if content else b""
