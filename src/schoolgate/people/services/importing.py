"""Bringing people in: the difference to what is known, then all of it in one transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from schoolgate.kernel.errors import Malformed, Refused
from schoolgate.ledger import services as ledger
from schoolgate.people import notices
from schoolgate.people.models import Group, Membership, Person, RoleHeld
from schoolgate.people.rules import Part, Role
from schoolgate.people.services.table import Row, class_name

LEAVERS_ALLOWED = 0.2  # of the pupils, and of everybody else; more looks like the wrong file
FEW = 2  # so many may always leave: two of a staff of eight is no mistake
FACTS = ("given_name", "family_name", "preferred_name", "born_on", "year_group", "starts_on", "ends_on")


class TooManyLeavers(Refused):
    """So many would leave that it is more likely the wrong file."""


@dataclass(frozen=True, slots=True)
class Change:
    """A known person about whom the table says something else.

    Attributes:
        row: what the table says.
        person: who it is about.
        facts: for each fact that changes, (before, after), as text.
    """

    row: Row
    person: Person
    facts: dict[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Difference:
    """What an import would do. Whoever was entered by hand, with no id of another system, is left alone."""

    joiners: tuple[Row, ...]
    changes: tuple[Change, ...]
    leavers: tuple[Person, ...]

    @property
    def is_empty(self) -> bool:
        """Nothing to do: the school is as the table says."""
        return not (self.joiners or self.changes or self.leavers)


def difference(rows: Sequence[Row], today: date) -> Difference:
    """Compare a table with the people of today.

    Raises:
        Malformed: if a teacher's class has no pupils, in the table or the school.
    """
    _check_classes(rows)
    known = {person.external_id: person for person in Person.objects.exclude(external_id="").select_related("user")}
    standing = _standing_now(today)
    joiners, changes = [], []
    for row in rows:
        person = known.get(row.external_id)
        if person is None:
            joiners.append(row)
        elif facts := _facts_changed(row, person, standing.get(person.pk, (frozenset(), frozenset()))):
            changes.append(Change(row, person, facts))
    listed = {row.external_id for row in rows}
    leavers = [
        person
        for person in known.values()
        if person.external_id not in listed and (person.ends_on is None or person.ends_on > today)
    ]
    return Difference(tuple(joiners), tuple(changes), tuple(sorted(leavers, key=str)))


@transaction.atomic
def import_rows(rows: Sequence[Row], *, by: Person | None, now: datetime, allow_leavers: bool = False) -> Difference:
    """Make the school what the table says, and return what was done. Done twice, the second does nothing.

    Leavers get today as their end, and with it their roles, classes and
    account; nothing of theirs is deleted.

    Raises:
        TooManyLeavers: if more than a fifth would go. Nothing is changed.
        Malformed: as `difference` does.
        Refused: if an e-mail address belongs to somebody else's account.
    """
    today = timezone.localdate(now)
    done = difference(rows, today)
    if done.is_empty:
        return done
    if not allow_leavers:
        check_leavers(done, today)
    for code in sorted({code for row in rows for code in row.classes}):
        Group.objects.get_or_create(
            code=code, defaults={"name": class_name(code), "year_group": code.partition("-")[0]}
        )
    for row in done.joiners:
        _place(row, Person(), today)
    for change in done.changes:
        _place(change.row, change.person, today)
    for person in done.leavers:
        _let_go(person, today)
    counts = {"joiners": len(done.joiners), "changes": len(done.changes), "leavers": len(done.leavers)}
    ledger.record("imported people", by=by, about="people", at=now, said=counts)
    notices.people_changed.send(sender=import_rows, now=now)
    return done


def check_leavers(found: Difference, today: date) -> None:
    """Refuse a difference in which too many leave.

    Raises:
        TooManyLeavers: saying how many of how many.
    """
    here = set(
        Person.objects.filter(Q(ends_on=None) | Q(ends_on__gt=today))
        .exclude(external_id="")
        .values_list("pk", flat=True)
    )
    pupils = set(
        RoleHeld.objects.filter(role=Role.PUPIL, person__in=here, ends_on=None).values_list("person_id", flat=True)
    )
    going = {person.pk for person in found.leavers}
    for who, group in (("pupils", pupils), ("others", here - pupils)):
        n_going = len(going & group)
        if n_going > FEW and n_going > LEAVERS_ALLOWED * len(group):
            raise TooManyLeavers(
                f"{n_going} of {len(group)} {who} would leave, because the table does not list them",
                "if that is right, say so with --allow-leavers",
            )


def _check_classes(rows: Sequence[Row]) -> None:
    with_pupils = {code for row in rows if Role.PUPIL in row.roles for code in row.classes}
    with_pupils |= set(Group.objects.values_list("code", flat=True))
    for row in rows:
        for code in sorted(row.classes - with_pupils):
            raise Malformed(f"line {row.line}: no pupil is in the class `{code}`", "is its name written the same way?")


def _standing_now(today: date) -> dict[Any, tuple[frozenset[str], frozenset[str]]]:
    """The open roles and classes of everybody, by person id."""
    roles: dict[Any, set[str]] = {}
    for person_id, role in RoleHeld.objects.filter(ends_on=None).values_list("person_id", "role"):
        roles.setdefault(person_id, set()).add(role)
    places: dict[Any, set[str]] = {}
    for person_id, code in Membership.objects.filter(ends_on=None).values_list("person_id", "group__code"):
        places.setdefault(person_id, set()).add(code)
    return {pk: (frozenset(roles.get(pk, ())), frozenset(places.get(pk, ()))) for pk in roles.keys() | places.keys()}


def _facts_changed(
    row: Row, person: Person, standing: tuple[frozenset[str], frozenset[str]]
) -> dict[str, tuple[str, str]]:
    pairs: dict[str, tuple[Any, Any]] = {fact: (getattr(person, fact), getattr(row, fact)) for fact in FACTS}
    email = person.user.email if person.user is not None and person.user.is_active else ""
    pairs |= {
        "roles": ("; ".join(sorted(standing[0])), "; ".join(sorted(row.roles))),
        "class": ("; ".join(sorted(standing[1])), "; ".join(sorted(row.classes))),
        "email": (email, row.email),
    }
    return {fact: (str(before or ""), str(after or "")) for fact, (before, after) in pairs.items() if before != after}


def _place(row: Row, person: Person, today: date) -> None:
    """Write one person, their roles, classes and account, as the table says."""
    is_new = person._state.adding
    person.external_id = row.external_id
    for fact in FACTS:
        setattr(person, fact, getattr(row, fact))
    _give_account(row, person)
    person.save()
    begins = row.starts_on if is_new else max(row.starts_on, today)
    held = RoleHeld.objects.filter(person=person, ends_on=None)
    _end(held.exclude(role__in=row.roles), today)
    for role in row.roles - {Role(role) for role in held.values_list("role", flat=True)}:
        RoleHeld.objects.create(person=person, role=role, starts_on=begins)
    part = Part.PUPIL if Role.PUPIL in row.roles else Part.TEACHER
    places = Membership.objects.filter(person=person, ends_on=None)
    _end(places.exclude(group__code__in=row.classes, part=part), today)
    for code in row.classes - set(places.values_list("group__code", flat=True)):
        Membership.objects.create(person=person, group=Group.objects.get(code=code), part=part, starts_on=begins)


def _let_go(person: Person, today: date) -> None:
    person.ends_on = max(person.starts_on, today)
    person.save(update_fields=["ends_on"])
    _end(RoleHeld.objects.filter(person=person, ends_on=None), today)
    _end(Membership.objects.filter(person=person, ends_on=None), today)
    if person.user is not None:
        person.user.is_active = False
        person.user.save(update_fields=["is_active"])


def _end(periods: "Iterable[RoleHeld | Membership]", today: date) -> None:
    for period in periods:
        period.ends_on = max(period.starts_on, today)
        period.save(update_fields=["ends_on"])


def _give_account(row: Row, person: Person) -> None:
    """Give *person* an account to sign in with, or take it away. It has no password until one is set."""
    accounts = get_user_model().objects
    if not row.email:
        if person.user is not None:
            person.user.is_active = False
            person.user.save(update_fields=["is_active"])
        return
    user = person.user or accounts.filter(username=row.email).first() or accounts.create_user(username=row.email)
    owner = Person.objects.filter(user=user).exclude(pk=person.pk).first()
    clash = accounts.filter(Q(email__iexact=row.email) | Q(username__iexact=row.email)).exclude(pk=user.pk).exists()
    if owner is not None or clash:
        raise Refused(f"line {row.line}: `{row.email}` is the sign-in of somebody else", "give each person an address")
    user.username = user.email = row.email
    user.is_active = True
    user.save()
    person.user = user
