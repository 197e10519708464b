"""`schoolgate release`: build, verify and show the signed rules that gates decide by."""

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from schoolgate.cli.output import add_json, print_json, table, warn
from schoolgate.gate import keys, release
from schoolgate.kernel.errors import Refused

SUMMARY = "build, verify and show releases"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="build|verify|show")
    build = actions.add_parser("build", help="compile lists and a policy, and put them in force")
    build.add_argument("--lists", type=Path, required=True, metavar="DIR", help="what `lists import` wrote")
    build.add_argument("--policy", type=Path, required=True, metavar="FILE", help="the gate policy, TOML")
    build.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder of the releases")
    build.add_argument("--keys", type=Path, metavar="DIR", help="folder of the key (default: OUT/../keys)")
    build.add_argument(
        "--confirm-shrink", action="store_true", help="take it although lists shrank; never for illegal.*"
    )
    add_json(build)
    for action, does in (("verify", "check seal and every byte"), ("show", "say what is in it")):
        one = actions.add_parser(action, help=does)
        one.add_argument("folder", type=Path, metavar="DIR", help="a release, or the folder that holds `current`")
        one.add_argument(
            "--keys", type=Path, metavar="DIR", help="folder of the public key (default: beside the releases)"
        )
        add_json(one)


def run(arguments: argparse.Namespace) -> int:
    """Do one of the three."""
    if arguments.action == "build":
        return _build(arguments)
    folder = release.located(arguments.folder)
    opened = release.open(folder, keys.public_key(arguments.keys or folder.parent.parent / "keys"))
    record = _record(opened)
    if arguments.action == "verify":
        if arguments.json:
            print_json({"release": opened.id, "ok": True, "files": sorted(opened.manifest.files)})
        else:
            print(f"release {opened.id} is whole and its seal is right ({len(opened.manifest.files) + 1} files)")
    elif arguments.json:
        print_json(record)
    else:
        _show(opened, record)
    return 0


def _build(arguments: argparse.Namespace) -> int:
    from schoolgate.gate.release.build import build  # reading releases needs none of it

    folder = arguments.keys or arguments.out.resolve().parent / "keys"
    made = False
    try:
        key = keys.private_key(folder)
    except Refused:
        key, made = _new_key(folder), True
    report = build(
        arguments.lists,
        arguments.policy,
        arguments.out,
        key,
        datetime.now(UTC),
        confirm_shrink=arguments.confirm_shrink,
    )
    record = _record(report.release) | {
        "replaced": report.replaced or None,
        "warnings": list(report.warnings),
        "folder": str(report.release.folder),
        "new_keys": str(folder) if made else None,
    }
    for text in report.warnings:
        warn(text)
    if arguments.json:
        print_json(record)
        return 0
    if made:
        print(f"made a new key in {folder}; keep seal.key private, gates need seal.pub only")
    n_names, n_pages, n_lists = record["names"], record["pages"], len(record["lists"])
    print(f"release {record['release']} is in force: {n_names:,} names and {n_pages:,} pages of {n_lists} lists")
    if report.replaced:
        print(f"it replaces {report.replaced}, which stays in {arguments.out} for going back")
    return 0


def _new_key(folder: Path) -> Ed25519PrivateKey:
    if (folder / keys.PUBLIC_NAME).exists():
        raise Refused(f"{folder} has only the public key", "releases are built where the private key is")
    return keys.create(folder)


def _record(opened: release.Release) -> dict[str, Any]:
    manifest = opened.manifest
    age = datetime.now(UTC) - manifest.made_at
    return {
        "release": manifest.id,
        "made_at": manifest.made_at.isoformat(),
        "age_seconds": int(age.total_seconds()),
        "school": manifest.school,
        "names": sum(listed.names for listed in manifest.lists),
        "pages": sum(listed.pages for listed in manifest.lists),
        "keys": manifest.names + manifest.pages,
        "bytes": sum(size_bytes for size_bytes, _ in manifest.files.values()),
        "profiles": dict(manifest.profiles),
        "lists": [
            {
                "name": listed.name,
                "version": listed.version,
                "category": listed.category,
                "names": listed.names,
                "pages": listed.pages,
                "source": listed.source,
                "format": listed.format,
                "imported_at": listed.imported_at,
                "sha256": listed.sha256,
            }
            for listed in manifest.lists
        ],
        "rules": {
            "help": len(opened.rules.help_lane),
            "school": len(opened.rules.sites),
            "shelf": len(opened.rules.shelf),
            "technology": len(opened.rules.services),
        },
    }


def _show(opened: release.Release, record: dict[str, Any]) -> None:
    rules = record["rules"]
    print(f"release   {opened.id}")
    print(f"school    {record['school']}")
    print(f"made      {record['made_at']} ({_age(record['age_seconds'])} ago)")
    print(f"profiles  {', '.join(f'{name} ({label})' for name, label in record['profiles'].items())}")
    print(f"rules     {rules['school']} of the school, {rules['help']} on the help lane, {rules['shelf']} on the shelf")
    print(f"lists     {len(record['lists'])}, with {record['names']:,} names and {record['pages']:,} pages")
    print()
    rows = [("LIST", "CATEGORY", "NAMES", "PAGES", "VERSION")]
    rows += [
        (one["name"], one["category"], f"{one['names']:,}", f"{one['pages']:,}", one["version"])
        for one in record["lists"]
    ]
    print(table(rows))


def _age(seconds: int) -> str:
    for size, unit in ((86_400, "days"), (3_600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} seconds"
