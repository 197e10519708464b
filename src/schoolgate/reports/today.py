"""What matters to one person now: the few lines of the first page. Assembled from the apps' queries, and cheap.

No line names anybody: the page stands open on desks. And no line says that
all is well unless something has just been looked at.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Min

from schoolgate.access import queries as access
from schoolgate.access import rules as standing
from schoolgate.assurance import queries as assurance
from schoolgate.assurance import rules as policy
from schoolgate.assurance.rules import Light, Status
from schoolgate.concerns import queries as concerns
from schoolgate.concerns import rules as safeguarding
from schoolgate.concerns.models import Entry
from schoolgate.filtering import queries as filtering
from schoolgate.monitoring import queries as monitoring
from schoolgate.monitoring.models import AlertStep
from schoolgate.monitoring.rules import BEAT_MISSED_AFTER, GRADE_WORDS, URGENT_GRADE, due_at, waited
from schoolgate.people import queries as people
from schoolgate.people.models import Person
from schoolgate.people.rules import STAFF_ROLES, Part, Role
from schoolgate.reports.examination import State, examine

# The parts of the gate that can be looked at in a moment. `schoolgate doctor` looks at the rest.
QUICK = ("gate", "watch", "release", "board of standing", "disk")


class Need(StrEnum):
    """How much a line needs its reader. Worst first: so they stand on the page."""

    NOW = "now"
    UNKNOWN = "unknown"
    SOON = "soon"
    WELL = "well"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the first page.

    Attributes:
        about: the matter; the web knows its page.
        need: how much it needs its reader.
        words: one sentence, with its number in it.
        detail: one more sentence, or "".
        key: what the page needs to know besides, such as the code of a class; or "".
    """

    about: str
    need: Need
    words: str
    detail: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, in which roles, when."""

    person: Person
    roles: frozenset[Role]
    now: datetime


def lines(person: Person, roles: frozenset[Role], now: datetime) -> list[Line]:
    """Return what matters to *person* at *now*: what needs them most comes first.

    Args:
        person: who reads.
        roles: all roles that they hold today. Each adds its lines, and none comes twice.
        now: aware.
    """
    reader = Reader(person, roles, now)
    found = [line for whose, look in LOOKS if roles & whose for line in look(reader)]
    order = list(Need)
    return sorted(found, key=lambda line: order.index(line.need))


def _alerts(reader: Reader) -> Iterator[Line]:
    beat = monitoring.path(reader.now).beat_at
    is_watched = beat is not None and reader.now - beat <= BEAT_MISSED_AFTER
    if not is_watched:
        since = f"It last looked {waited(reader.now - beat)} ago." if beat else "It has never looked."
        yield Line("watch", Need.NOW, "The watch is not running: no new alert can reach you", since)
    waiting = AlertStep.objects.filter(
        kind=AlertStep.Kind.OPENED, alert__in=monitoring.waiting(reader.person, reader.roles).values("pk")
    )
    found = list(waiting.values_list("at", "alert__grade", "alert__acknowledged_at"))
    if not found:
        if is_watched:
            yield Line("alerts", Need.WELL, "No alert waits for you", "The watch is running.")
        return
    unread = [(at, grade) for at, grade, acknowledged_at in found if acknowledged_at is None]
    oldest = waited(reader.now - min(at for at, *_ in found))
    yield Line(
        "alerts",
        Need.NOW if any(grade >= URGENT_GRADE or reader.now > due_at(grade, at) for at, grade in unread) else Need.SOON,
        f"{_number(len(found), 'alert')} {_verb(len(found), 'waits', 'wait')} for a decision",
        f"The oldest has waited {oldest}. "
        + (_unread([grade for _, grade in unread]) if unread else "Each has been read."),
    )


def _unread(grades: list[int]) -> str:
    verb = _verb(len(grades), "is", "are")
    return f"{len(grades)} {verb} unread; the gravest: {GRADE_WORDS[max(grades)].lower()}."


def _concerns(reader: Reader) -> Iterator[Line]:
    readable = concerns.concerns_for(reader.person, reader.roles).filter(closed_at=None)
    count = readable.count()
    if not count:
        yield Line("concerns", Need.WELL, "No open concern waits for you")
        return
    due = Entry.objects.filter(concern__in=readable.values("pk"), due_on__isnull=False)
    late = sum(safeguarding.is_overdue(on, reader.now) for on in due.values_list("due_on", flat=True) if on)
    yield Line(
        "concerns",
        Need.NOW if late else Need.SOON,
        f"{_number(count, 'concern')} {_verb(count, 'is', 'are')} open",
        f"{_number(late, 'action')} {_verb(late, 'is', 'are')} past {_verb(late, 'its', 'their')} day."
        if late
        else "No action is past its day.",
    )


def _sentences(reader: Reader) -> Iterator[Line]:
    if not assurance.editions_in_force().exists():
        yield Line(
            "policy", Need.NOW, "No policy is in force", "Adopt one, so that the school can say what it promises."
        )
        return
    tally = policy.counts(row.light for row in assurance.statements_today(reader.now))
    for light, need, ending in (
        (Light.NOT_MET, Need.NOW, "not met"),
        (Light.AT_RISK, Need.SOON, "at risk"),
        (Light.UNKNOWN, Need.UNKNOWN, "unknown"),
    ):
        if count := tally[light]:
            words = f"{_number(count, 'sentence')} of the policy {_verb(count, 'is', 'are')} {ending}"
            yield Line("policy", need, words, key=light.value)
    if not any(tally[light] for light in (Light.NOT_MET, Light.AT_RISK, Light.UNKNOWN)):
        if count := tally[Light.MET]:
            yield Line("policy", Need.WELL, f"{_number(count, 'sentence')} of the policy checked: all are met")
        else:
            yield Line("policy", Need.UNKNOWN, "The policy promises nothing that can be checked")


def _suspensions(reader: Reader) -> Iterator[Line]:
    if count := access.suspensions_in_force(reader.now).count():
        verb = _verb(count, "suspension is", "suspensions are")
        yield Line("suspensions", Need.SOON, f"{count} {verb} in force or to come", "Check that each is still right.")
    else:
        yield Line("suspensions", Need.WELL, "Nobody is suspended from the internet")


def _own_agreement(reader: Reader) -> Iterator[Line]:
    (place,) = access.places([reader.person], reader.now)
    if place.signed_at is not None:
        yield Line("own agreement", Need.WELL, "You have signed your agreement")
    elif place.audience and access.version_in_force(place.audience, access.day_of(reader.now)):
        yield Line(
            "own agreement", Need.NOW, "You have not signed your agreement", "Until you do, the internet stays closed."
        )
    else:
        yield Line("agreements", Need.SOON, "There is no agreement for you to sign yet", "Ask the head to publish one.")


def _classes(reader: Reader) -> Iterator[Line]:
    today = access.day_of(reader.now)
    for group in people.classes_of(reader.person, Part.TEACHER, today):
        rows = [row for row in access.class_places(group, reader.now) if _must_sign(row)]
        left = sum(row.signed_at is None for row in rows)
        if left:
            verb = _verb(left, "child has", "children have")
            yield Line("class", Need.SOON, f"{left} {verb} not signed", _class_size(len(rows)), group.code)
        elif rows:
            yield Line("class", Need.WELL, "Everybody in your class has signed", _class_size(len(rows)), group.code)
        else:
            yield Line("class", Need.UNKNOWN, "Your class has no children in it", "Ask the school office.", group.code)


def _machinery(reader: Reader) -> Iterator[Line]:
    findings = list(examine(reader.now, QUICK))
    needs = {State.WRONG: Need.NOW, State.CARE: Need.SOON}
    for finding in findings:
        if finding.state in needs:
            words = _sentence(f"{finding.what}: {finding.words}")
            yield Line("gate", needs[finding.state], words, _sentence(finding.hint))
    if all(finding.state is State.WELL for finding in findings):
        yield Line("gate", Need.WELL, "The gate and the watch are well", f"Looked at: {', '.join(QUICK)}.")


def _requests(reader: Reader) -> Iterator[Line]:
    waiting = filtering.open_requests().exclude(person=reader.person)
    if count := waiting.count():
        oldest = waiting.aggregate(oldest=Min("asked_at"))["oldest"]
        words = f"{_number(count, 'request')} for a site {_verb(count, 'waits', 'wait')}"
        yield Line("requests", Need.SOON, words, f"The oldest has waited {waited(reader.now - oldest)}.")
    else:
        yield Line("requests", Need.WELL, "No request for a site waits")


def _drafts(reader: Reader) -> Iterator[Line]:
    if count := assurance.drafts().count():
        verb = _verb(count, "draft of the policy is", "drafts of the policy are")
        yield Line("drafts", Need.SOON, f"{count} {verb} being prepared")


def _review(reader: Reader) -> Iterator[Line]:
    editions = list(assurance.editions_in_force())
    if not editions:
        yield Line("governors", Need.NOW, "No policy is in force", "Ask the head when one will be.")
    said = {
        Status.MET: (Need.WELL, "is inside its review"),
        Status.AT_RISK: (Need.SOON, "needs its review set or begun"),
        Status.NOT_MET: (Need.NOW, "needs the governing body"),
    }
    for one in editions:
        status, words = policy.review_status(
            one.review_due_on, one.review_every_months, one.ratified_on, access.day_of(reader.now)
        )
        name = "The policy" if len(editions) == 1 else f"The policy, {one.get_setting_display().lower()}"
        need, ending = said[status]
        yield Line("governors", need, f"{name} {ending}", words)


LEADS = frozenset({Role.DSL, Role.DEPUTY})
# Whose first page has which lines.
LOOKS: tuple[tuple[frozenset[Role], Callable[[Reader], Iterator[Line]]], ...] = (
    (LEADS | {Role.HEAD}, _alerts),
    (LEADS | {Role.HEAD}, _concerns),  # what is said about an adult reaches the head alone
    (frozenset({Role.HEAD, Role.COMPUTING}), _sentences),
    (frozenset({Role.HEAD}), _suspensions),
    (STAFF_ROLES, _own_agreement),
    (frozenset({Role.TEACHER}), _classes),
    (frozenset({Role.TECHNICIAN}), _machinery),
    (frozenset({Role.TECHNICIAN, Role.COMPUTING}), _requests),
    (frozenset({Role.COMPUTING}), _drafts),
    (frozenset({Role.GOVERNOR}), _review),
)


def _must_sign(place: access.Place) -> bool:
    return standing.must_sign({Role.PUPIL}, place.person.year_group)


def _class_size(count: int) -> str:
    return f"Your class has {count} {_verb(count, 'child', 'children')}."


def _sentence(words: str) -> str:
    """The words as a sentence on a page begins, without the marks that a terminal's reader knows."""
    words = words.replace("`", "")
    return words[:1].upper() + words[1:]


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _verb(count: int, one: str, several: str) -> str:
    return one if count == 1 else several
