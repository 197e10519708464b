"""Heads of messages: strict, and in agreement with a parser that we did not write."""

import contextlib

import httptools
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from schoolgate.gate.adapters.proxy import body, head
from schoolgate.gate.adapters.proxy.head import BadHead

names = st.sampled_from(
    ["Host", "Content-Length", "Transfer-Encoding", "Connection", "Expect", "X-A", "x-a", "Upgrade", "TE", "Cookie", "Content-length ", ""]
)  # fmt: skip
values = st.sampled_from(
    ["a.test", "5", "0", "5, 5", "+5", "05", "chunked", "Chunked", "gzip, chunked", "close", "keep-alive", "Keep-Alive, X-A",
     "100-continue", "", " ", "a\tb", "é", "\0", "a\nb", "h2c"]
)  # fmt: skip
lines = st.tuples(st.sampled_from(["GET", "POST", "HEAD", "OPTIONS"]), st.sampled_from(["1.1", "1.0"]))


def raw_request(line, fields, ends=None):
    method, version = line
    parts = [f"{method} http://a.test/x HTTP/{version}", *(f"{name}:{value}" for name, value in fields)]
    return ("\r\n".join(parts) + "\r\n\r\n").encode("latin-1")


class Second:
    """What llhttp says about the same bytes."""

    def __init__(self, raw, rest):
        self.body, self.is_complete = b"", False
        self.names = []
        parser = httptools.HttpRequestParser(self)
        try:
            parser.feed_data(raw + rest)
        except httptools.HttpParserUpgrade:
            self.is_complete = True
        self.method = parser.get_method()

    def on_header(self, name, value):
        self.names.append(name.lower())

    def on_body(self, data):
        self.body += data

    def on_message_complete(self):
        self.is_complete = True


@settings(max_examples=200)
@given(line=lines, fields=st.lists(st.tuples(names, values), max_size=5))
@example(line=("POST", "1.1"), fields=[("Host", "a.test"), ("Content-Length", "5")])
@example(line=("POST", "1.1"), fields=[("Host", "a.test"), ("Transfer-Encoding", "chunked")])
def test_what_we_accept_another_parser_accepts_and_frames_alike(line, fields):
    raw = raw_request(line, fields)
    try:
        ours = head.request(raw)
    except BadHead:
        return
    content = b"5\r\nhello\r\n0\r\n\r\n" if ours.body == head.CHUNKED else b"h" * ours.body
    theirs = Second(raw, content)
    assert theirs.is_complete
    assert theirs.method == ours.method.encode()
    assert theirs.body == (b"hello" if ours.body == head.CHUNKED else content)


@given(data=st.binary(max_size=200))
def test_any_bytes_are_a_head_or_a_refusal(data):
    for read in (head.request, lambda raw: head.response(raw, "GET")):
        with contextlib.suppress(BadHead):
            read(data + b"\r\n\r\n")


def test_fields_of_one_connection_and_those_it_names_are_taken_out():
    ours = head.request(
        b"GET http://a.test/ HTTP/1.1\r\nhost: a\r\nX-One: 1\r\nCONNECTION: x-ONE , close\r\nX-Two:2\r\nte: x\r\n"
        b"Keep-Alive: 5\r\nConnection: x-three\r\nX-Three: 3\r\nX-Four:\r\n\r\n"
    )
    assert ours.fields == b"X-Two:2\r\nX-Four:\r\n"
    assert not ours.keep_alive
    assert (ours.value(b"x-two"), ours.value(b"x-one")) == ("2", "")


@pytest.mark.parametrize(
    ("raw", "keeps"),
    [
        (b"GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n", True),
        (b"GET http://a/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", False),
        (b"GET http://a/ HTTP/1.0\r\n\r\n", False),
        (b"GET http://a/ HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", True),
        (b"GET http://a/ HTTP/1.0\r\nProxy-Connection: Keep-Alive\r\n\r\n", True),
    ],
)
def test_whether_the_client_goes_on(raw, keeps):
    assert head.request(raw).keep_alive is keeps


@pytest.mark.parametrize(
    ("raw", "method", "framing"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n", "GET", 7),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n", "HEAD", 0),
        (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n", "GET", 0),
        (b"HTTP/1.1 204\r\n\r\n", "GET", 0),
        (b"HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n", "GET", head.CHUNKED),
        (b"HTTP/1.0 200 OK\r\n\r\n", "GET", head.UNTIL_CLOSE),
    ],
)
def test_how_an_answer_is_framed(raw, method, framing):
    assert head.response(raw, method).body == framing


@pytest.mark.parametrize(
    "raw",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\nContent-Length: 7\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
        b"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/2 200\r\n\r\n",
        b"ICY 200 OK\r\n\r\n",
        b"HTTP/1.1 20 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\r\n",
    ],
)
def test_a_doubtful_answer_is_refused(raw):
    with pytest.raises(BadHead):
        head.response(raw, "GET")


@settings(max_examples=100)
@given(pieces=st.lists(st.binary(min_size=1, max_size=20), max_size=6), rest=st.binary(max_size=20), data=st.data())
def test_chunks_split_anywhere_give_the_same_content_and_the_same_end(pieces, rest, data):
    raw = b"".join(b"%x;a=b\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\nX-T: 1\r\n\r\n" + rest
    reader, content, left = body.Chunked(), b"", b""
    at = 0
    while at < len(raw):
        size = data.draw(st.integers(1, 12))
        if reader.is_done:
            left += raw[at : at + size]
        else:
            found, behind = reader.feed(raw[at : at + size])
            content += found
            left += behind
        at += size
    assert (content, left, reader.is_done) == (b"".join(pieces), rest, True)


@given(pieces=st.lists(st.binary(max_size=30), max_size=5))
def test_chunks_that_we_write_we_can_read(pieces):
    reader = body.Chunked()
    raw = b"".join(body.chunk(piece) for piece in pieces) + body.LAST_CHUNK
    assert reader.feed(raw) == (b"".join(pieces), b"")
    assert reader.is_done


@given(data=st.binary(max_size=100))
def test_any_bytes_are_chunks_or_a_refusal(data):
    with contextlib.suppress(BadHead):
        body.Chunked().feed(data)
