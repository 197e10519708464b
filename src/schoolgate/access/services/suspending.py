"""Taking access away for a time, and giving it back. A person decides, with a reason."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from schoolgate.access.models import Suspension
from schoolgate.access.services.board import publish_after_commit
from schoolgate.kernel.errors import Refused
from schoolgate.ledger import services as ledger
from schoolgate.people.models import Person


class AlreadyLifted(Refused):
    """Somebody lifted it first."""


@transaction.atomic
def suspend(
    person: Person,
    *,
    by: Person,
    reason: str,
    now: datetime,
    ends_at: datetime | None,
    starts_at: datetime | None = None,
) -> Suspension:
    """Take *person*'s access away until *ends_at*, or until somebody restores it.

    The ledger holds who and until when; the reason, which may be delicate,
    stays with the suspension.

    Raises:
        Refused: if there is no reason, the end is not after the start, or
            somebody would suspend themselves (so nobody locks the school out).
    """
    starts_at = starts_at or now
    if not reason.strip():
        raise Refused("Access is not taken away without a reason.", "Write why.")
    if ends_at is not None and ends_at <= max(starts_at, now):
        raise Refused("The end must lie ahead.", "Choose a later day, or leave it open.")
    if by == person:
        raise Refused("You cannot suspend yourself.", "Ask the head or the safeguarding lead.")
    suspension = Suspension.objects.create(
        person=person, starts_at=starts_at, ends_at=ends_at, reason=reason.strip(), by=by
    )
    ledger.record(
        "suspended access",
        by=by,
        about=f"person:{person.id}",
        at=now,
        said={"suspension": str(suspension.id), "until": ends_at.isoformat() if ends_at else None},
    )
    publish_after_commit(now)
    return suspension


@transaction.atomic
def restore(suspension_id: UUID, *, by: Person, because: str, now: datetime) -> None:
    """Lift a suspension. What the person may use then follows from their signature as before.

    Raises:
        AlreadyLifted: if somebody else got there first. Nothing is changed.
        Refused: if there is no reason, or somebody would lift their own.
    """
    if not because.strip():
        raise Refused("A suspension is not lifted without a reason.", "Write why.")
    if Suspension.objects.filter(pk=suspension_id, person=by).exists():
        raise Refused("You cannot lift your own suspension.", "Ask the head or the safeguarding lead.")
    changed = Suspension.objects.filter(pk=suspension_id, lifted_at=None).update(
        lifted_at=now, lifted_by=by, lifted_because=because.strip()
    )
    if changed != 1:
        raise AlreadyLifted("This suspension has already been lifted.")
    person_id = Suspension.objects.values_list("person_id", flat=True).get(pk=suspension_id)
    ledger.record(
        "restored access", by=by, about=f"person:{person_id}", at=now, said={"suspension": str(suspension_id)}
    )
    publish_after_commit(now)
