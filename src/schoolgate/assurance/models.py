"""Editions of the policy, their sentences, what each is bound to, and the evidence.

Evidence is appended and never touched again: triggers in the database refuse
UPDATE and DELETE, whoever asks (migration 0002).
"""

import uuid
from datetime import timedelta

from django.db import models
from django.db.models import F, Q

from schoolgate.assurance.rules import Kind, Status
from schoolgate.people.models import Person

# Plain text, so that the migrations need none of today's code.
KINDS = [kind.value for kind in Kind]
STATUSES = [status.value for status in Status]


class Setting(models.TextChoices):
    """The kind of place that an edition is written for."""

    PRIMARY = "primary", "Primary school"
    EARLY_YEARS = "early-years", "Early years centre"


class Stage(models.TextChoices):
    """Where an edition is in its life."""

    DRAFT = "draft", "Draft"
    RATIFIED = "ratified", "In force"
    SUPERSEDED = "superseded", "Superseded"


class Edition(models.Model):
    """One version of the policy, as the governing body did or may ratify it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=200)
    setting = models.CharField(max_length=12, choices=Setting)
    status = models.CharField(max_length=12, choices=Stage, default=Stage.DRAFT)
    source_name = models.CharField(max_length=200, blank=True)  # the file that it was read from
    adopted_at = models.DateTimeField()
    adopted_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    review_every_months = models.PositiveSmallIntegerField(default=12)
    ratified_on = models.DateField(null=True, blank=True)
    minute = models.CharField(max_length=200, blank=True)  # of the meeting that ratified it
    review_due_on = models.DateField(null=True, blank=True)
    in_force_at = models.DateTimeField(null=True, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-adopted_at"]
        constraints = [
            models.CheckConstraint(condition=Q(setting__in=Setting.values), name="edition_setting_known"),
            models.CheckConstraint(condition=Q(status__in=Stage.values), name="edition_status_known"),
            models.UniqueConstraint(
                fields=["setting"], condition=Q(status=Stage.RATIFIED), name="edition_one_in_force_per_setting"
            ),
            models.CheckConstraint(  # no force without a date and a minute
                condition=Q(status=Stage.DRAFT)
                | (Q(ratified_on__isnull=False, in_force_at__isnull=False) & ~Q(minute="")),
                name="edition_in_force_with_date_and_minute",
            ),
            models.CheckConstraint(
                condition=Q(review_due_on=None) | Q(review_due_on__gt=F("ratified_on")),
                name="edition_review_after_ratification",
            ),
            models.CheckConstraint(
                condition=Q(review_every_months__gte=1, review_every_months__lte=36), name="edition_review_interval"
            ),
            models.CheckConstraint(
                condition=Q(superseded_at=None) ^ Q(status=Stage.SUPERSEDED), name="edition_superseded_with_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.get_status_display()})"


class Statement(models.Model):
    """One sentence of an edition.

    The reference is stable: the same words keep it in the next edition, and
    no other sentence ever takes it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="statements")
    ref = models.CharField(max_length=12)
    order = models.PositiveIntegerField()
    line = models.PositiveIntegerField()  # in the text that was adopted
    section = models.CharField(max_length=300, blank=True)  # the heading above it
    stem = models.TextField(blank=True)  # for an item of a list, the words that introduce the list
    text = models.TextField()
    normative = models.BooleanField()  # whether it promises anything

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "ref"], name="statement_ref_once_per_edition"),
            models.UniqueConstraint(fields=["edition", "order"], name="statement_one_per_place"),
        ]

    def __str__(self) -> str:
        return self.ref


class Binding(models.Model):
    """What makes a sentence true: proposed by the reader of texts, or confirmed by a person.

    A binding is ended and followed by another, never changed into another.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="bindings")
    kind = models.CharField(
        max_length=16,
        choices=[
            ("control", "A control"),
            ("duty", "A duty"),
            ("aspiration", "An aspiration"),
            ("not-applicable", "Not applicable"),
        ],
    )
    promise = models.CharField(max_length=12, blank=True)
    confidence = models.FloatField(null=True, blank=True)  # 0 to 1, of a proposal; None where a person chose
    every_days = models.PositiveSmallIntegerField(null=True, blank=True)  # how often a duty is to be done
    reason = models.TextField(blank=True)
    proposed_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="binding_kind_known"),
            models.UniqueConstraint(
                fields=["statement"], condition=Q(ended_at=None), name="binding_one_live_per_statement"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="binding_confirmed_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["control", "duty"]) | ~Q(promise=""), name="binding_names_its_promise"
            ),
            models.CheckConstraint(
                condition=~Q(kind="not-applicable") | (~Q(reason="") & Q(confirmed_by__isnull=False)),
                name="binding_not_applicable_with_reason_and_approver",
            ),
            models.CheckConstraint(
                condition=~Q(kind="duty") | Q(every_days__gte=1), name="binding_duty_has_an_interval"
            ),
            models.CheckConstraint(
                condition=Q(confidence=None) | Q(confidence__gte=0, confidence__lte=1), name="binding_confidence_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.statement} → {self.promise or self.kind}"


class Evidence(models.Model):
    """One dated finding: from a control about a promise, or from a person about a duty. Append-only."""

    ATTESTED = "attested"

    promise = models.CharField(max_length=12)
    source = models.CharField(max_length=80)  # a control, or ATTESTED
    statement = models.ForeignKey(Statement, models.PROTECT, null=True, blank=True, related_name="attestations")
    by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    status = models.CharField(max_length=16, choices=[(status, status) for status in STATUSES])
    found_at = models.DateTimeField()
    stale_after = models.DurationField()
    summary = models.TextField()
    rows = models.JSONField(default=list)
    names_people = models.BooleanField(default=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["source", "-id"], name="evidence_by_source")]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=STATUSES), name="evidence_status_known"),
            models.CheckConstraint(condition=Q(stale_after__gt=timedelta(0)), name="evidence_goes_stale"),
            models.CheckConstraint(  # a person's word has a person and a sentence; a control's finding has neither
                condition=Q(source="attested", statement__isnull=False, by__isnull=False)
                | (~Q(source="attested") & Q(statement=None, by=None)),
                name="evidence_attested_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.promise} {self.status} {self.found_at:%Y-%m-%d %H:%M}"
