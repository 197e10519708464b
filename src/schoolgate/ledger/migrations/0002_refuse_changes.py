"""Have the database itself refuse to change or remove an entry, whoever asks.

`INSERT OR REPLACE` fires no trigger for the row that it removes, so a third
trigger lets a row in only at the end.

Locks: none worth naming; it adds triggers to a table that is still empty.
"""

from django.db import migrations

MAKE = """
CREATE TRIGGER IF NOT EXISTS ledger_entry_refuses_update BEFORE UPDATE ON ledger_entry
BEGIN SELECT RAISE(ABORT, 'the ledger is never updated'); END;
CREATE TRIGGER IF NOT EXISTS ledger_entry_refuses_delete BEFORE DELETE ON ledger_entry
BEGIN SELECT RAISE(ABORT, 'the ledger is never deleted from'); END;
CREATE TRIGGER IF NOT EXISTS ledger_entry_refuses_replace BEFORE INSERT ON ledger_entry
WHEN NEW.seq <> (SELECT COALESCE(MAX(seq), 0) + 1 FROM ledger_entry)
  OR EXISTS (SELECT 1 FROM ledger_entry WHERE hash = NEW.hash)
BEGIN SELECT RAISE(ABORT, 'the ledger grows by one entry at its end'); END;
"""
DROP = """
DROP TRIGGER IF EXISTS ledger_entry_refuses_update;
DROP TRIGGER IF EXISTS ledger_entry_refuses_delete;
DROP TRIGGER IF EXISTS ledger_entry_refuses_replace;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_first")]

    operations = [migrations.RunSQL(sql=MAKE, reverse_sql=DROP)]
