"""What staff ask to open, what was answered, and what the gate was last told."""

import uuid

from django.db import models
from django.db.models import F, Q

from schoolgate.filtering.rules import Audience
from schoolgate.people.models import Person

# Plain text, so that the migrations need none of today's code.
AUDIENCES = [(audience.value, audience.label) for audience in Audience]


class SiteRequest(models.Model):
    """A member of staff asks for a site that the gate blocks."""

    class Status(models.TextChoices):
        """Where a request stands."""

        OPEN = "open", "Waiting for an answer"
        ALLOWED = "allowed", "Allowed"
        DECLINED = "declined", "Declined"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    url = models.URLField(max_length=2000)  # canonical
    host = models.CharField(max_length=253)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    audience = models.CharField(max_length=8, choices=AUDIENCES)
    reason = models.TextField()
    until_on = models.DateField()
    asked_at = models.DateTimeField()
    blocked_because = models.JSONField(default=list)  # what the gate said when they asked
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.TextField(blank=True)

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["open", "allowed", "declined"]), name="site_request_status_known"
            ),
            models.CheckConstraint(
                condition=Q(audience__in=[value for value, _ in AUDIENCES]), name="site_request_audience_known"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="site_request_has_a_reason"),
            models.CheckConstraint(
                condition=Q(status="open", answered_at=None, answered_by=None, answer="")
                | (
                    Q(status__in=["allowed", "declined"], answered_at__isnull=False, answered_by__isnull=False)
                    & ~Q(answer="")
                ),
                name="site_request_answered_with_reason",
            ),
            models.CheckConstraint(  # the second pair of eyes, for whatever children reach
                condition=~Q(status="allowed") | Q(audience="staff") | ~Q(answered_by=F("person")),
                name="site_request_two_people_for_pupils",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.host} ({self.get_status_display()})"


class SchoolRule(models.Model):
    """The school opens one host to one audience until a day. It ends by itself, or is ended sooner."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=12, unique=True)
    request = models.OneToOneField(SiteRequest, models.PROTECT, related_name="rule")
    host = models.CharField(max_length=253)
    audience = models.CharField(max_length=8, choices=AUDIENCES)
    requested_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    reason = models.TextField()
    starts_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["starts_at", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(audience__in=[value for value, _ in AUDIENCES]), name="school_rule_audience_known"
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("starts_at")), name="school_rule_expires"),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(host=""), name="school_rule_has_reason_and_host"),
            models.CheckConstraint(
                condition=Q(audience="staff") | ~Q(requested_by=F("approved_by")),
                name="school_rule_two_people_for_pupils",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="school_rule_ended_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.host}"


class Publication(models.Model):
    """One attempt to give the gate a new release, and how it went."""

    at = models.DateTimeField()
    release = models.CharField(max_length=80, blank=True)  # empty where it failed
    why_not = models.TextField(blank=True)
    n_school_rules = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=(~Q(release="") & Q(why_not="")) | (Q(release="") & ~Q(why_not="")),
                name="publication_worked_or_says_why_not",
            ),
        ]

    def __str__(self) -> str:
        return self.release or "failed"
