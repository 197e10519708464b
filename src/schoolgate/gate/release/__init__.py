"""Releases: signed, complete, immutable sets of compiled rules, and the lists they decide by."""

from schoolgate.gate.release.opening import Release, current, located, open_current
from schoolgate.gate.release.opening import open_folder as open  # noqa: A004  # callers read `release.open(folder, key)`

__all__ = ["Release", "current", "located", "open", "open_current"]
