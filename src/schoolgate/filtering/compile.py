"""The school's own openings as tables of the gate's policy: text to text, no clock."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Opening:
    """One host, opened to some profiles until a moment."""

    code: str
    host: str
    profiles: tuple[str, ...]
    approver: str
    reason: str
    expires_at: datetime


def with_openings(policy: str, openings: Iterable[Opening]) -> str:
    """Return the gate's policy with *openings* after it, each a `[[rules]]` table."""
    tables = [
        "\n".join(
            [
                "[[rules]]",
                f"id = {_text(one.code)}",
                f"allow = {_text(one.host)}",
                f"profiles = [{', '.join(_text(profile) for profile in one.profiles)}]",
                f"approver = {_text(one.approver)}",
                f"reason = {_text(one.reason)}",
                f"expires = {one.expires_at.isoformat()}",
            ]
        )
        for one in openings
    ]
    return "\n\n".join([policy.rstrip(), *tables]) + "\n"


def _text(words: str) -> str:
    """A TOML string (TOML 1.0 §String): JSON escapes what it must, and DEL besides; line breaks become spaces."""
    return json.dumps(" ".join(words.split()), ensure_ascii=False).replace("\x7f", "\\u007f")
