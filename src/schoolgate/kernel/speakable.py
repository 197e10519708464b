"""Short references that can be said over a telephone: `7QK-2FD`.

Crockford's letters (no I, L, O or U), and no other vowel either, so that no
reference ever spells a word. Six of them from a secure source are one of 729
million: enough that knowing one reference tells nobody another.
"""

from collections.abc import Callable, Sequence

from schoolgate.kernel.errors import Malformed

LETTERS = "0123456789BCDFGHJKMNPQRSTVWXYZ"
LENGTH = 7  # with the hyphen
_MEANT = str.maketrans({"O": "0", "I": "1", "L": "1", " ": "", "-": ""})


def reference(choose: Callable[[Sequence[str]], str]) -> str:
    """Return a new reference. *choose* picks one letter, `secrets.choice` outside tests."""
    letters = [choose(LETTERS) for _ in range(6)]
    return "".join(letters[:3]) + "-" + "".join(letters[3:])


def heard(text: str) -> str:
    """Return the reference that somebody meant: any case, with or without the hyphen, O for 0, I or L for 1.

    Raises:
        Malformed: if it cannot be one.
    """
    letters = text.upper().translate(_MEANT)
    if len(letters) != 6 or not set(letters) <= set(LETTERS):
        raise Malformed(f"`{text[:20]}` is not a reference", "it looks like 7QK-2FD")
    return f"{letters[:3]}-{letters[3:]}"
