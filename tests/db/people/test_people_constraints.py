"""What the database itself refuses about people, in raw form."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from schoolgate.people.models import Group, Membership, Person, RoleHeld

START = date(2025, 9, 1)
BEFORE = START - timedelta(days=1)


@pytest.fixture
def asha(db):
    return Person.objects.create(external_id="P-1", given_name="Asha", family_name="Achebe", starts_on=START)


@pytest.fixture
def oak(db):
    return Group.objects.create(code="4-oak", name="Oak")


def refused(constraint, make):
    """Check that the database refuses, by the name of the constraint or, for uniqueness, by its fields."""
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make()


@pytest.mark.parametrize(
    ("constraint", "facts"),
    [
        ("person_has_names", {"given_name": ""}),
        ("person_has_names", {"family_name": ""}),
        ("person_year_group_known", {"year_group": "7"}),
        ("person_ends_after_start", {"ends_on": BEFORE}),
        ("person.external_id", {"external_id": "P-1"}),
    ],
)
def test_a_person_that_cannot_be(asha, constraint, facts):
    good = {"given_name": "Bo", "family_name": "Birch", "starts_on": START}
    refused(constraint, lambda: Person.objects.bulk_create([Person(**good | facts)]))


def test_many_may_have_no_id_of_another_system(db):
    for _ in range(2):
        Person.objects.create(given_name="Val", family_name="Vole", starts_on=START)


def test_a_role_that_cannot_be(asha):
    refused("roleheld_role_known", lambda: RoleHeld.objects.create(person=asha, role="king", starts_on=START))
    refused(
        "roleheld_ends_after_start",
        lambda: RoleHeld.objects.create(person=asha, role="pupil", starts_on=START, ends_on=BEFORE),
    )
    RoleHeld.objects.create(person=asha, role="pupil", starts_on=START)
    refused("roleheld.person_id", lambda: RoleHeld.objects.create(person=asha, role="pupil", starts_on=START))


def test_a_class_that_cannot_be(oak):
    refused("group_has_code_and_name", lambda: Group.objects.create(code="5-ash", name=""))
    refused("group_kind_known", lambda: Group.objects.create(code="5-ash", name="Ash", kind="gang"))
    refused("group_year_group_known", lambda: Group.objects.create(code="5-ash", name="Ash", year_group="9"))
    refused("group.code", lambda: Group.objects.create(code="4-oak", name="Oak again"))


def test_a_place_in_a_class_that_cannot_be(asha, oak):
    def place(**facts):
        Membership.objects.create(**{"person": asha, "group": oak, "part": "pupil", "starts_on": START} | facts)

    refused("membership_part_known", lambda: place(part="mascot"))
    refused("membership_ends_after_start", lambda: place(ends_on=BEFORE))
    place()
    refused("membership.person_id", place)
