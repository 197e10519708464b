"""Addresses of the web in one canonical form, so that no disguise passes as another site.

Parsing is the WHATWG URL standard's, as browsers do it (by `ada_url`), and
then stricter: only schemes of the web, only names that DNS can carry. Layers
of percent-encoding come off as in Google Safe Browsing's canonical form, but
reserved characters stay encoded: `%2F` in a path is not a `/`.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import AddressValueError, IPv6Address
from typing import TYPE_CHECKING

import ada_url

from schoolgate.kernel.errors import Malformed

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

# What browsers and servers accept at most differs between 2 KB and 64 KB; e-mailed links with tokens reach 8 KB.
MAX_CHARACTERS = 16_384
# Safe Browsing's own vectors have eight layers. More is nobody's accident.
MAX_LAYERS = 24
MAX_NAME = 253  # RFC 1035 §2.3.4, without the trailing dot
MAX_LABEL = 63

DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443, "ftp": 21}

_HREF = re.compile(
    r"(?P<scheme>[a-z]+)://(?:[^/@]*@)?(?P<host>\[[0-9a-f:.]+\]|[^/:?#]*)(?::(?P<port>\d+))?(?P<path>/[^?#]*)(?:\?(?P<query>[^#]*))?"
)
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):")
_PORT_FOLLOWS = re.compile(r"\d{1,5}(?=$|[/?#\\])")
# Wider than RFC 1123: hyphens at the ends and underscores resolve, and sites use them.
_HOST = re.compile(r"[a-z0-9_\-]+(?:\.[a-z0-9_\-]+)*")
_NUMERIC_END = re.compile(r"(?:^|\.)(?:\d+|0x[0-9a-f]*)$")
_DIGITS = frozenset("0123456789")
_LITERAL_4 = re.compile(r"\d+\.\d+\.\d+\.\d+")
# Layers such as %2525 come off in one step; a sign that begins nothing is itself encoded.
_PERCENT = re.compile(r"%(?:25)*([0-9A-Fa-f]{2})|%")
_UNSAFE = re.compile(r"[^A-Za-z0-9\-._~!$&'()*+,;=:@/?%]")
_PLAIN = re.compile(r"[A-Za-z0-9\-._~!$&'()*+,;=:@/?]*")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")  # RFC 3986 §2.3


@dataclass(frozen=True, slots=True)
class Address:
    """One address of the web, canonical in every part.

    Attributes:
        scheme: "http", "https", "ws", "wss" or "ftp".
        host: name in lower-case ASCII without a trailing dot, or a literal address (IPv6 without brackets).
        port: the port that is meant, also when it is the scheme's own.
        path: begins with "/".
        query: without its "?", or "".
        text: the whole, as it is written in records. A fragment or a user's name is never part of it.
    """

    scheme: str
    host: str
    port: int
    path: str
    query: str
    text: str

    @property
    def registrable(self) -> str:
        """What one owner registers (`example.co.uk`), the literal address, or "" where there is no such thing."""
        return registrable(self.host)


def canonical(text: str) -> Address:
    """Return the one canonical address that *text* means to a browser.

    A bare host (`example.com`, `example.com:8080/x`, `//example.com`) is
    taken as `http://`.

    Raises:
        Malformed: if it is no address of the web. Nothing else is ever raised.
    """
    if len(text) > MAX_CHARACTERS:
        raise Malformed(f"an address of {len(text)} characters: {text[:60]!r}…", f"at most {MAX_CHARACTERS}")
    href = _href(_with_scheme(text), text)
    for _ in range(MAX_LAYERS):
        parts = _HREF.match(href)
        if parts is None or parts["scheme"] not in DEFAULT_PORTS:
            raise Malformed(f"not an address of the web: {text[:120]!r}", "it begins with http:// or https://")
        path, query = parts["path"], parts["query"] or ""
        peeled, peeled_query = _peeled(path), _peeled(query)
        if (peeled, peeled_query) == (path, query):
            break
        href = f"{parts['scheme']}://{parts['host']}{_port_text(parts['port'])}{peeled}"
        if peeled_query:
            href += f"?{peeled_query}"
        if peeled != path:
            href = _href(href, text)  # a path segment may only now be seen to be `..`
    else:
        raise Malformed(f"too many layers of percent-encoding: {text[:120]!r}", f"at most {MAX_LAYERS}")
    scheme, host = parts["scheme"], _host(parts["host"], text)
    literal = f"[{host}]" if ":" in host else host
    port = int(parts["port"]) if parts["port"] else DEFAULT_PORTS[scheme]
    whole = f"{scheme}://{literal}{_port_text(parts['port'])}{path}{'?' + query if query else ''}"
    if len(whole) > MAX_CHARACTERS:
        raise Malformed(f"an address of {len(whole)} characters: {text[:60]!r}…", f"at most {MAX_CHARACTERS}")
    return Address(scheme, host, port, path, query, whole)


def suffixes(host: str) -> list[str]:
    """The name and every name above it, longest first; a literal address stands alone."""
    if is_literal(host):
        return [host]
    found = [host]
    dot = host.find(".")
    while dot >= 0:
        found.append(host[dot + 1 :])
        dot = host.find(".", dot + 1)
    return found


def is_literal(host: str) -> bool:
    """Tell whether a canonical host is a literal address."""
    return (host[-1] in _DIGITS and _LITERAL_4.fullmatch(host) is not None) or ":" in host


@lru_cache(maxsize=65_536)
def registrable(host: str) -> str:
    """Return the registrable part of a canonical host: the public suffix and one label more.

    The literal address itself for an address; "" for a public suffix or a name of one label.
    """
    if is_literal(host):
        return host
    return _public_suffixes().privatesuffix(host) or ""


def is_public_suffix(host: str) -> bool:
    """Tell whether a canonical host is one under which anybody may register: `uk`, `co.uk`, `sch.uk`.

    Whoever lists it means a good part of the web. Suffixes of single
    companies (`github.io`) are sites to us, and so is what only a wildcard
    makes a suffix (`leeds.sch.uk`, under `*.sch.uk`).
    """
    if "." not in host:
        return ":" not in host
    parent = host.partition(".")[2]
    known = _registries()
    return not is_literal(host) and known.is_public(host) and not known.is_public(f"no-such-name.{parent}")


@lru_cache(maxsize=1)
def _registries() -> "PublicSuffixList":
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList(only_icann=True)


@lru_cache(maxsize=1)
def _public_suffixes() -> "PublicSuffixList":
    # Reading the list takes 100 ms: commands that do not ask for it must not wait for it.
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()


def _with_scheme(text: str) -> str:
    # The standard strips these before it looks (URL standard, "basic URL parser", step 1 and 3).
    text = text.strip("".join(map(chr, range(0x21)))).translate({9: None, 10: None, 13: None})
    found = _SCHEME.match(text)
    if found is None or _PORT_FOLLOWS.match(text, found.end()):
        if text.startswith(("//", "\\\\")):
            return f"http:{text}"
        return f"http://{text}" if not text.startswith(("/", "\\", "?", "#")) else text
    return text


def _href(text: str, said: str) -> str:
    try:
        return ada_url.URL(text).href
    except (ValueError, UnicodeError) as error:
        raise Malformed(f"not an address of the web: {said[:120]!r}", "like https://example.org/page") from error


def _port_text(port: str | None) -> str:
    return f":{port}" if port else ""


def _host(host: str, said: str) -> str:
    if host.startswith("["):
        return _literal_6(host[1:-1], said)
    name = host.removesuffix(".")
    if (
        len(name) > MAX_NAME
        or _HOST.fullmatch(name) is None
        or any(len(label) > MAX_LABEL for label in name.split("."))
    ):
        raise Malformed(f"not a host name: {said[:120]!r}")
    if _NUMERIC_END.search(name) and not _LITERAL_4.fullmatch(name):
        raise Malformed(f"not a host name: {said[:120]!r}")
    if "xn--" in name:
        _refuse_false_punycode(name, said)
    return name


def _literal_6(text: str, said: str) -> str:
    try:
        address = IPv6Address(text)
    except AddressValueError as error:
        raise Malformed(f"not an address: {said[:120]!r}") from error
    # ::ffff:192.0.2.1 is a way to write 192.0.2.1 (RFC 4291 §2.5.5.2) and connects to it.
    return str(address.ipv4_mapped or address)


def _refuse_false_punycode(name: str, said: str) -> None:
    # UTS-46 §4 step 4: a label that says it is Punycode has to decode, and to encode back to itself.
    for label in name.split("."):
        if not label.startswith("xn--"):
            continue
        try:
            meant = label[4:].encode().decode("punycode")
            again = ada_url.idna_to_ascii(meant).decode()
        except (ValueError, UnicodeError) as error:
            raise Malformed(f"false Punycode in {said[:120]!r}") from error
        if again != label:
            raise Malformed(f"false Punycode in {said[:120]!r}")


def _peeled(text: str) -> str:
    if _PLAIN.fullmatch(text):
        return text
    return _UNSAFE.sub(_encoded, _PERCENT.sub(_layer_off, text))


def _layer_off(match: re.Match[str]) -> str:
    digits = match[1]
    if digits is None:
        return "%25"
    value = int(digits, 16)
    return chr(value) if value in _UNRESERVED else f"%{digits.upper()}"


def _encoded(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode())
