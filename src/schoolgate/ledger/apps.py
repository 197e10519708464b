"""How Django knows this package."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Who did what, append-only and tamper-evident."""

    name = "schoolgate.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"
