"""One school on one computer: its folder, what must be in it, and the programs that run from it."""

import fcntl
import json
import os
import secrets
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from schoolgate.cli import kept, ports
from schoolgate.cli.household import Household, dying_with_us, program
from schoolgate.kernel.errors import Malformed, Refused

MAX_WORKERS = 64  # as the gate's own
Say = Callable[[str], None]

# Numbers that Ofcom keeps free for drama: nobody answers them.
FICTIONAL_NUMBERS = {
    "SCHOOLGATE_SAFEGUARDING_PHONE": "01632 960001",
    "SCHOOLGATE_SOCIAL_CARE_PHONE": "01632 960002",
    "SCHOOLGATE_CHAIR_PHONE": "01632 960003",
}

# Whatever proxy this computer is set to, our own pages are asked directly.
_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass
class School:
    """A school's folder and the ports that it answers on.

    Attributes:
        folder: absolute; everything that belongs to the school lies in it.
        port: of the pages.
        proxy_port: of the gate.
        n_workers: worker processes of the gate.
    """

    folder: Path
    port: int
    proxy_port: int
    n_workers: int

    @cached_property
    def origin_port(self) -> int:
        """The port of the demonstration's small internet; nobody needs to know it."""
        return ports.any_free()

    @property
    def site(self) -> str:
        """The address of the pages."""
        return f"http://{ports.LOOPBACK}:{self.port}"

    @property
    def proxy(self) -> str:
        """The address of the gate, as a browser's proxy setting wants it."""
        return f"{ports.LOOPBACK}:{self.proxy_port}"

    def facts(self) -> dict[str, Any]:
        """What somebody needs to know to use it: addresses, and for a demonstration its sign-ins."""
        has_release = (self.folder / "gate" / "releases" / "current").exists()
        known = {"site": self.site, "proxy": self.proxy, "folder": str(self.folder), "has_release": has_release}
        return known | kept.read(self.folder)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the folder, so that two households never share it.

        Raises:
            Malformed: if the ports or the number of workers cannot be.
            Refused: if another `schoolgate up` holds it, or a port is taken.
        """
        ports.check_number(self.port, "--port")
        ports.check_number(self.proxy_port, "--proxy-port")
        if self.port == self.proxy_port:
            raise Malformed(f"pages and gate cannot both have port {self.port}", "choose another --proxy-port")
        if not 1 <= self.n_workers <= MAX_WORKERS:
            raise Malformed(f"{self.n_workers} workers", f"1 to {MAX_WORKERS}; one a core is right")
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "up.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Refused(f"this school is running already from {self.folder}", "stop that one first") from None
            ports.check_free(self.port, "--port")
            ports.check_free(self.proxy_port, "--proxy-port")
            yield

    def set_up(self, demo: str | None, say: Say) -> None:
        """Bring the folder to where everything can run: keys, database, and a demonstration if one is wanted.

        Safe to repeat: what is there is kept. A demonstration whose making
        was interrupted is made anew; a school's own data is never touched.
        """
        os.umask(0o077)  # what follows is for this school's own account only
        (self.folder / "keys").mkdir(exist_ok=True)
        secret = self.folder / "keys" / "web.secret"
        if not secret.exists():
            handle = os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_urlsafe(48))
        words = ["--demo", demo] if demo else []
        result = subprocess.run(
            [sys.executable, "-m", "schoolgate.cli.setting_up", *words],
            stdout=sys.stderr,  # standard output is for whoever reads our JSON
            env=os.environ | self._environment() | {"SCHOOLGATE_LOG_LEVEL": "warning"},
            check=False,
            preexec_fn=dying_with_us(),  # safe: we have no threads here; else two might set one school up
        )
        if result.returncode:
            raise Refused("the school could not be set up", "what went wrong stands above; nothing is running")
        say(f"Schoolgate · {kept.read(self.folder).get('school') or 'your school'}")

    @contextmanager
    def running(self, say: Say) -> Iterator[Household | None]:
        """Run the programs; yields None when somebody stopped us before they were up."""
        with Household(self.folder / "logs", self._environment(), say) as household:
            if "demo" in kept.read(self.folder):
                household.start(
                    "origin", [sys.executable, "-m", "schoolgate.cli.demo.origin", "--port", str(self.origin_port)]
                )
                self._write_hosts()
            household.start("gate", self._gate())
            household.start("watch", program("watch", "--dir", str(self.folder)))
            household.start("pages", self._pages())
            is_up = household.wait_until(self._is_ready, "Schoolgate")
            yield household if is_up else None

    def _environment(self) -> dict[str, str]:
        known = kept.read(self.folder)
        return {
            **(FICTIONAL_NUMBERS if "demo" in known else {}),
            "SCHOOLGATE_DIR": str(self.folder),
            "SCHOOLGATE_ADDRESS": self.site,
            "SCHOOLGATE_PROXY_ADDRESS": self.proxy,
            "SCHOOLGATE_SCHOOL_NAME": str(known.get("school", "")),
            "PYTHONUNBUFFERED": "1",
        }

    def _gate(self) -> list[str]:
        gate = self.folder / "gate"
        return program(
            "gate",
            *("--releases", str(gate / "releases")),
            *("--board", str(gate / "board")),
            *("--keys", str(self.folder / "keys" / "gate")),
            *("--spool", str(gate / "spool")),
            *("--listen", self.proxy),
            *("--workers", str(self.n_workers)),
            *("--portal", f"{self.site}/portal/"),
            *(("--hosts", str(self._hosts_file())) if self._hosts_file().exists() else ()),
        )

    def _pages(self) -> list[str]:
        return [
            *(sys.executable, "-m", "uvicorn", "schoolgate.web.asgi:application"),
            *("--host", ports.LOOPBACK, "--port", str(self.port)),
            *("--no-access-log", "--no-server-header", "--lifespan", "off", "--log-level", "warning"),
            *("--timeout-graceful-shutdown", "1"),
            # Nothing stands before the pages but the gate, which passes on what a browser says of itself: else
            # anybody could name another address as their own, and try passwords from a new one each time.
            "--no-proxy-headers",
        ]

    def _hosts_file(self) -> Path:
        return self.folder / "gate" / "hosts"

    def _write_hosts(self) -> None:
        from schoolgate.cli.demo.origin import hosts

        lines = [f"{host} {ports.LOOPBACK}:{self.origin_port}\n" for host in hosts()]
        self._hosts_file().write_text("".join(lines))

    def _is_ready(self) -> bool:
        if not ports.is_answering(self.proxy_port):
            return False
        try:
            with _direct.open(f"{self.site}/health/ready", timeout=2) as answer:
                return bool(answer.status == 200)
        except urllib.error.HTTPError as answer:
            # A new school has no release yet: its gate blocks everything, and its pages are there to change that.
            with answer:
                wrong = {part for part, state in json.load(answer)["parts"].items() if state == "wrong"}
            return wrong == {"release"} and not (self.folder / "gate" / "policy.toml").exists()
        except OSError:
            return False
