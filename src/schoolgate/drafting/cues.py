"""Weighted words that speak for each promise, as `cues.toml` holds them."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from schoolgate.drafting.promises import PROMISES
from schoolgate.drafting.words import folded

# How much the words count by where they stand.
OF_SENTENCE, OF_STEM, OF_SECTION = 1.0, 0.6, 0.35
# An item with fewer words than this says too little by itself, so what introduces it counts fully.
SHORT_ITEM_WORDS = 7


@dataclass(frozen=True, slots=True)
class Cue:
    """A pattern with its weight; all its parts must stand in one text."""

    weight: float
    parts: tuple[re.Pattern[str], ...]
    source: str

    def speaks(self, text: str) -> bool:
        return all(part.search(text) for part in self.parts)


@cache
def load() -> dict[str, tuple[Cue, ...]]:
    """Read the cues of every promise.

    Raises:
        ValueError: if the file names a promise that does not exist.
    """
    tables = tomllib.loads(files("schoolgate.drafting").joinpath("cues.toml").read_text("utf-8"))
    if unknown := tables.keys() - PROMISES.keys():
        raise ValueError(f"cues.toml names promises that do not exist: {sorted(unknown)}")
    return {
        promise: tuple(
            Cue(float(weight), tuple(re.compile(rf"(?<!\w)(?:{part})") for part in source.split(" & ")), source)
            for weight, sources in table.items()
            for source in sources
        )
        for promise, table in tables.items()
    }


def scores(text: str, stem: str, section: str) -> dict[str, float]:
    """Return the points of each promise that more speaks for than against.

    Args:
        text: the sentence.
        stem: what introduces the list that it is an item of, or "".
        section: the headings above it, or "".
    """
    text, stem, section = folded(text), folded(stem), folded(section)
    of_stem = OF_SENTENCE if stem and len(text.split()) < SHORT_ITEM_WORDS else OF_STEM
    found: dict[str, float] = {}
    for promise, cues in load().items():
        points = of_section = 0.0
        for cue in cues:
            if cue.speaks(text):
                points += cue.weight * OF_SENTENCE
            elif stem and cue.speaks(stem):
                points += cue.weight * of_stem
            elif cue.weight > 0 and section and cue.speaks(section):
                of_section += cue.weight * OF_SECTION
        if points > 0:  # a heading supports what the sentence says, and says nothing alone
            found[promise] = points + of_section
    return found


def spoken(promise: str, text: str) -> tuple[str, ...]:
    """The cues in *text* that speak for *promise*, strongest first."""
    heard = [cue for cue in load()[promise] if cue.weight > 0 and cue.speaks(folded(text))]
    return tuple(cue.source for cue in sorted(heard, key=lambda cue: -cue.weight))
