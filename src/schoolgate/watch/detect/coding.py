"""Words as codes of two bytes, the first from 80 up, the second below: no code can begin inside another."""

import re
from collections.abc import Iterable

from schoolgate.kernel.errors import Malformed
from schoolgate.watch.detect.pattern import NUMBER, REPEATS, Either, Gap, Repeat, Row, Words

WIDTH = 2  # bytes of a code
_ANY = "[\\x80-\\xff][\\x00-\\x7f]"
_FIGURES = re.compile(r"[0-9]+")
_ROOM = 128 * 128


class Coding:
    """Gives every word of the rules a code. All other words share one, and so do all other figures.

    Args:
        words: every word that a rule can match. Words that stand near each other are best matched together.
    """

    def __init__(self, words: Iterable[str]) -> None:
        ordered = list(dict.fromkeys(("", NUMBER, *words)))
        if len(ordered) > _ROOM:
            raise Malformed(f"the rules hold {len(ordered)} words; there is room for {_ROOM}")
        self._codes = {word: bytes((128 + number // 128, number % 128)) for number, word in enumerate(ordered)}
        self._other = self._codes[""]
        self._figures = frozenset(word for word in ordered if word.isdigit()) | {NUMBER}

    def encode(self, words: Iterable[str]) -> bytes:
        """Return the words of a text as a row of codes."""
        codes = self._codes
        return b"".join([codes.get(word) or codes.get(self._figure(word), self._other) for word in words])

    def known(self, words: Iterable[str]) -> set[str]:
        """Return the different words of a text that the rules know, figures as the sign for them."""
        return {word if word in self._codes else self._figure(word) for word in words}

    def with_figures(self, words: frozenset[str]) -> frozenset[str]:
        """Return a set of words with every known figure in it, if it holds the sign for figures."""
        return words | self._figures if NUMBER in words else words

    def expression(self, row: Row) -> str:
        """Return a row as a regular expression over codes."""
        parts: list[str] = []
        for node in row:
            match node:
                case Words(words):
                    parts.append(self._one_of(words))
                case Gap(n_words):
                    parts.append(f"(?:{_ANY}){{0,{n_words}}}")
                case Repeat(inner):
                    parts.append(f"(?:{self.expression(inner)}){{0,{REPEATS}}}")
                case Either(rows):
                    inside = "|".join(self.expression(one) for one in rows if one)
                    parts.append(f"(?:{inside})" + ("" if all(rows) else "?"))
        return "".join(parts)

    def _figure(self, word: str) -> str:
        """Return "5kg" as "#kg", and what is no figure as the word that no rule knows."""
        return _FIGURES.sub(NUMBER, word, count=1) if word[:1].isdigit() else ""

    def _one_of(self, words: frozenset[str]) -> str:
        second: dict[int, list[int]] = {}
        for word in self.with_figures(words):
            code = self._codes[word]
            second.setdefault(code[0], []).append(code[1])
        parts = [f"{_sign(first)}[{_ranges(sorted(lasts))}]" for first, lasts in sorted(second.items())]
        return parts[0] if len(parts) == 1 else f"(?:{'|'.join(parts)})"


def _ranges(numbers: list[int]) -> str:
    """Write rising numbers as the inside of a class of bytes."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return "".join(f"\\x{first:02x}" if first == last else f"\\x{first:02x}-\\x{last:02x}" for first, last in runs)


def _sign(byte: int) -> str:
    return f"\\x{byte:02x}"
