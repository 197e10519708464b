"""Whole numbers that come in an address. Whoever writes the address may have written anything."""

MOST_DIGITS = 18  # every key that our databases give fits (2⁶³ has 19), and so does what Python reads at once


def whole(text: str) -> int | None:
    """Return the number that *text* is, 0 or more; None when it is none, or larger than any of ours."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS else None
