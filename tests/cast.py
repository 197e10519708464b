"""The cast: the people of Larkfield Primary School that the tests speak of.

Asha is a pupil of Year 4, Ben her teacher, Carys the safeguarding lead, Dilys
the technician, Efe a governor, Gwen the head. Fran has an account and no live
role: she must see nothing.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.contrib.auth import get_user_model

from schoolgate.access.rules import Audience
from schoolgate.access.services import Draft, publish_version
from schoolgate.people.models import Group, Membership, Person, RoleHeld
from schoolgate.people.rules import Part, Role

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # a Monday in term
PASSWORD = "a long walk by the river"


@dataclass(frozen=True)
class Cast:
    asha: Person
    ben: Person
    carys: Person
    dilys: Person
    efe: Person
    gwen: Person
    fran: Person
    oak: Group


def person(given: str, family: str, role: Role | None, today: date, **facts: object) -> Person:
    """Make somebody who has been here for a year, in one role or in none."""
    start = today - timedelta(days=365)
    someone = Person.objects.create(
        **{"external_id": f"T-{given}", "given_name": given, "family_name": family, "starts_on": start} | facts
    )
    if role is not None:
        RoleHeld.objects.create(person=someone, role=role, starts_on=someone.starts_on, ends_on=someone.ends_on)
    return someone


def account(given: str):
    """Make an account that signs in with its e-mail address and `PASSWORD`."""
    email = f"{given.lower()}@larkfield.test"
    return get_user_model().objects.create_user(username=email, email=email, password=PASSWORD)


def agreement(audience: Audience, now: datetime, text: str = "Be kind.", is_material: bool = True):
    """Publish the next version of an agreement, in force from today."""
    draft = Draft(audience.value, audience, f"Agreement for {audience.label}", text, "We talk about it.")
    return publish_version(draft, effective_on=now.date(), by=None, now=now, is_material=is_material)


def larkfield(now: datetime) -> Cast:
    """Make the school, its people and their agreements. Nobody has signed yet."""
    today = now.date()
    for audience in Audience:  # long ago: a page that reads the real clock finds them, too
        agreement(audience, now - timedelta(days=90))
    oak = Group.objects.create(code="4-oak", name="Oak (Year 4)", year_group="4")
    asha = person("Asha", "Achebe", Role.PUPIL, today, year_group="4", born_on=date(2018, 3, 9))
    ben = person("Ben", "Brook", Role.TEACHER, today, user=account("Ben"))
    carys = person("Carys", "Clay", Role.DSL, today, user=account("Carys"))
    dilys = person("Dilys", "Dale", Role.TECHNICIAN, today, user=account("Dilys"))
    efe = person("Efe", "East", Role.GOVERNOR, today, user=account("Efe"))
    gwen = person("Gwen", "Glen", Role.HEAD, today, user=account("Gwen"))
    fran = person("Fran", "Ford", None, today, user=account("Fran"))
    Membership.objects.create(person=asha, group=oak, part=Part.PUPIL, starts_on=asha.starts_on)
    Membership.objects.create(person=ben, group=oak, part=Part.TEACHER, starts_on=ben.starts_on)
    return Cast(asha, ben, carys, dilys, efe, gwen, fran, oak)
