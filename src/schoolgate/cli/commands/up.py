"""`schoolgate up`: set up what is missing, run everything on loopback, and stop it cleanly."""

import argparse
import json
import sys
from pathlib import Path

SUMMARY = "set up what is missing and run everything on this computer"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--demo", choices=("primary", "early-years"), help="start with a fictional school")
    parser.add_argument("--dir", type=Path, default=Path("var/school"), help="where this school's data lies")
    parser.add_argument("--port", type=int, default=8000, help="of the pages (8000)")
    parser.add_argument("--proxy-port", type=int, default=3128, help="of the gate (3128)")
    parser.add_argument("--workers", type=int, default=2, help="worker processes of the gate (2)")
    parser.add_argument("--json", action="store_true", help="print one JSON object when everything runs")


def run(arguments: argparse.Namespace) -> int:
    """Run until Ctrl-C."""
    from schoolgate.cli.school import School

    def say(text: str) -> None:
        print(text, file=sys.stderr if arguments.json else sys.stdout, flush=True)

    school = School(arguments.dir.resolve(), arguments.port, arguments.proxy_port, arguments.workers)
    with school.held():
        school.set_up(arguments.demo, say)
        with school.running(say) as household:
            if household is None:
                return 0
            if arguments.json:
                print(json.dumps(school.facts()), flush=True)
            else:
                from schoolgate.cli.demo.welcome import welcome

                print(welcome(school.facts()), flush=True)
            household.keep()
            say("\nStopping …")
    say("Everything is stopped. Your data is in " + str(school.folder))
    return 0
