"""The manifest of a release: what is in it, sealed, so that everything else can be checked against it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from schoolgate.kernel.errors import Malformed
from schoolgate.kernel.seal import is_sealed

FORMAT = 1
PURPOSE = "release"
MANIFEST, SEAL = "manifest.json", "manifest.sig"
NAMES, PAGES, RULES = "names.idx", "urls.idx", "rules.json"
FILES = (NAMES, PAGES, RULES)
CURRENT = "current"


@dataclass(frozen=True, slots=True)
class Listed:
    """One list in the release.

    Attributes:
        name, version, category: as verdicts say them.
        names, pages: how many it holds.
        source, format, imported_at, sha256: of the import.
    """

    name: str
    version: str
    category: str
    names: int
    pages: int
    source: str
    format: str
    imported_at: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """All about a release.

    Attributes:
        id: its name and the name of its folder; later ones sort later.
        made_at: aware, UTC.
        school: name of the school.
        profiles: label by name.
        policy_sha256: of the policy file that it was compiled from.
        files: size in bytes and SHA-256 of every other file.
        lists: what it was built from.
        sets: for each set number of the tables, places in *lists*.
        names, pages: distinct keys in the tables.
    """

    id: str
    made_at: datetime
    school: str
    profiles: Mapping[str, str]
    policy_sha256: str
    files: Mapping[str, tuple[int, str]]
    lists: tuple[Listed, ...]
    sets: tuple[tuple[int, ...], ...]
    names: int
    pages: int

    def to_bytes(self) -> bytes:
        """Return the manifest as JSON."""
        record = asdict(self) | {"format": FORMAT, "made_at": self.made_at.isoformat()}
        return json.dumps(record, indent=1, sort_keys=True, ensure_ascii=False).encode() + b"\n"


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read(folder: Path, key: Ed25519PublicKey) -> Manifest:
    """Read the manifest of the release in *folder*, believing it only with its seal.

    Raises:
        Malformed: if it is missing, unsigned, sealed with another key, damaged or of another format.
    """
    data, signature = _bytes_of(folder / MANIFEST), _bytes_of(folder / SEAL)
    if not is_sealed(PURPOSE, data, signature, key):
        raise Malformed(f"{folder / MANIFEST}: its seal does not match: it is damaged, or another key made it")
    try:
        record: dict[str, Any] = json.loads(data)
        if record.pop("format") != FORMAT:
            raise ValueError("another format")
        return Manifest(
            **record
            | {
                "made_at": datetime.fromisoformat(record["made_at"]),
                "files": {name: (int(size), str(digest)) for name, (size, digest) in record["files"].items()},
                "lists": tuple(Listed(**listed) for listed in record["lists"]),
                "sets": tuple(tuple(places) for places in record["sets"]),
            }
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Malformed(f"{folder / MANIFEST} is sealed but not a manifest: was it made by another version?") from error


def checked_files(folder: Path, manifest: Manifest) -> dict[str, bytes]:
    """Return the content of every file, after comparing exactly that content with the manifest.

    Raises:
        Malformed: for the first that is missing, of another size, or changed.
    """
    found = {}
    for name in FILES:
        if name not in manifest.files:
            raise Malformed(f"{folder / MANIFEST} does not speak of {name}")
        size_bytes, digest = manifest.files[name]
        path = folder / name
        try:
            data = path.read_bytes()
        except FileNotFoundError as error:
            raise Malformed(f"{path} is missing") from error
        if len(data) != size_bytes:
            raise Malformed(f"{path} is damaged: it has {len(data)} bytes, not {size_bytes}")
        if hashlib.sha256(data).hexdigest() != digest:
            raise Malformed(f"{path} is damaged: its content was changed")
        found[name] = data
    return found


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise Malformed(f"{path} is missing", "a release is whole and signed, or it is none") from error
