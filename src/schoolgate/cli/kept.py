"""What a school's folder says about itself: one small file, readable by its owner only."""

import json
import os
from pathlib import Path
from typing import Any

NAME = "school.json"


def read(folder: Path) -> dict[str, Any]:
    """Return what is kept; nothing when there is no file yet."""
    try:
        kept: dict[str, Any] = json.loads((folder / NAME).read_text())
    except FileNotFoundError:
        return {}
    return kept


def write(folder: Path, kept: dict[str, Any]) -> None:
    """Replace what is kept, in one step."""
    draft = folder / f"{NAME}.new"
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(kept, file, indent=1)
    draft.replace(folder / NAME)
