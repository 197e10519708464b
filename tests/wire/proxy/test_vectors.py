"""The shared vectors over the wire: what the core decides, the gate does."""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from gate_rig import Wire, request

from schoolgate.archive import spool
from schoolgate.gate import board, keys
from schoolgate.gate.core.who import Board, Device, Grant
from vector_files import EVENING, MALFORMED, decisions, release_of_the_vectors

README = Path(__file__).parents[3] / "src/schoolgate/gate/adapters/proxy/README.md"
# What this edge cannot express stands in its manual page, as the sentence that each case's `why` is found in.
LEFT_OUT = set(re.findall(r"^- `vector`: (.+)$", README.read_text("utf-8"), re.MULTILINE))
CASES = [case for case in decisions() if case.why not in LEFT_OUT]
ASKERS = {
    who: f"127.0.1.{number}" for number, who in enumerate(sorted({(c.profile, c.person or "") for c in CASES}), 1)
}


class Clocked:
    """A worker with a clock of the test's own."""

    def __init__(self, folder, origin):
        self.folder = folder
        key = keys.create(folder / "keys")
        self.release = release_of_the_vectors(folder, key)
        devices = {address: Device(f"d-{address}", "", who[1] or f"p-{address}") for who, address in ASKERS.items()}
        grants = {devices[address].person: Grant(who[0], None, "signed", "") for who, address in ASKERS.items()}
        board.publish(Board(1, EVENING, grants, devices), folder / "board", key)
        mapped = ["*.test", "192.0.2.66", "3221226050"]
        (folder / "hosts").write_text("".join(f"{name} 127.0.0.1:{origin.port}\n" for name in mapped))
        self.set_clock(EVENING)
        self.process = subprocess.Popen(
            [sys.executable, Path(__file__).with_name("clocked_gate.py"), folder],
            stdout=subprocess.PIPE,
            env=os.environ,
        )
        self.port = int(self.process.stdout.readline())

    def set_clock(self, at):
        draft = self.folder / "clock.new"
        draft.write_text(at.isoformat())
        draft.replace(self.folder / "clock")

    def stop(self):
        self.process.terminate()
        assert self.process.wait(5) == 0
        self.process.stdout.close()


@pytest.fixture(scope="module")
def clocked(tmp_path_factory, origin):
    running = Clocked(tmp_path_factory.mktemp("vectors"), origin)
    yield running
    running.stop()


def asked(case):
    """The request that a browser makes for the address of *case*, cut as it is written."""
    scheme, _, rest = case.url.partition("://")
    if scheme == "https" or case.method == "CONNECT":
        host = rest.partition("/")[0]
        target = host if re.search(r":\d+$", host) else f"{host}:443"
        return f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode()
    return request(case.url, case.method)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_gate_does_what_the_vectors_say(clocked, case):
    clocked.set_clock(case.at or EVENING)
    asker = ASKERS[case.profile, case.person or ""]
    with Wire(socket.create_connection(("127.0.0.1", clocked.port), 10, source_address=(asker, 0))) as wire:
        wire.send(asked(case))
        status, _ = wire.head()
    [newest] = [one for one, _ in spool.read(clocked.folder / "spool", {})][-1:]
    if case.outcome == MALFORMED:
        assert (status, newest.outcome) == (400, "block")
        return
    assert status in ({200} if case.outcome == "allow" else {403})
    assert newest.address == asker
    expected = (case.outcome, case.tier or newest.tier, case.rule or newest.rule, case.statement or newest.statement)
    assert (newest.outcome, newest.tier, newest.rule, newest.statement) == expected


def test_what_the_manual_leaves_out_is_among_the_vectors():
    assert {case.why for case in decisions()} >= LEFT_OUT
    assert LEFT_OUT
