"""`schoolgate url`: the one canonical form of an address."""

import argparse
from collections.abc import Iterable, Iterator
from typing import Any

from schoolgate.cli.output import add_json, input_lines, print_stream
from schoolgate.gate.core.names import canonical
from schoolgate.kernel.errors import Malformed

SUMMARY = "show the canonical form of addresses"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("address", nargs="*", help="an address or a host name")
    parser.add_argument("--stdin", action="store_true", help="read addresses from standard input, one a line")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print one JSON object for each address; one that cannot be read gets an `error`, and the rest go on."""
    if bool(arguments.address) == arguments.stdin:
        raise Malformed("give addresses, or --stdin", "echo example.org | schoolgate url --stdin")
    print_stream(_records(input_lines() if arguments.stdin else arguments.address))
    return 0


def _records(texts: Iterable[str]) -> Iterator[dict[str, Any]]:
    for text in texts:
        try:
            address = canonical(text)
        except Malformed as error:
            yield _record(text, error=str(error))
            continue
        path = f"{address.path}?{address.query}" if address.query else address.path
        yield _record(text, address.text, address.host, address.registrable, path)


def _record(
    said: str,
    canonical: str | None = None,
    host: str | None = None,
    registrable: str | None = None,
    path: str | None = None,
    error: str | None = None,
) -> dict[str, Any]:
    return {
        "input": said,
        "canonical": canonical,
        "host": host,
        "registrable": registrable,
        "path": path,
        "error": error,
    }
