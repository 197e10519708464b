"""The first tables. Locks: none, they are new."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Group",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "code",
                    models.CharField(help_text='short and usable in an address: "4-oak"', max_length=32, unique=True),
                ),
                ("name", models.CharField(max_length=100)),
                ("kind", models.CharField(choices=[("class", "Class")], default="class", max_length=12)),
                (
                    "year_group",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("N1", "Nursery (2 to 3)"),
                            ("N2", "Nursery (3 to 4)"),
                            ("R", "Reception"),
                            ("1", "Year 1"),
                            ("2", "Year 2"),
                            ("3", "Year 3"),
                            ("4", "Year 4"),
                            ("5", "Year 5"),
                            ("6", "Year 6"),
                        ],
                        max_length=2,
                    ),
                ),
            ],
            options={
                "ordering": ["code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("code", ""), _negated=True), models.Q(("name", ""), _negated=True)
                        ),
                        name="group_has_code_and_name",
                    ),
                    models.CheckConstraint(condition=models.Q(("kind__in", ["class"])), name="group_kind_known"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("year_group", ""),
                            ("year_group__in", ["N1", "N2", "R", "1", "2", "3", "4", "5", "6"]),
                            _connector="OR",
                        ),
                        name="group_year_group_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "external_id",
                    models.CharField(
                        blank=True, help_text="id in the system that the school imports from", max_length=64
                    ),
                ),
                ("given_name", models.CharField(max_length=100)),
                ("family_name", models.CharField(max_length=100)),
                ("preferred_name", models.CharField(blank=True, max_length=100)),
                ("born_on", models.DateField(blank=True, null=True)),
                (
                    "year_group",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("N1", "Nursery (2 to 3)"),
                            ("N2", "Nursery (3 to 4)"),
                            ("R", "Reception"),
                            ("1", "Year 1"),
                            ("2", "Year 2"),
                            ("3", "Year 3"),
                            ("4", "Year 4"),
                            ("5", "Year 5"),
                            ("6", "Year 6"),
                        ],
                        max_length=2,
                    ),
                ),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
                (
                    "user",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="person",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["family_name", "given_name", "id"],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("part", models.CharField(choices=[("pupil", "Pupil"), ("teacher", "Teacher")], max_length=12)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="memberships", to="people.group"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="memberships", to="people.person"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RoleHeld",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("head", "Head teacher"),
                            ("dsl", "Designated safeguarding lead"),
                            ("deputy", "Deputy safeguarding lead"),
                            ("computing", "Computing lead"),
                            ("teacher", "Teacher"),
                            ("staff", "Member of staff"),
                            ("technician", "Technician"),
                            ("governor", "Governor"),
                            ("pupil", "Pupil"),
                            ("parent", "Parent or carer"),
                            ("visitor", "Visitor"),
                        ],
                        max_length=12,
                    ),
                ),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="roles_held", to="people.person"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.UniqueConstraint(
                condition=models.Q(("external_id", ""), _negated=True),
                fields=("external_id",),
                name="person_external_id_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("given_name", ""), _negated=True), models.Q(("family_name", ""), _negated=True)
                ),
                name="person_has_names",
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("year_group", ""),
                    ("year_group__in", ["N1", "N2", "R", "1", "2", "3", "4", "5", "6"]),
                    _connector="OR",
                ),
                name="person_year_group_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"),
                name="person_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ends_on", None)),
                fields=("person", "group", "part"),
                name="membership_one_open_per_part",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(("part__in", ["pupil", "teacher"])), name="membership_part_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"),
                name="membership_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="roleheld",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ends_on", None)), fields=("person", "role"), name="roleheld_one_open_per_role"
            ),
        ),
        migrations.AddConstraint(
            model_name="roleheld",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "role__in",
                        [
                            "head",
                            "dsl",
                            "deputy",
                            "computing",
                            "teacher",
                            "staff",
                            "technician",
                            "governor",
                            "pupil",
                            "parent",
                            "visitor",
                        ],
                    )
                ),
                name="roleheld_role_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="roleheld",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"),
                name="roleheld_ends_after_start",
            ),
        ),
    ]
