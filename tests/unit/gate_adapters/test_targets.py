"""Where the proxy may connect to."""

import asyncio
from ipaddress import ip_address

import pytest

from schoolgate.gate.adapters.proxy.targets import Forbidden, Hosts, Resolver, Unresolvable, hosts, is_public
from schoolgate.kernel.errors import Malformed

CLOSED = [
    "0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1", "172.31.255.255",
    "192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1",
    "255.255.255.255", "::", "::1", "::7f00:1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::1", "2001:db8::1",
    "2002:a00:1::", "2001:0:a00:1::f5ff:fffe", "3fff::1", "fc00::1", "fd12::1", "fe80::1", "fec0::1", "ff02::1",
]  # fmt: skip


@pytest.mark.parametrize("text", CLOSED)
def test_no_closed_network_is_public(text):
    assert not is_public(ip_address(text))


@pytest.mark.parametrize(
    "text", ["1.1.1.1", "8.8.8.8", "172.32.0.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_the_open_internet_is_public(text):
    assert is_public(ip_address(text))


MAPPED = hosts(
    "# a comment\n\nlibrary.test 10.0.0.7:8080\n*.demo.test 127.0.0.1 # the rest\n*.deep.demo.test [::1]:90\nsix.test fd00::1\n"
)


@pytest.mark.parametrize(
    ("host", "place"),
    [
        ("library.test", ("10.0.0.7", 8080)),
        ("a.demo.test", ("127.0.0.1", None)),
        ("a.b.demo.test", ("127.0.0.1", None)),
        ("a.deep.demo.test", ("::1", 90)),
        ("demo.test", None),  # below means below
        ("six.test", ("fd00::1", None)),
        ("other.test", None),
    ],
)
def test_the_hosts_file_maps_names(host, place):
    assert MAPPED.place(host) == place


@pytest.mark.parametrize(
    "line", ["a.test", "a.test b.test", "a.test 10.0.0.7:x", "a.test 10.0.0.7:0", "a.test 10.0.0.7:70000", "a b c"]
)
def test_a_wrong_line_is_named(line):
    with pytest.raises(Malformed, match="line 2"):
        hosts(f"# first\n{line}\n")


def places(resolver, host, port=80):
    return asyncio.run(resolver.places(host, port))


def test_what_is_mapped_may_be_private_and_keeps_the_port_it_was_asked():
    resolver = Resolver(MAPPED, ())
    assert places(resolver, "library.test") == [("10.0.0.7", 8080)]
    assert places(resolver, "a.demo.test", 81) == [("127.0.0.1", 81)]


@pytest.mark.parametrize("host", ["10.0.0.1", "::1", "localhost"])
def test_what_is_not_mapped_must_be_public(host):
    with pytest.raises(Forbidden):
        places(Resolver(Hosts(), ()), host)


def test_the_portal_and_the_gate_are_no_targets_even_when_mapped():
    with pytest.raises(Forbidden):
        places(Resolver(MAPPED, [("10.0.0.7", 8080)]), "library.test")


def test_a_name_without_an_address_is_unresolvable():
    with pytest.raises(Unresolvable):
        places(Resolver(Hosts(), ()), "nowhere.invalid")


def test_a_public_literal_needs_no_resolver():
    assert places(Resolver(Hosts(), ()), "8.8.8.8", 443) == [("8.8.8.8", 443)]
