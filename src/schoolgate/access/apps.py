"""How Django knows this package."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Agreements, standing, devices: who may pass."""

    name = "schoolgate.access"
    label = "access"
    default_auto_field = "django.db.models.BigAutoField"
