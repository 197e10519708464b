"""How Django knows this package."""

from django.apps import AppConfig


class ConcernsConfig(AppConfig):
    """Case records: what happened, what was done, and why."""

    name = "schoolgate.concerns"
    label = "concerns"
    default_auto_field = "django.db.models.BigAutoField"
