"""Alerts, the events in them, what was done about each, and how far the spool has been read.

Least data: an event below grade 2 leaves one stroke in a count by day and
category, with nobody's name and none of its words.
"""

from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from schoolgate.kernel.harms import HARMS
from schoolgate.monitoring.rules import LEAST_GRADE, About, Status


def _choices(words: type[Status] | type[About]) -> list[tuple[str, str]]:
    return [(word.value, word.value) for word in words]


class Alert(models.Model):
    """What one person (or one device) did within one theme and one stretch of time, for somebody to look at.

    Holds references only: names are looked up when it is shown.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    ref = models.CharField(max_length=7, unique=True)
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    device = models.CharField(max_length=64, blank=True)
    about = models.CharField(max_length=8, choices=_choices(About))
    category = models.CharField(max_length=20)
    grade = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10, choices=_choices(Status), default=Status.NEW.value)
    opened_at = models.DateTimeField()
    last_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["status", "-grade", "-last_at"], name="alert_open_first"),
            models.Index(fields=["person", "category", "-last_at"], name="alert_of_person"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(grade__gte=LEAST_GRADE, grade__lte=5), name="alert_grade_2_to_5"),
            models.CheckConstraint(condition=Q(status__in=[s.value for s in Status]), name="alert_status_known"),
            models.CheckConstraint(condition=Q(category__in=sorted(HARMS)), name="alert_category_known"),
            models.CheckConstraint(condition=Q(last_at__gte=F("opened_at")), name="alert_last_after_opened"),
            models.CheckConstraint(  # an alert about nobody is about a device; one about somebody says so
                condition=Q(person=None, about=About.NOBODY.value)
                | (Q(person__isnull=False) & Q(about__in=[a.value for a in About if a is not About.NOBODY])),
                name="alert_about_matches_person",
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at=None, acknowledged_by=None)
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
                name="alert_acknowledged_by_somebody",
            ),
            models.CheckConstraint(  # nobody decides about what nobody has read
                condition=Q(status=Status.NEW.value) | Q(acknowledged_at__isnull=False),
                name="alert_decided_after_acknowledged",
            ),
        ]

    def __str__(self) -> str:
        return self.ref


class AlertEvent(models.Model):
    """One finding in an alert: the words, and why they were noticed."""

    alert = models.ForeignKey(Alert, models.PROTECT, related_name="events")
    activity_id = models.CharField(max_length=64)
    kind = models.CharField(max_length=8)
    at = models.DateTimeField()
    taken_at = models.DateTimeField()
    text = models.TextField()
    source = models.CharField(max_length=40)
    grade = models.PositiveSmallIntegerField()
    help_seeking = models.BooleanField()
    because = models.JSONField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["activity_id", "kind"], name="alertevent_once_per_activity_and_kind"),
            models.CheckConstraint(condition=Q(grade__gte=LEAST_GRADE, grade__lte=5), name="alertevent_grade_2_to_5"),
            models.CheckConstraint(condition=~Q(activity_id=""), name="alertevent_activity_named"),
            models.CheckConstraint(
                condition=Q(kind__in=["search", "page", "prompt", "post"]), name="alertevent_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.activity_id}"


class AlertStep(models.Model):
    """What happened to an alert, in order: evidence, so a trigger refuses every change of it.

    Its growing key is also how an open page knows what it has already shown.
    """

    class Kind(models.TextChoices):
        """What happened."""

        OPENED = "opened"
        JOINED = "joined"
        ACKNOWLEDGED = "acknowledged"
        DECIDED = "decided"

    alert = models.ForeignKey(Alert, models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    at = models.DateTimeField()
    by = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    status = models.CharField(max_length=10, blank=True)
    because = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["opened", "joined"], by=None)
                | Q(kind__in=["acknowledged", "decided"], by__isnull=False),
                name="alertstep_people_decide",
            ),
            models.CheckConstraint(
                condition=Q(kind="decided", status__in=[s.value for s in Status if s is not Status.NEW])
                | (~Q(kind="decided") & Q(status="")),
                name="alertstep_decision_says_what",
            ),
            models.CheckConstraint(  # a false alarm, and a real one without a concern, need their reasons
                condition=~Q(status__in=["false", "true"]) | ~Q(because=""),
                name="alertstep_decision_with_reasons",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.alert_id} {self.kind}"


class QuietCount(models.Model):
    """How many events of a category were below an alert on one day. Nobody can be found in it."""

    on = models.DateField()
    category = models.CharField(max_length=20)
    n_events = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["on", "category"], name="quietcount_one_per_day_and_category")]

    def __str__(self) -> str:
        return f"{self.on} {self.category}"


class SpoolCursor(models.Model):
    """How far the watch has read, and when it last said that it runs. One row."""

    name = models.CharField(max_length=20, primary_key=True)
    position = models.JSONField(default=dict)
    moved_at = models.DateTimeField(null=True, blank=True)
    beat_at = models.DateTimeField(null=True, blank=True)
    n_damaged = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.name
