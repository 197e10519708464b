"""Who is here, in which role, in which class: at the day that the caller names."""

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Q, QuerySet

from schoolgate.people.models import Group, Membership, Person, RoleHeld
from schoolgate.people.rules import STAFF_ROLES, GroupKind, Part, Role

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser


def holding_on(today: date, prefix: str = "") -> Q:
    """Return the condition that a period holds on *today*: started, and not yet ended."""
    return Q(**{f"{prefix}starts_on__lte": today}) & (
        Q(**{f"{prefix}ends_on": None}) | Q(**{f"{prefix}ends_on__gt": today})
    )


def present(today: date) -> QuerySet[Person]:
    """Everyone who belongs to the school today."""
    return Person.objects.filter(holding_on(today))


def person_for(user: "AbstractBaseUser | AnonymousUser | Any") -> Person | None:
    """The person behind a signed-in account, or None: an account alone is nobody."""
    if user.pk is None:
        return None
    return Person.objects.filter(user_id=user.pk).first()


def roles_of(person: Person, today: date) -> frozenset[Role]:
    """The roles that *person* holds today. None at all before the start and after the end."""
    if person.starts_on > today or (person.ends_on is not None and person.ends_on <= today):
        return frozenset()
    held = RoleHeld.objects.filter(holding_on(today), person=person).values_list("role", flat=True)
    return frozenset(Role(role) for role in held)


def holders(role: Role, today: date) -> QuerySet[Person]:
    """Everyone who holds *role* today."""
    held = RoleHeld.objects.filter(holding_on(today), role=role).values("person_id")
    return present(today).filter(pk__in=held)


def staff(today: date) -> QuerySet[Person]:
    """Everyone who works here today."""
    held = RoleHeld.objects.filter(holding_on(today), role__in=STAFF_ROLES).values("person_id")
    return present(today).filter(pk__in=held)


def roles_by_person(today: date) -> dict[UUID, frozenset[Role]]:
    """The live roles of everybody present, by person id, in one query."""
    held = RoleHeld.objects.filter(holding_on(today), holding_on(today, "person__"))
    roles: dict[UUID, set[Role]] = {}
    for person_id, role in held.values_list("person_id", "role"):
        roles.setdefault(person_id, set()).add(Role(role))
    return {person_id: frozenset(values) for person_id, values in roles.items()}


def classes() -> QuerySet[Group]:
    """Every class of the school, in the order of its code."""
    return Group.objects.filter(kind=GroupKind.CLASS)


def pupils_of(group: Group, today: date) -> QuerySet[Person]:
    """The pupils in *group* today, by name."""
    return _members(group, Part.PUPIL, today)


def teachers_of(group: Group, today: date) -> QuerySet[Person]:
    """The staff who teach *group* today, by name."""
    return _members(group, Part.TEACHER, today)


def classes_of(person: Person, part: Part, today: date) -> QuerySet[Group]:
    """The classes in which *person* is a pupil, or a teacher, today."""
    places = Membership.objects.filter(holding_on(today), person=person, part=part).values("group_id")
    return classes().filter(pk__in=places)


def _members(group: Group, part: Part, today: date) -> QuerySet[Person]:
    places = Membership.objects.filter(holding_on(today), group=group, part=part).values("person_id")
    return present(today).filter(pk__in=places)
