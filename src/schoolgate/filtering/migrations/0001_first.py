"""The first tables. Locks: none, they are new."""

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
            name="Publication",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("release", models.CharField(blank=True, max_length=80)),
                ("why_not", models.TextField(blank=True)),
                ("n_school_rules", models.PositiveIntegerField(default=0)),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(models.Q(("release", ""), _negated=True), ("why_not", "")),
                            models.Q(("release", ""), models.Q(("why_not", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="publication_worked_or_says_why_not",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SiteRequest",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("url", models.URLField(max_length=2000)),
                ("host", models.CharField(max_length=253)),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("staff", "Staff only"),
                            ("ks1", "Years 1 and 2"),
                            ("ks2", "Years 3 to 6"),
                            ("pupils", "All pupils from Year 1"),
                        ],
                        max_length=8,
                    ),
                ),
                ("reason", models.TextField()),
                ("until_on", models.DateField()),
                ("asked_at", models.DateTimeField()),
                ("blocked_because", models.JSONField(default=list)),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "Waiting for an answer"), ("allowed", "Allowed"), ("declined", "Declined")],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("answer", models.TextField(blank=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
            ],
            options={
                "ordering": ["-asked_at"],
            },
        ),
        migrations.CreateModel(
            name="SchoolRule",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=12, unique=True)),
                ("host", models.CharField(max_length=253)),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("staff", "Staff only"),
                            ("ks1", "Years 1 and 2"),
                            ("ks2", "Years 3 to 6"),
                            ("pupils", "All pupils from Year 1"),
                        ],
                        max_length=8,
                    ),
                ),
                ("reason", models.TextField()),
                ("starts_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "approved_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rule", to="filtering.siterequest"
                    ),
                ),
            ],
            options={
                "ordering": ["starts_at", "code"],
            },
        ),
        migrations.AddConstraint(
            model_name="siterequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["open", "allowed", "declined"])), name="site_request_status_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="siterequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("audience__in", ["staff", "ks1", "ks2", "pupils"])),
                name="site_request_audience_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="siterequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="site_request_has_a_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="siterequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer", ""), ("answered_at", None), ("answered_by", None), ("status", "open")),
                    models.Q(
                        ("answered_at__isnull", False),
                        ("answered_by__isnull", False),
                        ("status__in", ["allowed", "declined"]),
                        models.Q(("answer", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="site_request_answered_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="siterequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "allowed"), _negated=True),
                    ("audience", "staff"),
                    models.Q(("answered_by", models.F("person")), _negated=True),
                    _connector="OR",
                ),
                name="site_request_two_people_for_pupils",
            ),
        ),
        migrations.AddConstraint(
            model_name="schoolrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("audience__in", ["staff", "ks1", "ks2", "pupils"])),
                name="school_rule_audience_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="schoolrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_at__gt", models.F("starts_at"))), name="school_rule_expires"
            ),
        ),
        migrations.AddConstraint(
            model_name="schoolrule",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("reason", ""), _negated=True), models.Q(("host", ""), _negated=True)),
                name="school_rule_has_reason_and_host",
            ),
        ),
        migrations.AddConstraint(
            model_name="schoolrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("audience", "staff"),
                    models.Q(("requested_by", models.F("approved_by")), _negated=True),
                    _connector="OR",
                ),
                name="school_rule_two_people_for_pupils",
            ),
        ),
        migrations.AddConstraint(
            model_name="schoolrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at", None), ("ended_by", None)),
                    models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                    _connector="OR",
                ),
                name="school_rule_ended_by_someone",
            ),
        ),
    ]
