"""What a concern is made of, who may read it, and what it needs before it may be closed. Pure.

The parts of the record follow *Keeping Children Safe in Education* 2026,
paragraph 74: a clear summary, how it was followed up and resolved, actions,
decisions with their reasons (a decision not to refer among them), the outcome.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db.models import TextChoices

from schoolgate.assurance.rules import Status as Kept
from schoolgate.kernel.harms import HARMS
from schoolgate.monitoring.rules import About, waited
from schoolgate.people.rules import STAFF_ROLES, Role

NOT_SURE = "not-sure"
INDECENT_IMAGE = "indecent-image"
ALLEGATION = "allegation"
CATEGORIES: dict[str, str] = {
    NOT_SURE: "I am not sure",
    INDECENT_IMAGE: "A nude or indecent image of a child, seen or suspected",
    ALLEGATION: "What an adult who works here did",
    **{harm.code: harm.label for harm in HARMS.values()},
    "other": "Something else",
}
SEXUAL = frozenset({"sexual", INDECENT_IMAGE, "grooming"})
ADULT_AGE = 13  # below it, sexual activity is for the police and social care, whatever was said about consent


class Kind(TextChoices):
    """What an entry is."""

    SUMMARY = "summary", "What happened"
    FOLLOW_UP = "follow-up", "Followed up"
    ACTION = "action", "Action"
    DECISION = "decision", "Decision"
    AGREEMENT = "agreement", "Second person's agreement"
    OUTCOME = "outcome", "Outcome"
    CORRECTION = "correction", "Correction"
    CLOSED = "closed", "Closed"
    REOPENED = "reopened", "Opened again"


WRITTEN = (Kind.FOLLOW_UP, Kind.ACTION, Kind.DECISION, Kind.OUTCOME)  # what a person chooses to add


class Decision(TextChoices):
    """What was decided. Each needs reasons."""

    REFER = "refer", "Refer to children's social care or the police"
    IN_SCHOOL = "in-school", "Deal with it in school; do not refer"
    WATCH = "watch", "Keep watch; do not refer"
    NOTHING = "nothing", "No further action; do not refer"


class Part(TextChoices):
    """A person's part in one concern. It belongs to that person alone, never to everybody named."""

    ABOUT = "about", "It is about them"
    VICTIM = "victim", "It was done to them"
    INSTIGATOR = "instigator", "They did it"
    WITNESS = "witness", "They saw or heard it"
    ADULT = "adult", "An adult involved"


class Subject(TextChoices):
    """Who did it, as the reporter says: this settles who is told."""

    CHILD = "child", "A child, or I do not know"
    OUTSIDER = "outsider", "Somebody outside school"
    ADULT = "adult", "An adult who works or helps here"
    HEAD = "head", "The head teacher"


class Audience(StrEnum):
    """Who may read a concern."""

    TEAM = "team"
    HEAD = "head"
    CHAIR = "chair"


READERS = {
    Audience.TEAM: frozenset({Role.DSL, Role.DEPUTY, Role.HEAD}),
    Audience.HEAD: frozenset({Role.HEAD}),
    Audience.CHAIR: frozenset[Role](),  # the chair of governors has no page yet; the report says to ring them
}
# Whoever has one of these parts never reads the concern, whatever roles they hold.
PARTS_KEPT_OUT = frozenset({Part.ABOUT, Part.VICTIM, Part.INSTIGATOR, Part.ADULT})
# A member of staff in one of these makes it an allegation. Too narrow an audience can be widened; not the reverse.
PARTS_ACCUSED = frozenset({Part.ABOUT, Part.INSTIGATOR, Part.ADULT})
WORKS_HERE = STAFF_ROLES | {Role.GOVERNOR, Role.VISITOR}


def audience(subject: Subject, category: str, accused: Iterable[frozenset[Role]]) -> Audience:
    """Return who may read a concern.

    Args:
        subject: what the reporter said.
        category: a key of `CATEGORIES`.
        accused: the roles of everybody with one of `PARTS_ACCUSED`.
    """
    held = list(accused)
    if subject is Subject.HEAD or any(Role.HEAD in roles for roles in held):
        return Audience.CHAIR
    if subject is Subject.ADULT or category == ALLEGATION or any(roles & WORKS_HERE for roles in held):
        return Audience.HEAD
    return Audience.TEAM


def narrower(one: Audience, other: Audience) -> Audience:
    """Return the audience with fewer eyes."""
    return max(one, other, key=list(Audience).index)


def audiences(roles: Collection[Role]) -> frozenset[Audience]:
    """Return which kinds of concern the holder of *roles* may read."""
    return frozenset(one for one, readers in READERS.items() if readers & frozenset(roles))


def audience_of_alert(about: About) -> Audience:
    """Return who may read the concern that is opened from an alert."""
    return {About.STAFF: Audience.HEAD, About.LEAD: Audience.HEAD, About.HEAD: Audience.CHAIR}.get(about, Audience.TEAM)


def age_on(born_on: date, day: date) -> int:
    """Return an age in whole years."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def must_consider_referral(category: str, ages: Iterable[int | None]) -> bool:
    """Tell whether "refer" is preselected: sexual, and a child under 13 in it.

    An age that nobody knows counts as under 13, and so does a concern in which
    no child is named yet: at a primary school that is the likelier truth.
    """
    if category not in SEXUAL:
        return False
    known = list(ages)
    return not known or any(age is None or age < ADULT_AGE for age in known)


@dataclass(frozen=True, slots=True)
class Said:
    """An entry as far as the rules need it."""

    id: int
    kind: Kind
    decision: str = ""
    answers: int | None = None


def unagreed(entries: Sequence[Said], must_refer: bool) -> int | None:
    """Return the id of the last decision if it needs a second person who has not agreed yet, else None."""
    decisions = [entry for entry in entries if entry.kind is Kind.DECISION]
    if not must_refer or not decisions or decisions[-1].decision == Decision.REFER:
        return None
    last = decisions[-1].id
    return None if any(entry.kind is Kind.AGREEMENT and entry.answers == last for entry in entries) else last


def missing(entries: Sequence[Said], must_refer: bool) -> tuple[str, ...]:
    """Return what a concern still needs before it may be closed, as words for the form; empty when nothing."""
    # What came before it was opened again still counts, its outcome aside: a reopened concern ends anew.
    reopened = max((place for place, entry in enumerate(entries) if entry.kind is Kind.REOPENED), default=-1)
    kinds = {entry.kind for entry in entries}
    ended = {entry.kind for entry in entries[reopened + 1 :]}
    lacks = [
        words
        for is_there, words in (
            (Kind.SUMMARY in kinds, "a summary of what happened"),
            (Kind.ACTION in kinds, "at least one action"),
            (Kind.DECISION in kinds, "at least one decision with its reasons"),
            (Kind.OUTCOME in ended, "an outcome"),
        )
        if not is_there
    ]
    if unagreed(entries, must_refer) is not None:
        lacks.append("a second person's agreement with the decision not to refer")
    return tuple(lacks)


@dataclass(frozen=True, slots=True)
class Triage:
    """How quickly concerns are answered.

    Attributes:
        n_concerns: how many were ever reported.
        answered_in: from report to first answer (an entry of the safeguarding team), of the newest ones.
        undecided_for: how long each open concern has been without any decision.
    """

    n_concerns: int
    answered_in: Sequence[timedelta]
    undecided_for: Sequence[timedelta]


ANSWER_WITHIN = timedelta(days=1)
DECIDE_WITHIN = timedelta(days=3)
DECIDE_AT_LAST = timedelta(days=7)


def triage(found: Triage) -> tuple[Kept, str]:
    """Return whether reports are answered (INC-1), and in which words."""
    if found.n_concerns == 0:
        return Kept.UNKNOWN, "Nobody has reported a concern yet, so nothing shows that the way works."
    late = [age for age in found.undecided_for if age > DECIDE_AT_LAST]
    if late:
        return Kept.NOT_MET, f"{_concerns(len(late))} without any decision for more than {waited(DECIDE_AT_LAST)}."
    slow = [age for age in found.undecided_for if age > DECIDE_WITHIN]
    if slow:
        return Kept.AT_RISK, f"{_concerns(len(slow))} without any decision for more than {waited(DECIDE_WITHIN)}."
    if not found.answered_in:
        return Kept.UNKNOWN, "No report has been answered yet; none has waited too long either."
    usual = sorted(found.answered_in)[len(found.answered_in) // 2]
    words = f"Half of the last {len(found.answered_in)} reports were answered within {waited(usual)}."
    return (Kept.AT_RISK if usual > ANSWER_WITHIN else Kept.MET), words


def _concerns(number: int) -> str:
    return "1 open concern is" if number == 1 else f"{number} open concerns are"


def is_overdue(due_on: date, now: datetime) -> bool:
    """Tell whether an action is late. On its day it is still in time."""
    return due_on < now.date()
