"""`schoolgate lists`: import block and allow lists, and show what is there."""

import argparse
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from schoolgate.cli.output import add_json, print_json, print_stream, table
from schoolgate.gate.core.categories import CATEGORIES
from schoolgate.gate.lists import importing, store

SUMMARY = "import block and allow lists"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="import|show|categories")
    take = actions.add_parser("import", help="import a list; say what was skipped and why")
    take.add_argument("path", type=Path, metavar="PATH", help="a file; for ut1 also a folder")
    take.add_argument("--format", required=True, choices=list(importing.discovered()), help="the format of PATH")
    take.add_argument("--category", default="", help="a code of ours, for lists that do not say what they are about")
    take.add_argument("--name", default="", help="short name of the source (default: from the format or the file)")
    take.add_argument("--into", type=Path, required=True, metavar="DIR", help="folder of the imported lists")
    take.add_argument("--confirm-shrink", action="store_true", help="take it although it shrank; never for illegal.*")
    add_json(take)
    show = actions.add_parser("show", help="show the imported lists")
    show.add_argument("folder", type=Path, metavar="DIR")
    add_json(show)
    add_json(actions.add_parser("categories", help="show the registry of categories"))


def run(arguments: argparse.Namespace) -> int:
    """Do one of the three."""
    if arguments.action == "import":
        return _import(arguments)
    if arguments.action == "show":
        return _show(arguments)
    if arguments.json:
        print_stream(asdict(category) for category in CATEGORIES.values())
    else:
        print(table([(code, category.label) for code, category in CATEGORIES.items()]))
    return 0


def _import(arguments: argparse.Namespace) -> int:
    report = importing.take(
        arguments.path,
        importing.discovered()[arguments.format],
        arguments.into,
        datetime.now(UTC),
        category=arguments.category,
        name=arguments.name,
        confirm_shrink=arguments.confirm_shrink,
    )
    record = report.record
    n_names, n_pages = sum(one.names for one in record.lists), sum(one.pages for one in record.lists)
    if arguments.json:
        skipped = [asdict(left) for left in report.left]
        totals = {"names": n_names, "pages": n_pages, "replaced": report.replaced or None}
        print_json(asdict(record) | totals | {"skipped": skipped})
        return 0
    print(
        f"imported {n_names:,} names and {n_pages:,} pages into {len(record.lists)} lists of {record.source} ({record.version})"
    )
    if report.replaced:
        print(f"they replace version {report.replaced}")
    for left in report.left:
        print(f"skipped {left.n:,}: {left.why}, for example {', '.join(map(repr, left.examples))}")
    return 0


def _show(arguments: argparse.Namespace) -> int:
    records = store.records(arguments.folder)
    if arguments.json:
        print_stream(asdict(record) for record in records)
        return 0
    rows = [("LIST", "CATEGORY", "NAMES", "PAGES", "VERSION", "IMPORTED")]
    rows += [
        (one.name, one.category, f"{one.names:,}", f"{one.pages:,}", record.version, record.imported_at[:16])
        for record in records
        for one in record.lists
    ]
    print(table(rows))
    return 0
