"""Concerns: who is in them, and what was written, entry by entry.

Entries are evidence: database triggers refuse to change or remove one. What
was wrong is superseded by a correction, and both stay to be read.
"""

from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from schoolgate.concerns.rules import CATEGORIES, Audience, Decision, Kind, Part


class Concern(models.Model):
    """The record of one worry about a child, or of one allegation about an adult."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    ref = models.CharField(max_length=7, unique=True)
    category = models.CharField(max_length=20, choices=list(CATEGORIES.items()))
    audience = models.CharField(max_length=8, choices=[(one.value, one.value) for one in Audience])
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    alert = models.OneToOneField("monitoring.Alert", models.PROTECT, null=True, blank=True, related_name="concern")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["audience", "closed_at", "-opened_at"], name="concern_open_first")]
        constraints = [
            models.CheckConstraint(condition=Q(category__in=list(CATEGORIES)), name="concern_category_known"),
            models.CheckConstraint(
                condition=Q(audience__in=[a.value for a in Audience]), name="concern_audience_known"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None) | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="concern_closed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(closed_at__gte=F("opened_at")), name="concern_closed_after_opened"
            ),
        ]

    def __str__(self) -> str:
        return self.ref

    @property
    def is_open(self) -> bool:
        """Whether work on it goes on."""
        return self.closed_at is None


class Involved(models.Model):
    """A person's part in a concern. Somebody whom the school does not know has words instead of a person."""

    concern = models.ForeignKey(Concern, models.PROTECT, related_name="involved")
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    described = models.CharField(max_length=200, blank=True)
    part = models.CharField(max_length=12, choices=Part.choices)
    at = models.DateTimeField()
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["concern", "person", "part"], name="involved_once_per_part"),
            models.CheckConstraint(condition=Q(part__in=Part.values), name="involved_part_known"),
            models.CheckConstraint(
                condition=(Q(person=None) & ~Q(described="")) | Q(person__isnull=False, described=""),
                name="involved_person_or_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part} in {self.concern_id}"


class Entry(models.Model):
    """What somebody wrote in a concern, at one moment. Never changed and never removed."""

    concern = models.ForeignKey(Concern, models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    text = models.TextField()
    reasons = models.TextField(blank=True)
    decision = models.CharField(max_length=12, blank=True, choices=Decision.choices)
    owner = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField(null=True, blank=True)
    supersedes = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="corrections")
    answers = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="agreements")
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="concernentry_kind_known"),
            models.CheckConstraint(condition=~Q(text=""), name="concernentry_has_words"),
            models.CheckConstraint(  # a decision says what, and why
                condition=(Q(kind="decision", decision__in=Decision.values) & ~Q(reasons=""))
                | (~Q(kind="decision") & Q(decision="")),
                name="concernentry_decision_with_reasons",
            ),
            models.CheckConstraint(  # an action has somebody who does it, and a day
                condition=Q(kind="action", owner__isnull=False, due_on__isnull=False)
                | (~Q(kind="action") & Q(owner=None, due_on=None)),
                name="concernentry_action_owned_and_due",
            ),
            models.CheckConstraint(
                condition=Q(kind="correction", supersedes__isnull=False) | (~Q(kind="correction") & Q(supersedes=None)),
                name="concernentry_correction_supersedes",
            ),
            models.CheckConstraint(
                condition=Q(kind="agreement", answers__isnull=False) | (~Q(kind="agreement") & Q(answers=None)),
                name="concernentry_agreement_answers",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} in {self.concern_id}"
