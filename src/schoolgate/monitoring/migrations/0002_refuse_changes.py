"""Have the database itself refuse to change or remove a step of an alert, whoever asks.

`INSERT OR REPLACE` fires no trigger for the row that it removes, so a third
trigger refuses a key that is there.

Locks: none worth naming; it adds triggers to a table that is still empty.
"""

from django.db import migrations

MAKE = """
CREATE TRIGGER IF NOT EXISTS monitoring_alertstep_refuses_update BEFORE UPDATE ON monitoring_alertstep
BEGIN SELECT RAISE(ABORT, 'a step of an alert is never changed'); END;
CREATE TRIGGER IF NOT EXISTS monitoring_alertstep_refuses_delete BEFORE DELETE ON monitoring_alertstep
BEGIN SELECT RAISE(ABORT, 'a step of an alert is never removed'); END;
CREATE TRIGGER IF NOT EXISTS monitoring_alertstep_refuses_replace BEFORE INSERT ON monitoring_alertstep
WHEN EXISTS (SELECT 1 FROM monitoring_alertstep WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a step of an alert is never replaced'); END;
"""
DROP = """
DROP TRIGGER IF EXISTS monitoring_alertstep_refuses_update;
DROP TRIGGER IF EXISTS monitoring_alertstep_refuses_delete;
DROP TRIGGER IF EXISTS monitoring_alertstep_refuses_replace;
"""


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0001_first")]

    operations = [migrations.RunSQL(sql=MAKE, reverse_sql=DROP)]
