"""The three families of error.

`Refused` is for the person: we understood, and the answer is no. `Malformed`
means that what came from outside broke its format. Everything else is our own
bug, and its detail never leaves the log. Each edge maps them in one file: to a
page, an exit code or a reply on the wire.
"""


class Refused(Exception):
    """We understood, and the answer is no.

    Args:
        message: what happened and what it means, in the reader's words.
        hint: what to do next, or who can change it. May be empty.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class NotFound(Refused):
    """There is no such thing, or it is not yours to see: both read the same."""


class Malformed(Exception):
    """Something from outside broke its format. The message quotes the value.

    Args:
        message: what is wrong, quoting the offending value.
        hint: what a right value looks like. May be empty.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint
