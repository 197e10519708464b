"""Opening a release: whole, signed and undamaged, or not at all."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from schoolgate.gate.core.decide import Ask, Match, Verdict, decide
from schoolgate.gate.core.names import Address
from schoolgate.gate.core.rules import Rules
from schoolgate.gate.core.who import Standing
from schoolgate.gate.release import manifest as manifests
from schoolgate.gate.release import record
from schoolgate.gate.release.lookup import Lookup
from schoolgate.gate.release.manifest import Manifest
from schoolgate.gate.release.table import Table
from schoolgate.kernel.errors import Malformed, Refused


@dataclass(frozen=True)
class Release:
    """A release that was checked, ready to answer.

    Attributes:
        folder: where it lies.
        manifest: what is in it.
        rules: of its policy, carrying its id.
        lookup: its lists.
    """

    folder: Path
    manifest: Manifest
    rules: Rules
    lookup: Lookup

    @property
    def id(self) -> str:
        """Its name."""
        return self.manifest.id

    def matches(self, address: Address) -> tuple[Match, ...]:
        """Every entry of its lists that covers *address*."""
        return self.lookup.matches(address)

    def verdict(self, address: Address, standing: Standing, at: datetime, method: str = "GET") -> Verdict:
        """Decide one question. *at* is aware."""
        return decide(Ask(address, method, standing, at), self.rules, self.lookup.matches(address))


def open_folder(folder: Path, key: Ed25519PublicKey) -> Release:
    """Open the release in *folder*, after checking its seal and every byte of every file.

    Raises:
        Malformed: if anything is missing, damaged or unsigned. The message names the first such file.
    """
    manifest = manifests.read(folder, key)
    files = manifests.checked_files(folder, manifest)
    rules = record.from_bytes(files[manifests.RULES], manifest.id)
    names, pages = (Table(files[name], folder / name) for name in (manifests.NAMES, manifests.PAGES))
    try:
        sets = [
            [(listed.name, listed.version, listed.category) for listed in (manifest.lists[place] for place in places)]
            for places in manifest.sets
        ]
    except IndexError as error:
        raise Malformed(f"{folder / manifests.MANIFEST} names a list that is not in it") from error
    return Release(folder, manifest, rules, Lookup(names, pages, sets))


def open_current(folder: Path, key: Ed25519PublicKey) -> Release:
    """Open what `folder/current` points to. Raises Malformed as `open_folder` does, Refused if it points nowhere."""
    return open_folder(current(folder), key)


def current(folder: Path) -> Path:
    """The folder of the release in force under *folder*.

    Raises:
        Refused: if no release is in force.
    """
    pointer = folder / manifests.CURRENT
    if not pointer.exists():
        raise Refused(f"no release is in force in {folder}", "`schoolgate release build` makes one")
    return pointer.resolve()


def located(folder: Path) -> Path:
    """The release meant by a folder that is one, or that holds `current`. Raises Refused if it is neither."""
    if (folder / manifests.MANIFEST).exists() or (folder / manifests.SEAL).exists():
        return folder.resolve()
    if not folder.is_dir():
        raise Refused(f"there is no release at {folder}", "`schoolgate release build` makes one")
    return current(folder)
