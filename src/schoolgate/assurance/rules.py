"""What a sentence's status is today: a pure function of its binding, its evidence and the moment.

No clock, no database. The one rule above the others: nothing is met without
evidence that is fresh at this moment.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum


class Status(StrEnum):
    """What a piece of evidence found."""

    MET = "met"
    AT_RISK = "at-risk"
    NOT_MET = "not-met"
    NOT_APPLICABLE = "not-applicable"
    UNKNOWN = "unknown"


class Kind(StrEnum):
    """What makes a sentence true: a control, a person, a hope said openly, or nothing because it does not apply."""

    CONTROL = "control"
    DUTY = "duty"
    ASPIRATION = "aspiration"
    NOT_APPLICABLE = "not-applicable"


class Light(StrEnum):
    """What is shown beside a sentence: a status, or one of the two honest answers that are none."""

    NOT_MET = "not-met"
    AT_RISK = "at-risk"
    UNKNOWN = "unknown"
    MET = "met"
    ASPIRATION = "aspiration"
    NOT_APPLICABLE = "not-applicable"
    DESCRIPTION = "description"


# Worst first: a sentence with several controls is as good as the worst of them.
WORST_FIRST = (Status.NOT_MET, Status.AT_RISK, Status.UNKNOWN, Status.MET, Status.NOT_APPLICABLE)

UNBOUND = "Nothing makes it true yet."
UNATTESTED = "Nobody has said that it is done."


@dataclass(frozen=True, slots=True)
class Bound:
    """A binding that a person confirmed.

    Attributes:
        kind: what makes the sentence true.
        sources: the controls that this version knows for the promise; empty for a duty.
    """

    kind: Kind
    sources: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Found:
    """The last evidence from one source.

    Attributes:
        source: the control, or "attested" for a person's word.
        status: what was found.
        found_at: aware.
        stale_after: how long it may be believed; more than zero.
        summary: one sentence for people.
    """

    source: str
    status: Status
    found_at: datetime
    stale_after: timedelta
    summary: str


@dataclass(frozen=True, slots=True)
class Today:
    """The status of a sentence at one moment.

    Attributes:
        light: what is shown.
        because: one or more sentences that say why, for people.
        found_at: when the evidence that decided was found, or None without any.
    """

    light: Light
    because: str
    found_at: datetime | None = None


def is_fresh(found: Found, now: datetime) -> bool:
    """Tell whether evidence may still be believed. The moment it goes stale is stale already.

    Evidence from the future is not believed either: a clock is wrong somewhere.
    """
    return found.found_at <= now < found.found_at + found.stale_after


def today(normative: bool, bound: Bound | None, evidence: Sequence[Found], now: datetime) -> Today:
    """Return the status of one sentence at *now*.

    Args:
        normative: whether the sentence promises anything.
        bound: its confirmed binding, or None.
        evidence: the last finding of each source, in any order.
        now: aware.
    """
    if not normative:
        return Today(Light.DESCRIPTION, "It describes, and promises nothing.")
    if bound is None:
        return Today(Light.AT_RISK, UNBOUND)
    if bound.kind is Kind.ASPIRATION:
        return Today(Light.ASPIRATION, "It is an aim: nothing checks it, and the school says so.")
    if bound.kind is Kind.NOT_APPLICABLE:
        return Today(Light.NOT_APPLICABLE, "It does not apply to this school.")
    if bound.kind is Kind.DUTY:
        return _worst([_believed(found, now) for found in evidence]) if evidence else Today(Light.AT_RISK, UNATTESTED)
    if not bound.sources:
        return Today(Light.UNKNOWN, "It is bound to a control that this version does not have.")
    by_source = {found.source: found for found in evidence if found.source in bound.sources}
    never = [Today(Light.UNKNOWN, "It has never been checked.")] * (len(bound.sources) > len(by_source))
    return _worst([_believed(found, now) for found in by_source.values()] + never)


def _believed(found: Found, now: datetime) -> Today:
    if is_fresh(found, now):
        return Today(Light(found.status), found.summary, found.found_at)
    if found.found_at > now:
        return Today(Light.UNKNOWN, "The evidence is dated in the future: a clock is wrong.", found.found_at)
    return Today(Light.UNKNOWN, f"The evidence is too old. It said: {found.summary}", found.found_at)


def _worst(answers: Sequence[Today]) -> Today:
    rank = {Light(status): place for place, status in enumerate(WORST_FIRST)}
    worst = min(rank[answer.light] for answer in answers)
    deciding = [answer for answer in answers if rank[answer.light] == worst]
    dates = [answer.found_at for answer in deciding if answer.found_at]
    because = " ".join(dict.fromkeys(answer.because for answer in sorted(deciding, key=lambda a: a.because)))
    return Today(deciding[0].light, because, min(dates, default=None))


def counts(lights: Iterable[Light]) -> dict[Light, int]:
    """Return how many there are of each, zeros included. Unknown is its own number, never part of another."""
    tally = dict.fromkeys(Light, 0)
    for light in lights:
        tally[light] += 1
    return tally


def is_due(last_found_at: datetime | None, every: timedelta, now: datetime) -> bool:
    """Tell whether a control is to run again. One whose evidence is dated in the future is due at once."""
    return last_found_at is None or not last_found_at <= now < last_found_at + every


def duty_length(every_days: int | None) -> timedelta:
    """Return how long somebody's word about a duty counts: its interval, a year where none is set."""
    return timedelta(days=365 if every_days is None else every_days)


INTERVALS = {
    1: "day",
    7: "week",
    14: "two weeks",
    30: "month",
    91: "three months",
    182: "six months",
    365: "year",
    730: "two years",
}


def how_often(every_days: int | None) -> str:
    """An interval as people say it: "every year", "every 45 days". None is the length that duties have unless said."""
    every_days = duty_length(every_days).days
    return f"every {INTERVALS.get(every_days, f'{every_days} days')}"


def review_status(review_due_on: date | None, months: int, ratified_on: date | None, on: date) -> tuple[Status, str]:
    """Return whether an edition in force is inside its review (POL-4), and in which words.

    The day on which the review is due is still in time. At risk from thirty
    days before it, so that a governors' meeting can be found.
    """
    if ratified_on is None:
        return Status.NOT_MET, "The governing body has not ratified it."
    if ratified_on > on:
        return Status.NOT_MET, f"Its ratification is dated {ratified_on:%-d %B %Y}, which is still to come."
    if review_due_on is None:
        return Status.AT_RISK, "No date is set for its review."
    if review_due_on < on:
        return Status.NOT_MET, f"Its review was due on {review_due_on:%-d %B %Y}, {_days(on - review_due_on)} ago."
    if review_due_on > months_later(ratified_on, months):
        return Status.NOT_MET, (
            f"Its review is set for {review_due_on:%-d %B %Y}, later than {months} months after ratification."
        )
    left = review_due_on - on
    if left <= timedelta(days=30):
        return Status.AT_RISK, f"Its review is due on {review_due_on:%-d %B %Y}, in {_days(left)}."
    return Status.MET, f"Ratified on {ratified_on:%-d %B %Y}; its review is due on {review_due_on:%-d %B %Y}."


def months_later(day: date, months: int) -> date:
    """Return the same day *months* later, or the last day of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has a 28th day")


def _days(length: timedelta) -> str:
    return "1 day" if length.days == 1 else f"{length.days} days"
