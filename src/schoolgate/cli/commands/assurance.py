"""Print every sentence of the policy in force with its status today, the evidence, and its age."""

import argparse
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schoolgate.cli.output import add_json, print_json

if TYPE_CHECKING:
    from schoolgate.assurance.queries import StatementToday

SUMMARY = "show each sentence of the policy with its status today"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_json(parser)
    parser.add_argument("--dir", type=Path, metavar="DIR", help="the school's folder (default: SCHOOLGATE_DIR)")
    parser.add_argument("--collect", action="store_true", help="run every control first")
    parser.add_argument("--strict", action="store_true", help="exit 1 when a promise is not met, at risk or unknown")


def run(arguments: argparse.Namespace) -> int:
    """Collect if asked to, and print."""
    from schoolgate.cli import django_app

    django_app.setup(arguments.dir)
    from django.utils import timezone

    from schoolgate.assurance import queries, rules, services
    from schoolgate.assurance.rules import Light

    now = timezone.now()
    if arguments.collect:
        services.collect(now, everything=True)
    rows = queries.statements_today(now)
    counts = rules.counts(row.light for row in rows)
    if arguments.json:
        print_json(
            {
                "at": now.isoformat(),
                "editions": [_edition(one) for one in queries.editions_in_force()],
                "counts": {light.value: count for light, count in counts.items()},
                "statements": [_record(row, now) for row in rows],
            }
        )
    elif not rows:
        print("No edition of the policy is in force.")
    else:
        for row in rows:
            if row.light is not Light.DESCRIPTION:
                print(_line(row, now))
        print("\n" + ", ".join(f"{count} {light.value}" for light, count in counts.items() if count))
    open_ended = counts[Light.NOT_MET] + counts[Light.AT_RISK] + counts[Light.UNKNOWN]
    return 1 if arguments.strict and (open_ended or not rows) else 0


def _edition(edition: Any) -> dict[str, Any]:
    return {
        "title": edition.title,
        "setting": edition.setting,
        "ratified_on": edition.ratified_on.isoformat(),
        "review_due_on": edition.review_due_on.isoformat() if edition.review_due_on else None,
    }


def _record(row: "StatementToday", now: datetime) -> dict[str, Any]:
    found_at = row.today.found_at
    return {
        "ref": row.statement.ref,
        "line": row.statement.line,
        "sentence": _sentence(row),
        "status": row.light.value,
        "promise": row.binding.promise or None if row.binding else None,
        "binding": row.binding.kind if row.binding else None,
        "evidence": row.today.because,
        "found_at": found_at.isoformat() if found_at else None,
        "age_seconds": round((now - found_at).total_seconds()) if found_at else None,
        "changed_at": row.changed_at.isoformat() if row.changed_at else None,
    }


def _line(row: "StatementToday", now: datetime) -> str:
    age = f", {_age(row.today.found_at, now)} old" if row.today.found_at else ""
    promise = f" ({row.binding.promise})" if row.binding and row.binding.promise else ""
    return f"{row.light.value:<14}  {row.statement.ref}{promise}  {_sentence(row)}\n{'':<16}{row.today.because}{age}"


def _sentence(row: "StatementToday") -> str:
    """The sentence; for an item of a list with the words that introduce the list."""
    return f"{row.statement.stem} {row.statement.text}".strip()


def _age(found_at: datetime, now: datetime) -> str:
    seconds = max(0, round((now - found_at).total_seconds()))
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            count = seconds // size
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return f"{seconds} s"
