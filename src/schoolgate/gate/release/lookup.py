"""Which list entries cover an address: the walk over its names and pages, through two tables."""

from collections.abc import Sequence

from schoolgate.gate.core.decide import Match
from schoolgate.gate.core.names import Address, is_literal
from schoolgate.gate.core.sites import paths
from schoolgate.gate.release.table import Table

# A value in the table of names: the number of a set of lists (0: none holds this name), and two signs.
DEEPER = 0x8000  # some list holds a name below this one
PAGES = 0x4000  # some list holds a page of this name
MAX_SETS = 0x3FFF

_REMEMBERED = 65_536  # hosts; about 20 MB when full


class Lookup:
    """The lists of a release, asked by address.

    Args:
        names, pages: the two tables.
        sets: for each set number, the (list, version, category) that it stands for; number 0 is empty.
    """

    def __init__(self, names: Table, pages: Table, sets: Sequence[Sequence[tuple[str, str, str]]]) -> None:
        self._names = names
        self._pages = pages
        self._sets = sets
        self._hosts: dict[str, tuple[tuple[Match, ...], tuple[str, ...]]] = {}

    def matches(self, address: Address) -> tuple[Match, ...]:
        """Every entry that covers *address*: names above it and pages that lead to it."""
        host = address.host
        found = self._hosts.get(host)
        if found is None:
            if len(self._hosts) >= _REMEMBERED:
                self._hosts.clear()  # simpler than remembering which was used last, and as quick to fill again
            found = self._hosts[host] = self.walk(host)
        by_name, with_pages = found
        if not with_pages or (address.path == "/" and not address.query):
            return by_name
        tails = paths(address)
        keys = [name + tail for name in with_pages for tail in tails]
        return by_name + tuple(match for key in keys for match in self._from(self._pages.get(key.encode()), key))

    def walk(self, host: str) -> tuple[tuple[Match, ...], tuple[str, ...]]:
        """The matches by name, and the names above *host* that have pages on some list.

        From the last two labels down: most names of the web end here, with
        one hash, since no list knows their last two labels.
        """
        found: list[Match] = []
        with_pages: list[str] = []
        get = self._names.get
        # No list holds a whole top-level domain (the importers refuse it), so two labels are the least.
        dot = -1 if is_literal(host) else host.rfind(".", 0, max(host.rfind("."), 0))
        while True:
            name = host[dot + 1 :]
            value = get(name.encode())
            if value:
                if value & MAX_SETS:
                    found += self._from(value & MAX_SETS, name)
                if value & PAGES:
                    with_pages.append(name)
            if dot < 0 or not value & DEEPER:
                break
            dot = host.rfind(".", 0, dot)
        return tuple(found), tuple(with_pages)

    def _from(self, number: int, entry: str) -> list[Match]:
        return [Match(name, version, entry, category) for name, version, category in self._sets[number]]
