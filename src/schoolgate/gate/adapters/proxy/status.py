"""How each worker says that it is well: one small file, written anew every second.

Files and no socket, so that whoever looks (the doctor, the technician's page)
cannot disturb the gate, and still sees the last words of one that died.
"""

import json
import os
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from schoolgate.kernel.errors import Malformed


@dataclass(frozen=True, slots=True)
class Status:
    """One worker at one moment.

    Attributes:
        worker: its name, which is part of the names of its segments.
        pid: its process id.
        started_at: when it began; aware, UTC.
        at: when this was written. Older than a few seconds: the worker is dead or stuck.
        release: id of the release in force, or "" when there is none and everything is blocked.
        board_serial: serial of the board in force, or None when there is none and nobody has internet.
        faults: what is wrong now, in stable words ("release", "board", "spool"), sorted.
        n_clients: connections open now.
        n_tunnels: tunnels open now.
        n_allowed: requests allowed since the start.
        n_blocked: requests blocked since the start.
        n_unrecorded: requests blocked because they could not be recorded.
        n_restarts: how often the supervisor replaced this worker.
    """

    worker: str
    pid: int
    started_at: datetime
    at: datetime
    release: str
    board_serial: int | None
    faults: tuple[str, ...]
    n_clients: int
    n_tunnels: int
    n_allowed: int
    n_blocked: int
    n_unrecorded: int
    n_restarts: int


def write(folder: Path, status: Status) -> None:
    """Put *status* in place of the worker's last one, in one step.

    Raises:
        OSError: if the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    record = asdict(status) | {"started_at": status.started_at.isoformat(), "at": status.at.isoformat()}
    draft = folder / f".{status.worker}.{os.getpid()}.new"
    draft.write_text(json.dumps(record))
    draft.replace(folder / f"{status.worker}.json")


def read(folder: Path) -> list[Status]:
    """Return the last word of every worker, by name. Empty when no gate has run here.

    Raises:
        Malformed: if a file in the folder is not a status.
    """
    return [_from_text(path) for path in sorted(folder.glob("*.json"))]


def clear(folder: Path) -> None:
    """Forget the workers of a gate that ran before."""
    for path in folder.glob("*.json"):
        path.unlink(missing_ok=True)


def _from_text(path: Path) -> Status:
    try:
        record: dict[str, Any] = json.loads(path.read_bytes())
        record["started_at"] = datetime.fromisoformat(record["started_at"])
        record["at"] = datetime.fromisoformat(record["at"])
        record["faults"] = tuple(record["faults"])
        return Status(**{item.name: record[item.name] for item in fields(Status)})
    except (ValueError, KeyError, TypeError) as error:
        raise Malformed(f"{path} is not the status of a worker") from error
