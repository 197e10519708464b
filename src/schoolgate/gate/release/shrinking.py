"""The guard against a release that lost much of what the one in force holds: a broken download, a wrong folder."""

from collections.abc import Iterable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from schoolgate.gate.core.categories import is_locked
from schoolgate.gate.release import manifest as manifests
from schoolgate.gate.release.manifest import Listed, Manifest
from schoolgate.gate.release.opening import current
from schoolgate.kernel.errors import Malformed, Refused


def in_force(out: Path, key: Ed25519PublicKey) -> Manifest | None:
    """The manifest of the release in force, or None where there is none that can be believed."""
    try:
        return manifests.read(current(out), key)
    except (Refused, Malformed):
        return None


def refuse(before: Iterable[Listed], after: Iterable[Listed], *, confirmed: bool) -> None:
    """Refuse if a category holds less than half of what it held.

    Raises:
        Refused: if one does, unless *confirmed*; for locked categories always.
    """
    held, holds = _by_category(before), _by_category(after)
    for category, n_before in sorted(held.items(), key=lambda item: (not is_locked(item[0]), item[0])):
        n_after = holds.get(category, 0)
        if 2 * n_after >= n_before:
            continue
        what = f"{category} would shrink from {n_before:,} entries to {n_after:,}; nothing was changed"
        if is_locked(category):
            raise Refused(what, "illegal content stays blocked: import the whole list again")
        if not confirmed:
            raise Refused(what, "import the list again, or confirm that it is right with --confirm-shrink")


def _by_category(lists: Iterable[Listed]) -> dict[str, int]:
    found: dict[str, int] = {}
    for listed in lists:
        found[listed.category] = found.get(listed.category, 0) + listed.names + listed.pages
    return found
