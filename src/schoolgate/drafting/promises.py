"""The promises, as data: what `promises.toml` says, read once."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from types import MappingProxyType


class Kept(StrEnum):
    """What makes a sentence true."""

    CONTROL = "control"
    DUTY = "duty"
    ASPIRATION = "aspiration"


@dataclass(frozen=True, slots=True)
class Promise:
    """Something that a policy promises.

    Attributes:
        id: stable, "NET-2".
        applies: "P" primary, "E" early years, "PE" both.
        text: the promise in our words.
        mechanism: how it is really kept.
        binding: what keeps it unless the sentence says otherwise.
        evidence: what can be looked at on the day somebody asks.
    """

    id: str
    applies: str
    text: str
    mechanism: str
    binding: Kept
    evidence: str


def _read() -> Mapping[str, Promise]:
    tables = tomllib.loads(files("schoolgate.drafting").joinpath("promises.toml").read_text("utf-8"))
    return MappingProxyType(
        {
            promise: Promise(
                promise, row["applies"], row["text"], row["mechanism"], Kept(row["binding"]), row["evidence"]
            )
            for promise, row in tables.items()
        }
    )


PROMISES: Mapping[str, Promise] = _read()
