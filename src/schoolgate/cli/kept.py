"""What a school's folder says about itself: one small file, readable by its owner only."""

import json
import os
from pathlib import Path
from typing import Any

from schoolgate.kernel.errors import Malformed

NAME = "school.json"


def read(folder: Path) -> dict[str, Any]:
    """Return what is kept; nothing when there is no file yet. Raises Malformed when it is damaged."""
    try:
        kept = json.loads((folder / NAME).read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError:
        kept = None
    if not isinstance(kept, dict):
        raise Malformed(
            f"{folder / NAME} is damaged",
            "put it back from a backup, or move it away; it holds a demonstration's sign-ins",
        )
    return kept


def write(folder: Path, kept: dict[str, Any]) -> None:
    """Replace what is kept, in one step."""
    draft = folder / f"{NAME}.new"
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(kept, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / NAME)
