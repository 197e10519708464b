"""What is asked for, what is open, and what the gate decides by."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings
from django.db.models import QuerySet
from django.utils.timezone import localdate

from schoolgate.access import rules as access
from schoolgate.access.services.board import gate_keys
from schoolgate.filtering.models import Publication, SchoolRule, SiteRequest
from schoolgate.gate import keys, release
from schoolgate.gate.adapters.proxy import status
from schoolgate.gate.core import names
from schoolgate.gate.core.decide import Verdict
from schoolgate.gate.core.explain import StaffWords, for_staff
from schoolgate.gate.core.who import Standing
from schoolgate.gate.release import Release
from schoolgate.gate.release.manifest import Listed
from schoolgate.kernel.errors import NotFound
from schoolgate.people.models import Person
from schoolgate.people.queries import roles_of

# A list that is older says little about the web of today.
LIST_TOO_OLD = timedelta(days=30)
# A worker writes its status every second; one that is silent for longer is dead or stuck.
WORKER_SILENT = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Worker:
    """One process of the gate, by its last word."""

    status: status.Status
    is_well: bool


@dataclass(frozen=True, slots=True)
class AgedList:
    """One list of the release in force."""

    listed: Listed
    age: timedelta

    @property
    def is_old(self) -> bool:
        return self.age > LIST_TOO_OLD


@dataclass(frozen=True, slots=True)
class Explained:
    """What the gate says to somebody about an address.

    Attributes:
        address: in its canonical form.
        verdict: allow or block, with the reasons.
        words: the same for staff.
    """

    address: names.Address
    verdict: Verdict
    words: StaffWords


def current_release() -> Release:
    """The release in force.

    Raises:
        Refused: if there is none, or no key to check it with.
        Malformed: if it is damaged.
    """
    folder = release.current(settings.RELEASES_DIR)
    public = keys.public_key(gate_keys())
    raw = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return _opened(folder, raw)


def explained(url: str, person: Person, now: datetime) -> Explained:
    """What the gate says to *person* about *url*, worked out by the release in force.

    Raises:
        Malformed: if *url* is no address, or the release is damaged.
        Refused: if no release is in force.
    """
    address = names.canonical(url)
    in_force = current_release()
    audience = access.audience_of(roles_of(person, localdate(now)), person.year_group)
    profile = access.PROFILES[audience] if audience else "no-internet"
    verdict = in_force.verdict(address, Standing(profile, "signed", "", None, str(person.pk)), now)
    return Explained(address, verdict, for_staff(verdict, in_force.rules))


def request_with(request_id: UUID) -> SiteRequest:
    """One request.

    Raises:
        NotFound: if there is none.
    """
    found = SiteRequest.objects.select_related("person", "answered_by").filter(pk=request_id).first()
    if found is None:
        raise NotFound("There is no such request.")
    return found


def open_requests() -> QuerySet[SiteRequest]:
    """Requests that wait for an answer, the oldest first."""
    return SiteRequest.objects.filter(status="open").select_related("person").order_by("asked_at")


def answered_requests() -> QuerySet[SiteRequest]:
    """Requests that have been answered, the newest first."""
    return SiteRequest.objects.exclude(status="open").select_related("person", "answered_by").order_by("-answered_at")


def requests_of(person: Person) -> QuerySet[SiteRequest]:
    """What one person has asked for, the newest first."""
    return SiteRequest.objects.filter(person=person).select_related("answered_by")


def live_rules(now: datetime) -> QuerySet[SchoolRule]:
    """The school's own openings that hold at *now*."""
    return SchoolRule.objects.filter(starts_at__lte=now, expires_at__gt=now, ended_at=None).select_related(
        "approved_by", "requested_by"
    )


def lists_in_force(in_force: Release, now: datetime) -> list[AgedList]:
    """The lists of a release with their age, the oldest first."""
    aged = [AgedList(one, now - datetime.fromisoformat(one.imported_at)) for one in in_force.manifest.lists]
    return sorted(aged, key=lambda one: (-one.age, one.listed.name))


def workers(now: datetime) -> list[Worker]:
    """The processes of the gate, by their last word. Empty when none has run here.

    Raises:
        Malformed: if a status file is damaged.
    """
    last_words = status.read(settings.SPOOL_DIR.parent / "status")
    return [Worker(one, now - one.at <= WORKER_SILENT and not one.faults) for one in last_words]


def last_publication() -> Publication | None:
    """The last attempt to give the gate a release, or None."""
    return Publication.objects.first()


@lru_cache(maxsize=1)
def _opened(folder: Path, public: bytes) -> Release:
    """Open a release, checking every byte once: it never changes once it is there."""
    return release.open(folder, Ed25519PublicKey.from_public_bytes(public))
