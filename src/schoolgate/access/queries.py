"""What the register of access holds: facts for `rules`, and lists for pages."""

import hashlib
import ipaddress
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet

from schoolgate.access import rules
from schoolgate.access.models import AgreementVersion, Device, PortalSession, Signature, Suspension
from schoolgate.access.rules import Audience
from schoolgate.gate.core import who
from schoolgate.kernel.errors import Malformed, NotFound
from schoolgate.people import queries as people
from schoolgate.people.models import Group, Person, RoleHeld
from schoolgate.people.rules import Role


@dataclass(frozen=True, slots=True)
class Place:
    """A person on a list, with what they may use now and whether they have signed.

    `signed_at` is when they signed the version that counts now, or None.
    """

    person: Person
    audience: Audience | None
    grant: who.Grant
    signed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Share:
    """How many of a class, or of the staff, have signed."""

    name: str
    code: str
    n_signed: int
    n_people: int

    @property
    def is_complete(self) -> bool:
        """Everybody has signed."""
        return self.n_signed == self.n_people


def zone() -> ZoneInfo:
    """Where the school's days begin."""
    return ZoneInfo(settings.TIME_ZONE)


def day_of(now: datetime) -> date:
    """The school's date at *now*."""
    return now.astimezone(zone()).date()


def terms(now: datetime) -> rules.Terms:
    """Which version each audience must have signed at *now*, and what comes next."""
    today = day_of(now)
    required: dict[Audience, rules.Required] = {}
    material = AgreementVersion.objects.filter(is_material=True).select_related("agreement").order_by("number")
    for version in material:
        audience = Audience(version.agreement.audience)
        known = required.get(audience)
        if version.effective_on <= today:
            required[audience] = rules.Required(version.number)
        elif known is not None and known.next_at is None:
            starts_at = datetime.combine(version.effective_on, datetime.min.time(), zone())
            required[audience] = rules.Required(known.least, version.number, starts_at)
    return rules.Terms(required, zone())


def version_in_force(audience: Audience, today: date) -> AgreementVersion | None:
    """The version that *audience* signs today, or None when there is none."""
    versions = AgreementVersion.objects.filter(agreement__audience=audience, effective_on__lte=today)
    return versions.select_related("agreement").order_by("-number").first()


def version_for(person: Person, today: date) -> AgreementVersion:
    """The version that is meant for *person* today.

    Raises:
        NotFound: if no agreement is meant for them, or it has no version in force.
    """
    audience = rules.audience_of(people.roles_of(person, today), person.year_group)
    version = version_in_force(audience, today) if audience else None
    if version is None:
        raise NotFound("There is no agreement for this person to sign.", "Ask the head to publish one.")
    return version


def text_hash(version: AgreementVersion) -> str:
    """SHA-256 of the words that are signed: the text, NUL, the sanctions."""
    return hashlib.sha256(f"{version.text}\0{version.sanctions}".encode()).hexdigest()


def members(persons: Iterable[Person]) -> list[rules.Member]:
    """The facts of *persons* on which their standing rests, in three queries."""
    listed = list(persons)
    ids = [person.id for person in listed]
    roles: dict[UUID, list[rules.Held]] = defaultdict(list)
    for held in RoleHeld.objects.filter(person__in=ids):
        roles[held.person_id].append(rules.Held(Role(held.role), held.starts_on, held.ends_on))
    signatures: dict[UUID, list[rules.SignatureFacts]] = defaultdict(list)
    for one in Signature.objects.filter(person__in=ids).select_related("version__agreement"):
        audience = Audience(one.version.agreement.audience)
        signatures[one.person_id].append(
            rules.SignatureFacts(audience, one.version.number, one.signed_at, one.withdrawn_at)
        )
    suspensions: dict[UUID, list[rules.SuspensionFacts]] = defaultdict(list)
    for suspension in Suspension.objects.filter(person__in=ids):
        suspensions[suspension.person_id].append(
            rules.SuspensionFacts(suspension.starts_at, suspension.ends_at, suspension.lifted_at)
        )
    return [
        rules.Member(
            rules.PersonFacts(str(one.id), one.year_group, one.starts_on, one.ends_on, tuple(roles[one.id])),
            tuple(signatures[one.id]),
            tuple(suspensions[one.id]),
        )
        for one in listed
    ]


def register(now: datetime) -> rules.Register:
    """Everything that the board of *now* is made of."""
    here = Person.objects.filter(Q(ends_on=None) | Q(ends_on__gt=day_of(now)))
    devices = {
        str(ipaddress.ip_address(device.address)): who.Device(
            str(device.id), device.profile, str(device.person_id) if device.person_id else None
        )
        for device in Device.objects.all()
    }
    sessions = [
        rules.SignedIn(str(ipaddress.ip_address(one.address)), str(one.person_id), one.ends_at)
        for one in PortalSession.objects.filter(starts_at__lte=now, ends_at__gt=now).order_by("starts_at")
    ]
    return rules.Register(terms(now), members(here), devices, sessions)


def places(persons: Iterable[Person], now: datetime) -> list[Place]:
    """*persons* with their standing now, in the order given."""
    listed = list(persons)
    asked = terms(now)
    today = day_of(now)
    rows = []
    for person, member in zip(listed, members(listed), strict=True):
        held = rules.roles_on(member.person, today)
        audience = rules.audience_of((one.role for one in held), person.year_group)
        grant = rules.standing(member.person, member.signatures, member.suspensions, asked, now)
        signed = [one.signed_at for one, _ in rules.counting(member.signatures, audience, asked, now)]
        rows.append(Place(person, audience, grant, max(signed, default=None)))
    return rows


def shares(now: datetime) -> list[Share]:
    """How many have signed, by class in the order of its code, then the staff."""
    today = day_of(now)
    rows = [_share(group.name, group.code, places(people.pupils_of(group, today), now)) for group in people.classes()]
    return [*rows, _share("Staff", "", places(people.staff(today), now))]


def class_places(group: Group, now: datetime) -> list[Place]:
    """The pupils of a class with their standing."""
    return places(people.pupils_of(group, day_of(now)), now)


def class_with_code(code: str) -> Group:
    """One class.

    Raises:
        NotFound: if there is no such class.
    """
    group = people.classes().filter(code=code).first()
    if group is None:
        raise NotFound("There is no such class.")
    return group


def signatures_of(person: Person) -> QuerySet[Signature]:
    """Every signature of a person, the withdrawn ones too, newest first."""
    return Signature.objects.filter(person=person).select_related("version__agreement", "witness")


def suspensions_in_force(now: datetime) -> QuerySet[Suspension]:
    """Suspensions that hold now or are still to come."""
    return (
        Suspension.objects.filter(Q(ends_at=None) | Q(ends_at__gt=now), lifted_at=None)
        .select_related("person", "by")
        .order_by("-starts_at")
    )


def device_at(address: str) -> Device | None:
    """The device of the register at an address, in any of its spellings."""
    return Device.objects.filter(address=canonical_address(address)).first()


def person_at(address: str, now: datetime) -> Person | None:
    """Who is signed in through the portal at an address."""
    session = (
        PortalSession.objects.filter(address=canonical_address(address), starts_at__lte=now, ends_at__gt=now)
        .select_related("person")
        .order_by("-starts_at")
        .first()
    )
    return session.person if session else None


def canonical_address(text: str) -> str:
    """Return an IP address in its canonical text.

    Raises:
        Malformed: if it is none.
    """
    try:
        return str(ipaddress.ip_address(text.strip()))
    except ValueError:
        raise Malformed(f"`{text}` is not an IP address", "it looks like 10.20.0.14") from None


def _share(name: str, code: str, rows: list[Place]) -> Share:
    return Share(name, code, sum(row.signed_at is not None for row in rows), len(rows))
