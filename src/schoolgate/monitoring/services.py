"""What changes alerts: taking findings in, acknowledging, deciding. Each is one transaction.

Taking leaves nothing in the ledger: the steps of an alert, which no one can
change, say when it came. Everything that a person does goes to the ledger.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from schoolgate.kernel import speakable
from schoolgate.kernel.errors import Refused
from schoolgate.ledger import services as ledger
from schoolgate.monitoring import rules
from schoolgate.monitoring.models import Alert, AlertEvent, AlertStep, QuietCount, SpoolCursor
from schoolgate.monitoring.rules import LEAST_GRADE, Status
from schoolgate.people import queries as people
from schoolgate.people.models import Person
from schoolgate.watch.pipeline import Finding

CURSOR = "spool"
TEXT_KEPT = 2000  # characters: enough to judge by, and no page is ever stored whole
MARGIN = 500  # characters kept before the first marked word of a longer text


class AlreadyDecided(Refused):
    """Somebody else decided first. Nothing is changed."""


@transaction.atomic
def take(findings: Sequence[Finding], cursor: Mapping[str, int], now: datetime, damaged: int = 0) -> tuple[Alert, ...]:
    """Take findings in, and move the cursor, both or neither.

    Whoever is killed at any point before the end has changed nothing and reads
    the same lines again; a finding that is there already is left alone. So
    nothing is lost, and nothing doubled.

    Args:
        findings: of one stretch of the spool, in its order.
        cursor: where that stretch ends, as the spool's reader gave it.
        now: aware.
        damaged: lines of that stretch that could not be read; counted, so that somebody is told.

    Returns:
        The alerts that were opened or grew, without repeats.
    """
    _move(cursor, now, damaged)
    alerts: dict[UUID, Alert] = {}
    for finding in findings:
        if finding.detection.category is None or finding.detection.grade < LEAST_GRADE:
            _count(finding)
        elif alert := _take_one(finding, now):
            alerts[alert.pk] = alert
    return tuple(alerts.values())


def _move(cursor: Mapping[str, int], now: datetime, damaged: int) -> None:
    row, _ = SpoolCursor.objects.select_for_update().get_or_create(name=CURSOR)
    # Never backwards: a second watch, started by mistake, must not undo what the first has taken.
    row.position = {segment: max(place, row.position.get(segment, 0)) for segment, place in cursor.items()}
    row.moved_at = now
    row.n_damaged += damaged
    row.save(update_fields=["position", "moved_at", "n_damaged"])


def _take_one(finding: Finding, now: datetime) -> Alert | None:
    if AlertEvent.objects.filter(activity_id=finding.activity_id, kind=finding.kind).exists():
        return None
    detection = finding.detection
    assert detection.category is not None
    person = _person(finding.person)
    alert = _open_alert(person, finding)
    if alert is None:
        roles = None if person is None else people.roles_of(person, timezone.localdate(now))
        alert = Alert.objects.create(
            ref=_new_ref(),
            person=person,
            device=finding.device or "",
            about=rules.about(roles),
            category=detection.category,
            grade=detection.grade,
            opened_at=finding.at,
            last_at=finding.at,
        )
        AlertStep.objects.create(alert=alert, kind=AlertStep.Kind.OPENED, at=now)
    else:
        alert.grade = max(alert.grade, detection.grade)
        alert.opened_at = min(alert.opened_at, finding.at)
        alert.last_at = max(alert.last_at, finding.at)
        alert.save(update_fields=["grade", "opened_at", "last_at"])
        AlertStep.objects.create(alert=alert, kind=AlertStep.Kind.JOINED, at=now)
    text, because = _kept(finding)
    AlertEvent.objects.create(
        alert=alert,
        activity_id=finding.activity_id,
        kind=finding.kind,
        at=finding.at,
        taken_at=now,
        text=text,
        source=finding.source,
        grade=detection.grade,
        help_seeking=detection.help_seeking,
        because=because,
    )
    return alert


def _open_alert(person: Person | None, finding: Finding) -> Alert | None:
    """The alert of the same person (or the same device, when nobody is known) and theme that this one belongs to."""
    if person is None and not finding.device:
        return None  # nothing says that two such events are of one hand
    own = Alert.objects.filter(person=person, category=finding.detection.category, status=Status.NEW)
    if person is None:
        own = own.filter(device=finding.device)
    for alert in own.order_by("-last_at")[:5]:
        standing = rules.Standing(alert.grade, alert.last_at, False, alert.acknowledged_at is not None)
        if rules.joins(standing, finding.detection.grade, finding.at):
            return alert
    return None


def _kept(finding: Finding) -> tuple[str, list[dict[str, object]]]:
    """The words to keep, cut to size round the first reason, and the reasons with their places in them."""
    because = finding.detection.because
    first = min((reason.span[0] for reason in because), default=0)
    start = 0 if len(finding.text) <= TEXT_KEPT else max(0, first - MARGIN)
    text = finding.text[start : start + TEXT_KEPT]
    reasons: list[dict[str, object]] = [
        {"span": [max(reason.span[0] - start, 0), min(reason.span[1] - start, len(text))], "rule": reason.rule}
        for reason in because
        if reason.span[0] - start < len(text)
    ]
    return text, reasons


def _count(finding: Finding) -> None:
    if finding.detection.category is None:
        return
    day = timezone.localdate(finding.at)
    row, _ = QuietCount.objects.get_or_create(on=day, category=finding.detection.category, defaults={"n_events": 0})
    QuietCount.objects.filter(pk=row.pk).update(n_events=F("n_events") + 1)


def _person(text: str | None) -> Person | None:
    try:
        return Person.objects.filter(pk=UUID(text)).first() if text else None
    except ValueError:
        return None


def _new_ref() -> str:
    while True:
        ref = speakable.reference(secrets.choice)
        if not Alert.objects.filter(ref=ref).exists():
            return ref


def beat(now: datetime) -> None:
    """Say that the watch runs."""
    SpoolCursor.objects.update_or_create(name=CURSOR, defaults={"beat_at": now})


@transaction.atomic
def acknowledge(alert_id: UUID, *, by: Person, now: datetime) -> bool:
    """Say that *by* has seen the alert.

    Returns:
        False when somebody had already: their name stays, and nothing is changed.
    """
    changed = Alert.objects.filter(pk=alert_id, acknowledged_at=None).update(acknowledged_at=now, acknowledged_by=by)
    if changed:
        AlertStep.objects.create(alert_id=alert_id, kind=AlertStep.Kind.ACKNOWLEDGED, at=now, by=by)
        ledger.record("acknowledged alert", by=by, about=f"alert:{alert_id}", at=now, said={})
    return bool(changed)


@transaction.atomic
def decide(
    alert_id: UUID, decision: Status, *, by: Person, now: datetime, because: str = "", seen: Status = Status.NEW
) -> None:
    """Record what was decided about an alert, and acknowledge it if nobody had.

    Args:
        alert_id: the alert.
        decision: anything but new.
        by: who decides.
        now: aware.
        because: reasons. Needed for a false alarm and for "real, dealt with".
        seen: the status that the reader saw when they decided.

    Raises:
        AlreadyDecided: if the status is no longer the one that the reader saw.
        Refused: if reasons are missing, or a concern has been opened from it: that record goes on, not this one.
    """
    because = because.strip()
    if decision is Status.NEW:
        raise Refused("An alert cannot be made undecided.", "Decide to keep watch instead.")
    if decision in {Status.FALSE, Status.REAL} and not because:
        raise Refused("Enter why you decided this.", "One sentence is enough.")
    if seen is Status.CONCERN:
        raise Refused("A concern was opened from this alert.", "Write what you decide in the concern.")
    changed = Alert.objects.filter(pk=alert_id, acknowledged_at=None).update(acknowledged_at=now, acknowledged_by=by)
    if changed:
        AlertStep.objects.create(alert_id=alert_id, kind=AlertStep.Kind.ACKNOWLEDGED, at=now, by=by)
    if Alert.objects.filter(pk=alert_id, status=seen).update(status=decision) != 1:
        raise AlreadyDecided(
            "Somebody else has just decided about this alert.", "Read what they decided; yours was not saved."
        )
    AlertStep.objects.create(
        alert_id=alert_id, kind=AlertStep.Kind.DECIDED, at=now, by=by, status=decision, because=because
    )
    ledger.record("decided alert", by=by, about=f"alert:{alert_id}", at=now, said={"decision": decision.value})


def read_alert(alert: Alert, *, by: Person, now: datetime) -> None:
    """Record that *by* looked at the page of an alert."""
    ledger.record_read("alert", by=by, about=f"alert:{alert.pk}", at=now)


def read_list(alerts: Iterable[Alert], *, by: Person, now: datetime) -> None:
    """Record that *by* looked at a list of alerts, and at which."""
    about = sorted(alert.ref for alert in alerts)
    if about:
        ledger.record_read("alerts", by=by, about="alerts", at=now, why=" ".join(about))
