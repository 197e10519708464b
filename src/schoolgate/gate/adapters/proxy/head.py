"""Heads of HTTP/1.1 messages: bytes to values, strictly (RFC 9112).

Strict because two parsers stand behind one another: whatever we take for one
message, the server must take for one message too, and for the same one. So
what the RFC lets a recipient repair, we refuse: bare line feeds, folded lines,
spaces before a colon, two lengths, a length beside chunks. A test compares us with
llhttp: what we accept, it accepts, and frames alike.

Nothing here does I/O.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from schoolgate.gate.adapters.proxy import limits
from schoolgate.kernel.errors import Malformed

CHUNKED = -1
UNTIL_CLOSE = -2

_TOKEN = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_REQUEST_LINE = re.compile(rb"(" + _TOKEN + rb") ([!-~]+) HTTP/1\.([01])\r\n")
_STATUS_LINE = re.compile(rb"HTTP/1\.([01]) ([1-9][0-9][0-9])(?: ([\t\x20-\x7e\x80-\xff]*))?\r\n")
# obs-text (0x80-0xff) is allowed in values (RFC 9110 §5.5); every other control character is not.
_FIELDS = re.compile(rb"(?:" + _TOKEN + rb":[\t\x20-\x7e\x80-\xff]*\r\n)*\r\n")
_DIGITS = re.compile(rb"[0-9]{1,18}")
_BARE_LF = re.compile(rb"(?<!\r)\n")

# Fields that concern one connection only (RFC 9110 §7.6.1), besides those that Connection names.
HOP_BY_HOP = frozenset(
    {
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authentication-info",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    }
)
# Fields that say how the message is framed, or to whom it goes: we write them ourselves. They are taken out by one
# pass in C, so that what a request costs does not grow with the fields that merely pass through.
_OURS = re.compile(
    rb"\r\n((?i:" + b"|".join(sorted(HOP_BY_HOP | {b"content-length", b"host"}, reverse=True)) + rb")):([^\r]*)(?=\r\n)"
)
_EXPECT = re.compile(rb"\r\n(?i:expect):[ \t]*([^\r]*?)[ \t]*(?=\r\n)")
# Options of Connection that name no field.
_PLAIN_OPTIONS = frozenset({b"close", b"keep-alive"})
_NONE: frozenset[bytes] = frozenset()


class BadHead(Malformed):
    """A head that we do not take.

    Args:
        message: what is wrong, quoting the value.
        status: what to answer when a client sent it.
    """

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


@dataclass(slots=True)
class Request:
    """The head of a request.

    Attributes:
        method: upper or lower case as sent; methods are case-sensitive.
        target: the request target as sent, visible ASCII only.
        minor: 0 or 1, of HTTP/1.x.
        fields: the lines that may be passed on, in order, each with its end.
        body: length in bytes, or `CHUNKED`. 0 when there is no body.
        keep_alive: whether the client wants to go on afterwards.
        expects_continue: whether it waits for a 100 before it sends the body.
        upgrade: protocols it wants to change to, lower case; mostly empty.
    """

    method: str
    target: str
    minor: int
    fields: bytes
    body: int
    keep_alive: bool
    expects_continue: bool
    upgrade: bytes

    def value(self, name: bytes) -> str:
        """Return the first value of the field *name* (lower case), or ""."""
        for line in self.fields.split(b"\r\n"):
            field, _, value = line.partition(b":")
            if field.lower() == name:
                return value.strip(b" \t").decode("latin-1")
        return ""


@dataclass(slots=True)
class Response:
    """The head of an answer.

    Attributes:
        status: 100 to 999.
        reason: the reason phrase as sent.
        minor: 0 or 1, of HTTP/1.x.
        fields: as in `Request`.
        body: length in bytes, `CHUNKED` or `UNTIL_CLOSE`; 0 when there is no body.
        length: what Content-Length says, even when there is no body (HEAD, 304), or None.
        keep_alive: whether the server will take another request afterwards.
    """

    status: int
    reason: bytes
    minor: int
    fields: bytes
    body: int
    length: int | None
    keep_alive: bool


def has_bare_line_feed(data: bytes) -> bool:
    """Tell whether *data*, the beginning of a head, has a line that ends without a carriage return."""
    return _BARE_LF.search(data) is not None


def request(raw: bytes) -> Request:
    """Read the head of a request, the empty line at its end included.

    Raises:
        BadHead: if it is not exactly one well-formed head within the limits.
    """
    line = _REQUEST_LINE.match(raw)
    if line is None:
        raise _bad_request_line(raw)
    method, target, minor = line.groups()
    if len(target) > limits.MAX_TARGET_BYTES:
        raise BadHead(f"a target of {len(target)} bytes is too long", 414)
    is_11 = minor == b"1"
    fields, ours = _fields(raw, line.end())
    host = ours.get(b"host", ())
    # RFC 9112 §3.2: a request without Host, or with two, is answered 400, whatever the target.
    if len(host) > 1 or (is_11 and not host):
        raise BadHead(f"a request has one Host field, not {len(host)}")
    body = _length(ours)
    if b"transfer-encoding" in ours:
        if not is_11:
            raise BadHead("HTTP/1.0 knows no Transfer-Encoding")  # RFC 9112 §6.1: treat as faulty framing
        if body is not None:
            raise BadHead("both a Content-Length and a Transfer-Encoding")  # RFC 9112 §6.1: request smuggling
        body = _chunked(ours)
    options = _tokens(ours, b"connection")
    if b"connection" not in ours and b"proxy-connection" in ours:
        options = _tokens(ours, b"proxy-connection")  # what old clients send to proxies instead
    if not options <= _PLAIN_OPTIONS:
        fields = _without(fields, options)
    expected = _EXPECT.findall(raw, line.end() - 2)
    if expected and (len(expected) > 1 or expected[0].lower() != b"100-continue"):
        raise BadHead(f"unknown expectation {b', '.join(expected)!r}", 417)
    expects = bool(expected) and is_11 and bool(body)
    keep_alive = b"close" not in options if is_11 else b"keep-alive" in options
    upgrade = b",".join(ours.get(b"upgrade", ())).lower()
    return Request(method.decode(), target.decode(), int(is_11), fields, body or 0, keep_alive, expects, upgrade)


def response(raw: bytes, method: str) -> Response:
    """Read the head of an answer to a request with *method*, the empty line at its end included.

    Raises:
        BadHead: if it is not exactly one well-formed head within the limits.
    """
    line = _STATUS_LINE.match(raw)
    if line is None:
        raise BadHead(f"not a status line: {raw[:80]!r}", 502)
    minor, code, reason = line.groups()
    is_11 = minor == b"1"
    status = int(code)
    fields, ours = _fields(raw, line.end())
    length = _length(ours)
    body = UNTIL_CLOSE if length is None else length
    if b"transfer-encoding" in ours:
        if not is_11 or length is not None:
            raise BadHead("an answer with doubtful framing", 502)  # RFC 9112 §6.1 and §6.3
        body = _chunked(ours)
    if method == "HEAD" or status in {204, 304} or status < 200:  # RFC 9112 §6.3, first rule
        body = 0
    options = _tokens(ours, b"connection")
    if not options <= _PLAIN_OPTIONS:
        fields = _without(fields, options)
    keep_alive = is_11 and b"close" not in options and body != UNTIL_CLOSE
    return Response(status, reason or b"", int(is_11), fields, body, length, keep_alive)


def _fields(raw: bytes, start: int) -> tuple[bytes, dict[bytes, list[bytes]]]:
    """Part the fields into those to pass on and those that are ours to write (name → stripped values)."""
    if _FIELDS.fullmatch(raw, start) is None:
        raise _bad_fields(raw, start)
    block = raw[start - 2 : -2]  # with the line end before the first field, which `_OURS` leans on
    if block.count(b"\r\n") - 1 > limits.MAX_FIELDS:
        raise BadHead("too many fields", 431)
    ours: dict[bytes, list[bytes]] = {}
    for name, value in _OURS.findall(block):
        ours.setdefault(name.lower(), []).append(value.strip(b" \t"))
    return (_OURS.sub(b"", block) if ours else block)[2:], ours


def _without(fields: bytes, names: frozenset[bytes]) -> bytes:
    """Drop the fields that Connection names: they concern this connection only."""
    lines = fields.split(b"\r\n")[:-1]
    return b"".join(line + b"\r\n" for line in lines if line.partition(b":")[0].lower() not in names)


def _length(ours: dict[bytes, list[bytes]]) -> int | None:
    values = ours.get(b"content-length")
    if values is None:
        return None
    if len(values) > 1 or _DIGITS.fullmatch(values[0]) is None:
        raise BadHead(f"one Content-Length, in digits, not {b', '.join(values)!r}")
    return int(values[0])


def _chunked(ours: dict[bytes, list[bytes]]) -> int:
    # The only coding that all of today's clients and servers agree on. Anything else is an attempt at confusion.
    values = ours[b"transfer-encoding"]
    if len(values) > 1 or values[0].lower() != b"chunked":
        raise BadHead(f"the only Transfer-Encoding is chunked, not {b', '.join(values)!r}", 501)
    return CHUNKED


def _tokens(ours: dict[bytes, list[bytes]], name: bytes) -> frozenset[bytes]:
    values = ours.get(name)
    return _NONE if values is None else _split(b",".join(values))


@lru_cache(maxsize=256)  # there are about three in the whole world
def _split(value: bytes) -> frozenset[bytes]:
    return frozenset(token.strip(b" \t").lower() for token in value.split(b","))


def _bad_request_line(raw: bytes) -> BadHead:
    line = raw.partition(b"\r\n")[0]
    version = re.fullmatch(_TOKEN + rb" [!-~]+ HTTP/([0-9]\.[0-9])", line)
    if version is not None:
        return BadHead(f"HTTP/{version[1].decode()} is not spoken here", 505)
    return BadHead(f"not a request line: {line[:80]!r}")


def _bad_fields(raw: bytes, start: int) -> BadHead:
    for line in raw[start:].split(b"\r\n"):
        if line and re.fullmatch(_TOKEN + rb":[\t\x20-\x7e\x80-\xff]*", line) is None:
            return BadHead(f"not a field: {line[:80]!r}")
    return BadHead("the fields do not end where the head ends")
