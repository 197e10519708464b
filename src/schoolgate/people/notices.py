"""What this package tells those that stand above it."""

from django.dispatch import Signal

# Sent inside the transaction, with `now`: somebody started, left, or changed role, year or class.
people_changed = Signal()
