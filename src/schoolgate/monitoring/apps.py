"""How Django knows this package."""

from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    """Alerts, triage and delivery."""

    name = "schoolgate.monitoring"
    label = "monitoring"
    default_auto_field = "django.db.models.BigAutoField"
