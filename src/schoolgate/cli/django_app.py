"""Starting Django from a command: on this school's folder, and only when a command needs it."""

import os
from pathlib import Path

from schoolgate.kernel.errors import Refused


def setup(directory: Path | None = None) -> None:
    """Load the settings, apps and models, for the school in *directory* (else `SCHOOLGATE_DIR`, else `var/school`).

    Call it inside `run`, before importing anything of the web or the records:
    the commands that decide about addresses start without Django.

    Raises:
        Refused: if there is no database yet.
    """
    if directory is not None:
        os.environ["SCHOOLGATE_DIR"] = str(directory.resolve())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "schoolgate.web.settings")
    os.environ.setdefault("SCHOOLGATE_LOG_LEVEL", "warning")  # what a daemon logs is noise under somebody's command
    import django
    from django.conf import settings

    django.setup()
    database = Path(str(settings.DATABASES["default"]["NAME"]))
    if not database.is_file():
        raise Refused(f"there is no school in {settings.DATA_DIR}", "`schoolgate up --dir DIR` makes one")
