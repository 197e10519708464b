"""How Django knows this package."""

from django.apps import AppConfig


class AssuranceConfig(AppConfig):
    """Policy editions, statements, bindings, and the evidence beside each sentence."""

    name = "schoolgate.assurance"
    label = "assurance"
    default_auto_field = "django.db.models.BigAutoField"
