"""Find the words of a search in the address of a request."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote_plus, urlsplit

from schoolgate.kernel.activity import Activity
from schoolgate.kernel.errors import Malformed

FOLDER = Path(__file__).parent / "sources"
# Only what a person sees answered. A HEAD is a program's, a tunnel's address holds no words.
METHODS = frozenset({"GET", "POST"})
# Endings such as `.co.uk` and `.com.au`: two labels at most, of two or three letters.
ENDING_LABELS, ENDING_CHARS = 2, 3
_FIELDS = frozenset({"hosts", "paths", "params", "path_text", "unless", "kind"})
_KINDS = frozenset({"search", "prompt", "post", "page"})


@dataclass(frozen=True, slots=True)
class Text:
    """Words that somebody wrote.

    Attributes:
        kind: "search", "page", "prompt" or "post".
        text: the words.
        source: the name of the source that found them.
    """

    kind: str
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Source:
    """One place where people write. The fields are those of its file."""

    name: str
    hosts: tuple[str, ...]
    paths: tuple[str, ...]
    params: tuple[str, ...]
    path_text: str
    unless: Mapping[str, frozenset[str]]
    kind: str

    def words(self, host: str, path: str, query: list[tuple[str, str]]) -> str | None:
        """Return what was searched for, or None when this is not our host, or no search."""
        if not any(_is_host(host, name) for name in self.hosts):
            return None
        if any(value in self.unless.get(param, ()) for param, value in query):
            return None
        if self.path_text:
            before, _, after = self.path_text.partition("{text}")
            inside = path.startswith(before) and path.endswith(after) and len(path) > len(before) + len(after)
            return unquote_plus(path[len(before) : len(path) - len(after)].partition("/")[0]) if inside else None
        if not any(_is_path(path, pattern) for pattern in self.paths):
            return None
        return next((value for name in self.params for param, value in query if param == name and value.strip()), None)


def texts(activity: Activity) -> tuple[Text, ...]:
    """Return what was written, as far as the address of the request says. No request gives an error."""
    if activity.method not in METHODS:
        return ()
    try:
        parts = urlsplit(activity.url)
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return ()
    query = parse_qsl(parts.query, errors="replace", max_num_fields=None)
    for source in shipped():
        words = source.words(host, parts.path or "/", query)
        if words is not None and words.strip():
            return (Text(source.kind, " ".join(words.split()), source.name),)
    return ()


@cache
def shipped() -> tuple[Source, ...]:
    """The sources that come with Schoolgate, read once."""
    return read(FOLDER)


def read(folder: Path) -> tuple[Source, ...]:
    """Read all sources of a folder.

    Raises:
        Malformed: if one breaks the format; the message names its file.
    """
    return tuple(_source(path) for path in sorted(folder.glob("*.toml")))


def _source(path: Path) -> Source:
    try:
        record: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise Malformed(f"{path.name}: {error}") from error
    if unknown := set(record) - _FIELDS:
        raise Malformed(f"{path.name}: unknown field `{min(unknown)}`")
    whole = record.get("hosts") and (record.get("path_text") or (record.get("paths") and record.get("params")))
    if not whole or record.get("kind", "search") not in _KINDS:
        raise Malformed(f"{path.name}: a source has `hosts`, `paths` and `params` (or `path_text`), and a known `kind`")
    return Source(
        name=path.stem,
        hosts=tuple(record["hosts"]),
        paths=tuple(record.get("paths", ())),
        params=tuple(record.get("params", ())),
        path_text=record.get("path_text", ""),
        unless={param: frozenset(values) for param, values in record.get("unless", {}).items()},
        kind=record.get("kind", "search"),
    )


def _is_host(host: str, name: str) -> bool:
    if not name.endswith(".*"):
        return host == name or host.endswith("." + name)
    _, found, ending = f".{host}".rpartition(f".{name[:-2]}.")
    labels = ending.split(".")
    return bool(found) and len(labels) <= ENDING_LABELS and all(0 < len(label) <= ENDING_CHARS for label in labels)


def _is_path(path: str, pattern: str) -> bool:
    if pattern.endswith("*"):
        return path.startswith(pattern[:-1])
    return path == pattern or path == pattern + "/"
