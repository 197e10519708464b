"""All patterns at once: a text's words say which patterns may match, Python's `re` says where.

Almost every pattern has places where one word of a known set must stand. A
text without such a word cannot match. So the rarest of these places is looked
up word by word, the others are compared as bits of a number, and of some
thousand patterns only the few that are left are tried. Nothing is compiled
before it is first needed, so that a program starts at once.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from schoolgate.watch.detect import rules
from schoolgate.watch.detect.coding import WIDTH, Coding
from schoolgate.watch.detect.pattern import Row, needs, vocabulary
from schoolgate.watch.detect.rules import Rule, Rulebook

# A pattern that matches oftener in one text has been understood.
N_MATCHES = 16


@dataclass(frozen=True, slots=True)
class Found:
    """Where things stand in one view, in words; an end is that of the word after.

    Attributes:
        rules: (rule, start, end).
        classes: name of a context → where it ends.
        idioms: (start, end).
    """

    rules: tuple[tuple[Rule, int, int], ...]
    classes: Mapping[str, tuple[int, ...]]
    idioms: tuple[tuple[int, int], ...]


_NOTHING = Found((), {}, ())


class _Patterns:
    """Rows by number, with what a text must hold for each of them."""

    def __init__(self, rows: Sequence[Row], coding: Coding) -> None:
        self._rows = rows
        self._coding = coding
        self._exact: dict[int, re.Pattern[bytes]] = {}
        common = Counter(word for row in rows for word in set(vocabulary(row)))
        places: dict[frozenset[str], int] = {}
        self._bits: dict[str, int] = {}
        self._by_word: dict[str, list[tuple[int, int]]] = {}
        for number, row in enumerate(rows):
            held = [coding.with_figures(words) for words in needs(row)]
            rarest = min(held, key=lambda words: sum(common[word] for word in words))
            mask = 0
            for words in held:
                mask |= 1 << places.setdefault(words, len(places))
            for word in rarest:
                self._by_word.setdefault(word, []).append((number, mask))
        for words, place in places.items():
            for word in words:
                self._bits[word] = self._bits.get(word, 0) | 1 << place

    def possible(self, known: set[str]) -> Iterator[int]:
        """Yield the numbers of the rows that a text of these *known* words may match."""
        held = 0
        for word in known:
            held |= self._bits.get(word, 0)
        for word in known:
            for number, mask in self._by_word.get(word, ()):
                if held & mask == mask:
                    yield number

    def spans(self, number: int, line: bytes) -> Iterator[tuple[int, int]]:
        """Yield where a row matches, in words."""
        exact = self._exact.get(number)
        if exact is None:
            exact = self._exact[number] = re.compile(self._coding.expression(self._rows[number]).encode())
        at = 0
        for _ in range(N_MATCHES):
            match = exact.search(line, at)
            if match is None:
                return
            yield match.start() // WIDTH, match.end() // WIDTH
            at = match.start() + WIDTH


class Scanner:
    """A rulebook, ready to scan."""

    def __init__(self, book: Rulebook) -> None:
        self.book = book
        self.by_id = {rule.id: rule for rule in book.rules}
        of_rules = [(rule, row) for rule in book.rules for row in rule.patterns]
        self._rules = [rule for rule, _ in of_rules]
        everything = [*(row for _, row in of_rules), *book.contexts.values(), *book.idioms]
        self._coding = Coding(word for row in everything for word in vocabulary(row))
        self._patterns = _Patterns([row for _, row in of_rules], self._coding)
        self._idioms = _Patterns(book.idioms, self._coding)
        self._contexts = {name: _Patterns([row], self._coding) for name, row in book.contexts.items()}

    def scan(self, words: Sequence[str], kind: str) -> Found:
        """Return what the words of a view hold, by the rules that read this *kind* of text."""
        known = self._coding.known(words)
        numbers = {number for number in self._patterns.possible(known) if kind in self._rules[number].kinds}
        if not numbers:
            return _NOTHING
        line = self._coding.encode(words)
        found = [
            (self._rules[number], *span) for number in sorted(numbers) for span in self._patterns.spans(number, line)
        ]
        if not found:
            return _NOTHING
        idioms = [
            span for number in sorted(set(self._idioms.possible(known))) for span in self._idioms.spans(number, line)
        ]
        classes = {
            name: tuple(end for _, end in one.spans(0, line))
            for name, one in self._contexts.items()
            if any(True for _ in one.possible(known))
        }
        return Found(tuple(found), classes, tuple(idioms))

    def names_class(self, words: Sequence[str], name: str) -> bool:
        """Tell whether a view holds a word of one context."""
        line = self._coding.encode(words)
        return any(True for _ in self._contexts[name].spans(0, line))


@cache
def shipped() -> Scanner:
    """The scanner of the rules that come with Schoolgate, made at the first use."""
    return Scanner(rules.shipped())
