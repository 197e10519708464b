"""A school's folder with a real database, and the real watch and web server running on it."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from schoolgate.archive.spool import Writer
from schoolgate.kernel.activity import Activity

MAKE = """
import django; django.setup()
from django.core.management import call_command
from django.utils import timezone
call_command("migrate", verbosity=0)
from cast import larkfield
from django.db import connection
larkfield(timezone.now())
connection.close()
"""
PATIENCE_SECONDS = 45.0  # a start compiles the rules of the watch, which takes its time on a busy machine


def wait_for(what, seconds=PATIENCE_SECONDS):
    """Return what *what* returns once it is true; fail when it is not within *seconds*."""
    deadline = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < deadline, f"waited {seconds} s in vain"
        time.sleep(0.02)
    return found


def environment(folder: Path) -> dict[str, str]:
    tests = Path(__file__).parents[2]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SCHOOLGATE_")}
    return kept | {
        "SCHOOLGATE_DIR": str(folder),
        "SCHOOLGATE_SECRET_KEY": "only for tests, and the same in each of them",
        "DJANGO_SETTINGS_MODULE": "schoolgate.web.settings",
        "PYTHONPATH": os.pathsep.join([str(tests), *filter(None, [os.environ.get("PYTHONPATH")])]),
        "PYTHONWARNINGS": "default",
    }


@pytest.fixture(scope="session")
def template(tmp_path_factory) -> Path:
    """Larkfield with its people, made once."""
    folder = tmp_path_factory.mktemp("template") / "school"
    folder.mkdir()
    subprocess.run([sys.executable, "-c", MAKE], check=True, env=environment(folder), timeout=50)
    return folder


@pytest.fixture
def school(template, tmp_path) -> "School":
    """A school of this test's own. Whatever it started is stopped at the end."""
    folder = tmp_path / "larkfield"
    shutil.copytree(template, folder)
    school = School(folder)
    yield school
    school.stop()


class School:
    """A school's folder, its spool, and the processes that a test starts on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.writer = Writer(folder / "gate" / "spool", "w1")
        self.n_written = 0
        self._running: list[subprocess.Popen[bytes]] = []
        self.asha = self.person("Asha")

    def rows(self, question: str) -> list[tuple]:
        with closing(sqlite3.connect(self.folder / "school.sqlite3", timeout=20)) as database:
            return database.execute(question).fetchall()

    def person(self, given: str) -> str:
        """The id of one of the cast."""
        ((found,),) = self.rows(f"SELECT id FROM people_person WHERE given_name = '{given}'")
        return str(UUID(found))

    def count(self, table: str) -> int:
        return self.rows(f"SELECT count(*) FROM {table}")[0][0]

    def searches(self, words: str, at: datetime | None = None, person: str | None = None, tier: str = "default") -> str:
        """Write a search by Asha into the spool, as the gate does. Returns the id of the activity."""
        at = at or datetime.now(UTC)
        self.n_written += 1
        activity = Activity(
            id=f"{at:%Y%m%d%H%M%S%f}-{self.n_written:06d}",
            at=at,
            edge="proxy",
            address="10.0.0.9",
            device="d-1",
            person=person or self.asha,
            profile="ks2",
            method="GET",
            url="http://www.google.com/search?q=" + words.replace(" ", "+"),
            outcome="allow",
            tier=tier,
            rule="default",
            categories=(),
            statement="",
            release="r1",
        )
        self.writer.append(activity)
        return activity.id

    def start(self, *words: str, log: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{log}.log").open("ab") as file:
            process = subprocess.Popen(words, env=environment(self.folder), stdout=file, stderr=file)
        self._running.append(process)
        return process

    def watch(self) -> subprocess.Popen[bytes]:
        return self.start(sys.executable, "-m", "schoolgate.cli", "watch", "--dir", str(self.folder), log="watch")

    def serve(self) -> tuple[subprocess.Popen[bytes], str]:
        """Start the web server. Returns it and its address."""
        with closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        server = self.start(
            *(sys.executable, "-m", "uvicorn", "schoolgate.web.asgi:application", "--port", str(port)),
            *("--timeout-graceful-shutdown", "1", "--log-level", "warning"),
            log="web",
        )

        def answers() -> bool:
            with closing(socket.socket()) as probe:
                return probe.connect_ex(("127.0.0.1", port)) == 0

        wait_for(answers)
        return server, f"http://127.0.0.1:{port}"

    def log(self, name: str = "watch") -> str:
        path = self.folder / f"{name}.log"
        return path.read_text() if path.exists() else ""

    def run(self, program: str) -> str:
        """Run a few lines of Python in a process of their own on this school. Returns what they print."""
        lines = "import django; django.setup()\n" + program
        done = subprocess.run(
            [sys.executable, "-c", lines], check=True, capture_output=True, env=environment(self.folder), timeout=30
        )
        return done.stdout.decode().strip()

    def stop(self) -> None:
        self.writer.close()
        for process in self._running:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self._running:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
