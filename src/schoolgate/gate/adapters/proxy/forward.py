"""The heads that the proxy writes: requests to servers, answers to clients. Nothing here does I/O."""

import re
from dataclasses import dataclass

from schoolgate.gate.adapters.proxy import head
from schoolgate.gate.adapters.proxy.head import BadHead, Request, Response

# RFC 9110 §7.6.3: who passed the message on, under a name that says nothing about the school.
VIA = b"Via: 1.1 schoolgate\r\n"

# Stricter than WHATWG's parser on purpose: where that one repairs (backslashes, tabs), our cut between host and
# path could differ from its cut. What browsers send is already in this form.
_ABSOLUTE = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://([A-Za-z0-9\-._~!$&'()*+,;=:@%\[\]]+)((?:/[^\\#?]*)?(?:\?[^#]*)?)")
_AUTHORITY = re.compile(r"(?:[A-Za-z0-9\-._]+|\[[0-9A-Fa-f:.]+\]):([0-9]{1,5})")


@dataclass(frozen=True, slots=True)
class Target:
    """An absolute-form target, cut but not changed.

    Attributes:
        scheme: lower case.
        path: path and query as sent, beginning with "/" (or "*" for OPTIONS without either).
    """

    scheme: str
    path: str


def absolute(target: str, method: str) -> Target:
    """Cut an absolute-form target (RFC 9112 §3.2.2).

    Raises:
        BadHead: if it is not one; 400 for an origin-form, which means that the
            client takes us for a web server.
    """
    match = _ABSOLUTE.fullmatch(target)
    if match is None:
        raise BadHead(f"not an absolute address: {target[:80]!r}")
    scheme, _, path = match.groups()
    if not path:
        path = "*" if method == "OPTIONS" else "/"  # RFC 9112 §3.2.4
    elif path[0] == "?":
        path = "/" + path
    return Target(scheme.lower(), path)


def authority(target: str) -> int:
    """Return the port of an authority-form target (RFC 9112 §3.2.3), which CONNECT uses.

    Raises:
        BadHead: if it is not a host and a port from 1 to 65535.
    """
    match = _AUTHORITY.fullmatch(target)
    if match is None or not 1 <= int(match[1]) <= 65535:
        raise BadHead(f"not a host and a port: {target[:80]!r}")
    return int(match[1])


def request(ask: Request, path: str, host: str) -> bytes:
    """Return the head for the server.

    The host is the one that was decided on (RFC 9112 §3.2.2: what the client
    put into Host is ignored). Every framing field is written anew.
    """
    framing = b""
    if ask.body == head.CHUNKED:
        framing = b"Transfer-Encoding: chunked\r\n"
    elif ask.body or ask.method in {"POST", "PUT", "PATCH"}:
        framing = b"Content-Length: %d\r\n" % ask.body
    return b"%b %b HTTP/1.1\r\nHost: %b\r\n%b%b%b\r\n" % (
        ask.method.encode(),
        path.encode(),
        host.encode(),
        ask.fields,
        framing,
        VIA,
    )


def response(answer: Response, *, minor: int, keep_alive: bool) -> bytes:
    """Return the head for a client that speaks HTTP/1.*minor*.

    A body without a length goes out in chunks to HTTP/1.1 and until close to HTTP/1.0.
    """
    framing = b""
    if answer.body < 0:
        if minor:
            framing = b"Transfer-Encoding: chunked\r\n"
    elif answer.length is not None and answer.status != 204 and answer.status >= 200:
        framing = b"Content-Length: %d\r\n" % answer.length
    if not keep_alive:
        framing += b"Connection: close\r\n"
    elif not minor:
        framing += b"Connection: keep-alive\r\n"
    return b"HTTP/1.1 %d %b\r\n%b%b%b\r\n" % (answer.status, answer.reason, answer.fields, framing, VIA)
