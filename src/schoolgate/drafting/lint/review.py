"""When a policy was approved and when it says that it is reviewed: read once, used by several rules."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from schoolgate.drafting.dates import When, dates
from schoolgate.drafting.lint.case import Case
from schoolgate.drafting.sentences import Sentence
from schoolgate.drafting.words import folded, plain

_APPROVED = re.compile(
    r"\b(?:ratified|approved|adopted|agreed by (?:the )?(?:govern|full|board|trust)|signed off|approval date|date of approval|ratification)\b",
    re.IGNORECASE,
)
_REVIEW = re.compile(r"\b(?:review(?:ed)?|renew(?:al|ed)?)\b", re.IGNORECASE)
_PAST_REVIEW = re.compile(
    r"\b(?:last|previous(?:ly)?|was|were|date) (?:\w+ )?review(?:ed)?\b|\breviewed (?:on|in)\b|^reviewed\s*:",
    re.IGNORECASE,
)
_AHEAD = re.compile(
    r"\b(?:will|shall|next|due|to be|must|is reviewed|by)\b|review (?:date|by)|^review\s*:", re.IGNORECASE
)
_OF_POLICY = re.compile(
    r"\b(?:policy|document|it|this|next review|review (?:date|due|cycle|frequency|period))\b|^(?:to be )?review",
    re.IGNORECASE,
)
_OTHER_REVIEWS = re.compile(
    r"\b(?:risk assessments?|access (?:rights|levels|list)|permissions|filter(?:ing|s)?(?: and monitoring)?|alerts|accounts|passwords?|incidents?|curriculum|"
    r"scheme of work|agreements?|aups?|settings|lists?|provision|training|register|effectiveness|exceptions?|reports?|logs?|rights)\b",
    re.IGNORECASE,
)

_INTERVALS: tuple[tuple[str, int], ...] = (
    (
        r"\b(?:every|each) two years|\btwo[- ]yearly|\b2[- ]yearly|\bevery 2 years|\bbiennial(?:ly)?|\bevery other year|\balternate years",
        24,
    ),
    (r"\b(?:every|each) three years|\bthree[- ]yearly|\b3[- ]yearly|\bevery 3 years|\btriennial(?:ly)?", 36),
    (r"\bevery (?:four|4) years", 48),
    (r"\bevery (?:five|5) years|\bfive[- ]yearly", 60),
    (
        r"\bannual(?:ly)?\b|\byearly\b|\bevery (?:school |academic )?year\b|\beach (?:school |academic )?year\b|\bonce a year|\bevery 12 months|\bevery twelve months|\beach autumn|\bevery autumn|\beach september|\bevery september",
        12,
    ),
    (r"\btwice a year|\bevery six months|\bevery 6 months|\bsix[- ]monthly|\bhalf[- ]yearly", 6),
    (r"\btermly|\bevery term|\beach term|\bonce a term", 4),
    (r"\bevery 18 months|\bevery eighteen months", 18),
)


@dataclass(frozen=True, slots=True)
class Approval:
    """When the governing body approved the policy."""

    sentence: Sentence
    when: When


@dataclass(frozen=True, slots=True)
class Due:
    """A day by which the policy says that it is reviewed."""

    sentence: Sentence
    when: When


@dataclass(frozen=True, slots=True)
class Interval:
    """How often the policy says that it is reviewed, in months."""

    sentence: Sentence
    months: int
    text: str


def approval(case: Case) -> Approval | None:
    """The latest approval that the policy states, or None."""
    found: list[Approval] = []
    for sentence in case.sentences:
        text = plain(sentence.text)
        for word in _APPROVED.finditer(text):
            after = [when for when in dates(text) if word.end() <= when.start <= word.end() + 60]
            # "ratified in September 2023 and will be reviewed by …": the first date after the word belongs to it.
            if after and not _REVIEW.search(text[word.end() : after[0].start]):
                found.append(Approval(sentence, after[0]))
    return max(found, key=lambda each: each.when.last, default=None)


def due(case: Case) -> tuple[Due, ...]:
    """Every day by which the policy says that it will be reviewed."""
    found: list[Due] = []
    for sentence in case.sentences:
        text = plain(sentence.text)
        if not _REVIEW.search(text) or not _is_of_policy(text):
            continue
        for when in dates(text):
            before = text[: when.start]
            words = list(_REVIEW.finditer(before))
            if not words:
                continue
            clause = re.split(r"[;.]|,? (?:and|but) (?=will|is|it)", before)[-1]
            clause = clause if _REVIEW.search(clause) else before[max(0, words[-1].start() - 40) :]
            if len(before) - words[-1].end() <= 40 and _AHEAD.search(clause) and not _is_past(clause):
                found.append(Due(sentence, when))
    return tuple(found)


def _is_past(clause: str) -> bool:
    return _PAST_REVIEW.search(clause) is not None and not re.search(
        r"\b(?:will|next|due|to be|must|shall)\b", clause, re.IGNORECASE
    )


def intervals(case: Case) -> tuple[Interval, ...]:
    """How often the policy says that it is reviewed; reviews of other things are left out."""
    found: list[Interval] = []
    for sentence in case.sentences:
        text = folded(sentence.text)
        if not _REVIEW.search(text) or not _is_of_policy(text):
            continue
        for pattern, months in _INTERVALS:
            for match in re.finditer(pattern, text):
                near = text[max(0, match.start() - 70) : match.end() + 40]
                if _REVIEW.search(near):
                    found.append(Interval(sentence, months, match.group()))
    return tuple(found)


def _is_of_policy(text: str) -> bool:
    """Tell whether a sentence about a review speaks of the policy itself."""
    if not _OF_POLICY.search(text):
        return False
    review = _REVIEW.search(text)
    subject = text[: review.start()] if review else text
    if re.search(r"\bpolicy\b", subject, re.IGNORECASE):
        return True
    after = text[review.end() : review.end() + 25] if review else ""
    return not _OTHER_REVIEWS.search(subject) and not re.match(r" of (?:the |our )?(?!policy|this)", after)


def months_between(first: date, last: date) -> int:
    """Whole months from *first* to *last*, counted by the calendar."""
    return (last.year - first.year) * 12 + last.month - first.month


def spans(case: Case) -> Iterator[tuple[Approval, Due, int]]:
    """Each stated review day with the months since the approval."""
    approved = approval(case)
    if approved is None:
        return
    for each in due(case):
        months = months_between(approved.when.first, each.when.first)
        if months > 0:
            yield approved, each, months
