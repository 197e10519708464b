"""`schoolgate watch`: follow the gate's record, raise alerts, and keep the centre's clock."""

import argparse
import fcntl
import json
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SUMMARY = "watch what passes the gate, and bring what is worrying to the safeguarding lead"

CHORES_EVERY_SECONDS = 15.0  # each control says itself how often it is due
BOARD_EVERY_SECONDS = 3600.0  # grants last three hours (`access.rules.LEASE`)


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--dir", type=Path, metavar="D", help="the school's folder (default: $SCHOOLGATE_DIR)")
    parser.add_argument("--json", action="store_true", help="say what is watched as one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Run until SIGTERM or SIGINT."""
    if arguments.dir is not None:
        os.environ["SCHOOLGATE_DIR"] = str(arguments.dir.resolve())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "schoolgate.web.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.utils import timezone

    from schoolgate.cli.watching import Watch

    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    with _alone(settings.DATA_DIR):
        spool = settings.SPOOL_DIR
        print(json.dumps({"spool": str(spool)}) if arguments.json else f"watching {spool}", flush=True)
        chores = threading.Thread(target=_chores, args=(stopping,), name="chores")
        chores.start()
        try:
            Watch(spool, timezone.now, stopping).run()
        finally:
            stopping.set()
            chores.join()
    return 0


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the school's watch for this process; the kernel lets go of it however the process ends.

    Raises:
        Refused: if another watch runs.
    """
    from schoolgate.kernel.errors import Refused

    with (folder / "watch.lock").open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(f"another watch runs on {folder}", "one is enough: stop the other first") from None
        yield


def _chores(stopping: threading.Event) -> None:
    """Renew the grants on the board each hour, and collect the evidence that is due.

    In a thread of its own, so that a slow control holds no alert up.
    """
    import time

    import structlog
    from django.db import connections
    from django.utils import timezone

    from schoolgate.access.services import publish_board
    from schoolgate.assurance.services import collect

    log = structlog.get_logger()
    published_at = float("-inf")
    while True:
        try:
            if time.monotonic() - published_at >= BOARD_EVERY_SECONDS:
                log.info("published the board", serial=publish_board(timezone.now()))
                published_at = time.monotonic()
            collect(timezone.now())
        except Exception:
            log.exception("a chore failed")
        finally:
            connections.close_all()
        if stopping.wait(CHORES_EVERY_SECONDS):
            return
