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
            name="Agreement",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("code", models.SlugField(max_length=32, unique=True)),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("staff", "Staff"),
                            ("ks2", "Pupils in Years 3 to 6"),
                            ("ks1", "Pupils in Years 1 and 2"),
                            ("early-years", "Nursery and Reception, signed by a parent"),
                            ("visitor", "Governors and visitors"),
                        ],
                        max_length=12,
                        unique=True,
                    ),
                ),
                ("title", models.CharField(max_length=200)),
            ],
            options={
                "ordering": ["code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("audience__in", ["staff", "ks2", "ks1", "early-years", "visitor"])),
                        name="agreement_audience_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("code", ""), _negated=True), models.Q(("title", ""), _negated=True)
                        ),
                        name="agreement_has_code_and_title",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AgreementVersion",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                ("text", models.TextField()),
                ("sanctions", models.TextField(help_text="what follows when it is not kept")),
                ("effective_on", models.DateField()),
                (
                    "is_material",
                    models.BooleanField(default=True, help_text="signatures under older versions no longer count"),
                ),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="access.agreement"
                    ),
                ),
            ],
            options={
                "ordering": ["agreement", "number"],
            },
        ),
        migrations.CreateModel(
            name="BoardSerial",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("serial", models.PositiveBigIntegerField(default=0)),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="boardserial_is_one")],
            },
        ),
        migrations.CreateModel(
            name="ClassCard",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("code_hash", models.CharField(max_length=64, unique=True)),
                ("issued_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="class_cards", to="people.person"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Device",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=100)),
                (
                    "address",
                    models.GenericIPAddressField(
                        help_text="the fixed address that the school's network gives it", unique=True
                    ),
                ),
                (
                    "profile",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "What the person may reach"),
                            ("shelf", "The shelf only"),
                            ("no-internet", "No internet"),
                        ],
                        max_length=12,
                    ),
                ),
                ("room", models.CharField(blank=True, max_length=60)),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        help_text="its one user, if it has one",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="devices",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Failure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        help_text="what is counted together; holds no code and no password", max_length=100
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["key", "at"], name="failure_by_key")],
            },
        ),
        migrations.CreateModel(
            name="PortalSession",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("address", models.GenericIPAddressField()),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(db_index=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="portal_sessions", to="people.person"
                    ),
                ),
            ],
            options={
                "ordering": ["-starts_at"],
            },
        ),
        migrations.CreateModel(
            name="Signature",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("signed_at", models.DateTimeField()),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("own", "Signed in with their own account"),
                            ("with-teacher", "With a member of staff as witness"),
                            ("on-behalf", "A parent or carer, for the child"),
                        ],
                        max_length=12,
                    ),
                ),
                ("on_behalf_by", models.CharField(blank=True, help_text="name of the parent or carer", max_length=200)),
                ("relationship", models.CharField(blank=True, help_text="of that person to the child", max_length=60)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_because", models.TextField(blank=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="signatures", to="people.person"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="access.agreementversion",
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "witness",
                    models.ForeignKey(
                        blank=True,
                        help_text="the member of staff who was there",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "ordering": ["-signed_at"],
            },
        ),
        migrations.CreateModel(
            name="Suspension",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.TextField()),
                ("lifted_at", models.DateTimeField(blank=True, null=True)),
                ("lifted_because", models.TextField(blank=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "lifted_by",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="suspensions", to="people.person"
                    ),
                ),
            ],
            options={
                "ordering": ["-starts_at"],
            },
        ),
        migrations.AddConstraint(
            model_name="agreementversion",
            constraint=models.UniqueConstraint(fields=("agreement", "number"), name="agreementversion_number_once"),
        ),
        migrations.AddConstraint(
            model_name="agreementversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 1)), name="agreementversion_number_from_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="agreementversion",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("text", ""), _negated=True), models.Q(("sanctions", ""), _negated=True)),
                name="agreementversion_has_expectations_and_sanctions",
            ),
        ),
        migrations.AddConstraint(
            model_name="agreementversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_material", True), ("number__gt", 1), _connector="OR"),
                name="agreementversion_first_is_material",
            ),
        ),
        migrations.AddConstraint(
            model_name="classcard",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at", None)), fields=("person",), name="classcard_one_live_per_person"
            ),
        ),
        migrations.AddConstraint(
            model_name="classcard",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("withdrawn_at", None), ("withdrawn_at__gte", models.F("issued_at")), _connector="OR"
                ),
                name="classcard_withdrawn_after_issued",
            ),
        ),
        migrations.AddConstraint(
            model_name="device",
            constraint=models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="device_has_name"),
        ),
        migrations.AddConstraint(
            model_name="device",
            constraint=models.CheckConstraint(
                condition=models.Q(("profile__in", ["", "shelf", "no-internet"])), name="device_profile_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="portalsession",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gte", models.F("starts_at"))), name="portalsession_ends_after_start"
            ),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at", None)),
                fields=("version", "person"),
                name="signature_one_live_per_version",
            ),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.CheckConstraint(
                condition=models.Q(("method__in", ["own", "with-teacher", "on-behalf"])), name="signature_method_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("method", "own"), ("witness", None)),
                    models.Q(models.Q(("method", "own"), _negated=True), ("witness__isnull", False)),
                    _connector="OR",
                ),
                name="signature_witnessed_unless_own",
            ),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("witness", None), models.Q(("witness", models.F("person")), _negated=True), _connector="OR"
                ),
                name="signature_witness_is_somebody_else",
            ),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("method", "on-behalf"),
                        models.Q(("on_behalf_by", ""), _negated=True),
                        models.Q(("relationship", ""), _negated=True),
                    ),
                    models.Q(
                        models.Q(("method", "on-behalf"), _negated=True), ("on_behalf_by", ""), ("relationship", "")
                    ),
                    _connector="OR",
                ),
                name="signature_on_behalf_names_the_parent",
            ),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("withdrawn_at", None), ("withdrawn_at__gte", models.F("signed_at")), _connector="OR"
                ),
                name="signature_withdrawn_after_signed",
            ),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at", None), ("withdrawn_because", ""), ("withdrawn_by", None)),
                    models.Q(
                        ("withdrawn_at__isnull", False),
                        ("withdrawn_by__isnull", False),
                        models.Q(("withdrawn_because", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="signature_withdrawn_by_somebody_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="suspension",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="suspension_has_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="suspension",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at", None), ("ends_at__gt", models.F("starts_at")), _connector="OR"),
                name="suspension_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="suspension",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("lifted_at", None), ("lifted_because", ""), ("lifted_by", None)),
                    models.Q(
                        ("lifted_at__isnull", False),
                        ("lifted_by__isnull", False),
                        models.Q(("lifted_because", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="suspension_lifted_by_somebody_with_reason",
            ),
        ),
    ]
