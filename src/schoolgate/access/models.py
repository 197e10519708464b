"""Agreements and signatures, devices, portal sessions, suspensions, class cards.

Signatures and suspensions are evidence: they are withdrawn or lifted, never
edited or deleted. A published version of an agreement never changes: people
signed those words.
"""

import uuid
from typing import Any

from django.db import models
from django.db.models import F, Q

from schoolgate.access.rules import Audience, Method
from schoolgate.gate.core.who import DEVICE_CEILINGS
from schoolgate.people.models import Person


class Published(Exception):
    """Something tried to change a published version: a bug of ours."""


class Agreement(models.Model):
    """What one audience agrees to, over all its versions."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.SlugField(max_length=32, unique=True)
    audience = models.CharField(max_length=12, choices=Audience.choices, unique=True)
    title = models.CharField(max_length=200)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(audience__in=Audience.values), name="agreement_audience_known"),
            models.CheckConstraint(condition=~Q(code="") & ~Q(title=""), name="agreement_has_code_and_title"),
        ]

    def __str__(self) -> str:
        return self.title


class AgreementVersion(models.Model):
    """The words of an agreement, as they are signed. Markdown."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    sanctions = models.TextField(help_text="what follows when it is not kept")
    effective_on = models.DateField()
    is_material = models.BooleanField(default=True, help_text="signatures under older versions no longer count")

    class Meta:
        ordering = ["agreement", "number"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="agreementversion_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="agreementversion_number_from_one"),
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(sanctions=""), name="agreementversion_has_expectations_and_sanctions"
            ),
            models.CheckConstraint(
                condition=Q(is_material=True) | Q(number__gt=1), name="agreementversion_first_is_material"
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.number}"

    def save(self, **options: Any) -> None:
        """Insert a new version; refuse to write a published one again."""
        if not self._state.adding:
            raise Published("a published version is never changed; publish the next one")
        super().save(**(options | {"force_insert": True}))


class Signature(models.Model):
    """A person's signature under one version of an agreement."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(AgreementVersion, models.PROTECT, related_name="signatures")
    person = models.ForeignKey(Person, models.PROTECT, related_name="signatures")
    signed_at = models.DateTimeField()
    method = models.CharField(max_length=12, choices=Method.choices)
    witness = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", help_text="the member of staff who was there"
    )
    on_behalf_by = models.CharField(max_length=200, blank=True, help_text="name of the parent or carer")
    relationship = models.CharField(max_length=60, blank=True, help_text="of that person to the child")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_because = models.TextField(blank=True)

    class Meta:
        ordering = ["-signed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "person"], condition=Q(withdrawn_at=None), name="signature_one_live_per_version"
            ),
            models.CheckConstraint(condition=Q(method__in=Method.values), name="signature_method_known"),
            models.CheckConstraint(  # one's own needs no witness; the others need one
                condition=Q(method=Method.OWN, witness=None) | (~Q(method=Method.OWN) & Q(witness__isnull=False)),
                name="signature_witnessed_unless_own",
            ),
            models.CheckConstraint(
                condition=Q(witness=None) | ~Q(witness=F("person")), name="signature_witness_is_somebody_else"
            ),
            models.CheckConstraint(
                condition=(Q(method=Method.ON_BEHALF) & ~Q(on_behalf_by="") & ~Q(relationship=""))
                | (~Q(method=Method.ON_BEHALF) & Q(on_behalf_by="", relationship="")),
                name="signature_on_behalf_names_the_parent",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("signed_at")),
                name="signature_withdrawn_after_signed",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawn_because="")
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_because="")),
                name="signature_withdrawn_by_somebody_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_method_display()}, {self.signed_at:%Y-%m-%d}"


class Suspension(models.Model):
    """A time without access, decided by a person with a reason."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="suspensions")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    lifted_because = models.TextField(blank=True)

    class Meta:
        ordering = ["-starts_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="suspension_has_reason"),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")), name="suspension_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None, lifted_because="")
                | (Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lifted_because="")),
                name="suspension_lifted_by_somebody_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"from {self.starts_at:%Y-%m-%d %H:%M}"


class Ceiling(models.TextChoices):
    """What a device may reach at most, whoever holds it."""

    PERSON = "", "What the person may reach"
    SHELF = "shelf", "The shelf only"
    NO_INTERNET = "no-internet", "No internet"


assert {ceiling.value for ceiling in Ceiling if ceiling.value} == DEVICE_CEILINGS, "the gate knows other ceilings"


class Device(models.Model):
    """A device of the school, known to the gate by its address."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=100)
    address = models.GenericIPAddressField(
        unique=True, help_text="the fixed address that the school's network gives it"
    )
    profile = models.CharField(max_length=12, blank=True, choices=Ceiling.choices)
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="devices", help_text="its one user, if it has one"
    )
    room = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="device_has_name"),
            models.CheckConstraint(condition=Q(profile__in=Ceiling.values), name="device_profile_known"),
        ]

    def __str__(self) -> str:
        return self.name


class PortalSession(models.Model):
    """A person signed in at one address, until `ends_at`; signing out brings that forward."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="portal_sessions")
    address = models.GenericIPAddressField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["-starts_at"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gte=F("starts_at")), name="portalsession_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"from {self.starts_at:%H:%M} to {self.ends_at:%H:%M}"


class ClassCard(models.Model):
    """A code on a card that tells the portal which child is there.

    Only a keyed hash is kept: reading the database gives nobody a card. The
    code opens nothing without the child's own standing.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="class_cards")
    code_hash = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(withdrawn_at=None), name="classcard_one_live_per_person"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("issued_at")),
                name="classcard_withdrawn_after_issued",
            ),
        ]

    def __str__(self) -> str:
        return f"issued {self.issued_at:%Y-%m-%d}"


class Failure(models.Model):
    """A wrong card code or a wrong password at the portal, counted so that nobody can go on guessing."""

    key = models.CharField(max_length=100, help_text="what is counted together; holds no code and no password")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["key", "at"], name="failure_by_key")]

    def __str__(self) -> str:
        return f"at {self.at:%H:%M}"


class BoardSerial(models.Model):
    """The number of the last board of standing. One row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    serial = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="boardserial_is_one")]

    def __str__(self) -> str:
        return str(self.serial)
