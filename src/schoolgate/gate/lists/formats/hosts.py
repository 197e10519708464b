"""The format of `/etc/hosts`: an address, then names. The address only says "nowhere" and is dropped."""

from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path

from schoolgate.gate.lists.entry import Entry, Read, Skipped
from schoolgate.gate.lists.lines import lines

FORMAT = "hosts"
NAMES_ITS_LISTS = False

# What every such file carries for the machine itself.
_OWN = frozenset(
    [
        "localhost",
        "localhost.localdomain",
        "local",
        "broadcasthost",
        "ip6-localhost",
        "ip6-loopback",
        "ip6-localnet",
        "ip6-mcastprefix",
        "ip6-allnodes",
        "ip6-allrouters",
        "ip6-allhosts",
    ]
)


def read(path: Path) -> Iterator[Read]:
    """Yield an entry a name."""
    for line in lines(path):
        words = line.partition("#")[0].split()
        if not words:
            continue
        try:
            ip_address(words[0].partition("%")[0])
        except ValueError:
            yield Skipped("no address at the beginning of the line", line)
            continue
        for name in words[1:]:
            if name == words[0] or name.lower() in _OWN:
                yield Skipped("names of the machine itself", name)
            else:
                yield Entry(name)
