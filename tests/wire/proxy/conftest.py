"""A gate that tests of what is carried share, and one of their own for tests that break it."""

from datetime import UTC, datetime

import pytest
from gate_rig import Gate, School
from origin_rig import Origin, TlsOrigin


@pytest.fixture(scope="session")
def origin():
    running = Origin()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def tls_origin(tmp_path_factory):
    running = TlsOrigin(tmp_path_factory.mktemp("tls"))
    yield running
    running.stop()


def _school(folder, origin, tls_origin):
    made = School(folder)
    made.hosts.write_text(
        f"secure.test 127.0.0.1:{tls_origin.port}\nodd-port.test 127.0.0.1:{tls_origin.port}\n"
        f"*.test 127.0.0.1:{origin.port}  # all the rest\nnobody-listens.example 127.0.0.1:1\n"
    )
    return made


@pytest.fixture(scope="session")
def shared_school(tmp_path_factory, origin, tls_origin):
    return _school(tmp_path_factory.mktemp("gate"), origin, tls_origin)


@pytest.fixture(scope="session")
def shared_gate(shared_school):
    running = Gate(shared_school)
    yield running
    assert running.stop() == 0


@pytest.fixture
def school(tmp_path, origin, tls_origin):
    """A school of the test's own, to be damaged."""
    folder = tmp_path / "gate"
    folder.mkdir()
    return _school(folder, origin, tls_origin)


@pytest.fixture
def start(school):
    """Start a gate of the test's own, after whatever the test did to its files."""
    running = []

    def begin(workers=1):
        running.append(Gate(school, workers))
        return running[-1]

    yield begin
    for gate in running:
        gate.stop()


@pytest.fixture
def now_utc():
    """The real clock: the gate is a real process and has no other."""
    return lambda: datetime.now(UTC)
