"""Small numbers, told so that nobody can be recognised in them. Pure."""

from collections.abc import Mapping
from datetime import timedelta

# A count from 1 to one less than this could point to a child.
LEAST_TOLD = 5


def told(count: int) -> str:
    """Return a count for readers who must not recognise anybody: "none", "fewer than 5", or the number."""
    if count < 0:
        raise ValueError(f"a count is 0 or more, got {count!r}")
    if count == 0:
        return "none"
    return f"fewer than {LEAST_TOLD}" if count < LEAST_TOLD else str(count)


def all_told(counts: Mapping[str, int]) -> list[tuple[str, str]]:
    """Return counts by name, each as `told` tells it. No sum is given: it would tell what is kept back."""
    return [(name, told(count)) for name, count in counts.items()]


def length_told(length: timedelta) -> str:
    """Return a length of time in words, rounded down to what people say."""
    minutes = int(length.total_seconds() // 60)
    if minutes < 1:
        return "under a minute"
    for size, unit in ((24 * 60, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size:
            count = minutes // size
            return f"{count} {unit}{'' if count == 1 else 's'}"
    raise AssertionError("a minute or more has a unit")
