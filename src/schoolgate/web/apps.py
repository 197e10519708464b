"""How Django knows this package."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages, forms, components and settings."""

    name = "schoolgate.web"
    label = "web"

    def ready(self) -> None:
        """Register the checks of a school's settings, and what is recorded of accounts."""
        from schoolgate.web import account_record, checks

        checks.register()
        account_record.register()
