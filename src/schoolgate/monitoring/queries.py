"""Which alerts there are, for whoever asks: nobody sees one about themselves."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import structlog
from django.db.models import Max, Q, QuerySet
from django.utils import timezone
from yaml import YAMLError

from schoolgate.access.models import Device
from schoolgate.kernel import speakable
from schoolgate.kernel.errors import Malformed, NotFound
from schoolgate.kernel.harms import HARMS
from schoolgate.monitoring import rules
from schoolgate.monitoring.models import Alert, AlertEvent, AlertStep, SpoolCursor
from schoolgate.monitoring.rules import Piece, Status
from schoolgate.monitoring.services import CURSOR
from schoolgate.people.models import Membership, Person
from schoolgate.people.queries import holding_on
from schoolgate.people.rules import Part, Role, YearGroup
from schoolgate.watch.detect.rules import whys

log = structlog.get_logger()

NEWEST = 20  # events whose delay is measured
LISTED = 100  # alerts on one page
DECIDED_FOR = timedelta(days=90)
_FAR = 10**11 - 1  # seconds; later than any alert


@dataclass(frozen=True, slots=True)
class ShownEvent:
    """One event as people read it: the words in pieces, and why they were noticed."""

    at: datetime
    kind: str
    pieces: Sequence[Piece]
    why: Sequence[str]
    grade: int
    help_seeking: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """An alert as people read it. Names are looked up now and stored nowhere."""

    alert: Alert
    who: str
    place: str
    theme: str
    urgency: str
    decision: str
    events: Sequence[ShownEvent]
    steps: Sequence[AlertStep]
    waited: str
    is_overdue: bool
    newest_step: int

    @property
    def section(self) -> str:
        """Which list of the page it stands in: "waiting", "watched", or "" for neither."""
        return {Status.NEW.value: "waiting", Status.WATCHING.value: "watched"}.get(self.alert.status, "")

    @property
    def order(self) -> str:
        """Its place in the list, as text that sorts: unread first, then the gravest, then the newest."""
        is_read = int(self.alert.acknowledged_at is not None)
        return f"{is_read}{5 - self.alert.grade}{_FAR - int(self.alert.last_at.timestamp()):011d}"


def alerts_for(person: Person, roles: Iterable[Role]) -> QuerySet[Alert]:
    """Every alert that *person* may see, in the roles that they hold today."""
    seen = Alert.objects.filter(about__in=[about.value for about in rules.audience(roles)])
    return seen.exclude(person=person).select_related("person", "acknowledged_by")


def waiting(person: Person, roles: Iterable[Role]) -> QuerySet[Alert]:
    """What waits for a decision: unread first, then the gravest, then the newest."""
    new = alerts_for(person, roles).filter(status=Status.NEW)
    return new.annotate(is_read=Q(acknowledged_at__isnull=False)).order_by("is_read", "-grade", "-last_at")


def watched(person: Person, roles: Iterable[Role]) -> QuerySet[Alert]:
    """What somebody decided to keep watch on, newest first."""
    return alerts_for(person, roles).filter(status=Status.WATCHING).order_by("-last_at")


def decided(person: Person, roles: Iterable[Role], now: datetime) -> QuerySet[Alert]:
    """What has been decided for good and happened in the last 90 days, newest first."""
    settled = alerts_for(person, roles).exclude(status__in=[Status.NEW, Status.WATCHING])
    return settled.filter(last_at__gte=now - DECIDED_FOR).order_by("-last_at")


def alert_for(person: Person, roles: Iterable[Role], ref: str) -> Alert:
    """One alert by its reference, written in any way that can be meant.

    Raises:
        NotFound: if there is none, or it is not for this person's eyes.
    """
    with suppress(Malformed):  # what cannot be a reference is not found, like any other that is not there
        ref = speakable.heard(ref)
    alert = alerts_for(person, roles).filter(ref=ref).first()
    if alert is None:
        raise NotFound(f"There is no alert {ref}.")
    return alert


def earlier(alert: Alert, person: Person, roles: Iterable[Role]) -> QuerySet[Alert]:
    """Other alerts of the same person, newest first; none when nobody is known."""
    if alert.person_id is None:
        return Alert.objects.none()
    return alerts_for(person, roles).filter(person=alert.person_id).exclude(pk=alert.pk).order_by("-last_at")


def newest_step() -> int:
    """The key of the last thing that happened to any alert; 0 when nothing has."""
    return AlertStep.objects.aggregate(newest=Max("id"))["newest"] or 0


def changed_since(step: int, person: Person, roles: Iterable[Role]) -> list[Alert]:
    """The alerts that *person* may see to which something happened after *step*, in the order of it."""
    touched = alerts_for(person, roles).filter(steps__id__gt=step)
    return list(touched.annotate(newest=Max("steps__id")).order_by("newest"))


def shown(alerts: Iterable[Alert], now: datetime) -> list[Shown]:
    """Return *alerts* as people read them, in their order."""
    rows = list(alerts)
    today = timezone.localdate(now)
    places = _places({alert.person_id for alert in rows if alert.person_id}, today)
    devices = {str(device.pk): device for device in Device.objects.filter(pk__in=_register_ids(rows))}
    events: dict[object, list[AlertEvent]] = {}
    for event in AlertEvent.objects.filter(alert__in=rows).order_by("-at", "-id"):
        events.setdefault(event.alert_id, []).append(event)
    steps: dict[object, list[AlertStep]] = {}
    for step in AlertStep.objects.filter(alert__in=rows).select_related("by").order_by("id"):
        steps.setdefault(step.alert_id, []).append(step)
    return [_shown(alert, events.get(alert.pk, []), steps.get(alert.pk, []), places, devices, now) for alert in rows]


def _shown(
    alert: Alert,
    events: Sequence[AlertEvent],
    steps: Sequence[AlertStep],
    places: dict[UUID, str],
    devices: dict[str, Device],
    now: datetime,
) -> Shown:
    device = devices.get(alert.device)
    device_name = device.name if device else "a device that is not in the register"
    who = str(alert.person) if alert.person else f"Nobody known, on {device_name}"
    place = places.get(alert.person_id, "") if alert.person_id else (device.room if device else "")
    unread = alert.acknowledged_at is None
    opened_at = steps[0].at if steps else alert.opened_at
    return Shown(
        alert=alert,
        who=who,
        place=place,
        theme=HARMS[alert.category].label,
        urgency=rules.GRADE_WORDS[alert.grade],
        decision=rules.STATUS_WORDS[Status(alert.status)],
        events=[_shown_event(event) for event in events],
        steps=[step for step in steps if step.kind != AlertStep.Kind.JOINED],
        waited=rules.waited(now - opened_at) if unread else "",
        is_overdue=unread and now > rules.due_at(alert.grade, opened_at),
        newest_step=steps[-1].pk if steps else 0,
    )


def _shown_event(event: AlertEvent) -> ShownEvent:
    spans = [(int(reason["span"][0]), int(reason["span"][1])) for reason in event.because]
    return ShownEvent(
        at=event.at,
        kind=rules.KIND_WORDS[event.kind],
        pieces=rules.marked(event.text, spans),
        why=list(dict.fromkeys(_why(reason["rule"]) for reason in event.because)),
        grade=event.grade,
        help_seeking=event.help_seeking,
    )


def _why(rule: str) -> str:
    """What a rule of the watch means, in its own words; from its name when it is gone since, or cannot be read.

    An alert is shown whatever has happened to the rules that raised it.
    """
    try:
        return whys().get(rule) or rules.why(rule)
    except (OSError, YAMLError, KeyError, TypeError) as error:
        log.error("the rules of the watch cannot be read", error=type(error).__name__)
        return rules.why(rule)


def _register_ids(alerts: Iterable[Alert]) -> set[UUID]:
    """The ids of devices; what the gate wrote that cannot be an id of our register is left out."""
    ids = set()
    for device in {alert.device for alert in alerts if alert.device}:
        with suppress(ValueError):
            ids.add(UUID(device))
    return ids


def _places(people: Iterable[UUID], today: date) -> dict[UUID, str]:
    """The class of each pupil, or their year when they are in none, by person id."""
    wanted = list(people)
    places: dict[UUID, str] = {
        person_id: YearGroup(year).label
        for person_id, year in Person.objects.filter(pk__in=wanted).values_list("pk", "year_group")
        if year
    }
    in_class = Membership.objects.filter(holding_on(today), person_id__in=wanted, part=Part.PUPIL)
    for person_id, name in in_class.values_list("person_id", "group__name"):
        places[person_id] = name
    return places


def position() -> dict[str, int]:
    """How far the spool has been taken in."""
    row = SpoolCursor.objects.filter(name=CURSOR).values_list("position", flat=True).first()
    return dict(row or {})


def path(now: datetime) -> rules.Path:
    """What the data say about the way of an alert, from the act to somebody's eyes."""
    row = SpoolCursor.objects.filter(name=CURSOR).first()
    newest = list(AlertEvent.objects.order_by("-taken_at", "-id").values_list("at", "taken_at")[:NEWEST])
    unread = AlertStep.objects.filter(kind=AlertStep.Kind.OPENED, alert__acknowledged_at=None)
    return rules.Path(
        beat_at=row.beat_at if row else None,
        newest_at=max((at for at, _ in newest), default=None),
        delays=tuple(taken_at - at for at, taken_at in newest),
        overdue=tuple(grade for grade, at in unread.values_list("alert__grade", "at") if now > rules.due_at(grade, at)),
        damaged=row.n_damaged if row else 0,
    )


def events_since(moment: datetime) -> QuerySet[AlertEvent]:
    """What became part of an alert since *moment*, oldest first: all that a new watch remembers of the days before."""
    return AlertEvent.objects.filter(at__gte=moment).select_related("alert").order_by("at", "id")
