"""The children's devices: class cards, sessions at an address, and the teacher who confirms."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.contrib.auth import authenticate
from django.db import transaction
from django.utils.crypto import salted_hmac

from schoolgate.access import queries, rules
from schoolgate.access.models import ClassCard, Failure, PortalSession
from schoolgate.access.services.board import publish_after_commit
from schoolgate.kernel import speakable
from schoolgate.kernel.errors import Malformed, Refused
from schoolgate.ledger import services as ledger
from schoolgate.people import queries as people
from schoolgate.people.models import Person
from schoolgate.people.rules import STAFF_ROLES

WINDOW = timedelta(minutes=5)
FAILURES_ALLOWED = 10  # in WINDOW, by one device
FAILURES_ALLOWED_PER_ACCOUNT = 5  # in WINDOW, for one e-mail address from anywhere
FAILURES_KEPT = timedelta(days=1)


class TooManyTries(Refused):
    """Somebody is guessing, or has forgotten: either way the answer is to wait and ask."""


@transaction.atomic
def sign_in_at(address: str, person: Person, now: datetime) -> PortalSession:
    """Sign *person* in on the device at *address* until the end of the school day.

    Whoever was signed in there is signed out, and so is this person anywhere
    else: a child who walks on to another laptop leaves none open behind.

    Raises:
        Malformed: if *address* is not an IP address.
        Refused: if the address belongs to no device of the school, or to one
            with a person of its own.
    """
    address = queries.canonical_address(address)
    device = queries.device_at(address)
    if device is None:
        raise Refused("The school does not know this device.", "Ask a grown-up to tell the technician.")
    if device.person_id is not None and device.person_id != person.id:
        raise Refused("This device belongs to one person.", "Use one of the class's devices.")
    live = PortalSession.objects.filter(ends_at__gt=now)
    live.filter(address=address).update(ends_at=now)
    live.filter(person=person).update(ends_at=now)
    session = PortalSession.objects.create(
        person=person, address=address, starts_at=now, ends_at=rules.end_of_school_day(now, queries.zone())
    )
    ledger.record("signed in at portal", by=person, about=f"device:{device.id}", at=now, said={})
    publish_after_commit(now)
    return session


@transaction.atomic
def sign_out_at(address: str, now: datetime) -> None:
    """Sign out whoever is signed in on the device at *address*. Nobody is no mistake."""
    address = queries.canonical_address(address)
    for session in PortalSession.objects.filter(address=address, ends_at__gt=now).select_related("person"):
        PortalSession.objects.filter(pk=session.pk).update(ends_at=now)
        ledger.record("signed out at portal", by=session.person, about=f"session:{session.id}", at=now, said={})
        publish_after_commit(now)


@transaction.atomic
def issue_card(person: Person, *, by: Person | None, now: datetime) -> str:
    """Give *person* a new class card and return its code, which is shown once. An older card stops working."""
    code = speakable.reference(secrets.choice)
    ClassCard.objects.filter(person=person, withdrawn_at=None).update(withdrawn_at=now)
    ClassCard.objects.create(person=person, code_hash=_hash_of(code), issued_at=now)
    ledger.record("issued class card", by=by, about=f"person:{person.id}", at=now, said={})
    return code


def person_with_card(code: str, address: str, now: datetime) -> Person | None:
    """Return who holds the card with *code*; None when nobody here does. Wrong codes are counted.

    Raises:
        TooManyTries: if there have been too many wrong ones at this device.
    """
    tried = _begin_try({f"card:{queries.canonical_address(address)}": FAILURES_ALLOWED}, now)
    try:
        code_hash = _hash_of(speakable.heard(code))
    except Malformed:
        code_hash = ""
    card = ClassCard.objects.filter(code_hash=code_hash, withdrawn_at=None).select_related("person").first()
    if card is None or not people.roles_of(card.person, queries.day_of(now)):
        return None
    _take_back(tried)
    return card.person


def confirm_witness(email: str, password: str, address: str, now: datetime) -> Person | None:
    """Return the member of staff whose e-mail address and password these are; None when they are nobody's.

    It signs nobody in: the child's browser gets no session of the teacher's.

    Raises:
        TooManyTries: if there have been too many wrong ones at this device or
            for this account.
    """
    by_device = f"witness:{queries.canonical_address(address)}"
    by_account = f"witness:{_digest('witness', email.strip().lower())}"
    tried = _begin_try({by_device: FAILURES_ALLOWED, by_account: FAILURES_ALLOWED_PER_ACCOUNT}, now)
    user = authenticate(None, email=email.strip(), password=password)
    person = people.person_for(user) if user is not None else None
    if person is None or not people.roles_of(person, queries.day_of(now)) & STAFF_ROLES:
        return None
    _take_back(tried)
    return person


def _begin_try(allowed: Mapping[str, int], now: datetime) -> list[int]:
    """Count a try as a failure before it is looked at, and return what `_take_back` needs when it was none.

    Counted only afterwards, a hundred tries sent in the same moment would all
    be looked at before the first of them counts.
    """
    Failure.objects.filter(at__lt=now - FAILURES_KEPT).delete()
    tried = [Failure.objects.create(key=key, at=now).pk for key in allowed]
    for key, most in allowed.items():
        if Failure.objects.filter(key=key, at__gt=now - WINDOW).count() > most:
            _take_back(tried)  # a refused try is none: nobody who goes on knocking is kept out for ever
            raise TooManyTries("That was too many tries.", "Wait five minutes, and ask a grown-up to help.")
    return tried


def _take_back(tried: list[int]) -> None:
    Failure.objects.filter(pk__in=tried).delete()


def _hash_of(code: str) -> str:
    return _digest("class-card", code)


def _digest(what: str, value: str) -> str:
    return salted_hmac(f"schoolgate.access.{what}", value, algorithm="sha256").hexdigest()
