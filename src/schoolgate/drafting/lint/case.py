"""What every lint rule is given, and what it gives back."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from schoolgate.drafting import guidance
from schoolgate.drafting.document import Document, Kind
from schoolgate.drafting.guidance import Guidance
from schoolgate.drafting.sentences import Sentence, sentences
from schoolgate.drafting.words import excerpt, plain


class Severity(StrEnum):
    """How much a finding matters: an error is wrong, a warning misleads, advice would be better."""

    ERROR = "error"
    WARNING = "warning"
    ADVICE = "advice"

    @property
    def rank(self) -> int:
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class Finding:
    """One defect.

    Attributes:
        rule: id of the rule.
        severity: how much it matters.
        line: where it first shows.
        excerpt: the words there.
        message: what is wrong and what it means for the school.
        fix: what to write instead.
    """

    rule: str
    severity: Severity
    line: int
    excerpt: str
    message: str
    fix: str


@dataclass(frozen=True, slots=True)
class Spot:
    """A match in one sentence. `text` is the sentence with plain quotes, so offsets are those of the sentence."""

    sentence: Sentence
    match: re.Match[str]

    @property
    def line(self) -> int:
        return self.sentence.line

    @property
    def excerpt(self) -> str:
        return excerpt(self.sentence.text, self.match.start(), self.match.end())


@dataclass(frozen=True, slots=True)
class Case:
    """A policy on the day it is read.

    Attributes:
        document: the policy.
        sentences: all of them, headings included.
        today: the day; never the clock's.
        guidance: editions, withdrawn documents and superseded words.
    """

    document: Document
    sentences: Sequence[Sentence]
    today: date
    guidance: Guidance

    @classmethod
    def of(cls, document: Document, today: date) -> "Case":
        return cls(document, sentences(document), today, guidance.load())

    def spots(self, pattern: str | re.Pattern[str], *, contents: bool = False) -> Iterator[Spot]:
        """Every place where *pattern* stands, case aside; the table of contents only on request."""
        compiled = re.compile(pattern, re.IGNORECASE) if isinstance(pattern, str) else pattern
        for sentence in self.sentences:
            if sentence.kind is Kind.CONTENTS and not contents:
                continue
            for match in compiled.finditer(plain(sentence.text)):
                yield Spot(sentence, match)

    def says(self, pattern: str) -> bool:
        """Tell whether *pattern* stands anywhere outside the table of contents."""
        return next(self.spots(pattern), None) is not None


def lines_said(first: int, lines: Iterable[int]) -> str:
    """Say the lines besides the *first* in words: " (also on lines 4, 7 and 9)", or ""."""
    rest = sorted(set(lines) - {first})
    if not rest:
        return ""
    if len(rest) == 1:
        return f" (also on line {rest[0]})"
    return f" (also on lines {', '.join(map(str, rest[:-1]))} and {rest[-1]})"
