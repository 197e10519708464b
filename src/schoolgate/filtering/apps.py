"""How Django knows this package."""

from django.apps import AppConfig


class FilteringConfig(AppConfig):
    """Requests for sites, school rules, and the release that they compile to."""

    name = "schoolgate.filtering"
    label = "filtering"
    default_auto_field = "django.db.models.BigAutoField"
