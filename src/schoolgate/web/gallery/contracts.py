"""The contracts of the components: what each is for, what it takes, what it must do for people, and examples.

A contract is the file `component.yaml` in the component's folder. The
gallery, the tests and the documentation read the same file.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parents[1] / "components"


class BrokenContract(Exception):
    """A contract, or the use of a component, that does not hold."""


@dataclass(frozen=True, slots=True)
class Param:
    """One thing that a component takes.

    Attributes:
        kind: "str", or "form", "field", "messages" for what a view hands on.
        is_required: whether it must be given.
        note: what to know about it, or "".
    """

    kind: str
    is_required: bool
    note: str


@dataclass(frozen=True, slots=True)
class Component:
    """One component.

    Attributes:
        name: its folder.
        purpose: what it is for.
        params: by name.
        accessibility: what it must do for people, a sentence each.
        examples: parameters by the name of the example.
    """

    name: str
    purpose: str
    params: Mapping[str, Param]
    accessibility: tuple[str, ...]
    examples: Mapping[str, Mapping[str, Any]]

    @property
    def template(self) -> str:
        """The name under which templates include it."""
        return f"components/{self.name}/{self.name}.html"

    def check(self, given: set[str], where: str) -> None:
        """Make sure that *given* are parameters that it may take, and all that it needs.

        Raises:
            BrokenContract: naming what is wrong, and *where*.
        """
        for name in sorted(given - self.params.keys()):
            raise BrokenContract(f"{where}: the component {self.name} takes no `{name}`")
        needed = {name for name, param in self.params.items() if param.is_required}
        for name in sorted(needed - given):
            raise BrokenContract(f"{where}: the component {self.name} needs `{name}`")


def components() -> list[Component]:
    """Every component, by name.

    Raises:
        BrokenContract: if a contract is missing or an example breaks it.
    """
    return [_read(folder) for folder in sorted(FOLDER.iterdir()) if folder.is_dir()]


def _read(folder: Path) -> Component:
    try:
        record: dict[str, Any] = yaml.safe_load((folder / "component.yaml").read_text("utf-8"))
        params = {
            name: Param(param["type"], param.get("required", False), param.get("note", ""))
            for name, param in record["params"].items()
        }
        component = Component(
            folder.name, record["purpose"], params, tuple(record["accessibility"]), record["examples"]
        )
    except (FileNotFoundError, KeyError, TypeError, yaml.YAMLError) as error:
        raise BrokenContract(f"{folder.name} has no contract that can be read: {error!r}") from error
    for name, example in component.examples.items():
        component.check(set(example), f"example “{name}”")
    return component
