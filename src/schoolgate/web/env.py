"""Typed readers for settings that come from the environment.

Each refuses what it does not understand: a misspelt "Ture" must stop the
start, and never be taken for "no".
"""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

PREFIX = "SCHOOLGATE_"


def text(name: str, default: str) -> str:
    """Return the text of a setting, stripped."""
    return os.environ.get(PREFIX + name, default).strip()


def boolean(name: str, *, default: bool) -> bool:
    """Return yes or no. Only "true" and "false" are understood, in any case."""
    value = text(name, str(default)).lower()
    if value not in {"true", "false"}:
        raise ImproperlyConfigured(f"{PREFIX}{name} must be true or false, not {value!r}")
    return value == "true"


def whole(name: str, default: int, *, least: int, most: int) -> int:
    """Return a whole number from *least* to *most*, both included."""
    value = text(name, str(default))
    if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
        raise ImproperlyConfigured(f"{PREFIX}{name} must be a number from {least} to {most}, not {value!r}")
    return int(value)


def words(name: str, default: str) -> list[str]:
    """Return a list, separated by commas; empty items are dropped."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def folder(name: str, default: Path) -> Path:
    """Return an absolute path. It need not exist yet."""
    return Path(text(name, str(default))).expanduser().resolve()


def secret(name: str, file: Path) -> str:
    """Return a secret: from the environment, else from *file*, else "" (a system check complains)."""
    value = text(name, "")
    if value:
        return value
    return file.read_text().strip() if file.is_file() else ""
