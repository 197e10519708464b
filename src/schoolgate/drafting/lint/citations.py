"""Guidance that a policy cites, with the edition it names."""

from collections.abc import Iterator
from dataclasses import dataclass

from schoolgate.drafting.dates import When, dates
from schoolgate.drafting.document import Kind
from schoolgate.drafting.guidance import Source
from schoolgate.drafting.lint.case import Case
from schoolgate.drafting.sentences import Sentence
from schoolgate.drafting.words import excerpt, plain

# "… in Education (DfE, September 2024)": the year stands within so many characters of the title.
NEAR = 28


@dataclass(frozen=True, slots=True)
class Citation:
    """One citation with a year."""

    source: Source
    sentence: Sentence
    when: When
    excerpt: str


def citations(case: Case) -> Iterator[Citation]:
    """Every citation of a known document that names an edition by its year."""
    for source in case.guidance.sources:
        for sentence in case.sentences:
            if sentence.kind is Kind.CONTENTS:
                continue
            text = plain(sentence.text)
            for match in source.pattern.finditer(text):
                near = [
                    when
                    for when in dates(text)
                    if match.end() <= when.start <= match.end() + NEAR or match.start() - 8 <= when.end <= match.start()
                ]
                # "KCSIE. Reviewed in 2024": a sentence or clause between the title and the date parts them.
                near = [when for when in near if not _parted(text, match.start(), match.end(), when)]
                if near:
                    when = near[0]
                    shown = excerpt(sentence.text, min(match.start(), when.start), max(match.end(), when.end))
                    yield Citation(source, sentence, when, shown)


def _parted(text: str, start: int, end: int, when: When) -> bool:
    between = text[end : when.start] if when.start >= end else text[when.end : start]
    return any(
        word in between.lower() for word in (";", " review", " ratif", " approv", " on ", " by ", " and ", " act ")
    )
