"""Imported lists on disk: one record a source, and a folder of plain sorted files that it names.

The record is replaced in one step after its folder is whole, so a reader finds
the old import or the new one. What no record names any more is removed.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from schoolgate.kernel.errors import Malformed, Refused

RECORD_FORMAT = 1
_SUFFIX = ".list.json"


@dataclass(frozen=True, slots=True)
class ListRecord:
    """One list of a source.

    Attributes:
        name: "ut1/gambling"; what verdicts name.
        category: one of our codes.
        names, pages: how many it holds.
        file: relative to the folder of the lists; `.names` and `.pages` follow.
        sha256: of its names file and then its pages file.
    """

    name: str
    category: str
    names: int
    pages: int
    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """One import.

    Attributes:
        source: short name of the source: "ut1".
        format: the format it was read in.
        path: where it was read from.
        imported_at: ISO 8601, UTC.
        version: date and first digits of the sum; what verdicts name.
        sha256: of what was read.
        lists: what came of it.
        skipped: how many were left, by why.
    """

    source: str
    format: str
    path: str
    imported_at: str
    version: str
    sha256: str
    lists: tuple[ListRecord, ...]
    skipped: dict[str, int]


def records(folder: Path) -> list[SourceRecord]:
    """Every import in *folder*, by name.

    Raises:
        Malformed: if a record is damaged.
        Refused: if there is no folder.
    """
    if not folder.is_dir():
        raise Refused(f"there are no lists at {folder}", "`schoolgate lists import` makes them")
    return [_read(path) for path in sorted(folder.glob(f"*{_SUFFIX}"))]


def record(folder: Path, source: str) -> SourceRecord | None:
    """The import of one source, if there is one."""
    path = folder / f"{source}{_SUFFIX}"
    return _read(path) if path.exists() else None


def keys(folder: Path, listed: ListRecord) -> Iterator[str]:
    """The sites of one list, names first, each as `sites.site` makes it.

    Raises:
        Malformed: if the files are not those that were imported.
    """
    whole = b""
    for kind in ("names", "pages"):
        path = folder / f"{listed.file}.{kind}"
        try:
            whole += path.read_bytes()
        except FileNotFoundError as error:
            raise Malformed(f"{path} is missing", "import the list again") from error
    if hashlib.sha256(whole).hexdigest() != listed.sha256:
        raise Malformed(f"{folder / listed.file} was changed since it was imported", "import the list again")
    return iter(whole.decode().splitlines())


def write_list(
    folder: Path, name: str, category: str, names: list[str], pages: list[str], reasons: Mapping[str, str]
) -> ListRecord:
    """Write the files of one list into *folder* and return its record, with a file name relative to *folder*.

    Reasons that the source gave are kept beside, for people: `key<TAB>reason` a line.
    """
    stem = quote(name, safe="")
    digest = hashlib.sha256()
    for kind, found in (("names", names), ("pages", pages)):
        data = "".join(f"{key}\n" for key in found).encode()
        digest.update(data)
        (folder / f"{stem}.{kind}").write_bytes(data)
    if reasons:
        text = "".join(f"{key}\t{' '.join(reason.split())}\n" for key, reason in sorted(reasons.items()))
        (folder / f"{stem}.reasons").write_text(text, "utf-8")
    return ListRecord(name, category, len(names), len(pages), stem, digest.hexdigest())


def moved(lists: Iterable[ListRecord], folder: Path) -> tuple[ListRecord, ...]:
    """The records of lists that were written into *folder*, as seen from the folder above it."""
    return tuple(replace(listed, file=f"{folder.name}/{listed.file}") for listed in lists)


def put(folder: Path, imported: SourceRecord, data: Path) -> None:
    """Put a finished import in force, in one step, and remove what it replaces."""
    path = folder / f"{imported.source}{_SUFFIX}"
    draft = path.with_name(f".{path.name}.{os.getpid()}.new")
    with draft.open("w", encoding="utf-8") as file:
        json.dump({"record": RECORD_FORMAT} | asdict(imported), file, indent=1, sort_keys=True)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    for old in folder.glob(f"{imported.source}@*"):
        if old != data:
            shutil.rmtree(old)


def _read(path: Path) -> SourceRecord:
    try:
        found: dict[str, Any] = json.loads(path.read_text("utf-8"))
        if found.pop("record") != RECORD_FORMAT:
            raise ValueError("another version")
        lists = tuple(ListRecord(**listed) for listed in found.pop("lists"))
        return SourceRecord(**found, lists=lists)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Malformed(f"{path} is not the record of an import", "import the list again") from error
