"""AdBlock syntax: the part that is about whole sites or paths of them.

A gate sees names and addresses, not the inside of a page, so rules about
elements, and rules that depend on the page around, make no sense here.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from schoolgate.gate.lists.entry import Entry, Read, Skipped
from schoolgate.gate.lists.lines import lines

FORMAT = "adblock"
NAMES_ITS_LISTS = False

_COSMETIC = re.compile(r"#[@?$]?#|#\$\?#")
_SITE = re.compile(r"\|\|([^/^*|$]+)(/[^*^|$]*)?[\^|]?")
# Options that narrow nothing that a gate sees.
_HARMLESS = frozenset({"all", "document", "doc", "important", "popup"})


def read(path: Path) -> Iterator[Read]:
    """Yield an entry for each rule about a site, and what was left for the rest."""
    for line in lines(path):
        text = line.strip()
        if not text or text.startswith(("!", "[")) or (text.startswith("#") and not _COSMETIC.match(text)):
            continue
        yield _rule(text)


def _rule(text: str) -> Read:
    if _COSMETIC.search(text):
        return Skipped("hides elements of a page, which a gate does not see", text)
    if text.startswith("@@"):
        return Skipped("an exception: write a school rule that allows the site", text)
    pattern, _, options = text.partition("$")
    if options and not set(options.split(",")) <= _HARMLESS:
        return Skipped("holds only for some kinds of request, which a gate cannot tell apart", text)
    found = _SITE.fullmatch(pattern)
    if found is None:
        return Skipped("a pattern inside addresses, which would block too much", text)
    return Entry(found[1] + (found[2] or ""))
