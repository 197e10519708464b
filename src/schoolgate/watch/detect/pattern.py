"""The language of patterns, read into a tree of whole words.

A pattern is written in letters ("kill(s|ed|ing)? my step ?dad"), because that
is how a person reads it. It is matched in words: every word of the rules gets
a code of two bytes, and a text becomes a row of such codes. A gap is then so
many codes, and a set of a hundred words a few ranges of bytes. That makes the
machine that looks for all patterns at once about a tenth as large as one of letters.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import permutations, takewhile

from schoolgate.kernel.errors import Malformed

NUMBER = "#"  # stands for any figures
REPEATS = 3  # how often a group with `*` may stand at most
GAPS = {"..": 4, "...": 10}
_ALLOWED = re.compile(r"^[a-z0-9 (){}|?*._]+$")
_TOKEN = re.compile(r"\.{2,3}(?= |$)|[a-z0-9]+|\{[a-z_]+\}|[ ()|?*]")


@dataclass(frozen=True, slots=True)
class Words:
    """One word out of a set."""

    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Gap:
    """Up to so many words of any kind."""

    n_words: int


@dataclass(frozen=True, slots=True)
class Either:
    """One of several rows; an empty one means that nothing need stand there."""

    rows: tuple["Row", ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """The same row up to `REPEATS` times, or not at all."""

    row: "Row"


Row = tuple[Words | Gap | Either | Repeat, ...]
# What has been read so far: the letters of the word that is not yet ended → the row before it.
_Open = dict[str, Row]
Slots = Mapping[str, Row]


def parse(pattern: str, slots: Slots) -> Row:
    """Return a pattern as a row of words.

    Raises:
        Malformed: if it holds a sign or a slot that we do not know, or could take time without bound.
    """
    if not _ALLOWED.match(pattern):
        raise Malformed(f"pattern `{pattern}` may hold small letters, figures, spaces, ( | ) ? * {{slot}} and .. only")
    if re.search(r"(?<!\.)\.(?!\.)|[^ .]\.\.|\.\.[^ .]|\.{4}", pattern):
        raise Malformed(f"pattern `{pattern}`: `..` and `...` must stand between spaces")
    reader = _Reader(pattern, slots)
    is_open = reader.choice({"": ()})
    if reader.rest():
        raise Malformed(f"pattern `{pattern}`: `{reader.rest()[0]}` has no counterpart")
    row = _ended(is_open)
    if not needs(row):
        raise Malformed(f"pattern `{pattern}` must hold a word that may not be missing")
    return row


def either(rows: Iterable[Row]) -> Row:
    """Return one row for any of *rows*, with what they share at either side written once."""
    different = list(dict.fromkeys(rows))
    if len(different) == 1:
        return different[0]
    shared = tuple(
        column[0] for column in takewhile(lambda column: len(set(column)) == 1, zip(*different, strict=False))
    )
    # "a b", "c b" -> "(a|c) b": what may follow the same rest is one set of words.
    first: dict[Row, set[str]] = {}
    others: list[Row] = []
    for row in different:
        rest = row[len(shared) :]
        if rest and isinstance(rest[0], Words):
            first.setdefault(rest[1:], set()).update(rest[0].words)
        else:
            others.append(rest)
    # "a b", "a c" -> "a (b|c)"
    then: dict[Words, list[Row]] = {}
    for rest, words in first.items():
        then.setdefault(Words(frozenset(words)), []).append(rest)
    merged = [(one, *(rests[0] if len(rests) == 1 else either(rests))) for one, rests in then.items()]
    choices = tuple(dict.fromkeys((*merged, *others)))
    return (*shared, *choices[0]) if len(choices) == 1 else (*shared, Either(choices))


def together(sets: Iterable[Row], n_words: int) -> Iterator[Row]:
    """Yield a row for each order in which the *sets* may stand, with at most *n_words* between two of them."""
    for order in permutations(sets):
        row: Row = order[0]
        for one in order[1:]:
            row = (*row, Gap(n_words), *one)
        yield row


def vocabulary(row: Row) -> Iterator[str]:
    """Every word that a row can match."""
    for node in row:
        match node:
            case Words(words):
                yield from sorted(words)
            case Either(rows):
                for one in rows:
                    yield from vocabulary(one)
            case Repeat(inner):
                yield from vocabulary(inner)


def needs(row: Row) -> list[frozenset[str]]:
    """The sets of words of which every match holds one each, in the order of the row."""
    found: list[frozenset[str]] = []
    for node in row:
        if isinstance(node, Words):
            found.append(node.words)
        elif isinstance(node, Either) and all(node.rows):
            inner = [needs(one) for one in node.rows]
            if all(inner):
                found.append(frozenset().union(*(min(sets, key=len) for sets in inner)))
    return found


class _Reader:
    """Reads one pattern from left to right."""

    def __init__(self, pattern: str, slots: Slots) -> None:
        self._pattern = pattern
        self._slots = slots
        self._tokens = _TOKEN.findall(pattern)
        self._at = 0
        if "".join(self._tokens) != pattern:
            raise Malformed(f"pattern `{pattern}` may not hold brackets of that kind there")

    def rest(self) -> list[str]:
        return self._tokens[self._at :]

    def choice(self, before: _Open) -> _Open:
        found = [self._sequence(before)]
        while self._next_is("|"):
            self._at += 1
            found.append(self._sequence(before))
        return _any_of(found)

    def _next_is(self, *tokens: str) -> bool:
        return self._at < len(self._tokens) and self._tokens[self._at] in tokens

    def _sequence(self, is_open: _Open) -> _Open:
        while self._at < len(self._tokens) and not self._next_is("|", ")"):
            piece = self._tokens[self._at]
            self._at += 1
            if piece == "(":
                is_open = self._group(is_open)
            elif piece == " ":
                is_open = self._optional(is_open, {"": _ended(is_open)})
            elif piece in GAPS:
                is_open = {"": (*_ended(is_open), Gap(GAPS[piece]))}
            elif piece.startswith("{"):
                is_open = self._optional(is_open, self._slot(is_open, piece[1:-1]))
            elif piece in "?*":
                raise Malformed(f"pattern `{self._pattern}`: `{piece}` must stand after a letter or a bracket")
            elif self._next_is("?"):
                is_open = _appended(is_open, piece[:-1])
                is_open = self._optional(is_open, _appended(is_open, piece[-1]))
            else:
                is_open = _appended(is_open, piece)
        return is_open

    def _group(self, before: _Open) -> _Open:
        start = self._at
        after = self._each(before)
        end = self._at
        if not self._next_is(")"):
            raise Malformed(f"pattern `{self._pattern}`: a bracket is not closed")
        self._at += 1
        if not self._next_is("*"):
            return self._optional(before, after)
        self._at += 1
        if set(before) == {""} and set(after) == {""}:
            self._at = start
            row = self.choice({"": ()})[""]
            self._at = end + 2
            return {"": (*before[""], Repeat(row))}
        found = [before, after]
        for _ in range(REPEATS - 1):
            self._at = start
            found.append(self._each(found[-1]))
            self._at = end + 2
        return _any_of(found)

    def _each(self, before: _Open) -> _Open:
        """Read the same group once for each different row, so that a common start is written once."""
        by_row: dict[Row, list[str]] = {}
        for letters, row in before.items():
            by_row.setdefault(row, []).append(letters)
        found: list[_Open] = []
        start = self._at
        for row, endings in by_row.items():
            self._at = start
            after = self.choice(dict.fromkeys(endings, ()))
            found.append({letters: (*row, *inner) for letters, inner in after.items()})
        return _any_of(found)

    def _slot(self, before: _Open, name: str) -> _Open:
        if name == "n":
            return _appended(before, NUMBER)
        if name not in self._slots:
            raise Malformed(f"pattern `{self._pattern}` names the slot {name!r}, which `words/` does not know")
        row = self._slots[name]
        if set(before) == {""}:
            return _reopened(before[""], row)
        raise Malformed(f"pattern `{self._pattern}`: the slot {name!r} must begin a word")

    def _optional(self, before: _Open, after: _Open) -> _Open:
        if not self._next_is("?"):
            return after
        self._at += 1
        return _any_of([before, after])


def _reopened(before: Row, row: Row) -> _Open:
    """Let letters follow the last word of a row ("{smoke}s")."""
    if not row:
        return {"": before}
    *first, last = row
    match last:
        case Words(words):
            return dict.fromkeys(words, (*before, *first))
        case Either(rows):
            return _any_of([_reopened((*before, *first), one) for one in rows])
    return {"": (*before, *row)}


def _any_of(found: list[_Open]) -> _Open:
    rows: dict[str, list[Row]] = {}
    for one in found:
        for letters, row in one.items():
            rows.setdefault(letters, []).append(row)
    return {letters: either(of_letters) for letters, of_letters in rows.items()}


def _appended(is_open: _Open, letters: str) -> _Open:
    return {before + letters: row for before, row in is_open.items()}


def _ended(is_open: _Open) -> Row:
    """End the open words."""
    by_row: dict[Row, set[str]] = {}
    for letters, row in is_open.items():
        by_row.setdefault(row, set()).add(letters)
    rows: list[Row] = []
    for row, words in by_row.items():
        if "" in words:
            rows.append(row)
        if words != {""}:
            rows.append((*row, Words(frozenset(words - {""}))))
    return either(rows)
