"""What is not exactly one request is answered and closed, and never reaches a server."""

import pytest
from gate_rig import request

GET = b"GET http://plain.test/ HTTP/1.1\r\nHost: plain.test\r\n"
POST = b"POST http://plain.test/ HTTP/1.1\r\nHost: plain.test\r\n"
SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: plain.test\r\n\r\n"

REFUSED = [
    # two lengths that differ: which one does the server believe?
    (400, POST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello" + SMUGGLED),
    # two lengths that agree: still two parsers' choice
    (400, POST + b"Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello"),
    (400, POST + b"Content-Length: 5, 5\r\n\r\nhello"),
    # a length beside chunks (RFC 9112 §6.1)
    (400, POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED),
    (400, POST + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + SMUGGLED),
    # lengths that some parsers read as numbers
    (400, POST + b"Content-Length: +5\r\n\r\nhello"),
    (400, POST + b"Content-Length: 0x5\r\n\r\nhello"),
    (400, POST + b"Content-Length: 5 5\r\n\r\nhello"),
    (400, POST + b"Content-Length: -5\r\n\r\nhello"),
    (400, POST + b"Content-Length:\r\n\r\nhello"),
    (400, POST + b"Content-Length: 99999999999999999999\r\n\r\nhello"),
    # codings that one side may not see
    (501, POST + b"Transfer-Encoding: identity\r\n\r\n"),
    (501, POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
    (501, POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    (501, POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
    (400, POST + b"Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n"),
    (400, POST + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n"),
    (400, b"POST http://plain.test/ HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    # chunks that end elsewhere for others
    (400, POST + b"Transfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n"),
    (400, POST + b"Transfer-Encoding: chunked\r\n\r\n5 x\r\nhello\r\n0\r\n\r\n"),
    (400, POST + b"Transfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n"),
    (400, POST + b"Transfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n"),
    (400, POST + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhelloX0\r\n\r\n"),
    (400, POST + b"Transfer-Encoding: chunked\r\n\r\n" + b"0" * 400 + b"5\r\nhello\r\n0\r\n\r\n"),
    # lines
    (400, GET + b"X-Fold: a\r\n b\r\n\r\n"),
    (400, GET + b" X-Space: a\r\n\r\n"),
    (400, GET + b"X-Bare: a\nHost: other.test\r\n\r\n"),
    (400, b"GET http://plain.test/ HTTP/1.1\nHost: plain.test\n\n"),
    (400, GET + b"X-Nul: a\0b\r\n\r\n"),
    (400, GET + b"X-Cr: a\rb\r\n\r\n"),
    (400, GET + b"X Space: a\r\n\r\n"),
    (400, GET + b"X-\xc3\xa9: a\r\n\r\n"),
    (400, GET + b": a\r\n\r\n"),
    (400, GET + b"no colon\r\n\r\n"),
    # the request line
    (400, b"GET  http://plain.test/ HTTP/1.1\r\nHost: plain.test\r\n\r\n"),
    (400, b"GET http://plain.test/ \r\nHost: plain.test\r\n\r\n"),
    (400, b"GET http://plain.test/a b HTTP/1.1\r\nHost: plain.test\r\n\r\n"),
    (400, b"GET http://plain.test/\xff HTTP/1.1\r\nHost: plain.test\r\n\r\n"),
    (400, b"G\x01T http://plain.test/ HTTP/1.1\r\nHost: plain.test\r\n\r\n"),
    (505, b"GET http://plain.test/ HTTP/2.0\r\nHost: plain.test\r\n\r\n"),
    (505, b"GET http://plain.test/ HTTP/1.2\r\nHost: plain.test\r\n\r\n"),
    (505, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    # the target: where browsers' and servers' ideas of it could part
    (400, b"GET /origin-form HTTP/1.1\r\nHost: plain.test\r\n\r\n"),
    (400, b"GET http:/plain.test/ HTTP/1.1\r\nHost: plain.test\r\n\r\n"),
    (400, b"GET http://plain.test\\@casino.test/ HTTP/1.1\r\nHost: plain.test\r\n\r\n"),
    (400, b"GET http://plain.test/#part HTTP/1.1\r\nHost: plain.test\r\n\r\n"),
    (400, b"GET http://pl%00ain.test/ HTTP/1.1\r\nHost: plain.test\r\n\r\n"),
    (400, b"GET http:///x HTTP/1.1\r\nHost: plain.test\r\n\r\n"),
    (400, b"CONNECT plain.test HTTP/1.1\r\nHost: plain.test\r\n\r\n"),
    (400, b"CONNECT http://plain.test:443 HTTP/1.1\r\nHost: plain.test\r\n\r\n"),
    (400, b"CONNECT plain.test:0 HTTP/1.1\r\nHost: plain.test\r\n\r\n"),
    (400, b"CONNECT secure.test:443 HTTP/1.1\r\nHost: secure.test\r\nContent-Length: 4\r\n\r\nabcd"),
    # Host
    (400, b"GET http://plain.test/ HTTP/1.1\r\n\r\n"),
    (400, GET + b"Host: casino.test\r\n\r\n"),
    # sizes
    (414, b"GET http://plain.test/" + b"a" * 9000 + b" HTTP/1.1\r\nHost: plain.test\r\n\r\n"),
    (431, GET + b"X-Long: " + b"a" * 40000 + b"\r\n\r\n"),
    (431, GET + b"".join(b"X-%d: a\r\n" % number for number in range(120)) + b"\r\n"),
    # one empty line is ignored (RFC 9112 §2.2), not as many as somebody likes
    (400, b"\r\n\r\n" + GET + b"\r\n"),
    (400, b"\r\n" * 50),
    # what nobody promised
    (417, POST + b"Content-Length: 5\r\nExpect: miracles\r\n\r\nhello"),
]


@pytest.mark.parametrize(("status", "data"), REFUSED, ids=[f"{row:02}" for row in range(len(REFUSED))])
def test_what_is_not_one_request_is_refused_and_ends_the_connection(shared_gate, origin, status, data):
    before = len(origin.heads)
    with shared_gate.connect() as wire:
        wire.send(data)
        answer = wire.answer()
        assert (answer.status, answer.fields["connection"]) == (status, "close")
        assert wire.is_closed()
        assert wire.buffer == b""
    assert b"smuggled" not in b"".join(origin.heads[before:])


def test_the_host_that_was_decided_on_is_the_host_that_is_asked(shared_gate, origin):
    with shared_gate.connect() as wire:
        wire.ask(b"GET http://plain.test/x HTTP/1.1\r\nHost: casino.test\r\n\r\n")
    assert b"Host: plain.test\r\n" in origin.heads[-1]


def test_a_disguised_name_is_the_name_it_means(shared_gate):
    for disguise in ("CASINO.test", "casino.test.", "user@casino.test", "c%61sino.test", "casino.test:80"):
        assert shared_gate.get(f"http://{disguise}/").status == 403, disguise


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "127.1", "2130706433", "0x7f.1", "0177.0.0.1", "0.0.0.0", "10.1.2.3", "192.168.1.1", "169.254.169.254",
        "100.64.0.1", "224.0.0.1", "255.255.255.255", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]", "[fe80::1]", "[fd00::1]", "localhost", "[ff02::1]",
    ],
)  # fmt: skip
def test_no_disguise_leads_into_the_school_s_own_network(shared_gate, shared_school, host):
    assert shared_gate.get(f"http://{host}/").status == 403
    assert shared_school.last() == ("block", "edge", "edge.closed-network")


def test_only_what_the_gate_speaks_is_carried(shared_gate, shared_school):
    assert shared_gate.get("https://plain.test/").status == 501
    assert shared_school.last() == ("block", "edge", "edge.scheme")


def test_a_trace_is_not_carried(shared_gate):
    with shared_gate.connect() as wire:
        assert wire.ask(request("http://plain.test/", "TRACE")).status == 501
