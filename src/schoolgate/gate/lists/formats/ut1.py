"""UT1's layout: a folder a category with `domains` and `urls` in it, as a folder or a `.tar.gz`.

Nothing is unpacked to disk. An archive or a folder with links that lead away,
paths that climb, or more content than any real edition is refused as a whole.
"""

import tarfile
import tomllib
import zlib
from collections.abc import Generator, Iterator
from contextlib import closing
from importlib import resources
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from schoolgate.gate.lists.entry import Entry, Part, Read, Skipped
from schoolgate.gate.lists.lines import lines_of
from schoolgate.kernel.errors import Malformed

FORMAT = "ut1"
NAMES_ITS_LISTS = True

# The edition of August 2026 has about 300 members and 200 MB.
MAX_MEMBERS = 10_000
MAX_BYTES = 2_000_000_000

_FILES = ("domains", "urls")
# Folder, kind and content; without content for a link to a sibling.
_Members = Generator[tuple[str, str, BinaryIO | None], None, None]
_HOSTILE_HINT = "do not use it: fetch the list again from its publisher"


def categories() -> dict[str, str]:
    """Our code by UT1's folder name, from the data file."""
    text = resources.files("schoolgate.gate.lists").joinpath("ut1-categories.toml").read_text("utf-8")
    return {str(folder): str(code) for folder, code in tomllib.loads(text).items()}


def read(path: Path) -> Iterator[Read]:
    """Yield every entry of every folder that has a category of ours.

    Raises:
        Malformed: if the archive is damaged or hostile, or nothing in it looks like UT1.
    """
    known = categories()
    n_files = 0
    with closing(_folder(path) if path.is_dir() else _archive(path)) as members:
        for folder, kind, file in members:
            if file is None:
                yield Skipped("a link to another folder", f"{folder}/{kind}".rstrip("/"))
                continue
            n_files += 1
            category = known.get(folder)
            if category is not None:
                yield Part(folder, category)
            yield from _entries(folder, kind, file, category)
    if not n_files:
        raise Malformed(f"{path.name} has no folders with `domains` or `urls` in them", "is it UT1's blacklist?")


def _entries(folder: str, kind: str, file: BinaryIO, category: str | None) -> Iterator[Read]:
    head = file.peek(1) if hasattr(file, "peek") else b"?"
    if not head:
        return  # UT1 keeps empty files in folders that have only the other kind
    texts = (line.strip() for line in lines_of(file, f"{folder}/{kind}"))
    entries = (text for text in texts if text and not text.startswith("#"))
    if category is None:
        n = sum(1 for _ in entries)
        if n:
            yield Skipped("a folder without a category of ours", folder, n)
        return
    for text in entries:
        yield Entry(text.removeprefix("."), folder, category)


def _folder(path: Path) -> _Members:
    root = path
    inner = [entry for entry in path.iterdir() if entry.is_dir()]
    if len(inner) == 1 and not any((inner[0] / kind).exists() for kind in _FILES):
        root = inner[0]
    for folder in sorted(root.iterdir()):
        if folder.is_symlink():
            _refuse_link_away(folder.name, str(folder.readlink()))
            yield folder.name, "", None
            continue
        for kind in _FILES:
            file = folder / kind
            if file.is_symlink():
                raise Malformed(f"{folder.name}/{kind} is a link", _HOSTILE_HINT)
            if file.is_file():
                with file.open("rb") as opened:
                    yield folder.name, kind, opened


def _archive(path: Path) -> _Members:
    n_bytes = 0
    try:
        with tarfile.open(path, "r|*") as archive:
            for n_members, member in enumerate(archive, start=1):
                parts = PurePosixPath(member.name).parts
                if member.name.startswith("/") or ".." in parts:
                    raise Malformed(f"{path.name} holds a path that leads out of it: {member.name!r}", _HOSTILE_HINT)
                n_bytes += member.size
                if n_members > MAX_MEMBERS or n_bytes > MAX_BYTES:
                    raise Malformed(f"{path.name} holds more than any edition of UT1 does", _HOSTILE_HINT)
                if member.issym() or member.islnk():
                    _refuse_link_away(member.name, member.linkname)
                    yield parts[-1], "", None
                elif not (member.isfile() or member.isdir()):
                    raise Malformed(f"{path.name} holds {member.name!r}, which is no file", _HOSTILE_HINT)
                elif member.isfile() and len(parts) > 1 and parts[-1] in _FILES:
                    file = archive.extractfile(member)
                    if file is not None:
                        yield parts[-2], parts[-1], file  # type: ignore[misc]  # IO[bytes] reads as a BinaryIO does
    except (tarfile.TarError, EOFError, zlib.error, OSError) as error:
        if isinstance(error, FileNotFoundError | PermissionError):
            raise
        raise Malformed(f"{path.name} is not a whole archive: {error}", "fetch it again") from error


def _refuse_link_away(name: str, target: str) -> None:
    # UT1 itself keeps short links to sibling folders ("porn" to "adult"); anything that climbs is no part of it.
    if "/" in target.rstrip("/") or target.strip("/") in {"", ".", ".."}:
        raise Malformed(f"{name!r} is a link that leads elsewhere: {target!r}", _HOSTILE_HINT)
