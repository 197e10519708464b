"""A real gate for wire tests: a small school on disk, the gate's processes, and raw clients.

The cast asks from addresses of its own on loopback (127.0.0.11 and so on), which is how the gate knows them.
"""

import datetime as dt
import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from schoolgate.archive import spool
from schoolgate.gate import board, keys
from schoolgate.gate.core.who import Board, Device, Grant
from schoolgate.gate.lists import importing
from schoolgate.gate.release.build import build
from schoolgate.kernel.activity import Activity

NOW = dt.datetime(2026, 11, 21, 10, 0, tzinfo=dt.UTC)
ASHA, BEN, EFE, NURSERY, LAPTOP, STRANGER = (f"127.0.0.{n}" for n in (11, 12, 13, 14, 15, 99))
PORTAL = "http://portal.test:8000/portal/"

POLICY = """
[school]
name = "Larkfield Primary School"
time_zone = "Europe/London"
[statements]
NET-2 = "Every site is covered by enhanced filtering."
AUP-1 = "Everyone signs before they use the internet."
[tiers]
standing = "AUP-1"
[profiles.no-internet]
label = "No internet"
[profiles.shelf]
label = "The nursery"
default = "block"
[profiles.ks2]
label = "Years 3 to 6"
default = "allow"
block = ["gambling", "games"]
statement = "NET-2"
[profiles.staff]
label = "Staff"
default = "allow"
block = ["gambling"]
statement = "NET-2"
[[help]]
site = "help.test"
title = "a help line"
[[shelf]]
site = "shelf.test"
title = "songs"
[[rules]]
id = "R-1"
allow = "odd-port.test"
approver = "Carys"
reason = "a lesson"
"""


def wait_until(claim: Callable[[], Any], seconds: float = 10.0) -> Any:
    """Return the first true answer of *claim*, asked over and over. The only place where these tests wait."""
    until = time.monotonic() + seconds
    while True:
        found = claim()
        if found or time.monotonic() > until:
            assert found, f"still not so after {seconds} seconds"
            return found
        threading.Event().wait(0.02)


class School:
    """The files that a gate reads: keys, a release, a board, a hosts file; and the spool that it writes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.keys = folder / "keys"
        self.releases = folder / "releases"
        self.board_file = folder / "board"
        self.spool = folder / "spool"
        self.hosts = folder / "hosts"
        self.key = keys.create(self.keys)
        (folder / "policy.toml").write_text(POLICY)
        (folder / "gambling.txt").write_text("casino.test\npages.test/bets\n")
        (folder / "games.txt").write_text("games.test\n")
        for name in ("gambling", "games"):
            importing.take(
                folder / f"{name}.txt", importing.discovered()["domains"], folder / "lists", NOW, category=name
            )
        self.build()
        self.board = Board(
            serial=1,
            issued_at=NOW,
            grants={
                "asha": Grant("ks2", None, "signed", "AUP-1"),
                "ben": Grant("staff", None, "signed", "AUP-1"),
                "efe": Grant("no-internet", None, "unsigned", "AUP-1"),
            },
            devices={
                ASHA: Device("tablet-1", "", "asha"),
                BEN: Device("laptop-1", "", "ben"),
                EFE: Device("laptop-2", "", "efe"),
                NURSERY: Device("tablet-2", "shelf", None),
                LAPTOP: Device("laptop-3", "", None),
            },
        )
        self.publish()

    def build(self) -> str:
        """Build a release and put it in force; return its id."""
        report = build(
            self.folder / "lists", self.folder / "policy.toml", self.releases, self.key, dt.datetime.now(dt.UTC)
        )
        return report.release.id

    def publish(self, **changes: Any) -> None:
        """Publish a board with the next serial and *changes*."""
        self.board = replace(self.board, **({"serial": self.board.serial + 1} | changes))
        board.publish(self.board, self.board_file, self.key)

    def activities(self) -> list[Activity]:
        """All that the gate has recorded, oldest first."""
        reading = spool.read(self.spool, {})
        found = [activity for activity, _ in reading]
        assert reading.damage == []
        return found

    def last(self) -> tuple[str, str, str]:
        """Outcome, tier and rule of the newest activity."""
        newest = self.activities()[-1]
        return newest.outcome, newest.tier, newest.rule


class Gate:
    """The gate's own processes, started as a school starts them."""

    def __init__(self, school: School, workers: int = 1, port: int = 0) -> None:
        program = "import sys; from schoolgate.cli.main import main; sys.exit(main())"
        self.log = school.folder / "gate.log"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", program, "gate", "--json", "--releases", school.releases, "--board", school.board_file,
                 "--keys", school.keys, "--spool", school.spool, "--hosts", school.hosts, "--portal", PORTAL,
                 "--workers", str(workers), "--listen", f"127.0.0.1:{port}"],
                stdout=subprocess.PIPE, stderr=log,
            )  # fmt: skip
        line = self.process.stdout.readline()
        assert line, self.log.read_text()
        self.port = int(json.loads(line)["listening"].rpartition(":")[2])

    def children(self) -> list[int]:
        """Process ids of the workers."""
        pid = self.process.pid
        return [int(text) for text in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def events(self) -> list[str]:
        """What the log says, in order."""
        return [json.loads(line)["event"] for line in self.log.read_text().splitlines()]

    def stop(self) -> int:
        """Stop it as Ctrl-C does; return the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        try:
            return self.process.wait(5)
        finally:
            self.process.kill()
            self.process.wait()
            self.process.stdout.close()

    def connect(self, who: str = ASHA) -> "Wire":
        """Connect as the member of the cast at the address *who*."""
        return Wire(socket.create_connection(("127.0.0.1", self.port), 10, source_address=(who, 0)))

    def get(self, url: str, who: str = ASHA, **fields: str) -> "Answer":
        """Ask for *url* on a connection of its own."""
        with self.connect(who) as wire:
            return wire.ask(request(url, **fields))


def request(url: str, method: str = "GET", body: bytes = b"", **fields: str) -> bytes:
    """A request through a proxy, as a browser writes it."""
    host = url.partition("://")[2].partition("/")[0]
    lines = [
        f"{method} {url} HTTP/1.1",
        f"Host: {host}",
        *(f"{name.replace('_', '-')}: {text}" for name, text in fields.items()),
    ]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


class Answer:
    """An answer off the wire, its body without framing."""

    def __init__(self, status: int, fields: dict[str, str], body: bytes, *, is_whole: bool) -> None:
        self.status = status
        self.fields = fields
        self.body = body
        self.is_whole = is_whole
        self.text = body.decode(errors="replace")


class Wire:
    """A raw client connection, which reads as slowly as it is told to."""

    def __init__(self, connection: socket.socket, piece: int = 65536) -> None:
        self.socket = connection
        self.piece = piece
        self.buffer = b""

    def __enter__(self) -> "Wire":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, data: bytes, piece: int = 0) -> None:
        """Send *data*, in pieces of so many bytes if told to."""
        if not piece:
            self.socket.sendall(data)
            return
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for at in range(0, len(data), piece):
            self.socket.sendall(data[at : at + piece])

    def ask(self, data: bytes, method: str = "GET") -> Answer:
        """Send a request and read the answer."""
        self.send(data)
        return self.answer(method)

    def more(self) -> bool:
        """Read one more piece; tell whether there was one."""
        try:
            data = self.socket.recv(self.piece)
        except ConnectionResetError:
            data = b""
        self.buffer += data
        return bool(data)

    def is_closed(self) -> bool:
        """Wait for the other side to hang up; tell whether it did so without a further word."""
        return not self.more()

    def until(self, end: bytes) -> bytes:
        """Read up to and with *end*."""
        while end not in self.buffer:
            assert self.more(), f"closed after {self.buffer!r}"
        found, self.buffer = (
            self.buffer[: self.buffer.index(end) + len(end)],
            self.buffer[self.buffer.index(end) + len(end) :],
        )
        return found

    def head(self) -> tuple[int, dict[str, str]]:
        """Read the head of an answer."""
        first, *lines = self.until(b"\r\n\r\n").decode("latin-1").split("\r\n")[:-2]
        fields = {}
        for line in lines:
            name, _, text = line.partition(":")
            fields[name.lower()] = text.strip()
        return int(first.split()[1]), fields

    def answer(self, method: str = "GET") -> Answer:
        """Read one answer to its end, as far as it comes."""
        status, fields = self.head()
        if method == "HEAD" or status in {204, 304}:
            return Answer(status, fields, b"", is_whole=True)
        if fields.get("transfer-encoding") == "chunked":
            body, is_whole = self._chunks()
        elif "content-length" in fields:
            size = int(fields["content-length"])
            while len(self.buffer) < size and self.more():
                pass
            body, self.buffer = self.buffer[:size], self.buffer[size:]
            is_whole = len(body) == size
        else:
            while self.more():
                pass
            body, self.buffer, is_whole = self.buffer, b"", True
        return Answer(status, fields, body, is_whole=is_whole)

    def _chunks(self) -> tuple[bytes, bool]:
        body = b""
        while True:
            while b"\r\n" not in self.buffer:
                if not self.more():
                    return body, False
            line, _, self.buffer = self.buffer.partition(b"\r\n")
            size = int(line, 16)
            while len(self.buffer) < size + 2:
                if not self.more():
                    return body + self.buffer, False
            body += self.buffer[:size]
            assert self.buffer[size : size + 2] == b"\r\n"
            self.buffer = self.buffer[size + 2 :]
            if not size:
                return body, True
