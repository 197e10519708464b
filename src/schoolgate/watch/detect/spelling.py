"""How children spell, turned towards the words that rules know, never away from them.

A general corrector lowers what is found: it turns slang into harmless words.
So nothing is changed unless the result is a word of the rules.
"""

import re
from collections.abc import Iterable, Mapping

_LEET = str.maketrans(
    {
        "@": "a",
        "4": "a",
        "3": "e",
        "0": "o",
        "$": "s",
        "5": "s",
        "7": "t",
        "+": "t",
        "8": "b",
        "9": "g",
        "!": "i",
        "1": "i",
        "|": "i",
    }
)
_LEET_SIGNS = frozenset("@43015$7+89!|")
_STRETCHED = re.compile(r"(.)\1{2,}")
_SEPARATED = re.compile(r"^[^\W_](?:[.\-_*~/,|+][^\W_]){2,}[.,;:?!]*$")
_STARRED = re.compile(r"^[a-z]+[*#][a-z*#]*[a-z]$|^[a-z]{2,}[*#]+$")
_EDGES = ".,;:?\"'()[]<>"
CUT_FROM = 10  # letters; shorter ones are real words that happen to hold two others
MEND_FROM = 6  # letters; a shorter word is one edit away from too many others
BONES_FROM = 3  # letters of a word written without vowels
_VOWELS = re.compile(r"[aeiou]")
_SOUNDED = re.compile(r"[aeiou]|y(?=.)")
_DOUBLE = re.compile(r"(.)\1+")


class Spelling:
    """What is known about spelling.

    Args:
        words: every word that a rule can match.
        forms: short and child spellings with what they stand for ("u": "you").
        apart: real words that lie one edit from a word of the rules, and must be left alone.
        exact: words of the rules that no slip of the pen is turned into.
        often: in how many patterns a word stands; of two words with the same consonants the commoner is meant.
    """

    def __init__(
        self,
        words: Iterable[str],
        forms: Mapping[str, str],
        apart: Iterable[str],
        exact: Iterable[str] = (),
        often: Mapping[str, int] | None = None,
    ) -> None:
        self.words = frozenset(words)
        self._forms = dict(forms)
        self._apart = frozenset(apart) | self.words
        self._near: dict[str, str] = {}
        mendable = sorted(self.words - frozenset(exact), reverse=True)
        self._mendable = frozenset(mendable)
        for word in mendable:
            if len(word) >= MEND_FROM and word.isalpha():
                for shorter in _without_one(word):
                    self._near[shorter] = word
        self._swapped = {
            swapped: word for word in mendable if len(word) >= 4 and word.isalpha() for swapped in _swaps(word)
        }
        self._bones: dict[str, str] = {}
        for word in sorted(mendable, key=lambda word: ((often or {}).get(word, 0), word)):
            if word.isalpha() and len(word) > BONES_FROM:
                self._bones[_bones(word)] = word
        self._longest = max(map(len, self.words), default=0)

    def standard(self, word: str) -> str:
        """Return the usual form of a short or child spelling, or the word itself."""
        return self._forms.get(word, word)

    def unfold(self, word: str) -> tuple[str, bool]:
        """Return a known word for figures as letters, stretched letters or one slip, and whether it was disguised."""
        if word in self._apart:
            return word, False
        if not word.isalpha():
            known = self._leet(word)
            return (known, True) if known else (word, False)
        if _STRETCHED.search(word):
            known = self._shrink(word)
            if known:
                return known, False  # stress, not disguise
        if len(word) >= BONES_FROM and not _SOUNDED.search(word, 1):
            return self._bones.get(_DOUBLE.sub(r"\1", word), word), False  # "prnts": short, not disguised
        return self._mend(word), False

    def unmask(self, chunk: str) -> str | None:
        """Return the known word behind "k.i.l.l", "$uicide" or "p*rn", or None when there is none."""
        bare = chunk.strip(_EDGES)
        if bare.isalnum() or len(bare) < 3:
            return None
        if _SEPARATED.match(bare):
            return self.standard(re.sub(r"[\W_]", "", bare))
        if any(sign in bare for sign in "@$!|+"):
            known = self._leet(bare.rstrip("!")) or self._leet(bare)
            if known and known.isalpha():
                return known
        if _STARRED.match(bare):
            return self._starred(bare)
        return None

    def cut(self, joined: str, spaced: bool = False) -> list[str] | None:
        """Return *joined* as two or more known words, the longest words first, or None.

        What was written letter by letter (*spaced*) is no real word, however short it is.
        """
        if (
            (len(joined) < CUT_FROM and not spaced)
            or not joined.isalpha()
            or joined in self._apart
            or joined in self._forms
        ):
            return None
        best: list[list[str] | None] = [None] * (len(joined) + 1)
        best[0] = []
        for end in range(1, len(joined) + 1):
            for start in range(max(0, end - self._longest), end):
                before, word = best[start], joined[start:end]
                if before is None or word not in self.words:
                    continue
                if len(word) == 1 and word not in "aiu":
                    continue
                here = best[end]
                if here is None or len(before) + 1 < len(here):
                    best[end] = [*before, word]
        parts = best[-1]
        if parts is None or len(parts) < 2 or len(joined) < 3 * len(parts):
            return None
        return parts

    def _leet(self, word: str) -> str | None:
        if not any(sign in _LEET_SIGNS for sign in word) or not any(char.isalpha() for char in word):
            return None
        plain = word.translate(_LEET)
        other = word.replace("1", "l").replace("|", "l").translate(_LEET)
        for known in (plain, other, _STRETCHED.sub(r"\1", plain)):
            if len(known) > 2 and known in self.words:
                return known
        return self._mended(plain) if len(plain) >= MEND_FROM and plain.isalpha() else None

    def _shrink(self, word: str) -> str | None:
        for known in (_STRETCHED.sub(r"\1", word), _STRETCHED.sub(r"\1\1", word)):
            if known in self.words:
                return known
            if known in self._forms:
                return self._forms[known]
        return None

    def _starred(self, bare: str) -> str | None:
        shape = re.compile("".join("[a-z]" if char in "*#" else char for char in bare) + "$")
        return next((word for word in sorted(self.words) if shape.match(word)), None)

    def _mend(self, word: str) -> str:
        return self._mended(word) or word

    def _mended(self, word: str) -> str | None:
        known = self._swapped.get(word)
        if known is None and len(word) >= MEND_FROM - 1:
            # One letter dropped or added, or one for another: the first letter must be right.
            candidates = [self._near.get(word), *(self._match_shorter(shorter) for shorter in _without_one(word))]
            known = next(
                (one for one in candidates if one and one[0] == word[0] and abs(len(one) - len(word)) <= 1), None
            )
        return known

    def _match_shorter(self, shorter: str) -> str | None:
        if len(shorter) >= MEND_FROM and shorter in self._mendable:
            return shorter
        return self._near.get(shorter) if len(shorter) >= MEND_FROM else None


def _bones(word: str) -> str:
    """A word without the vowels after its first letter, and without doubled letters."""
    return _DOUBLE.sub(r"\1", word[0] + _VOWELS.sub("", word[1:]))


def _without_one(word: str) -> set[str]:
    return {word[:at] + word[at + 1 :] for at in range(1, len(word))}


def _swaps(word: str) -> set[str]:
    return {word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(1, len(word) - 1)} - {word}
