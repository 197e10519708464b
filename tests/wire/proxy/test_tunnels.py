"""A tunnel is settled by the name that was asked for, and again by the name in the TLS hello."""

import ssl

import pytest
from gate_rig import ASHA, BEN, wait_until

from schoolgate.gate.adapters.proxy import tls


def connect_request(target):
    return f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode()


def hello(name):
    """The first bytes that a TLS client sends when it wants *name* ("" for none)."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    sent = ssl.MemoryBIO()
    client = context.wrap_bio(ssl.MemoryBIO(), sent, server_hostname=name or None)
    with pytest.raises(ssl.SSLWantReadError):
        client.do_handshake()
    return sent.read()


class Tls:
    """TLS through a tunnel."""

    def __init__(self, wire, name):
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        self.socket = context.wrap_socket(wire.socket, server_hostname=name)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def is_cut(self, seconds):
        """Tell whether the other side hangs up within *seconds*, without a further word."""
        self.socket.settimeout(seconds)
        try:
            return self.socket.recv(1) == b""
        except TimeoutError:
            return False
        except (ConnectionResetError, ssl.SSLError):
            return True

    def echo(self, data):
        self.socket.sendall(data)
        back = b""
        while len(back) < len(data):
            piece = self.socket.recv(65536)
            assert piece
            back += piece
        return back


def opened(gate, target, who=ASHA):
    wire = gate.connect(who)
    wire.send(connect_request(target))
    status, _ = wire.head()
    assert status == 200
    return wire


def test_a_tunnel_carries_both_ways(shared_gate, shared_school):
    with opened(shared_gate, "secure.test:443") as wire, Tls(wire, "secure.test") as secure:
        assert secure.echo(b"hello") == b"hello"
        assert secure.echo(b"x" * 300_000) == b"x" * 300_000
    newest = shared_school.activities()[-1]
    assert (newest.method, newest.url, newest.outcome) == ("CONNECT", "https://secure.test/", "allow")


def test_the_name_in_the_hello_may_come_in_ten_byte_pieces(shared_gate):
    with opened(shared_gate, "secure.test:443") as wire:
        wire.send(hello("secure.test"), piece=10)
        assert wire.more()
        assert wire.buffer.startswith(b"\x16\x03")  # the server's hello


@pytest.mark.parametrize(
    "first",
    [
        hello("casino.test"),  # a listed name behind an allowed one
        hello("other.test"),  # any other name
        hello(""),  # no name at all
        b"GET / HTTP/1.1\r\nHost: casino.test\r\n\r\n",  # not TLS
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"\x16\x03\x01\xff\xff" + b"\x01" * 64,  # a record larger than any
        b"\x16\x03\x01\x00\x04\x02\x00\x00\x00",  # a handshake that is not a hello
        b"\x80\x2e\x01\x00\x02",  # SSL 2
    ],
)
def test_a_tunnel_for_something_else_is_closed_and_recorded(shared_gate, shared_school, first):
    with opened(shared_gate, "secure.test:443") as wire:
        wire.send(first)
        assert wire.is_closed()
        assert wire.buffer == b""
    assert [one.outcome for one in shared_school.activities()[-2:]] == ["allow", "block"]
    assert shared_school.last() == ("block", "edge", "edge.tunnel-name")


@pytest.mark.parametrize(
    ("target", "rule"),
    [
        ("casino.test:443", "ks2/gambling"),
        ("CASINO.TEST.:443", "ks2/gambling"),
        ("secure.test:8443", "edge.tunnel-port"),
        ("secure.test:80", "edge.tunnel-port"),
        ("secure.test:22", "edge.tunnel-port"),
        ("127.0.0.1:443", "edge.tunnel-to-address"),
        ("203.0.113.7:443", "edge.tunnel-to-address"),
        ("0x7f.1:443", None),
        ("[::1]:443", "edge.tunnel-to-address"),
    ],
)
def test_a_tunnel_that_may_not_be_is_refused_before_it_begins(shared_gate, shared_school, target, rule):
    with shared_gate.connect() as wire:
        wire.send(connect_request(target))
        answer = wire.answer()
        assert answer.status == 403
        assert "grown-up" in answer.text
    assert rule is None or shared_school.last()[2] == rule


def test_a_rule_of_the_school_opens_another_port(shared_gate):
    with opened(shared_gate, "odd-port.test:8443") as wire, Tls(wire, "odd-port.test") as secure:
        assert secure.echo(b"hello") == b"hello"


def test_a_tunnel_into_the_school_s_own_network_is_refused(shared_gate, shared_school):
    with shared_gate.connect() as wire:
        wire.send(connect_request("localhost:443"))
        assert wire.answer().status == 403
    assert shared_school.last()[2] == "edge.closed-network"


def test_a_server_that_cannot_be_reached_is_said_before_the_tunnel_begins(shared_gate):
    with shared_gate.connect() as wire:
        wire.send(connect_request("nobody-listens.example:443"))
        assert wire.answer().status == 504


@pytest.mark.parametrize("change", ["grant", "device", "board"])
def test_a_tunnel_is_cut_when_its_person_or_device_no_longer_stands(start, school, change):
    gate = start()
    with (
        opened(gate, "secure.test:443") as wire,
        opened(gate, "secure.test:443", BEN) as other,
        Tls(wire, "secure.test") as asha,
        Tls(other, "secure.test") as ben,
    ):
        assert asha.echo(b"hello") == b"hello"
        assert ben.echo(b"hello") == b"hello"
        if change == "grant":
            school.publish(grants={"ben": school.board.grants["ben"]})
        elif change == "device":
            school.publish(devices={address: one for address, one in school.board.devices.items() if address != ASHA})
        else:
            school.board_file.unlink()
        assert asha.is_cut(1.0)
        if change == "board":
            assert ben.is_cut(1.0)
        else:
            assert ben.echo(b"still here") == b"still here"
    cut = wait_until(lambda: [one for one in school.activities() if one.outcome == "block" and one.address == ASHA])
    assert [(one.tier, one.method) for one in cut] == [("standing", "CONNECT")]


def test_the_parser_reads_what_openssl_writes():
    assert tls.server_name(hello("secure.test")) == "secure.test"
    assert tls.server_name(hello("")) == ""
