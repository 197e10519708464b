"""Have the database itself refuse to change or remove evidence, whoever asks.

`INSERT OR REPLACE` fires no trigger for the row that it removes, so a third
trigger lets evidence in under a new id only.

Locks: none worth naming; it adds triggers to a table that is still empty.
"""

from django.db import migrations

MAKE = """
CREATE TRIGGER IF NOT EXISTS assurance_evidence_refuses_update BEFORE UPDATE ON assurance_evidence
BEGIN SELECT RAISE(ABORT, 'evidence is never edited'); END;
CREATE TRIGGER IF NOT EXISTS assurance_evidence_refuses_delete BEFORE DELETE ON assurance_evidence
BEGIN SELECT RAISE(ABORT, 'evidence is never removed'); END;
CREATE TRIGGER IF NOT EXISTS assurance_evidence_refuses_replace BEFORE INSERT ON assurance_evidence
WHEN EXISTS (SELECT 1 FROM assurance_evidence WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'evidence is never replaced'); END;
"""
DROP = """
DROP TRIGGER IF EXISTS assurance_evidence_refuses_update;
DROP TRIGGER IF EXISTS assurance_evidence_refuses_delete;
DROP TRIGGER IF EXISTS assurance_evidence_refuses_replace;
"""


class Migration(migrations.Migration):
    dependencies = [("assurance", "0001_first")]

    operations = [migrations.RunSQL(sql=MAKE, reverse_sql=DROP)]
