"""What governors see: numbers without names.

Nothing that a person typed is in it: no titles, no sentences of the policy, no
summaries, no names of classes. So no name can be.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from django.db.models import QuerySet

from schoolgate.access import queries as access
from schoolgate.assurance import queries as assurance
from schoolgate.assurance import rules
from schoolgate.assurance.rules import Light, Status
from schoolgate.concerns.models import Concern
from schoolgate.concerns.rules import Audience
from schoolgate.drafting.promises import PROMISES
from schoolgate.kernel.harms import HARMS, FourC
from schoolgate.ledger.models import Entry
from schoolgate.ledger.services import record_read
from schoolgate.monitoring.models import Alert
from schoolgate.people import queries as people
from schoolgate.people.models import Person
from schoolgate.people.rules import Role
from schoolgate.reports import suppress

REPORT = "governor report"
PERIOD = timedelta(days=90)
FIRST_LOOK = timedelta(days=30)
NOT_SORTED = "Not sorted under one of the four"


@dataclass(frozen=True, slots=True)
class Review:
    """The dates of one edition in force."""

    setting: str
    ratified_on: date | None
    due_on: date | None
    status: Status
    words: str


@dataclass(frozen=True, slots=True)
class Change:
    """A promise whose status changed."""

    promise: str
    text: str
    before: Status
    after: Status
    at: datetime


@dataclass(frozen=True, slots=True)
class Signed:
    """How many of a group have signed their agreement."""

    group: str
    n_signed: int
    n_people: int

    @property
    def percent(self) -> int | None:
        """Rounded down, so that 100 means everybody; None for an empty group."""
        return self.n_signed * 100 // self.n_people if self.n_people else None


@dataclass(frozen=True, slots=True)
class Report:
    """All numbers of the page.

    Attributes:
        since: when this reader last looked, for *changes*.
        period_from: from when alerts and concerns are counted.
        reviews: the dates of the editions in force.
        counts: sentences by status.
        changes: what changed its status since *since*, newest first.
        signed: agreements, of pupils and of staff.
        alerts: by category, small numbers kept back.
        acknowledged_after: the median, in words, or "" where there are too few alerts.
        concerns: by the four Cs, small numbers kept back.
    """

    since: datetime
    period_from: datetime
    reviews: tuple[Review, ...]
    counts: dict[Light, int]
    changes: tuple[Change, ...]
    signed: tuple[Signed, ...]
    alerts: list[tuple[str, str]]
    acknowledged_after: str
    concerns: list[tuple[str, str]]


def report(reader: Person, now: datetime) -> Report:
    """Work out the report for *reader* at *now*."""
    since = _last_read(reader, now)
    period_from = now - PERIOD
    alerts = Alert.objects.filter(opened_at__gte=period_from, opened_at__lte=now)
    by_category = Counter(alerts.values_list("category", flat=True))
    return Report(
        since=since,
        period_from=period_from,
        reviews=_reviews(now),
        counts=rules.counts(row.light for row in assurance.statements_today(now)),
        changes=_changes(since),
        signed=_signed(now),
        alerts=suppress.all_told({HARMS[code].label: by_category[code] for code in HARMS if by_category[code]}),
        acknowledged_after=_acknowledged_after(alerts.filter(acknowledged_at__isnull=False)),
        concerns=_concerns(period_from, now),
    )


def record_reading(reader: Person, roles: frozenset[Role], now: datetime) -> None:
    """Keep a record that the report was read, and whether a governor did (POL-7 counts those)."""
    record_read(REPORT, by=reader, about="governor" if Role.GOVERNOR in roles else "staff", at=now)


def _last_read(reader: Person, now: datetime) -> datetime:
    last = Entry.objects.filter(action=f"read {REPORT}", by=reader.pk, at__lt=now).order_by("-seq").first()
    return last.at if last else now - FIRST_LOOK


def _reviews(now: datetime) -> tuple[Review, ...]:
    today = access.day_of(now)
    return tuple(
        Review(
            one.get_setting_display(),
            one.ratified_on,
            one.review_due_on,
            *rules.review_status(one.review_due_on, one.review_every_months, one.ratified_on, today),
        )
        for one in assurance.editions_in_force()
    )


def _changes(since: datetime) -> tuple[Change, ...]:
    return tuple(
        Change(
            after.promise,
            PROMISES[after.promise].text if after.promise in PROMISES else "",
            Status(before.status),
            Status(after.status),
            after.found_at,
        )
        for before, after in assurance.changes_since(since)
    )


def _signed(now: datetime) -> tuple[Signed, ...]:
    today = access.day_of(now)
    groups = (("Pupils", people.holders(Role.PUPIL, today)), ("Staff", people.staff(today)))
    found = []
    for label, persons in groups:
        rows = access.places(persons, now)
        found.append(Signed(label, sum(row.signed_at is not None for row in rows), len(rows)))
    return tuple(found)


def _acknowledged_after(acknowledged: QuerySet[Alert]) -> str:
    lengths = [at - opened for opened, at in acknowledged.values_list("opened_at", "acknowledged_at") if at is not None]
    if len(lengths) < suppress.LEAST_TOLD:
        return ""
    return suppress.length_told(timedelta(seconds=median(length.total_seconds() for length in lengths)))


def _concerns(period_from: datetime, now: datetime) -> list[tuple[str, str]]:
    """Concerns by the first of the four Cs of their harm.

    What an adult is said to have done is not counted, whatever it was sorted
    under: in a small school the number alone would tell.
    """
    opened = Concern.objects.filter(opened_at__gte=period_from, opened_at__lte=now, audience=Audience.TEAM)
    counts = {area.value.capitalize(): 0 for area in FourC} | {NOT_SORTED: 0}
    for category in opened.values_list("category", flat=True):
        harm = HARMS.get(category)
        counts[harm.areas[0].value.capitalize() if harm else NOT_SORTED] += 1
    return suppress.all_told(counts)
