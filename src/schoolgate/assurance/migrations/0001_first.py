"""The first tables. Locks: none, they are new."""

import datetime
import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0001_first"),
    ]

    operations = [
        migrations.CreateModel(
            name="Edition",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("title", models.CharField(max_length=200)),
                (
                    "setting",
                    models.CharField(
                        choices=[("primary", "Primary school"), ("early-years", "Early years centre")], max_length=12
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("draft", "Draft"), ("ratified", "In force"), ("superseded", "Superseded")],
                        default="draft",
                        max_length=12,
                    ),
                ),
                ("source_name", models.CharField(blank=True, max_length=200)),
                ("adopted_at", models.DateTimeField()),
                ("review_every_months", models.PositiveSmallIntegerField(default=12)),
                ("ratified_on", models.DateField(blank=True, null=True)),
                ("minute", models.CharField(blank=True, max_length=200)),
                ("review_due_on", models.DateField(blank=True, null=True)),
                ("in_force_at", models.DateTimeField(blank=True, null=True)),
                ("superseded_at", models.DateTimeField(blank=True, null=True)),
                (
                    "adopted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "ordering": ["-adopted_at"],
            },
        ),
        migrations.CreateModel(
            name="Statement",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("ref", models.CharField(max_length=12)),
                ("order", models.PositiveIntegerField()),
                ("line", models.PositiveIntegerField()),
                ("section", models.CharField(blank=True, max_length=300)),
                ("stem", models.TextField(blank=True)),
                ("text", models.TextField()),
                ("normative", models.BooleanField()),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="statements", to="assurance.edition"
                    ),
                ),
            ],
            options={
                "ordering": ["order"],
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("promise", models.CharField(max_length=12)),
                ("source", models.CharField(max_length=80)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("met", "met"),
                            ("at-risk", "at-risk"),
                            ("not-met", "not-met"),
                            ("not-applicable", "not-applicable"),
                            ("unknown", "unknown"),
                        ],
                        max_length=16,
                    ),
                ),
                ("found_at", models.DateTimeField()),
                ("stale_after", models.DurationField()),
                ("summary", models.TextField()),
                ("rows", models.JSONField(default=list)),
                ("names_people", models.BooleanField(default=True)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attestations",
                        to="assurance.statement",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Binding",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("control", "A control"),
                            ("duty", "A duty"),
                            ("aspiration", "An aspiration"),
                            ("not-applicable", "Not applicable"),
                        ],
                        max_length=16,
                    ),
                ),
                ("promise", models.CharField(blank=True, max_length=12)),
                ("confidence", models.FloatField(blank=True, null=True)),
                ("every_days", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("reason", models.TextField(blank=True)),
                ("proposed_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="bindings", to="assurance.statement"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.CheckConstraint(
                condition=models.Q(("setting__in", ["primary", "early-years"])), name="edition_setting_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["draft", "ratified", "superseded"])), name="edition_status_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "ratified")), fields=("setting",), name="edition_one_in_force_per_setting"
            ),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status", "draft"),
                    models.Q(
                        ("in_force_at__isnull", False),
                        ("ratified_on__isnull", False),
                        models.Q(("minute", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="edition_in_force_with_date_and_minute",
            ),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("review_due_on", None), ("review_due_on__gt", models.F("ratified_on")), _connector="OR"
                ),
                name="edition_review_after_ratification",
            ),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.CheckConstraint(
                condition=models.Q(("review_every_months__gte", 1), ("review_every_months__lte", 36)),
                name="edition_review_interval",
            ),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.CheckConstraint(
                condition=models.Q(("superseded_at", None), ("status", "superseded"), _connector="XOR"),
                name="edition_superseded_with_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.UniqueConstraint(fields=("edition", "ref"), name="statement_ref_once_per_edition"),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.UniqueConstraint(fields=("edition", "order"), name="statement_one_per_place"),
        ),
        migrations.AddIndex(
            model_name="evidence",
            index=models.Index(fields=["source", "-id"], name="evidence_by_source"),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["met", "at-risk", "not-met", "not-applicable", "unknown"])),
                name="evidence_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(("stale_after__gt", datetime.timedelta(0))), name="evidence_goes_stale"
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("by__isnull", False), ("source", "attested"), ("statement__isnull", False)),
                    models.Q(models.Q(("source", "attested"), _negated=True), ("by", None), ("statement", None)),
                    _connector="OR",
                ),
                name="evidence_attested_by_someone",
            ),
        ),
        migrations.AddConstraint(
            model_name="binding",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["control", "duty", "aspiration", "not-applicable"])),
                name="binding_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="binding",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)), fields=("statement",), name="binding_one_live_per_statement"
            ),
        ),
        migrations.AddConstraint(
            model_name="binding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("confirmed_at", None), ("confirmed_by", None)),
                    models.Q(("confirmed_at__isnull", False), ("confirmed_by__isnull", False)),
                    _connector="OR",
                ),
                name="binding_confirmed_by_someone",
            ),
        ),
        migrations.AddConstraint(
            model_name="binding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ["control", "duty"]), _negated=True),
                    models.Q(("promise", ""), _negated=True),
                    _connector="OR",
                ),
                name="binding_names_its_promise",
            ),
        ),
        migrations.AddConstraint(
            model_name="binding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "not-applicable"), _negated=True),
                    models.Q(models.Q(("reason", ""), _negated=True), ("confirmed_by__isnull", False)),
                    _connector="OR",
                ),
                name="binding_not_applicable_with_reason_and_approver",
            ),
        ),
        migrations.AddConstraint(
            model_name="binding",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("kind", "duty"), _negated=True), ("every_days__gte", 1), _connector="OR"),
                name="binding_duty_has_an_interval",
            ),
        ),
        migrations.AddConstraint(
            model_name="binding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("confidence", None), models.Q(("confidence__gte", 0), ("confidence__lte", 1)), _connector="OR"
                ),
                name="binding_confidence_range",
            ),
        ),
    ]
