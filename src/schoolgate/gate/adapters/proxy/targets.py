"""Where the proxy may connect to: the open internet, and what the school mapped by hand.

The check is on the address that is really connected to. A name is resolved
once, its addresses are judged, and the connection goes to one of those judged:
a name that resolves to another address a moment later changes nothing.
"""

import asyncio
import socket
from collections.abc import Iterable
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from schoolgate.kernel.errors import Malformed

Ip = IPv4Address | IPv6Address

# Besides what `ipaddress` knows not to be global (IANA special-purpose registries): relays and translations
# that lead into other networks.
_CLOSED = tuple(
    ip_network(text) for text in ("192.88.99.0/24", "64:ff9b:1::/48", "3fff::/20", "5f00::/16", "fec0::/10", "::/96")
)
_NAT64 = ip_network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address


class Forbidden(Exception):
    """Every address of the name is one that the proxy does not connect to."""


class Unresolvable(Exception):
    """The name has no address now."""


def is_public(ip: Ip) -> bool:
    """Tell whether *ip* is on the open internet: not loopback, link-local, private, multicast or reserved.

    IPv6 forms that carry an IPv4 address are judged by that one too.
    """
    if isinstance(ip, IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in _NAT64:
            inner = IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return ip.is_global and not ip.is_multicast and not any(ip in net for net in _CLOSED if net.version == ip.version)


@dataclass(frozen=True, slots=True)
class Hosts:
    """Names that are mapped by hand: a demo's sites, a school's own servers.

    Attributes:
        places: name, or "*.suffix", → (address, port or None for the port that was asked).
    """

    places: dict[str, tuple[str, int | None]] = field(default_factory=dict)

    def place(self, host: str) -> tuple[str, int | None] | None:
        """Return where *host* is mapped to, or None. The exact name beats a suffix, a longer suffix a shorter one."""
        if not self.places:
            return None
        found = self.places.get(host)
        rest = host
        while found is None and "." in rest:
            rest = rest.partition(".")[2]
            found = self.places.get(f"*.{rest}")
        return found


def hosts(text: str) -> Hosts:
    """Read a hosts file: a line is `name address[:port]`, "#" begins a comment.

    Raises:
        Malformed: at the first line that is not one; it names the line.
    """
    places = {}
    for number, line in enumerate(text.splitlines(), 1):
        words = line.partition("#")[0].split()
        if not words:
            continue
        if len(words) != 2:
            raise Malformed(f"line {number} of the hosts file: {line!r}", "a line is `name address[:port]`")
        places[words[0].lower().removesuffix(".")] = _place(words[1], number)
    return Hosts(places)


def _place(text: str, number: int) -> tuple[str, int | None]:
    address, port = text, None
    if text.startswith("["):
        address, _, port_text = text[1:].partition("]")
        port = port_text.removeprefix(":") or None
    elif text.count(":") == 1:
        address, _, port = text.partition(":")
    try:
        ip = ip_address(address)
        number_of_port = None if port is None else int(port)
    except ValueError as error:
        raise Malformed(f"line {number} of the hosts file: {text!r} is not an address", "like 10.0.0.7:8080") from error
    if number_of_port is not None and not 0 < number_of_port < 65536:
        raise Malformed(f"line {number} of the hosts file: there is no port {number_of_port}")
    return str(ip), number_of_port


class Resolver:
    """Names to places that may be connected to, remembered for a short time.

    Args:
        mapped: the hosts file.
        own: (address, port) of the portal and of this gate: never a target by another name, mapped or not.
        portal: (host, port) of the portal, the one place on the school's own network that needs no mapping.
    """

    # Long enough for the twenty requests of one page, short enough that no record outlives its time by much.
    REMEMBER_SECONDS = 30.0
    MAX_REMEMBERED = 10_000

    def __init__(self, mapped: Hosts, own: Iterable[tuple[str, int]], portal: tuple[str, int] | None = None) -> None:
        self._mapped = mapped
        self._own = frozenset(own)
        self._portal = portal
        self._known: dict[str, tuple[float, list[str]]] = {}

    async def places(self, host: str, port: int) -> list[tuple[str, int]]:
        """Return the (address, port) pairs to try in turn; never empty.

        Raises:
            Forbidden: if all there are may not be connected to.
            Unresolvable: if there is none.
        """
        mapped = self._mapped.place(host)
        if mapped is not None:
            found = [(mapped[0], mapped[1] or port)]
        else:
            found = [(text, port) for text in await self._addresses(host)]
        if (host, port) != self._portal:
            found = [place for place in found if place not in self._own and (mapped or is_public(ip_address(place[0])))]
        if not found:
            raise Forbidden(host)
        return found

    async def _addresses(self, host: str) -> list[str]:
        try:
            return [str(ip_address(host))]
        except ValueError:
            pass
        loop = asyncio.get_running_loop()
        now = loop.time()
        known = self._known.get(host)
        if known is not None and now < known[0]:
            return known[1]
        try:
            rows = await loop.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise Unresolvable(host) from error
        addresses = list(dict.fromkeys(str(row[4][0]).partition("%")[0] for row in rows))
        if len(self._known) >= self.MAX_REMEMBERED:
            self._known.clear()
        self._known[host] = (now + self.REMEMBER_SECONDS, addresses)
        return addresses
