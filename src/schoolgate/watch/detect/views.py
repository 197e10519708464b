"""The views of a text that rules read: as written, unfolded, and cut into words again.

Children write "k1ll", "s.u.i.c.i.d.e", "freeeee" and "howtojoinisis"; some
by habit, some to hide. Rules are written once, for plain words with one
space between them, and each view is such a line. Every word remembers where
it stood in the original, so that a reason can be shown in the child's own
spelling.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from schoolgate.watch.detect.lookalikes import EMOJI, LOOKALIKES
from schoolgate.watch.detect.spelling import Spelling

# A longer run without a space is no word of a child: it is read as it stands and not remembered.
CHUNK_CHARS = 64
_CHUNK = re.compile(r"\S+")
_WORD = re.compile(r"[^\W_]+(?:['’`][^\W_]+)*")
_APOSTROPHE = re.compile(r"['’`]")
_HIDDEN = "\ufff0"  # stands for an invisible character until its word is known to be disguised by it

# (word, start in the chunk, end in the chunk, disguised)
Word = tuple[str, int, int, bool]


@dataclass(frozen=True, slots=True)
class View:
    """One line of words.

    Attributes:
        words: in small letters.
        spans: where each word stood in the original, in characters.
        disguised: for each word, whether its spelling hid it.
    """

    words: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    disguised: tuple[bool, ...]


def views(text: str, spelling: Spelling) -> tuple[View, ...]:
    """Return the plain view and, where they differ, the folded and the squashed one."""
    normal, origin = _normal(text)
    plain: list[Word] = []
    folded: list[Word] = []
    for match in _CHUNK.finditer(normal):
        at = match.start()
        as_written, unfolded = _read(match.group(), spelling)
        plain += [(word, start + at, end + at, hid) for word, start, end, hid in as_written]
        folded += [(word, start + at, end + at, hid) for word, start, end, hid in unfolded]
    found = [plain]
    joined = _join_letters(folded, spelling)
    if joined != plain:
        found.append(joined)
    squashed = _cut(joined, spelling)
    if squashed != joined:
        found.append(squashed)
    return tuple(_view(words, origin) for words in found)


def _view(words: list[Word], origin: list[tuple[int, int]] | None) -> View:
    spans = tuple(
        (start, end) if origin is None else (origin[start][0], origin[end - 1][1]) for _, start, end, _ in words
    )
    return View(tuple([word[0] for word in words]), spans, tuple([word[3] for word in words]))


def _normal(text: str) -> tuple[str, list[tuple[int, int]] | None]:
    """Return *text* in lower case without look-alikes and accents, and where each character came from.

    The second value is None when the characters stand where they stood.
    """
    if text.isascii():
        return text.lower(), None
    letters: list[str] = []
    origin: list[tuple[int, int]] = []
    for at, char in enumerate(text):
        if char in EMOJI:
            becomes = f" {EMOJI[char]} "
        elif unicodedata.category(char) == "Cf":
            becomes = _HIDDEN  # zero-width and direction marks: a space between words has no use for them
        else:
            becomes = "".join(
                LOOKALIKES.get(part, part)
                for part in unicodedata.normalize("NFKD", char).lower()
                if unicodedata.category(part) != "Mn"
            )
        letters.append(becomes)
        origin += [(at, at + 1)] * len(becomes)
    return "".join(letters), origin


def _read(chunk: str, spelling: Spelling) -> tuple[tuple[Word, ...], tuple[Word, ...]]:
    return _remembered(chunk, spelling) if len(chunk) <= CHUNK_CHARS else _read_chunk(chunk, spelling)


def _read_chunk(chunk: str, spelling: Spelling) -> tuple[tuple[Word, ...], tuple[Word, ...]]:
    """Return a run of characters without a space as written, and unfolded."""
    hid = _HIDDEN in chunk.strip(_HIDDEN)
    if _HIDDEN in chunk:
        kept = [at for at, char in enumerate(chunk) if char != _HIDDEN]
        bare = "".join(chunk[at] for at in kept)
        plain, folded = _read_chunk(bare, spelling)
        return tuple((w, kept[s], kept[e - 1] + 1, hid or h) for w, s, e, h in plain), tuple(
            (w, kept[s], kept[e - 1] + 1, hid or h) for w, s, e, h in folded
        )
    plain_words: list[Word] = []
    folded_words: list[Word] = []
    for match in _WORD.finditer(chunk):
        word = _APOSTROPHE.sub("", match.group())
        start, end = match.span()
        standard = spelling.standard(word)
        plain_words += [(part, start, end, False) for part in standard.split(" ")]
        if len(word) == 1:  # "u" is "you", unless it turns out to be a letter of "s u c h"
            mended, disguised = word, False
        else:
            mended, disguised = spelling.unfold(word) if standard == word else (standard, False)
        folded_words += [(part, start, end, disguised) for part in mended.split(" ")]
    whole = spelling.unmask(chunk) if len(chunk) <= CHUNK_CHARS else None
    if whole is not None:
        first = len(chunk) - len(chunk.lstrip(".,;:?\"'()[]<>"))
        folded_words = [(part, first, len(chunk), True) for part in whole.split(" ")]
    return tuple(plain_words), tuple(folded_words)


_remembered = lru_cache(maxsize=65_536)(_read_chunk)


def _join_letters(words: list[Word], spelling: Spelling) -> list[Word]:
    """Join single letters in a row ("k i l l") to one word. Three at least: "i a" is how people write."""
    found: list[Word] = []
    run: list[Word] = []
    for word in [*words, ("", 0, 0, False)]:
        if len(word[0]) == 1 and word[0].isalpha():
            run.append(word)
            continue
        if len(run) >= 3 and _evenly(run):
            found.append(("".join(letter[0] for letter in run), run[0][1], run[-1][2], True))
        else:
            found += [(part, *letter[1:]) for letter in run for part in spelling.standard(letter[0]).split(" ")]
        run = []
        found.append(word)
    return found[:-1]


def _evenly(run: list[Word]) -> bool:
    return all(after[1] - before[2] <= 3 for before, after in pairwise(run))


def _cut(words: list[Word], spelling: Spelling) -> list[Word]:
    """Cut long joined words ("howtojoinisis") into the words that rules know."""
    found: list[Word] = []
    for word in words:
        parts = spelling.cut(word[0], word[3]) if len(word[0]) <= CHUNK_CHARS else None
        found += [word] if parts is None else [(part, word[1], word[2], True) for part in parts]
    return found
