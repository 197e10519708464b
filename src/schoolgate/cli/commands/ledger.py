"""`schoolgate ledger`: prove that the record of who did what is whole, or hand it to somebody who can."""

import argparse
import json
from pathlib import Path

from schoolgate.cli import django_app

SUMMARY = "check or export the tamper-evident record of who did what"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the two actions."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="verify | export")
    verify = actions.add_parser("verify", help="check every entry, its place and the end")
    verify.add_argument("--json", action="store_true", help="print one JSON object")
    export = actions.add_parser("export", help="print every entry as a JSON line that anybody can check")
    export.add_argument("--json", action="store_true", help="accepted; the export is JSON lines always")
    for action in (verify, export):
        action.add_argument("--dir", type=Path, help="the school's folder (SCHOOLGATE_DIR, else var/school)")


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked: 0 when all is whole, 1 when it is not."""
    django_app.setup(arguments.dir)
    return _export() if arguments.action == "export" else _verify(is_json=arguments.json)


def _verify(*, is_json: bool) -> int:
    from schoolgate.ledger import queries

    found = queries.verification()
    bad = queries.stored(found.first_bad_seq) if found.first_bad_seq is not None else None
    if is_json:
        damaged = None
        if found.first_bad_seq is not None:
            damaged = {
                "seq": found.first_bad_seq,
                "at": bad.at.isoformat() if bad else None,
                "action": bad.action if bad else None,
                "why": found.why,
            }
        print(json.dumps({"ok": found.ok, "count": found.count, "first_damaged": damaged}))
    elif found.ok:
        print(f"The ledger is whole. Entries, each sealed and in its place: {found.count}.")
    else:
        what = f"{bad.action}, {bad.at:%-d %B %Y %H:%M:%S %Z}" if bad else "it is not there"
        print(f"The ledger is damaged at entry {found.first_bad_seq} ({what}): {found.why}.")
        print(f"Entries before it that are whole: {found.count}.")
    return 0 if found.ok else 1


def _export() -> int:
    from schoolgate.ledger import chain, queries

    for link in queries.links():
        print(chain.to_line(link))
    return 0
