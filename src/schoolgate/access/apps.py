"""How Django knows this package."""

from datetime import datetime
from typing import Any

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Agreements, standing, devices: who may pass."""

    name = "schoolgate.access"
    label = "access"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the gates hear at once of whoever starts, leaves or changes."""
        from schoolgate.people.notices import people_changed

        people_changed.connect(_publish_board, dispatch_uid="access.publish_board")


def _publish_board(now: datetime, **_: Any) -> None:
    from schoolgate.access.services.board import publish_after_commit

    publish_after_commit(now)
