"""Have the database itself refuse to change or remove what was written in a concern, and who was named in it.

`INSERT OR REPLACE` fires no trigger for the row that it removes, so a third
trigger refuses a key that is there.

Locks: none worth naming; it adds triggers to tables that are still empty.
"""

from string import Template

from django.db import migrations

TABLES = {"concerns_entry": "an entry of a concern", "concerns_involved": "a part in a concern"}
MADE = Template("""
CREATE TRIGGER IF NOT EXISTS ${table}_refuses_update BEFORE UPDATE ON ${table}
BEGIN SELECT RAISE(ABORT, '$what is never changed'); END;
CREATE TRIGGER IF NOT EXISTS ${table}_refuses_delete BEFORE DELETE ON ${table}
BEGIN SELECT RAISE(ABORT, '$what is never removed'); END;
CREATE TRIGGER IF NOT EXISTS ${table}_refuses_replace BEFORE INSERT ON ${table}
WHEN EXISTS (SELECT 1 FROM ${table} WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, '$what is never replaced'); END;
""")
DROPPED = Template("""
DROP TRIGGER IF EXISTS ${table}_refuses_update;
DROP TRIGGER IF EXISTS ${table}_refuses_delete;
DROP TRIGGER IF EXISTS ${table}_refuses_replace;
""")
MAKE = "".join(MADE.substitute(table=table, what=what) for table, what in TABLES.items())
DROP = "".join(DROPPED.substitute(table=table) for table in TABLES)


class Migration(migrations.Migration):
    dependencies = [("concerns", "0001_first")]

    operations = [migrations.RunSQL(sql=MAKE, reverse_sql=DROP)]
