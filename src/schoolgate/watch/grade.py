"""One event's grade in the light of what the same person wrote before. Pure.

The result belongs to the event. No sum over a child is kept anywhere: it is
worked out anew from the past that is handed in, and forgotten.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain
from math import exp2

from schoolgate.watch.detect import Detection
from schoolgate.watch.detect.lesson import is_own, is_schoolwork, themes

# Points for one event of each grade: five of grade 3, or two of grade 4, weigh about as much as one of 5.
WEIGHTS = (0.0, 0.2, 1.0, 3.0, 8.0, 20.0)
HALF_LIFE = timedelta(hours=24)
HALF_LIVES = {
    "self-harm": timedelta(hours=48),
    "bullying": timedelta(days=7),
    "extremism": timedelta(days=7),
    "grooming": timedelta(days=7),
}
# The same words again within this time are one event: a page reloaded, a search repeated out of impatience.
REPEAT_WITHIN = timedelta(minutes=30)
# Three texts of grade 3 within a school day: what decays in those hours is left out of the nine.
RAISE_FROM, RAISE_DISTINCT, RAISED = 8.5, 3, 4
# However often: a game played past the filter is no emergency.
RAISED_AT_MOST = {"circumvention": 3, "gambling": 3, "sexual": 4}
LESSON_WITHIN, LESSON_SHARE, LESSON_TEXTS = timedelta(minutes=30), 0.8, 3
# Steps that mean danger when they follow each other, in this order; other things may lie between.
COURSES: tuple[tuple[str, ...], ...] = (
    ("despair", "method"),
    ("hatred", "weapon", "target"),
    ("contact", "secrecy", "meet"),
    ("contact", "meet", "secrecy"),
    ("leaving", "travel"),
)
COURSE_WITHIN = timedelta(days=7)
URGENT = 5


@dataclass(frozen=True, slots=True)
class Past:
    """Something that the same person wrote before.

    Attributes:
        at: when; aware.
        text: the words.
        detection: what they meant by themselves.
    """

    at: datetime
    text: str
    detection: Detection


def with_session(detection: Detection, at: datetime, past: Sequence[Past], text: str | None = None) -> Detection:
    """Return *detection* with its grade raised, or lowered by one, for what went before.

    Raised to 4 when the same theme has come up in three different texts with
    some weight; to 5 when the steps of a known course of events are complete.
    Lowered by one when nearly all of the last half hour was school work and
    nothing is said in the first person. More findings in *past* never lower it.

    Args:
        detection: what the text means by itself.
        at: when it was written; aware.
        past: what was written before, in any order.
        text: the words, so that a repetition is known; None counts it as new.

    Raises:
        ValueError: if something in *past* is later than *at*: a clock is wrong, or the order.
    """
    if any(one.at > at for one in past):
        raise ValueError("the past must not be later than the event")
    if detection.category is None:
        return detection
    grade = detection.grade
    if _is_lesson(at, past) and not is_own(detection):
        grade = max(1, grade - 1)
    if not detection.help_seeking and detection.grade >= 2:
        grade = max(grade, min(_by_weight(detection, at, past, text), RAISED_AT_MOST.get(detection.category, URGENT)))
    if detection.grade >= 1 and not detection.help_seeking and _completes_a_course(detection, at, past):
        grade = URGENT
    return replace(detection, grade=grade)


def decay(weight: float, age: timedelta, half_life: timedelta) -> float:
    """Return what *weight* (points) is still worth after *age*.

    Halved, rather than cut off at a fixed age, so that a slow pattern over a
    term stays visible while a search of last month never outranks today's.

    Raises:
        ValueError: if an argument is out of range.
    """
    if weight < 0 or age < timedelta(0) or half_life <= timedelta(0):
        raise ValueError(f"out of range: weight {weight!r}, age {age!r}, half_life {half_life!r}")
    return weight * exp2(-(age / half_life))


def _by_weight(detection: Detection, at: datetime, past: Iterable[Past], text: str | None) -> int:
    half_life = HALF_LIVES.get(detection.category or "", HALF_LIFE)
    same = [one for one in past if one.detection.category == detection.category and not one.detection.help_seeking]
    counted = _without_repeats(same)
    points = WEIGHTS[detection.grade]
    distinct = {_alike(one.text) for one in counted if one.detection.grade >= 2}
    own = None if text is None else _alike(text)
    for one in counted:
        if own is not None and _alike(one.text) == own and at - one.at < REPEAT_WITHIN:
            points -= min(points, WEIGHTS[min(one.detection.grade, detection.grade)])
        points += decay(WEIGHTS[one.detection.grade], at - one.at, half_life)
    n_distinct = len(distinct | {own})
    return RAISED if points >= RAISE_FROM and n_distinct >= RAISE_DISTINCT else 0


def _without_repeats(past: Iterable[Past]) -> list[Past]:
    """Of the same words within half an hour, keep the most urgent."""
    kept: list[Past] = []
    last: dict[str, int] = {}
    for one in sorted(past, key=lambda one: (one.at, one.text, one.detection.grade)):
        alike = _alike(one.text)
        before = last.get(alike)
        if before is not None and one.at - kept[before].at < REPEAT_WITHIN:
            if one.detection.grade > kept[before].detection.grade:
                kept[before] = replace(kept[before], detection=one.detection)
            continue
        last[alike] = len(kept)
        kept.append(one)
    return kept


def _alike(text: str) -> str:
    return " ".join(text.lower().split())


def _completes_a_course(detection: Detection, at: datetime, past: Iterable[Past]) -> bool:
    """Tell whether *detection* is a step of a course whose other steps came before it, in order."""
    recent = sorted((one for one in past if at - one.at <= COURSE_WITHIN), key=lambda one: one.at)
    now = themes(detection)
    for course in COURSES:
        if course[-1] not in now:
            continue
        step = 0
        for theme in chain.from_iterable((*(sorted(themes(one.detection)) for one in recent), sorted(now))):
            if step < len(course) and theme == course[step]:
                step += 1
        # Two steps in one text are no course: the rule that found them has its own grade.
        if step == len(course) and any(course[0] in themes(one.detection) for one in recent):
            return True
    return False


def _is_lesson(at: datetime, past: Iterable[Past]) -> bool:
    recent = {_alike(one.text): one for one in past if at - one.at <= LESSON_WITHIN and one.detection.grade <= 1}
    troubled = any(at - one.at <= LESSON_WITHIN and one.detection.grade >= 2 for one in past)
    if troubled or len(recent) < LESSON_TEXTS:
        return False
    return sum(is_schoolwork(text) for text in recent) / len(recent) >= LESSON_SHARE
