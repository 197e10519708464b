"""Building a release: everything is written beside, checked as a gate would check it, and only then put in force."""

import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from schoolgate.gate.core.categories import CATEGORIES
from schoolgate.gate.core.names import is_literal
from schoolgate.gate.core.rules import Rules
from schoolgate.gate.core.sites import has_path, host_of
from schoolgate.gate.lists import store
from schoolgate.gate.release import manifest as manifests
from schoolgate.gate.release import policy as policies
from schoolgate.gate.release import record, shrinking
from schoolgate.gate.release.lookup import DEEPER, MAX_SETS, PAGES
from schoolgate.gate.release.manifest import Listed, Manifest
from schoolgate.gate.release.opening import Release, open_folder
from schoolgate.gate.release.table import SALT_BYTES, Hasher, write
from schoolgate.kernel.errors import Malformed, Refused
from schoolgate.kernel.seal import seal

_ID = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}")
# Releases that stay for going back, besides the one in force. With five million names each takes 55 MB.
KEPT = 8


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What was built.

    Attributes:
        release: the release, opened as a gate opens it.
        replaced: id of the release that was in force before, or "".
        warnings: what staff should know, in words.
    """

    release: Release
    replaced: str
    warnings: tuple[str, ...]


def build(
    lists: Path,
    policy: Path,
    out: Path,
    key: Ed25519PrivateKey,
    now: datetime,
    *,
    confirm_shrink: bool = False,
    sentences: Mapping[str, str] | None = None,
) -> BuildReport:
    """Build the release of *lists* and *policy* and put it in force in *out*.

    Args:
        lists: folder that `lists import` wrote.
        policy: the policy, TOML.
        out: folder of the releases.
        key: what seals it.
        now: aware; becomes part of its id.
        confirm_shrink: take it although lists shrank. Never holds for `illegal.*`.
        sentences: the school's written words for statements of the policy,
            by id; they stand in for the policy file's own.

    Raises:
        Malformed: if lists or policy cannot be read. Nothing is changed.
        Refused: if it shrank against the one in force. Nothing is changed.
    """
    text = policy.read_bytes()
    rules = policies.compiled(text, policy.name)
    own = {ref: words for ref, words in (sentences or {}).items() if ref in rules.statements}
    rules = replace(rules, statements={**rules.statements, **own})
    listed, tables = _gather(lists)
    before = shrinking.in_force(out, key.public_key())
    if before is not None:
        shrinking.refuse(before.lists, listed, confirmed=confirm_shrink)
    was_in_force = (out / manifests.CURRENT).is_symlink()
    out.mkdir(parents=True, exist_ok=True)
    draft = out / f".new-{os.getpid()}-{secrets.token_hex(4)}"
    draft.mkdir()
    try:
        name = _write(draft, rules, listed, tables, hashlib.sha256(text).hexdigest(), key, now)
        open_folder(draft, key.public_key())
        folder = out / name
        draft.rename(folder)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    switch(out, folder)
    _remove_oldest(out, folder)
    opened = open_folder(folder, key.public_key())
    warnings = list(_warnings(rules, listed))
    if before is None and was_in_force:
        warnings.append("the release that was in force could not be believed, so nothing was compared with it")
    return BuildReport(opened, before.id if before else "", tuple(warnings))


def switch(out: Path, folder: Path) -> None:
    """Put the release in *folder* in force, in one step."""
    pointer = out / f".current-{os.getpid()}.new"
    pointer.unlink(missing_ok=True)
    pointer.symlink_to(folder.name)
    pointer.replace(out / manifests.CURRENT)
    handle = os.open(out, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove_oldest(out: Path, folder: Path) -> None:
    # A gate that still holds one has it in memory.
    others = sorted(path for path in out.iterdir() if _ID.fullmatch(path.name) and path != folder)
    for old in others[:-KEPT]:
        shutil.rmtree(old)


@dataclass(slots=True)
class _Tables:
    """Digests with the place of their list, and signs, as they are gathered."""

    salt: bytes
    names: list[tuple[bytes, int]] = field(default_factory=list)
    pages: list[tuple[bytes, int]] = field(default_factory=list)


# Signs stand among the places of lists while tables are gathered, below every place.
_DEEPER_SIGN, _PAGES_SIGN = -2, -1


def _gather(folder: Path) -> tuple[list[Listed], _Tables]:
    """Read every list; a key is hashed at once and its text forgotten, so that five million fit in memory."""
    listed: list[Listed] = []
    tables = _Tables(secrets.token_bytes(SALT_BYTES))
    digest = Hasher(tables.salt)
    parents: set[str] = set()
    with_pages: set[str] = set()
    for source in store.records(folder):
        for found in source.lists:
            if found.category not in CATEGORIES:
                raise Malformed(f"the list {found.name} has a category that is not known: {found.category!r}")
            place = len(listed)
            for key in store.keys(folder, found):
                if has_path(key):
                    host = host_of(key)
                    with_pages.add(host)
                    tables.pages.append((digest(key.encode()), place))
                else:
                    host = key
                    tables.names.append((digest(key.encode()), place))
                if host.count(".") > 1 and not is_literal(host):
                    parents.add(host.partition(".")[2])
            listed.append(
                Listed(
                    found.name, source.version, found.category, found.names, found.pages,
                    source.source, source.format, source.imported_at, found.sha256,
                )
            )  # fmt: skip
    if not tables.names and not tables.pages:
        raise Refused(f"the lists in {folder} hold no names", "import a list first: schoolgate lists import")
    tables.names += [(digest(host.encode()), _DEEPER_SIGN) for host in _with_all_above(parents)]
    tables.names += [(digest(host.encode()), _PAGES_SIGN) for host in with_pages]
    return listed, tables


def _with_all_above(parents: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for name in parents:
        while name.count(".") > 0 and name not in found:
            found.add(name)
            name = name.partition(".")[2]
    return found


def _write(
    draft: Path, rules: Rules, listed: list[Listed], tables: _Tables, policy_sha256: str, key: Ed25519PrivateKey,
    now: datetime,
) -> str:  # fmt: skip
    sets: dict[tuple[int, ...], int] = {(): 0}
    n_keys = {}
    for name, found in ((manifests.NAMES, tables.names), (manifests.PAGES, tables.pages)):
        with (draft / name).open("wb") as file:
            n_keys[name] = write(file, tables.salt, _values(found, sets))
            found.clear()
    (draft / manifests.RULES).write_bytes(record.to_bytes(rules))
    files = {name: ((draft / name).stat().st_size, manifests.sha256_of(draft / name)) for name in manifests.FILES}
    content = hashlib.sha256(repr((sorted(files.items()), policy_sha256)).encode()).hexdigest()
    manifest = Manifest(
        id=f"{now:%Y%m%dT%H%M%S}Z-{content[:8]}",
        made_at=now,
        school=rules.school,
        profiles={profile.name: profile.label for profile in rules.profiles.values()},
        policy_sha256=policy_sha256,
        files=files,
        lists=tuple(listed),
        sets=tuple(sets),
        names=n_keys[manifests.NAMES],
        pages=n_keys[manifests.PAGES],
    )
    data = manifest.to_bytes()
    (draft / manifests.MANIFEST).write_bytes(data)
    (draft / manifests.SEAL).write_bytes(seal(manifests.PURPOSE, data, key))
    for name in (*manifests.FILES, manifests.MANIFEST, manifests.SEAL):
        with (draft / name).open("rb") as file:
            os.fsync(file.fileno())
    return manifest.id


def _values(found: list[tuple[bytes, int]], sets: dict[tuple[int, ...], int]) -> Iterator[tuple[bytes, int]]:
    found.sort()
    for digest, group in groupby(found, key=itemgetter(0)):
        value = 0
        places: list[int] = []
        for _, place in group:
            if place == _DEEPER_SIGN:
                value |= DEEPER
            elif place == _PAGES_SIGN:
                value |= PAGES
            elif not places or places[-1] != place:
                places.append(place)
        number = sets.setdefault(tuple(places), len(sets))
        if number > MAX_SETS:
            raise Refused("the lists overlap in too many ways", "import fewer of them, or join some")
        yield digest, value | number


def _warnings(rules: Rules, listed: list[Listed]) -> Iterator[str]:
    in_lists = {found.category for found in listed}
    if not any(code.startswith("illegal.") for code in in_lists):
        yield "no list of illegal content: ask your provider for the lists it is licensed to supply"
    wanted = {rule.category for profile in rules.profiles.values() for rule in profile.categories}
    missing = sorted(code for code in wanted - in_lists if not code.startswith("illegal."))
    if missing:
        yield f"the policy speaks of categories that no list has: {', '.join(missing)}"
    if not rules.help_lane:
        yield "the help lane is empty: add help lines, so that they are never blocked"
