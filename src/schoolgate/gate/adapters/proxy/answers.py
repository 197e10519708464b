"""Answers of the gate's own, as HTTP."""

from dataclasses import dataclass
from email.utils import formatdate
from http import HTTPStatus


@dataclass(frozen=True, slots=True)
class Answer:
    """What the gate says itself.

    Attributes:
        status: HTTP status.
        kind: media type.
        content: the page.
        fields: further header fields.
    """

    status: int
    kind: str
    content: bytes
    fields: tuple[tuple[str, str], ...] = ()


def to_bytes(answer: Answer, *, keep_alive: bool, is_head: bool) -> bytes:
    """Return the whole message. It is never stored anywhere: the next moment may decide otherwise."""
    lines = [
        f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}",
        f"Date: {formatdate(usegmt=True)}",
        f"Content-Type: {answer.kind}",
        f"Content-Length: {len(answer.content)}",
        "Cache-Control: no-store",
        "X-Content-Type-Options: nosniff",
        "Referrer-Policy: no-referrer",
        f"Connection: {'keep-alive' if keep_alive else 'close'}",
        *(f"{name}: {value}" for name, value in answer.fields),
    ]
    head = "\r\n".join([*lines, "", ""]).encode("latin-1")
    return head if is_head else head + answer.content
