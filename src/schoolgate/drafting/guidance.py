"""Editions, withdrawn documents and superseded words, as `guidance.toml` holds them."""

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of a guidance document.

    Attributes:
        year: the year by which policies cite it.
        published: the first day on which anybody could cite it.
        in_force: the first day on which it counts.
    """

    year: int
    published: date
    in_force: date


@dataclass(frozen=True, slots=True)
class Source:
    """A guidance document with its editions, oldest first."""

    name: str
    pattern: re.Pattern[str]
    editions: tuple[Edition, ...]

    def current(self, today: date) -> Edition:
        """The edition in force on *today* (the oldest that we know, before all of them)."""
        return next((edition for edition in reversed(self.editions) if edition.in_force <= today), self.editions[0])


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A document, body or law that policies still cite and that is gone."""

    pattern: re.Pattern[str]
    say: str
    fix: str


@dataclass(frozen=True, slots=True)
class Term:
    """A word that another has replaced; `unless` beside it excuses it."""

    pattern: re.Pattern[str]
    name: str
    now: str
    since: date
    unless: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Name:
    """A name that is often misspelt, in capitals."""

    right: str
    means: str


@dataclass(frozen=True, slots=True)
class Misnamed:
    """A wrong form of the title of a document."""

    pattern: re.Pattern[str]
    right: str


@dataclass(frozen=True, slots=True)
class Guidance:
    """All of it."""

    sources: tuple[Source, ...]
    withdrawn: tuple[Withdrawn, ...]
    terms: tuple[Term, ...]
    names: tuple[Name, ...]
    misnamed: tuple[Misnamed, ...]


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{text})", re.IGNORECASE)


@cache
def load() -> Guidance:
    """Read the pack that ships with this version."""
    pack = tomllib.loads(files("schoolgate.drafting").joinpath("guidance.toml").read_text("utf-8"))
    return Guidance(
        tuple(
            Source(
                row["name"],
                _pattern(row["pattern"]),
                tuple(Edition(each["year"], each["published"], each["from"]) for each in row["editions"]),
            )
            for row in pack["document"]
        ),
        tuple(Withdrawn(_pattern(row["pattern"]), row["say"], row["fix"]) for row in pack["withdrawn"]),
        tuple(
            Term(
                _pattern(row["pattern"]),
                row["name"],
                row["now"],
                row["since"],
                re.compile(row["unless"], re.IGNORECASE) if "unless" in row else None,
            )
            for row in pack["term"]
        ),
        tuple(Name(row["right"], row["means"]) for row in pack["name"]),
        tuple(Misnamed(_pattern(row["pattern"]), row["right"]) for row in pack["misnamed"]),
    )
