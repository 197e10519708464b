"""How Django knows this package."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Persons, roles, groups, and where they come from."""

    name = "schoolgate.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
