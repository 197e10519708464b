"""What becomes an alert, who may see it, and how long it may wait. Pure: no clock, no database.

Grades are of events, never of children: 0 nothing, 1 noted, 2 worth a look
this week, 3 worth a look today, 4 serious, 5 urgent.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from schoolgate.assurance.rules import Status as Kept
from schoolgate.people.rules import Role

LEAST_GRADE = 2  # below it, an event is counted by day and category, and nothing else of it is kept
URGENT_GRADE = 4  # from here on nothing waits and nothing joins what somebody has already looked at
GROUP_WITHIN = timedelta(minutes=30)

# How long an alert may stay unread. Ours, for want of a number in guidance; escalation will let a school set its own.
READ_WITHIN = {
    5: timedelta(minutes=15),
    4: timedelta(hours=4),
    3: timedelta(days=1),
    2: timedelta(days=7),
}

BEAT_EVERY = timedelta(seconds=5)
BEAT_MISSED_AFTER = timedelta(seconds=60)
SLOW_AFTER = timedelta(seconds=10)  # promised: two seconds; we complain when it is plainly broken
TERM = timedelta(days=120)  # promise NET-4 asks for proof each term


class Status(StrEnum):
    """What was decided about an alert."""

    NEW = "new"
    WATCHING = "watching"
    REAL = "true"
    FALSE = "false"
    CONCERN = "concern"


class About(StrEnum):
    """Whom an alert is about, as far as it settles who may see it."""

    PUPIL = "pupil"
    STAFF = "staff"
    LEAD = "lead"
    HEAD = "head"
    NOBODY = "nobody"


STATUS_WORDS = {
    Status.NEW: "Not decided yet",
    Status.WATCHING: "Keeping watch",
    Status.REAL: "Real, dealt with",
    Status.FALSE: "False alarm",
    Status.CONCERN: "Concern opened",
}
GRADE_WORDS = {2: "Look this week", 3: "Look today", 4: "Serious", 5: "Urgent"}
KIND_WORDS = {
    "search": "Searched for",
    "page": "Page text",
    "prompt": "Asked a chatbot",
    "post": "Posted",
}

LEADS = frozenset({Role.DSL, Role.DEPUTY})
READERS = frozenset({Role.DSL, Role.DEPUTY, Role.HEAD})


def about(roles: Iterable[Role] | None) -> About:
    """Return whom an alert is about, from the roles of that person; None when nobody is known.

    Whoever is not a pupil is an adult: a person without any live role too,
    because an adult's alert shown too widely cannot be taken back.
    """
    if roles is None:
        return About.NOBODY
    held = frozenset(roles)
    if Role.HEAD in held:  # first: of somebody who is the DSL as well, the deputies are the only others
        return About.HEAD
    if Role.DSL in held:
        return About.LEAD
    return About.PUPIL if held == {Role.PUPIL} else About.STAFF


def audience(roles: Iterable[Role]) -> frozenset[About]:
    """Return which alerts the holder of *roles* may see, their own aside (those they never see).

    An alert about the DSL is for the head alone; one about the head is for the DSL and the deputies.
    """
    held = frozenset(roles)
    if Role.HEAD in held:
        return frozenset({About.PUPIL, About.NOBODY, About.STAFF, About.LEAD})
    if held & LEADS:
        return frozenset({About.PUPIL, About.NOBODY, About.STAFF, About.HEAD})
    return frozenset()


@dataclass(frozen=True, slots=True)
class Standing:
    """An alert as far as joining it matters."""

    grade: int
    last_at: datetime
    is_decided: bool
    is_acknowledged: bool


def joins(alert: Standing, grade: int, at: datetime) -> bool:
    """Tell whether an event belongs to an alert that is there, rather than opening a new one.

    What somebody has already looked at takes nothing in that they would want
    to be told of: a graver event, or any urgent one, opens a new alert.
    """
    if alert.is_decided or abs(at - alert.last_at) > GROUP_WITHIN:
        return False
    return not alert.is_acknowledged or (grade <= alert.grade and grade < URGENT_GRADE)


def due_at(grade: int, opened_at: datetime) -> datetime:
    """Return until when somebody should have read an alert of *grade* (2 to 5)."""
    return opened_at + READ_WITHIN[grade]


def waited(length: timedelta) -> str:
    """Return a waiting time in words: "2 minutes", "3 hours", "4 days"; rounded down."""
    minutes = int(length.total_seconds()) // 60
    for size, word in ((1440, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size:
            number = minutes // size
            return f"{number} {word}" if number == 1 else f"{number} {word}s"
    return "less than a minute"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of an event's words, marked when it is what a rule found."""

    text: str
    is_marked: bool


def marked(text: str, spans: Iterable[tuple[int, int]]) -> tuple[Piece, ...]:
    """Cut *text* at *spans* (start, end), which may overlap or reach over the ends."""
    hit = [False] * len(text)
    for start, end in spans:
        for place in range(max(start, 0), min(end, len(text))):
            hit[place] = True
    pieces: list[Piece] = []
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or hit[place] != hit[start]:
            pieces.append(Piece(text[start:place], hit[start]))
            start = place
    return tuple(pieces)


def why(rule: str) -> str:
    """Return a rule of the watch in plain words: "self-harm/asks-for-method" reads "asks for method"."""
    return rule.rpartition("/")[2].replace("-", " ").replace("_", " ")


@dataclass(frozen=True, slots=True)
class Path:
    """What the data say about the way of an alert, from the act to somebody's eyes.

    Attributes:
        beat_at: when the watch last said that it runs, or None if it never did.
        newest_at: when the newest event that became an alert happened, or None.
        delays: from act to alert, of the newest events, newest first.
        overdue: grades of the alerts that wait unread longer than they may.
        damaged: lines of the spool that could not be read.
    """

    beat_at: datetime | None
    newest_at: datetime | None
    delays: Sequence[timedelta]
    overdue: Sequence[int]
    damaged: int


def delivery(path: Path, now: datetime) -> tuple[Kept, str]:
    """Return whether safeguarding notifications reach somebody (NET-4), and in which words.

    Nothing seen is no proof: a watch that runs and has never delivered anything is unknown, not met.
    """
    if path.beat_at is None:
        return Kept.UNKNOWN, "The watch has never run here, so nothing would be noticed."
    if now - path.beat_at > BEAT_MISSED_AFTER:
        return Kept.NOT_MET, f"The watch has stopped: its last sign of life was {waited(now - path.beat_at)} ago."
    if path.beat_at - now > BEAT_MISSED_AFTER:
        return Kept.UNKNOWN, "The watch's last sign of life is dated in the future, so the clock was changed."
    urgent = [grade for grade in path.overdue if grade >= URGENT_GRADE]
    if urgent:
        return Kept.NOT_MET, f"{_alerts(len(urgent))} graded serious or urgent waited unread for too long."
    if path.overdue:
        return Kept.AT_RISK, f"{_alerts(len(path.overdue))} waited unread for too long."
    if path.newest_at is None or not path.delays:
        return Kept.UNKNOWN, "The watch runs, but nothing has come all the way through yet. A drill would prove it."
    if now - path.newest_at > TERM:
        return Kept.AT_RISK, f"Nothing has come all the way through for {waited(now - path.newest_at)}."
    slowest = max(path.delays)
    if slowest > SLOW_AFTER:
        return Kept.AT_RISK, f"One of the last {len(path.delays)} events took {_seconds(slowest)} to become an alert."
    if path.damaged:
        lines = "1 line" if path.damaged == 1 else f"{path.damaged} lines"
        return Kept.AT_RISK, f"{lines} of the gate's record could not be read."
    return Kept.MET, f"The watch runs; the slowest of the last {len(path.delays)} events took {_seconds(slowest)}."


def _alerts(number: int) -> str:
    return "1 alert" if number == 1 else f"{number} alerts"


def _seconds(length: timedelta) -> str:
    return f"{length.total_seconds():.1f} seconds"
