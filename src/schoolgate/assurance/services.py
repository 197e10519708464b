"""Collecting evidence: run the controls, keep what they find, and say when something has drifted."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from schoolgate.assurance import rules
from schoolgate.assurance.models import Evidence
from schoolgate.assurance.registry import Control, Finding, controls
from schoolgate.assurance.rules import Status
from schoolgate.ledger import services as ledger
from schoolgate.people.models import Person

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Collected:
    """What one round of collecting did.

    Attributes:
        ran: how many controls ran.
        kept: how many findings were worth keeping.
        drifted: the promises whose status changed, sorted.
    """

    ran: int
    kept: int
    drifted: tuple[str, ...]


def collect(
    now: datetime, only: Collection[str] | None = None, *, everything: bool = False, by: Person | None = None
) -> Collected:
    """Run the controls that are due, and keep what is new.

    A control that raises has found out nothing: its finding is unknown. What
    a control that was not due repeats is not kept again, so that a check each
    minute fills no disk, while a change shows within that minute.

    Args:
        now: aware; the date of what is found.
        only: ids of promises; their controls run whether due or not. None for all.
        everything: run the controls that are not due too.
        by: who asked for it; None on schedule.
    """
    ran = kept = 0
    drifted: set[str] = set()
    for control in controls():
        if only is not None and control.promise not in only:
            continue
        last = latest(control.source)
        due = rules.is_due(last.found_at if last else None, control.every, now)
        # What is unknown is asked again in every round: the gate that was away may be back.
        is_open = last is not None and last.status == Status.UNKNOWN
        if not due and not is_open and not everything and only is None:
            continue
        ran += 1
        was = _keep(control, _find(control, now), now, due=due or by is not None)
        kept += was is not None
        if was == "drifted":
            drifted.add(control.promise)
    if by is not None:
        with transaction.atomic():
            ledger.record(
                "checked the policy now", by=by, about="policy", at=now, said={"ran": ran, "drifted": sorted(drifted)}
            )
    return Collected(ran, kept, tuple(sorted(drifted)))


def latest(source: str) -> Evidence | None:
    """The last evidence of one control."""
    return Evidence.objects.filter(source=source).order_by("-id").first()


def _find(control: Control, now: datetime) -> Finding:
    try:
        found = control.find(now)
        rows = json.loads(json.dumps([dict(row) for row in found.rows], cls=DjangoJSONEncoder))
        return Finding(Status(found.status), found.summary, rows)
    except Exception as error:
        # The class only: the words of an error may hold a name or an address.
        log.error("a control failed", source=control.source, error=type(error).__name__)
        log.debug("a control failed", source=control.source, exc_info=True)
        return Finding(Status.UNKNOWN, f"The check itself failed ({type(error).__name__}): nothing is known.")


@transaction.atomic
def _keep(control: Control, finding: Finding, now: datetime, *, due: bool) -> str | None:
    """Append the finding if it says something new or is due, and tell whether the status drifted."""
    last = latest(control.source)
    told = (finding.status, finding.summary, finding.rows)
    if last is not None and not due and (last.status, last.summary, last.rows) == told:
        return None
    Evidence.objects.create(
        promise=control.promise,
        source=control.source,
        status=finding.status,
        found_at=now,
        stale_after=control.stale_after,
        summary=finding.summary,
        rows=finding.rows,
        names_people=control.names_people,
    )
    if last is None or last.status == finding.status:
        return "kept"
    ledger.record(
        "status drifted",
        by=None,
        about=f"promise:{control.promise}",
        at=now,
        said={"source": control.source, "from": last.status, "to": finding.status},
    )
    return "drifted"
