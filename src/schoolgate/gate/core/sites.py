"""Which entries an address falls under: its name and those above, and the paths that lead to its page.

Lists, school rules, the help lane and the shelf all ask this one question, so
they cannot disagree about what `example.test/games` covers.
"""

import re

from schoolgate.gate.core.names import Address, canonical, suffixes
from schoolgate.kernel.errors import Malformed

# A rule deeper than this would never be looked up. Safe Browsing stops at four; sites of lessons go deeper.
MAX_SEGMENTS = 24

# Signs that servers read alike, encoded or not (RFC 3986 §2.2 sub-delims, and ":" "@"): told apart in
# records, not in matching, or `/it%27s` would walk past a rule for `/it's`.
_ALIKE = re.compile(r"%(2[1456789ABC]|3[ABD]|40)")
_SLASHES = re.compile(r"/{2,}")


def site(text: str) -> str:
    """Return the key of a site as a person writes it: `example.test` or `example.test/path`.

    Scheme and port do not count, and neither does a slash at the end.

    Raises:
        Malformed: if it is no address, or its path is deeper than `MAX_SEGMENTS`.
    """
    text = text.strip()
    host = host_of(text)
    if host.count(":") > 1 and not host.startswith("["):  # an IPv6 address as keys and lists write it
        text = f"[{host}]{text[len(host) :]}"
    return site_of(canonical(text))


def site_of(address: Address) -> str:
    """The key of exactly this address. Raises Malformed as `site` does."""
    path = folded(address.path).rstrip("/")
    if path.count("/") > MAX_SEGMENTS:
        raise Malformed(f"a path of {path.count('/')} parts: {address.text[:120]!r}", f"at most {MAX_SEGMENTS}")
    return f"{address.host}{path}{'?' + folded_query(address.query) if address.query else ''}"


def host_of(key: str) -> str:
    """The host in a site's key."""
    return key.partition("/")[0].partition("?")[0]


def has_path(key: str) -> bool:
    """Tell whether a key means a part of a site only."""
    return "/" in key or "?" in key


def paths(address: Address) -> list[str]:
    """What follows the host in the keys that cover this address: longest first, the bare host not among them."""
    path = folded(address.path)
    bare = path.rstrip("/")
    found = []
    if address.query:
        found.append(f"{bare}?{folded_query(address.query)}")
    parts = bare.split("/")
    found += ["/".join(parts[:end]) for end in range(min(len(parts), MAX_SEGMENTS + 1), 1, -1)]
    return found


def keys(address: Address) -> list[str]:
    """Every key that covers this address: pages before names, the longest name first."""
    hosts = suffixes(address.host)
    if address.path == "/" and not address.query:
        return hosts
    tails = paths(address)
    return [host + tail for host in hosts for tail in tails] + hosts


def folded(path: str) -> str:
    """A canonical path with signs that servers read alike written in one way."""
    if "%" in path:
        path = _ALIKE.sub(_plain, path)
    return _SLASHES.sub("/", path) if "//" in path else path


def folded_query(query: str) -> str:
    """A canonical query, as `folded` does; its slashes mean nothing and stay."""
    return _ALIKE.sub(_plain, query) if "%" in query else query


def _plain(match: re.Match[str]) -> str:
    return chr(int(match[1], 16))
