"""Setting a school's folder up, in a process of its own so that the household itself never loads Django."""

import argparse
import os
import sys

import django

from schoolgate.cli.main import tell
from schoolgate.kernel.errors import Malformed, Refused


def main() -> int:
    """Migrate the database, then make the demonstration or the first account where there is none."""
    parser = argparse.ArgumentParser(prog="setting-up")
    parser.add_argument("--demo", choices=("primary", "early-years"))
    demo = parser.parse_args().demo

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "schoolgate.web.settings")
    django.setup()
    from django.core.management import call_command
    from django.db import OperationalError
    from django.utils import timezone

    from schoolgate.cli import first_account
    from schoolgate.cli.demo import seed

    try:
        if demo:
            seed.clear_interrupted()
        call_command("migrate", verbosity=0)
        if demo:
            seed.make(demo, timezone.now())
        else:
            first_account.make(timezone.now())
    except (Malformed, Refused) as error:
        return tell(error)
    except OperationalError as error:  # a full disk, most of all
        return tell(Refused(f"the database cannot be written: {error}", "make room, then start again"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
