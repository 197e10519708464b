"""Persons, their roles and their classes.

Every period is half open: it holds from `starts_on` and no longer on
`ends_on`. So a person who leaves today has no access today, and one who starts
and leaves on the same day never had any. Nothing here is deleted: a leaver
gets an `ends_on`.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from schoolgate.people.rules import GroupKind, Part, Role, YearGroup


class Person(models.Model):
    """Somebody the school knows: a pupil, a member of staff, a governor, a visitor."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    external_id = models.CharField(max_length=64, blank=True, help_text="id in the system that the school imports from")
    given_name = models.CharField(max_length=100)
    family_name = models.CharField(max_length=100)
    preferred_name = models.CharField(max_length=100, blank=True)
    born_on = models.DateField(null=True, blank=True)
    year_group = models.CharField(max_length=2, blank=True, choices=YearGroup.choices)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="person")

    class Meta:
        ordering = ["family_name", "given_name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["external_id"], condition=~Q(external_id=""), name="person_external_id_once"
            ),
            models.CheckConstraint(condition=~Q(given_name="") & ~Q(family_name=""), name="person_has_names"),
            models.CheckConstraint(
                condition=Q(year_group="") | Q(year_group__in=YearGroup.values), name="person_year_group_known"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="person_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.called} {self.family_name}"

    @property
    def called(self) -> str:
        """The name that the person goes by: the preferred one where there is one."""
        return self.preferred_name or self.given_name


class RoleHeld(models.Model):
    """A role that a person has for a time."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="roles_held")
    role = models.CharField(max_length=12, choices=Role.choices)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "role"], condition=Q(ends_on=None), name="roleheld_one_open_per_role"
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="roleheld_role_known"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="roleheld_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} from {self.starts_on}"


class Group(models.Model):
    """A class of the school."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=32, unique=True, help_text='short and usable in an address: "4-oak"')
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=12, choices=GroupKind.choices, default=GroupKind.CLASS)
    year_group = models.CharField(max_length=2, blank=True, choices=YearGroup.choices)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=~Q(code="") & ~Q(name=""), name="group_has_code_and_name"),
            models.CheckConstraint(condition=Q(kind__in=GroupKind.values), name="group_kind_known"),
            models.CheckConstraint(
                condition=Q(year_group="") | Q(year_group__in=YearGroup.values), name="group_year_group_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's place in a group for a time."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    group = models.ForeignKey(Group, models.PROTECT, related_name="memberships")
    part = models.CharField(max_length=12, choices=Part.choices)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "group", "part"], condition=Q(ends_on=None), name="membership_one_open_per_part"
            ),
            models.CheckConstraint(condition=Q(part__in=Part.values), name="membership_part_known"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="membership_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_part_display()} of {self.group_id}"
