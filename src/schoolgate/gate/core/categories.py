"""The registry of categories, read once from the data file beside this module."""

import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import Any

from schoolgate.kernel.harms import HARMS

LOCKED_PREFIX = "illegal."


@dataclass(frozen=True, slots=True)
class Category:
    """One category that a list may put an address in.

    Attributes:
        code: stable, lower case; a dot leads to a narrower one.
        label: what staff read.
        child_label: what a child may read; it never names the harm.
        harms: codes of `kernel.harms`, the first being where reports count it. Empty for what is good.
        locked: nothing opens it: no role, rule, file or flag.
        severity: 1 to 5, the default grade of an attempt.
    """

    code: str
    label: str
    child_label: str
    harms: tuple[str, ...]
    locked: bool
    severity: int


def is_locked(code: str) -> bool:
    """Tell whether nothing may open *code*. Held in code, so that no data file can undo it."""
    return code == LOCKED_PREFIX.rstrip(".") or code.startswith(LOCKED_PREFIX)


def _category(code: str, record: dict[str, Any]) -> Category:
    unknown = set(record["harms"]) - set(HARMS)
    if unknown:
        raise ValueError(f"category {code!r} names harms that do not exist: {sorted(unknown)}")
    return Category(
        code=code,
        label=record["label"],
        child_label=record["child_label"],
        harms=tuple(record["harms"]),
        locked=is_locked(code),
        severity=record["severity"],
    )


CATEGORIES: dict[str, Category] = {
    code: _category(code, record)
    for code, record in tomllib.loads(
        resources.files(__package__).joinpath("categories.toml").read_text("utf-8")
    ).items()
}
