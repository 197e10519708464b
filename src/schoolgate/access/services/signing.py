"""Signing agreements, and withdrawing a signature."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from schoolgate.access import queries, rules
from schoolgate.access.models import AgreementVersion, Signature
from schoolgate.access.rules import Audience, Method
from schoolgate.access.services.board import publish_after_commit
from schoolgate.kernel.errors import Refused
from schoolgate.ledger import services as ledger
from schoolgate.people import queries as people
from schoolgate.people.models import Person
from schoolgate.people.rules import STAFF_ROLES


class AlreadySigned(Refused):
    """They have signed this version before."""


class AlreadyWithdrawn(Refused):
    """Somebody withdrew it first."""


@transaction.atomic
def sign(
    person: Person,
    version: AgreementVersion,
    *,
    method: Method,
    by: Person,
    now: datetime,
    on_behalf_by: str = "",
    relationship: str = "",
) -> Signature:
    """Record that *person* has signed *version*, and open what it opens.

    Args:
        person: whose agreement it is.
        version: the words that were shown.
        method: their own account, with a witness, or a parent for the child.
        by: who is at the keyboard: the person, or else the member of staff
            who witnessed it and confirms it.
        now: aware.
        on_behalf_by: name of the parent or carer, for `Method.ON_BEHALF`.
        relationship: of the parent or carer to the child.

    Raises:
        AlreadySigned: if they have. Nothing is changed.
        Refused: if the version is not the one that is meant for them today,
            the method is not meant for it, or *by* may not do it.
    """
    signature = _sign(person, version, method, by, now, on_behalf_by.strip(), relationship.strip())
    publish_after_commit(now)
    return signature


@transaction.atomic
def sign_class(
    persons: Iterable[Person], version: AgreementVersion, *, witness: Person, now: datetime
) -> list[Signature]:
    """Record that each of *persons* signed with *witness* there: all of them, or none.

    Raises:
        AlreadySigned, Refused: as `sign` does.
    """
    signatures = [_sign(person, version, Method.WITH_TEACHER, witness, now, "", "") for person in persons]
    if signatures:
        publish_after_commit(now)
    return signatures


@transaction.atomic
def withdraw_signature(signature_id: UUID, *, by: Person, because: str, now: datetime) -> None:
    """Withdraw a signature, so that it counts no longer. It stays on record.

    Raises:
        AlreadyWithdrawn: if somebody else got there first. Nothing is changed.
        Refused: if there is no reason.
    """
    if not because.strip():
        raise Refused("A signature is not withdrawn without a reason.", "Write why.")
    changed = Signature.objects.filter(pk=signature_id, withdrawn_at=None).update(
        withdrawn_at=now, withdrawn_by=by, withdrawn_because=because.strip()
    )
    if changed != 1:
        raise AlreadyWithdrawn("This signature has already been withdrawn.")
    ledger.record("withdrew signature", by=by, about=f"signature:{signature_id}", at=now, said={})
    publish_after_commit(now)


def _sign(
    person: Person,
    version: AgreementVersion,
    method: Method,
    by: Person,
    now: datetime,
    on_behalf_by: str,
    relationship: str,
) -> Signature:
    _check(person, version, method, by, now)
    signature = Signature(
        version=version,
        person=person,
        signed_at=now,
        method=method,
        witness=None if method == Method.OWN else by,
        on_behalf_by=on_behalf_by,
        relationship=relationship,
    )
    if method == Method.ON_BEHALF and not (on_behalf_by and relationship):
        raise Refused("A signature for a child names who gave it.", "Enter the parent's name, and who they are.")
    try:
        with transaction.atomic():
            signature.save(force_insert=True)
    except IntegrityError:
        raise AlreadySigned(f"{person.called} has signed this agreement already.") from None
    ledger.record(
        "signed agreement",
        by=by,
        about=f"person:{person.id}",
        at=now,
        said={
            "agreement": version.agreement.code,
            "version": version.number,
            "text": queries.text_hash(version),
            "method": method.value,
            "signature": str(signature.id),
        },
    )
    return signature


def _check(person: Person, version: AgreementVersion, method: Method, by: Person, now: datetime) -> None:
    today = queries.day_of(now)
    if queries.version_for(person, today) != version:
        raise Refused(
            "This is not the agreement that is meant for this person today.",
            "Open the page again and read the new one.",
        )
    if method not in rules.METHODS[Audience(version.agreement.audience)]:
        raise Refused("This agreement is not signed in this way.", "The agreements page says how each is signed.")
    if method == Method.OWN:
        if by != person:
            raise Refused("Only the person themselves can sign with their own account.")
    elif by == person or not people.roles_of(by, today) & STAFF_ROLES:
        raise Refused("A witness is another person, and works at the school.", "Ask a member of staff to confirm.")
