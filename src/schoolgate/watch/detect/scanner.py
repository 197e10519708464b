"""All patterns at once: Hyperscan says which rules may match, Python's `re` says where.

Compiling takes a second or two, so the compiled form is kept in the user's
cache folder. It is only ever a copy: another version, another processor or a
damaged file means that it is compiled again.
"""

import hashlib
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path

try:
    import hyperscan
except ImportError as error:  # pragma: no cover (every supported machine has the wheel)
    raise ImportError(
        "the detector needs the package `hyperscan` (wheels: Linux on 64-bit x86 and ARM): pip install hyperscan"
    ) from error

from schoolgate.watch.detect import rules
from schoolgate.watch.detect.rules import Rule, Rulebook

# A pattern that matches oftener in one text has been understood.
N_MATCHES = 16
# Bytes before the end of a match in which it must begin: the longest patterns span some twenty words.
REACH_BYTES = 300


@dataclass(frozen=True, slots=True)
class Found:
    """Where things stand in one line, in bytes.

    Attributes:
        rules: (rule, start, end).
        classes: name of a need or context → where it ends.
        idioms: (start, end).
    """

    rules: tuple[tuple[Rule, int, int], ...]
    classes: Mapping[str, tuple[int, ...]]
    idioms: tuple[tuple[int, int], ...]


_NOTHING = Found((), {}, ())


class Scanner:
    """A rulebook, ready to scan.

    Args:
        book: the rules.
        cached: folder for the compiled form, or None to compile each time.
    """

    def __init__(self, book: Rulebook, cached: Path | None = None) -> None:
        self.book = book
        self.by_id = {rule.id: rule for rule in book.rules}
        targets: list[tuple[Rule | str, str]] = [(rule, pattern) for rule in book.rules for pattern in rule.patterns]
        targets += [*book.needs.items(), *book.contexts.items(), ("", book.idioms)]
        self._targets = [target for target, _ in targets]
        self._patterns = [pattern for _, pattern in targets]
        self._exact: dict[int, re.Pattern[bytes]] = {}
        self._database = self._load(cached)

    def scan(self, line: bytes) -> Found:
        """Return what *line* holds."""
        ends: dict[int, list[int]] = {}
        self._database.scan(line, match_event_handler=_note, context=ends)
        if not any(isinstance(self._targets[number], Rule) for number in ends):
            return _NOTHING
        found: list[tuple[Rule, int, int]] = []
        classes: dict[str, tuple[int, ...]] = {}
        idioms: list[tuple[int, int]] = []
        for number, at in ends.items():
            target = self._targets[number]
            if isinstance(target, Rule):
                found += [(target, *span) for span in self._spans(number, line, at)]
            elif target:
                classes[target] = tuple(at)
            else:
                idioms += self._spans(number, line, at)
        return Found(tuple(found), classes, tuple(idioms))

    def names_class(self, line: bytes, name: str) -> bool:
        """Tell whether *line* holds a word of one need or context."""
        ends: dict[int, list[int]] = {}
        self._database.scan(line, match_event_handler=_note, context=ends)
        return any(self._targets[number] == name for number in ends)

    def _spans(self, number: int, line: bytes, ends: list[int]) -> list[tuple[int, int]]:
        exact = self._exact.get(number)
        if exact is None:
            exact = self._exact[number] = re.compile(rb"(?<![^ ])(?:%s)(?![^ ])" % self._patterns[number].encode())
        spans: list[tuple[int, int]] = []
        for end in ends:
            # Hyperscan's end may include the space after the match; the cut must not make a word end early.
            last = end - 1 if line[end - 1 : end] == b" " else end
            match = exact.search(line, max(0, last - REACH_BYTES), last)
            if match and match.span() not in spans:
                spans.append(match.span())
        return spans

    def _load(self, cached: Path | None) -> hyperscan.Database:
        if cached is None:
            return self._compile()
        version = f"{metadata.version('hyperscan')}\0".encode() + b"\0".join(
            pattern.encode() for pattern in self._patterns
        )
        path = cached / f"detect-{hashlib.sha256(version).hexdigest()[:32]}.hsdb"
        with suppress(OSError, hyperscan.HyperscanError):
            return self._ready(hyperscan.loadb(path.read_bytes(), mode=hyperscan.HS_MODE_BLOCK))
        database = self._compile()
        with suppress(OSError):  # no home, a full disk: it works all the same, and is slower to start
            cached.mkdir(parents=True, exist_ok=True)
            draft = path.with_suffix(f".{os.getpid()}")
            draft.write_bytes(hyperscan.dumpb(database))
            draft.replace(path)
        return database

    def _compile(self) -> hyperscan.Database:
        database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        database.compile(
            expressions=[b"(?:^| )(?:%s)(?: |$)" % pattern.encode() for pattern in self._patterns],
            ids=list(range(len(self._patterns))),
            flags=[0] * len(self._patterns),
        )
        return self._ready(database)

    def _ready(self, database: hyperscan.Database) -> hyperscan.Database:
        database.scratch = hyperscan.Scratch(database)
        return database


def _note(number: int, start: int, end: int, flags: int, ends: object) -> None:
    assert isinstance(ends, dict)
    at = ends.setdefault(number, [])
    if len(at) < N_MATCHES:
        at.append(end)


@cache
def shipped() -> Scanner:
    """The scanner of the rules that come with Schoolgate, made at the first use."""
    home = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Scanner(rules.shipped(), Path(home).expanduser() / "schoolgate")
