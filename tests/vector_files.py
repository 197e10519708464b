"""Reads the shared vectors, and builds the release that they are about: for the core's tests and for every edge's."""

import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from schoolgate.gate.lists import importing
from schoolgate.gate.release import Release
from schoolgate.gate.release.build import build

VECTORS = Path(__file__).parent / "vectors"
SCHOOL = VECTORS / "decisions" / "school"
# A Monday evening in term: no lessons, so that a case without a moment is not about time.
EVENING = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
MALFORMED = "malformed"


@dataclass(frozen=True, slots=True)
class Case:
    """One question and its answer; an answer of None is not compared."""

    file: str
    why: str
    url: str
    profile: str
    at: datetime | None
    method: str
    person: str | None
    outcome: str
    tier: str | None
    rule: str | None
    statement: str | None

    def __str__(self) -> str:
        return f"{self.file}: {self.why}"


def decisions() -> list[Case]:
    """Every case under `vectors/decisions`, in the order of files and rows."""
    return [
        Case(
            file=path.stem,
            why=row.pop("why"),
            url=row.pop("url"),
            profile=row.pop("profile"),
            at=_moment(row.pop("at", None)),
            method=row.pop("method", "GET"),
            person=row.pop("person", None),
            outcome=row.pop("outcome"),
            tier=row.pop("tier", None),
            rule=row.pop("rule", None),
            statement=row.pop("statement", None),
            **row,  # a word that means nothing is an error, not a case that tests less than it says
        )
        for path in sorted((VECTORS / "decisions").glob("*.toml"))
        for row in tomllib.loads(path.read_text("utf-8"))["case"]
    ]


def lists_of_the_vectors(folder: Path) -> Path:
    """Import the lists that the cases are about into *folder*."""
    formats = importing.discovered()
    importing.take(SCHOOL / "lists", formats["ut1"], folder, EVENING)
    importing.take(SCHOOL / "illegal.txt", formats["domains"], folder, EVENING, category="illegal.other")
    return folder


def release_of_the_vectors(folder: Path, key: Ed25519PrivateKey) -> Release:
    """Build the release that the cases are about under `folder/releases`, and put it in force there."""
    lists = lists_of_the_vectors(folder / "lists")
    return build(lists, SCHOOL / "policy.toml", folder / "releases", key, EVENING).release


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo("Europe/London"))
