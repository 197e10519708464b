"""Standing: what a person may use now, and why. Pure: no database, no clock.

The rule that never bends: without a valid signature there is no network, and
no permission outlives what it rests on. Whoever is in doubt gets the
no-internet profile.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import TextChoices

from schoolgate.gate.core.who import NO_INTERNET, SHELF, Board, Device, Grant, Session
from schoolgate.people.rules import STAFF_ROLES, Role, YearGroup

STATEMENT = "AUP-1"

# How long a grant holds without being renewed. The board is published on each change and every hour, so this
# outlasts two missed hours; a gate whose centre died closes by itself before the next half day.
LEASE = timedelta(hours=3)

SCHOOL_DAY_ENDS = time(16, 0)
LATE_SESSION = timedelta(hours=1)  # a sign-in near or after the end of the day, for a club

# How long after the start somebody may be without a signature before that is a broken promise (decision 0004).
SETTLING_IN = timedelta(days=14)


class Audience(TextChoices):
    """Whom an agreement is written for."""

    STAFF = "staff", "Staff"
    KS2 = "ks2", "Pupils in Years 3 to 6"
    KS1 = "ks1", "Pupils in Years 1 and 2"
    EARLY_YEARS = "early-years", "Nursery and Reception, signed by a parent"
    VISITOR = "visitor", "Governors and visitors"


PROFILES: Mapping[Audience, str] = {
    Audience.STAFF: "staff",
    Audience.KS2: "ks2",
    Audience.KS1: "ks1",
    Audience.EARLY_YEARS: SHELF,
    Audience.VISITOR: "guest",
}


class Method(TextChoices):
    """How somebody signed."""

    OWN = "own", "Signed in with their own account"
    WITH_TEACHER = "with-teacher", "With a member of staff as witness"
    ON_BEHALF = "on-behalf", "A parent or carer, for the child"


METHODS: Mapping[Audience, frozenset[Method]] = {
    Audience.STAFF: frozenset({Method.OWN}),
    Audience.KS2: frozenset({Method.WITH_TEACHER}),
    Audience.KS1: frozenset({Method.WITH_TEACHER}),
    Audience.EARLY_YEARS: frozenset({Method.ON_BEHALF}),
    Audience.VISITOR: frozenset({Method.OWN, Method.WITH_TEACHER}),
}

KS1_YEARS = frozenset({YearGroup.YEAR_1, YearGroup.YEAR_2})
KS2_YEARS = frozenset({YearGroup.YEAR_3, YearGroup.YEAR_4, YearGroup.YEAR_5, YearGroup.YEAR_6})
NURSERY_YEARS = frozenset({YearGroup.NURSERY_1, YearGroup.NURSERY_2})


@dataclass(frozen=True, slots=True)
class Held:
    """A role for a time: from `starts_on`, and no longer on `ends_on`."""

    role: Role
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What standing needs to know of a person."""

    id: str
    year_group: str
    starts_on: date
    ends_on: date | None
    roles: tuple[Held, ...]


@dataclass(frozen=True, slots=True)
class SignatureFacts:
    """A signature under one version of the agreement for one audience."""

    audience: Audience
    number: int
    signed_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class SuspensionFacts:
    """A time without access, decided by a person."""

    starts_at: datetime
    ends_at: datetime | None
    lifted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Required:
    """Which version an audience must have signed.

    Attributes:
        least: number of the newest version in force that changed something
            that matters; signatures under older ones no longer count.
        next_least: number of the next such version, and
        next_at: the moment from which only that one counts. Both None when
            none has been announced.
    """

    least: int
    next_least: int | None = None
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """What the school asks for.

    Attributes:
        required: by audience; an audience without an agreement has no access.
        zone: where the school's days begin.
    """

    required: Mapping[Audience, Required]
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Member:
    """A person with everything that their standing rests on."""

    person: PersonFacts
    signatures: tuple[SignatureFacts, ...] = ()
    suspensions: tuple[SuspensionFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A portal session as the register holds it."""

    address: str
    person: str
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Register:
    """All facts that a board is made of, at one moment."""

    terms: Terms
    members: Sequence[Member] = ()
    devices: Mapping[str, Device] = field(default_factory=dict)
    sessions: Sequence[SignedIn] = ()


def audience_of(roles: Iterable[Role], year_group: str) -> Audience | None:
    """Return whose agreement is meant for somebody in *roles*, or None: then there is no access.

    Being a pupil settles it, whatever else is entered: a mistake in the import
    must not give a child a teacher's access. A pupil without a year counts
    among the youngest.
    """
    held = frozenset(roles)
    if Role.PUPIL in held:
        if year_group in KS2_YEARS:
            return Audience.KS2
        return Audience.KS1 if year_group in KS1_YEARS else Audience.EARLY_YEARS
    if held & STAFF_ROLES:
        return Audience.STAFF
    return Audience.VISITOR if held & {Role.GOVERNOR, Role.VISITOR} else None


def roles_on(person: PersonFacts, today: date) -> list[Held]:
    """Return the roles that *person* holds on *today*."""
    return [one for one in person.roles if one.starts_on <= today and (one.ends_on is None or one.ends_on > today)]


def standing(
    person: PersonFacts,
    signatures: Iterable[SignatureFacts],
    suspensions: Iterable[SuspensionFacts],
    terms: Terms,
    now: datetime,
) -> Grant:
    """Return what *person* may use at *now*.

    A grant that opens anything has an `until`: the earliest of the end of the
    lease, of the person's time or role here, of the signature (renewal, or the
    next version that must be signed), and the start of a suspension. A grant
    that is closed has none.
    """
    today = now.astimezone(terms.zone).date()
    if any(_is_suspended(one, now) for one in suspensions):
        return _closed("suspended")
    if person.starts_on > today:
        return _closed("not-started")
    if person.ends_on is not None and person.ends_on <= today:
        return _closed("left")
    held = roles_on(person, today)
    audience = audience_of((one.role for one in held), person.year_group)
    if audience is None:
        return _closed("no-role")
    required = terms.required.get(audience)
    if required is None:
        return _closed("no-agreement")
    signed = counting(signatures, audience, terms, now)
    if not signed:
        return _closed("unsigned")
    ends = [now + LEASE, max(end for _, end in signed)]
    days = [person.ends_on, *(one.ends_on for one in held)]
    ends += [_midnight(day, terms.zone) for day in days if day is not None]
    ends += [one.starts_at for one in suspensions if one.lifted_at is None and one.starts_at > now]
    return Grant(PROFILES[audience], min(ends), "signed", STATEMENT)


def counting(
    signatures: Iterable[SignatureFacts], audience: Audience | None, terms: Terms, now: datetime
) -> list[tuple[SignatureFacts, datetime]]:
    """Return the signatures that count for *audience* at *now*, each with the moment from which it no longer will."""
    required = terms.required.get(audience) if audience else None
    if required is None:
        return []
    counted = []
    for one in signatures:
        if one.audience != audience or one.number < required.least or one.signed_at > now:
            continue
        end = renew_by(one.signed_at, terms.zone)
        if one.withdrawn_at is not None:
            end = min(end, one.withdrawn_at)
        if required.next_at is not None and required.next_least is not None and one.number < required.next_least:
            end = min(end, required.next_at)
        if now < end:
            counted.append((one, end))
    return counted


def renew_by(signed_at: datetime, zone: ZoneInfo) -> datetime:
    """Return when a signature stops counting: after the September that follows its school year.

    A school year runs from 1 September to 31 August, and classes sign again in
    the first weeks of the next one.
    """
    signed_on = signed_at.astimezone(zone).date()
    ends_in = signed_on.year + 1 if signed_on.month >= 9 else signed_on.year
    return _midnight(date(ends_in, 10, 1), zone)


def end_of_school_day(now: datetime, zone: ZoneInfo) -> datetime:
    """Return when a portal session that begins at *now* ends by itself, at midnight at the latest."""
    local = now.astimezone(zone)
    usual = datetime.combine(local.date(), SCHOOL_DAY_ENDS, zone)
    return min(max(usual, now + LATE_SESSION), _midnight(local.date() + timedelta(days=1), zone))


def board(serial: int, now: datetime, register: Register) -> Board:
    """Return the board of standing for the gates. A session ends with the grant of its person."""
    grants = {
        member.person.id: standing(member.person, member.signatures, member.suspensions, register.terms, now)
        for member in register.members
    }
    sessions = {}
    for one in register.sessions:
        grant = grants.get(one.person)
        if now < one.ends_at and grant is not None:
            sessions[one.address] = Session(one.person, min(one.ends_at, grant.until or one.ends_at))
    return Board(serial, now, grants, dict(register.devices), sessions)


def must_sign(roles: Iterable[Role], year_group: str) -> bool:
    """Tell whether promise AUP-1 counts on this person's signature.

    It speaks of all staff and all pupils. Nursery children use no network at
    all, so their parents' signatures belong to AUP-4 alone.
    """
    held = frozenset(roles)
    if Role.PUPIL in held:
        return year_group not in NURSERY_YEARS
    return bool(held & STAFF_ROLES)


def is_open(grant: Grant, now: datetime) -> bool:
    """Tell whether *grant* lets its person onto the network at *now*, the shelf included."""
    return grant.profile != NO_INTERNET and (grant.until is None or now < grant.until)


def _is_suspended(suspension: SuspensionFacts, now: datetime) -> bool:
    if suspension.starts_at > now or (suspension.lifted_at is not None and suspension.lifted_at <= now):
        return False
    return suspension.ends_at is None or now < suspension.ends_at


def _closed(reason: str) -> Grant:
    return Grant(NO_INTERNET, None, reason, STATEMENT)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone)
