"""How commands print: one JSON object a line for programs, rows and sentences for people; and how they read streams."""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def add_json(parser: argparse.ArgumentParser) -> None:
    """Give a command its `--json`."""
    parser.add_argument("--json", action="store_true", help="print JSON, for programs")


def line_of(record: Mapping[str, Any]) -> str:
    """One JSON object without its newline. Text that is not Unicode (half a surrogate pair) is escaped."""
    text = _encode(record)
    return text if text.isascii() or _is_unicode(text) else json.dumps(record, separators=(",", ":"))


def print_json(record: Mapping[str, Any]) -> None:
    """Print one JSON object on one line."""
    print(line_of(record))


def print_stream(records: Iterable[Mapping[str, Any]]) -> None:
    """Print JSON lines as they come; whole when the other end is a file, at once when it is a person or a pipe."""
    write = sys.stdout.write
    for record in records:
        write(line_of(record) + "\n")
    sys.stdout.flush()


def input_lines() -> Iterator[str]:
    """The lines of standard input without their ends; bytes that are no UTF-8 are kept, as lone surrogates."""
    for line in sys.stdin.buffer:
        text = line.decode("utf-8", "surrogateescape").rstrip("\r\n")
        if text:
            yield text


def table(rows: Sequence[Sequence[str]]) -> str:
    """Rows of words as text in columns, two spaces apart; numbers stand as they come."""
    if not rows:
        return ""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)
    return "\n".join(lines)


def warn(text: str) -> None:
    """Say something on standard error that is no error."""
    print(f"warning: {text}", file=sys.stderr)


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
