"""`schoolgate manage`: Django's own administration commands, on this school's settings."""

import argparse
import os

SUMMARY = "run one of Django's administration commands (migrate, check, ...)"


def configure(parser: argparse.ArgumentParser) -> None:
    """Hand everything on: Django parses its own commands."""
    parser.add_argument("words", nargs=argparse.REMAINDER, metavar="COMMAND ...", help="see `schoolgate manage help`")


def run(arguments: argparse.Namespace) -> int:
    """Run the command; Django prints and exits by itself when something is wrong."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "schoolgate.web.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["schoolgate manage", *arguments.words])
    return 0
