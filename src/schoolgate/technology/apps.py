"""How Django knows this package."""

from django.apps import AppConfig


class TechnologyConfig(AppConfig):
    """What is used, what it risks, and what answers each risk."""

    name = "schoolgate.technology"
    label = "technology"
    default_auto_field = "django.db.models.BigAutoField"
