"""How Django knows this package."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages, forms, components and settings."""

    name = "schoolgate.web"
    label = "web"

    def ready(self) -> None:
        """Register the checks of a school's settings."""
        from schoolgate.web import checks

        checks.register()
