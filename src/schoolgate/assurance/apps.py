"""How Django knows this package."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class AssuranceConfig(AppConfig):
    """Policy editions, statements, bindings, and the evidence beside each sentence."""

    name = "schoolgate.assurance"
    label = "assurance"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Find the controls of every app."""
        autodiscover_modules("controls")
