"""The first tables. Locks: none, they are new."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(db_index=True)),
                ("action", models.CharField(db_index=True, max_length=100)),
                ("by", models.UUIDField(blank=True, db_index=True, null=True)),
                ("about", models.CharField(blank=True, db_index=True, max_length=200)),
                ("said_json", models.TextField(db_column="said")),
                ("previous", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64, unique=True)),
                ("seal", models.CharField(max_length=88)),
            ],
            options={
                "ordering": ["seq"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("seq__gte", 1)), name="entry_seq_from_one"),
                    models.CheckConstraint(condition=models.Q(("action", ""), _negated=True), name="entry_has_action"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Turn",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="turn_is_one")],
            },
        ),
    ]
