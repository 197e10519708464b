"""The server name out of a ClientHello, however it is cut, and nothing but a name or `Malformed` out of anything else."""

import contextlib
import ssl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schoolgate.gate.adapters.proxy import limits, tls
from schoolgate.kernel.errors import Malformed


def block(size, data):
    return len(data).to_bytes(size, "big") + data


def sni(name):
    return b"\0\0" + block(2, block(2, b"\0" + block(2, name)))


def hello(extensions, length=None):
    content = b"\3\3" + bytes(32) + block(1, bytes(32)) + block(2, b"\x13\1") + block(1, b"\0") + block(2, extensions)
    return b"\1" + (length if length is not None else len(content)).to_bytes(3, "big") + content


def records(message, size=16384):
    pieces = [message[at : at + size] for at in range(0, len(message), size)]
    return b"".join(b"\x16\3\1" + block(2, piece) for piece in pieces)


def openssl_hello(name):
    context = ssl.create_default_context()
    sent = ssl.MemoryBIO()
    client = context.wrap_bio(ssl.MemoryBIO(), sent, server_hostname=name)
    with contextlib.suppress(ssl.SSLWantReadError):
        client.do_handshake()
    return sent.read()


def test_a_real_client_s_name_is_read():
    assert tls.server_name(openssl_hello("school.example.org")) == "school.example.org"


@given(size=st.integers(1, 400))
@settings(max_examples=40)
def test_records_may_be_cut_anywhere(size):
    whole = records(hello(b"\0\x2b" + block(2, bytes(300)) + sni(b"a.test")), size)
    assert tls.server_name(whole) == "a.test"


def test_nothing_is_known_until_the_hello_is_complete():
    whole = records(hello(sni(b"a.test")), 50)
    assert [tls.server_name(whole[:cut]) for cut in range(len(whole))] == [None] * len(whole)


def test_what_follows_the_hello_does_not_matter():
    assert tls.server_name(records(hello(sni(b"a.test"))) + b"early data") == "a.test"


@pytest.mark.parametrize("extensions", [b"", b"\0\x2b" + block(2, b"\2\3\4")])
def test_a_hello_without_a_name_says_so(extensions):
    assert tls.server_name(records(hello(extensions))) == ""


@pytest.mark.parametrize(
    "data",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"\x16\x02\x01\0\5",  # SSL 2's idea of a version
        b"\x17\3\1\0\5",  # application data
        b"\x16\3\1\0\0",  # an empty record
        b"\x16\3\1\x7f\xff",  # a record larger than any
        records(b"\2" + bytes(60)),  # a server's hello
        records(hello(sni(b"a.test"), limits.MAX_HELLO_BYTES + 1)),  # a hello that will not end
        records(hello(sni(b"a.test") + sni(b"b.test"))),  # two names: which one does the server believe?
        records(hello(b"\0\0" + block(2, block(2, b"\0" + block(2, b"a.test") + b"\0" + block(2, b"b.test"))))),
        records(hello(b"\0\0" + block(2, block(2, b"\1" + block(2, b"a.test"))))),  # a name that is no host name
        records(hello(sni(b""))),
        records(hello(sni(b"a.test\0.evil.test"))),
        records(hello(sni("ä.test".encode()))),
        records(hello(sni(b"a" * 300))),
        records(hello(sni(b"a.test")[:-2])),  # ends within the name
        records(hello(b"\0\0\0")),  # ends within an extension
        records(b"\1\0\0\5hello"),
    ],
)
def test_what_is_not_a_hello_is_malformed(data):
    with pytest.raises(Malformed):
        tls.server_name(data)


def test_a_hello_in_tiny_pieces_ends_somewhere():
    endless = b"\x16\3\1\0\1\1" + b"\x16\3\1\0\1\0" + b"\x16\3\1\0\1\x3f" + b"\x16\3\1\0\1\0" * 8000
    with pytest.raises(Malformed):
        tls.server_name(endless)


@given(data=st.binary(max_size=300))
def test_any_bytes_are_a_name_or_malformed(data):
    with contextlib.suppress(Malformed):
        tls.server_name(data)


@given(cut=st.integers(0, 200), data=st.binary(max_size=100))
def test_a_hello_that_goes_wrong_anywhere_is_malformed_or_waits(cut, data):
    whole = records(hello(sni(b"a.test")))
    with contextlib.suppress(Malformed):
        tls.server_name(whole[:cut] + data)
