"""`schoolgate people`: bring people, classes and their devices in, and give a first password."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schoolgate.cli import django_app
from schoolgate.kernel.errors import NotFound

if TYPE_CHECKING:
    from schoolgate.people.services import Difference

SUMMARY = "bring people and devices in, with a difference first; give a password"
FORMATS = ("csv",)


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the actions and their options."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="import | devices | password")
    bring = actions.add_parser("import", help="make the school what a table says")
    bring.add_argument("path", type=Path, metavar="PATH", help="the table")
    bring.add_argument("--format", choices=FORMATS, default="csv", help="how it is written (csv)")
    bring.add_argument("--dry-run", action="store_true", help="show the difference and change nothing")
    bring.add_argument("--allow-leavers", action="store_true", help="even when more than a fifth would leave")
    devices = actions.add_parser("devices", help="enter or change the devices that a table lists")
    devices.add_argument("path", type=Path, metavar="PATH", help="the table")
    password = actions.add_parser("password", help="give somebody a new password and print it once")
    password.add_argument("email", metavar="EMAIL", help="the address that they sign in with")
    password.add_argument("--second-factor-lost", action="store_true", help="remove their second factor, too")
    for action in (bring, devices, password):
        action.add_argument("--dir", type=Path, help="the school's folder (SCHOOLGATE_DIR, else var/school)")
        action.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Do one of the three."""
    django_app.setup(arguments.dir)
    {"import": _import, "devices": _devices, "password": _password}[arguments.action](arguments)
    return 0


def _import(arguments: argparse.Namespace) -> None:
    """Show the difference, and apply it unless only a dry run is wanted."""
    from django.utils import timezone

    from schoolgate.people import services

    rows = services.read_csv(arguments.path)
    now = timezone.now()
    if arguments.dry_run:
        found = services.difference(rows, timezone.localdate(now))
        if not arguments.allow_leavers:
            services.check_leavers(found, timezone.localdate(now))
    else:
        found = services.import_rows(rows, by=None, now=now, allow_leavers=arguments.allow_leavers)
    is_applied = not arguments.dry_run and not found.is_empty
    print(json.dumps(_facts(found) | {"applied": is_applied}) if arguments.json else _words(found, is_applied))


def _devices(arguments: argparse.Namespace) -> None:
    from django.utils import timezone

    from schoolgate.access.services import import_devices

    n_changed = import_devices(arguments.path, by=None, now=timezone.now())
    print(json.dumps({"changed": n_changed}) if arguments.json else f"{n_changed} devices entered or changed.")


def _password(arguments: argparse.Namespace) -> None:
    from allauth.mfa.models import Authenticator
    from django.contrib.auth.models import User
    from django.db import transaction
    from django.utils import timezone

    from schoolgate.cli.accounts import give_password
    from schoolgate.ledger import services as ledger

    user = (
        User.objects.filter(email__iexact=arguments.email, is_active=True, person__isnull=False)
        .select_related("person")
        .first()
    )
    if user is None:
        raise NotFound(f"nobody here signs in with {arguments.email}", "give them an `email` in the table of people")
    with transaction.atomic():
        password = give_password(user)
        said = {"second_factor_removed": arguments.second_factor_lost}
        if arguments.second_factor_lost:
            Authenticator.objects.filter(user=user).delete()
        ledger.record("gave password", by=None, about=f"person:{user.person.id}", at=timezone.now(), said=said)
    if arguments.json:
        print(json.dumps({"email": user.email, "password": password}))
    else:
        print(f"{user.email}  {password}")
        print("Hand it over in person, and have it changed under their name. It is not shown again.")


def _facts(found: "Difference") -> dict[str, Any]:
    return {
        "joiners": [{"external_id": row.external_id, "line": row.line} for row in found.joiners],
        "changes": [
            {
                "external_id": change.row.external_id,
                "line": change.row.line,
                "facts": {fact: {"before": before, "after": after} for fact, (before, after) in change.facts.items()},
            }
            for change in found.changes
        ],
        "leavers": [{"external_id": person.external_id} for person in found.leavers],
    }


def _words(found: "Difference", is_applied: bool) -> str:
    lines = [f"+ {row.external_id}  {row.given_name} {row.family_name}" for row in found.joiners]
    for change in found.changes:
        said = ", ".join(f"{fact}: {before or '-'} → {after or '-'}" for fact, (before, after) in change.facts.items())
        lines.append(f"~ {change.row.external_id}  {change.person}  {said}")
    lines += [f"- {person.external_id}  {person}" for person in found.leavers]
    counts = f"{len(found.joiners)} join, {len(found.changes)} change, {len(found.leavers)} leave"
    if found.is_empty:
        return "Nothing to do: the school is as the table says."
    return "\n".join([*lines, f"{counts}. {'Done.' if is_applied else 'Nothing was changed: this was a dry run.'}"])
