"""`schoolgate doctor`: look at everything a running school needs, and say what to do about what is wrong."""

import argparse
from pathlib import Path

from schoolgate.cli import django_app, output

SUMMARY = "look at keys, database, release, gate and watch, and say what to do"
MARKS = {"well": "ok", "needs care": "!!", "wrong": "XX"}


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--dir", type=Path, help="the school's folder (SCHOOLGATE_DIR, else var/school)")
    output.add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print each finding; 1 when anything is wrong."""
    django_app.setup(arguments.dir)
    from django.utils import timezone

    from schoolgate.reports.examination import State, examine

    findings = list(examine(timezone.now()))
    if arguments.json:
        rows = [{"what": f.what, "state": f.state, "words": f.words, "hint": f.hint} for f in findings]
        output.print_json({"ok": all(f.state != State.WRONG for f in findings), "findings": rows})
    else:
        for finding in findings:
            print(f"{MARKS[finding.state]}  {finding.what:<18} {finding.words}")
            if finding.hint:
                print(f"    {'':<18} {finding.hint}")
    return 1 if any(finding.state == State.WRONG for finding in findings) else 0
