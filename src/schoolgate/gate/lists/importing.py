"""Importing a list: read, made canonical, compared with what it replaces, and only then put in its place."""

import hashlib
import importlib
import os
import pkgutil
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from schoolgate.gate.core.categories import CATEGORIES, is_locked
from schoolgate.gate.core.names import MAX_LABEL, MAX_NAME, is_public_suffix
from schoolgate.gate.core.sites import has_path, host_of, site
from schoolgate.gate.lists import formats, store
from schoolgate.gate.lists.entry import Entry, Part, Read, Skipped
from schoolgate.gate.lists.store import ListRecord, SourceRecord
from schoolgate.kernel.errors import Malformed, Refused

N_EXAMPLES = 3
# A name that is canonical as it stands; everything else takes the long way. The last label has a letter first,
# so no literal address passes here, and no Punycode.
_PLAIN_NAME = re.compile(r"(?:[a-z0-9_\-]+\.)+[a-z][a-z0-9_\-]*")
_PLAIN_ENDS = (".com", ".net", ".org")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_NOT_SLUG = re.compile(r"[^a-z0-9]+")


class Format(Protocol):
    """What a module in `lists/formats` offers."""

    FORMAT: str
    NAMES_ITS_LISTS: bool

    def read(self, path: Path) -> Iterator[Read]: ...


@dataclass(frozen=True, slots=True)
class Left:
    """What was left for one reason."""

    why: str
    n: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did.

    Attributes:
        record: what is in force now.
        replaced: version of what it replaced, or "".
        left: what was not taken, the most first.
    """

    record: SourceRecord
    replaced: str
    left: tuple[Left, ...]


@dataclass(slots=True)
class _Gathered:
    category: str
    names: set[str] = field(default_factory=set)
    pages: set[str] = field(default_factory=set)
    reasons: dict[str, str] = field(default_factory=dict)


def discovered() -> dict[str, Format]:
    """Every format, by its name."""
    found: dict[str, Format] = {}
    for module in pkgutil.iter_modules(formats.__path__):
        reader: Format = importlib.import_module(f"{formats.__name__}.{module.name}")
        found[reader.FORMAT] = reader
    return dict(sorted(found.items()))


def take(
    path: Path, reader: Format, into: Path, now: datetime, *, category: str = "", name: str = "",
    confirm_shrink: bool = False,
) -> ImportReport:  # fmt: skip
    """Import the list at *path* into the folder *into*.

    Args:
        path: file or folder.
        reader: the format to read it in.
        into: where imported lists are kept; made if it is not there.
        now: aware, UTC.
        category: for entries that name none.
        name: short name of the source; "" takes it from the format or the file.
        confirm_shrink: take it although it shrank. Never holds for `illegal.*`.

    Raises:
        Malformed: if it is no list, or has nothing to take. Nothing is changed.
        Refused: if it is less than half of what it would replace. Nothing is changed.
    """
    if category and category not in CATEGORIES:
        raise Malformed(f"there is no category {category!r}", "`schoolgate lists categories` has them")
    source = _slug(name) if name else reader.FORMAT if reader.NAMES_ITS_LISTS else _slug(path.name.partition(".")[0])
    before = store.record(into, source)
    gathered, left, n_left = _gather(reader.read(path), category)
    n_taken = sum(len(found.names) + len(found.pages) for found in gathered.values())
    if not n_taken:
        why = f": {left[0].why} ({left[0].examples[0]!r})" if left else ""
        raise Malformed(f"there is nothing to take in {path.name}{why}", f"is it in the format {reader.FORMAT}?")
    n_unreadable = sum(kind.n for kind in left if kind.why.startswith("not a name"))
    if n_unreadable > n_taken:
        raise Malformed(
            f"most of {path.name} cannot be read: {n_unreadable:,} entries are not names, {n_taken:,} are",
            f"is it in the format {reader.FORMAT}?",
        )
    _refuse_shrinking(before, source, gathered, confirmed=confirm_shrink)
    digest = _sha256(path)
    dated = _DATE.search(path.name)
    version = f"{dated[0] if dated else now.date().isoformat()}.{digest[:8]}"
    record = _write(into, gathered, lambda lists: SourceRecord(
        source, reader.FORMAT, str(path), now.isoformat(), version, digest, lists, n_left
    ))  # fmt: skip
    return ImportReport(record, before.version if before else "", left)


def _gather(found: Iterator[Read], category: str) -> tuple[dict[str, _Gathered], tuple[Left, ...], dict[str, int]]:
    gathered: dict[str, _Gathered] = {}
    left: dict[str, tuple[int, list[str]]] = {}

    def leave(why: str, example: str, n: int = 1) -> None:
        n_before, examples = left.get(why, (0, []))
        if len(examples) < N_EXAMPLES and example[:120] not in examples:
            examples.append(example[:120])
        left[why] = (n_before + n, examples)

    for item in found:
        if isinstance(item, Skipped):
            leave(item.why, item.example, item.n)
            continue
        code = item.category or category
        if not code:
            raise Malformed("this list does not say what it is about", "name it with --category")
        part = gathered.get(item.list)
        if part is None:
            part = gathered[item.list] = _Gathered(code)
        if isinstance(item, Part):
            continue
        try:
            key = _key(item)
        except Malformed as error:
            leave(str(error).partition(":")[0], item.text)
            continue
        kept = part.pages if has_path(key) else part.names
        if key in kept:
            leave("said twice", item.text)
        kept.add(key)
        if item.reason:
            part.reasons[key] = item.reason
    ordered = sorted(left.items(), key=lambda entry: (-entry[1][0], entry[0]))
    return (
        gathered,
        tuple(Left(why, n, tuple(examples)) for why, (n, examples) in ordered),
        {why: n for why, (n, _) in ordered},
    )


def _key(entry: Entry) -> str:
    text = entry.text
    if _PLAIN_NAME.fullmatch(text) and "xn--" not in text and len(text) <= MAX_NAME:
        if max(map(len, text.split("."))) > MAX_LABEL:
            raise Malformed(f"not a name: {text!r}")
        _refuse_suffix(text, text)
        return text
    try:
        key = site(text)
    except Malformed as error:
        raise Malformed(f"not a name: {text!r}") from error
    _refuse_suffix(host_of(key), text)
    return key


def _refuse_suffix(host: str, text: str) -> None:
    # Most of a list ends in one of the three that have no public suffix below them.
    if host.endswith(_PLAIN_ENDS):
        return
    if is_public_suffix(host):
        raise Malformed(f"a whole top-level domain, or a public suffix such as co.uk: {text!r}")


def _refuse_shrinking(
    before: SourceRecord | None, source: str, gathered: dict[str, _Gathered], *, confirmed: bool
) -> None:
    holds = {
        # What is locked counts only as long as it stays so: another category is no place for it.
        (_list_name(source, part), is_locked(found.category)): len(found.names) + len(found.pages)
        for part, found in gathered.items()
    }
    old = sorted(before.lists, key=lambda listed: not is_locked(listed.category)) if before else []
    for listed in old:
        n_before = listed.names + listed.pages
        n_after = holds.get((listed.name, is_locked(listed.category)), 0)
        if 2 * n_after >= n_before:
            continue
        what = f"{listed.name} would shrink from {n_before:,} entries to {n_after:,}; nothing was changed"
        if is_locked(listed.category):
            raise Refused(what, "illegal content stays blocked: import the whole list")
        if not confirmed:
            raise Refused(what, "is the download whole? If it is right, say so with --confirm-shrink")


def _write(
    into: Path, gathered: dict[str, _Gathered], recorded: Callable[[tuple[ListRecord, ...]], SourceRecord]
) -> SourceRecord:
    into.mkdir(parents=True, exist_ok=True)
    source = recorded(()).source
    folder = into / f"{source}@{secrets.token_hex(6)}"
    draft = into / f".{folder.name}.{os.getpid()}.new"
    draft.mkdir()
    try:
        lists = []
        for part, found in sorted(gathered.items()):
            if not found.names and not found.pages:
                continue
            name = _list_name(source, part)
            listed = store.write_list(
                draft, name, found.category, sorted(found.names), sorted(found.pages), found.reasons
            )
            lists.append(listed)
        draft.rename(folder)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    record = recorded(store.moved(lists, folder))
    store.put(into, record, folder)
    return record


def _list_name(source: str, part: str) -> str:
    return f"{source}/{part}" if part else source


def _slug(text: str) -> str:
    return _NOT_SLUG.sub("-", text.lower()).strip("-") or "list"


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    files = [path] if path.is_file() else sorted(found for found in path.rglob("*") if found.is_file())
    for file in files:
        if path.is_dir():
            digest.update(file.relative_to(path).as_posix().encode() + b"\0")
        with file.open("rb") as opened:
            while chunk := opened.read(1 << 20):
                digest.update(chunk)
    return digest.hexdigest()
