"""What a format's reader yields: an entry that it took, or something that it left, and why."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One site of a list, as it was written.

    Attributes:
        text: a name or an address.
        list: what the source calls this part of itself ("gambling"), or "" when it has no parts.
        category: one of our codes, or "" when the whole import has one.
        reason: why, if the source says so.
    """

    text: str
    list: str = ""
    category: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that was left, on purpose.

    Attributes:
        why: in words, the same for all of a kind.
        example: what it was.
        n: how many entries stand behind it.
    """

    why: str
    example: str
    n: int = 1


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the source that is there, even if none of its entries can be taken."""

    list: str
    category: str


Read = Entry | Skipped | Part
