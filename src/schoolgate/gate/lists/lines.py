"""Lines of a text that came from outside, after a look at whether it is a list at all."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from schoolgate.kernel.errors import Malformed

MAX_LINE_BYTES = 16_384
_LOOKED_AT_BYTES = 65_536
_PAGE_SIGNS = (b"<!doctype", b"<html", b"<head", b"<body", b"<?xml")


def lines(path: Path) -> Iterator[str]:
    """Yield the lines of a file. Raises Malformed as `lines_of` does."""
    with path.open("rb") as file:
        yield from lines_of(file, path.name)


def lines_of(file: BinaryIO, name: str) -> Iterator[str]:
    """Yield the lines of *file*, without their ends, bytes that are no UTF-8 replaced.

    Raises:
        Malformed: if it is empty, a web page, binary, or has a line longer than `MAX_LINE_BYTES`.
    """
    start = file.read(_LOOKED_AT_BYTES)
    if not start.strip():
        raise Malformed(f"{name} is empty", "did the download fail?")
    if b"\0" in start:
        raise Malformed(f"{name} is not text", "is it packed, or another kind of file?")
    if any(sign in start[:2048].lower() for sign in _PAGE_SIGNS):
        raise Malformed(f"{name} is a web page, not a list", "did the download end at a page that says why?")
    return _split(io.BytesIO(start), file, name)


def _split(start: io.BytesIO, rest: BinaryIO, name: str) -> Iterator[str]:
    pending = b""
    first = True
    for chunk in _chunks(start, rest):
        *whole, pending = (pending + chunk).split(b"\n")
        for line in whole:
            yield _text(line, name, first=first)
            first = False
        if len(pending) > MAX_LINE_BYTES:
            raise Malformed(f"{name} has a line of more than {MAX_LINE_BYTES} bytes", "is it a list?")
    if pending:
        yield _text(pending, name, first=first)


def _chunks(start: io.BytesIO, rest: BinaryIO) -> Iterator[bytes]:
    for file in (start, rest):
        while chunk := file.read(_LOOKED_AT_BYTES):
            yield chunk


def _text(line: bytes, name: str, *, first: bool) -> str:
    if len(line) > MAX_LINE_BYTES:
        raise Malformed(f"{name} has a line of more than {MAX_LINE_BYTES} bytes", "is it a list?")
    if b"\0" in line:
        raise Malformed(f"{name} is not text", "is it packed, or another kind of file?")
    return line.decode("utf-8-sig" if first else "utf-8", "replace").rstrip("\r")
