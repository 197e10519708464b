"""The failing direction: whatever breaks, nothing opens. Proven by breaking the real thing."""

import os
import shutil
import signal
import socket
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from gate_rig import ASHA, BEN, EFE, LAPTOP, Gate, request, wait_until

from schoolgate.gate import board
from schoolgate.gate.adapters.proxy import status
from schoolgate.gate.core.who import Grant, Session
from schoolgate.kernel.errors import Malformed

PAGE = "http://plain.test/"


def refuses(gate, who=ASHA):
    """Whether everything is blocked for *who*: a page, the shelf's page, a help line, a tunnel."""
    with gate.connect(who) as wire:
        wire.send(b"CONNECT secure.test:443 HTTP/1.1\r\nHost: secure.test\r\n\r\n")
        tunnel = wire.answer().status
    return {gate.get(url, who).status for url in (PAGE, "http://help.test/")} | {tunnel}


def damage(path, at=-1):
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


def remove_release(school):
    (school.releases / "current").unlink()


def damage_names(school):
    damage(school.releases / "current" / "names.idx")


def damage_rules(school):
    damage(school.releases / "current" / "rules.json", 100)


def damage_seal(school):
    damage(school.releases / "current" / "manifest.sig", 3)


def unsign(school):
    (school.releases / "current" / "manifest.sig").unlink()


def cut_names(school):
    path = school.releases / "current" / "names.idx"
    path.write_bytes(path.read_bytes()[:-1])


@pytest.mark.parametrize("harm", [remove_release, damage_names, damage_rules, damage_seal, unsign, cut_names])
def test_a_gate_that_starts_without_a_good_release_blocks_everything(start, school, harm):
    harm(school)
    gate = start()
    assert refuses(gate) == {403}
    assert refuses(gate, BEN) == {403}
    assert school.last() == ("block", "edge", "edge.no-release")
    assert gate.events().count("the published release cannot be used") == 1  # said once, not at every request


def test_a_good_release_ends_the_blockade(start, school):
    remove_release(school)
    gate = start()
    assert gate.get(PAGE).status == 403
    school.build()
    wait_until(lambda: gate.get(PAGE).status == 200, 5)


def test_a_bad_release_never_replaces_the_good_one_in_force(start, school):
    gate = start()
    assert gate.get(PAGE).status == 200
    in_force = school.activities()[-1].release
    school.build()
    wait_until(lambda: gate.get(PAGE).status == 200 and school.activities()[-1].release != in_force)
    in_force = school.activities()[-1].release
    bad = school.releases / "bad"
    shutil.copytree(school.releases / in_force, bad)
    damage(bad / "rules.json", 50)
    draft = school.releases / ".draft"
    draft.symlink_to("bad")
    draft.replace(school.releases / "current")
    wait_until(lambda: "the published release cannot be used" in gate.events())
    assert gate.get(PAGE).status == 200
    assert gate.get("http://casino.test/").status == 403
    assert school.activities()[-1].release == in_force
    wait_until(lambda: [one.faults for one in status.read(school.spool.parent / "status")] == [("release",)])


def empty_in_place(path):
    os.truncate(path, 0)


def write_over(path):
    with path.open("r+b") as file:
        file.write(b"\xff" * path.stat().st_size)


@pytest.mark.parametrize("harm", [Path.unlink, empty_in_place, write_over])
def test_what_happens_to_the_files_of_a_release_in_force_changes_nothing(start, school, harm):
    gate = start()
    assert gate.get(PAGE).status == 200
    in_force = school.activities()[-1].release
    workers = gate.children()
    for name in ("names.idx", "urls.idx", "rules.json"):
        harm(school.releases / "current" / name)
    for path in ("", "a", "b"):
        assert gate.get(f"http://new.casino.test/{path}").status == 403
        assert gate.get(f"http://pages.test/bets/{path}").status == 403
        assert gate.get(f"http://new.plain.test/{path}").status == 200
    assert school.activities()[-1].release == in_force
    assert gate.children() == workers


def remove_board(school):
    school.board_file.unlink()


def damage_board(school):
    damage(school.board_file)


def damage_board_seal(school):
    damage(school.board_file, 5)


def empty_board(school):
    school.board_file.write_bytes(b"")


def forge_board(school):
    school.board_file.write_bytes(board.to_bytes(school.board, Ed25519PrivateKey.generate()))


@pytest.mark.parametrize("harm", [remove_board, damage_board, damage_board_seal, empty_board, forge_board])
@pytest.mark.parametrize("when", ["before", "while it runs"])
def test_without_a_good_board_nobody_has_internet(start, school, harm, when):
    if when == "before":
        harm(school)
    gate = start()
    if when != "before":
        assert gate.get(PAGE).status == 200
        harm(school)
        wait_until(lambda: gate.get(PAGE).status == 403, 1.0)
    assert refuses(gate) == {403}
    assert refuses(gate, BEN) == {403}
    assert school.last() == ("block", "standing", "standing/no-board")
    assert gate.events().count("no board of standing: nobody has internet") == 1


def test_an_older_board_is_not_taken(start, school):
    old = school.board_file.read_bytes()
    gate = start()
    school.publish(grants=dict(school.board.grants) | {"asha": Grant("no-internet", None, "suspended", "AUP-1")})
    wait_until(lambda: gate.get(PAGE).status == 403, 1.0)
    school.board_file.write_bytes(old)
    wait_until(lambda: "an older board was put back: the newer stays in force" in gate.events())
    assert gate.get(PAGE).status == 403


def test_a_worker_that_was_replaced_does_not_take_an_older_board_either(start, school):
    old = school.board_file.read_bytes()
    gate = start()
    school.publish(grants={})
    wait_until(lambda: gate.get(PAGE).status == 302, 1.0)
    folder = school.spool.parent / "status"
    wait_until(lambda: status.read(folder)[0].board_serial == school.board.serial)
    school.board_file.write_bytes(old)
    [worker] = gate.children()
    os.kill(worker, signal.SIGKILL)
    wait_until(lambda: gate.children() not in ([], [worker]))
    wait_until(lambda: _answers(gate))
    assert gate.get(PAGE).status == 403


def test_what_cannot_be_recorded_is_not_carried_out(start, school, origin):
    gate = start()
    assert gate.get(PAGE).status == 200
    shutil.rmtree(school.spool)
    school.spool.write_text("a file where the folder was")
    before = len(origin.heads)
    assert refuses(gate) == {503}
    assert len(origin.heads) == before
    school.spool.unlink()
    assert gate.get(PAGE).status == 200
    assert len(school.activities()) == 1


def _answers(gate):
    try:
        return gate.get(PAGE)
    except (ConnectionError, AssertionError):
        return None


def test_with_all_workers_dead_the_gate_is_closed_and_then_back(start, school):
    gate = start(workers=2)
    assert gate.get(PAGE).status == 200
    os.kill(gate.process.pid, signal.SIGSTOP)  # so that nobody is replaced while we look
    try:
        for pid in gate.children():
            os.kill(pid, signal.SIGKILL)
        wait_until(lambda: _is_refused(gate.port))
        n_recorded = len(school.activities())
    finally:
        os.kill(gate.process.pid, signal.SIGCONT)
    wait_until(lambda: _answers(gate), 10)
    assert gate.get(PAGE).status == 200
    assert gate.get("http://casino.test/").status == 403
    assert len(school.activities()) >= n_recorded + 2  # nothing that was written is lost
    wait_until(lambda: any(one.n_restarts for one in status.read(school.spool.parent / "status")))


def test_a_worker_that_hangs_is_ended_and_replaced(start):
    gate = start(workers=2)
    hung = gate.children()[0]
    os.kill(hung, signal.SIGSTOP)
    wait_until(lambda: hung not in gate.children() and len(gate.children()) == 2, 25)
    assert "a worker hangs and is ended" in gate.events()
    wait_until(lambda: _answers(gate), 10)


def _is_refused(port):
    try:
        socket.create_connection(("127.0.0.1", port), 5).close()
    except (ConnectionRefusedError, ConnectionResetError):
        return True
    return False


def test_one_dead_worker_leaves_the_other_at_work(start, school):
    gate = start(workers=2)
    first, second = gate.children()
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: first not in gate.children())
    wait_until(lambda: _answers(gate))
    wait_until(lambda: len(gate.children()) == 2)
    assert second in gate.children()


def test_no_worker_outlives_a_killed_supervisor(start):
    gate = start(workers=2)
    workers = gate.children()
    gate.process.kill()
    wait_until(lambda: not any(Path(f"/proc/{pid}/exe").exists() for pid in workers), 5)
    wait_until(lambda: _is_refused(gate.port))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_within_two_seconds_whatever_goes_on(start, number):
    gate = start(workers=2)
    with gate.connect() as wire:
        wire.send(request("http://plain.test/endless"))
        wire.head()
        gate.process.send_signal(signal.SIGHUP)  # does nothing
        assert gate.get(PAGE).status == 200
        workers = gate.children()
        gate.process.send_signal(number)
        assert gate.process.wait(2) == 0
    assert not any(Path(f"/proc/{pid}/exe").exists() for pid in workers)


def test_the_port_is_free_again_after_a_stop(start, school):
    gate = start()
    port = gate.port
    gate.stop()
    again = Gate(school, port=port)
    try:
        assert again.get(PAGE).status == 200
    finally:
        again.stop()


def test_a_change_of_standing_reaches_a_running_gate_within_a_second(start, school):
    gate = start(workers=2)
    assert gate.get(PAGE, EFE).status == 302
    signed = dict(school.board.grants) | {"efe": Grant("staff", None, "signed", "AUP-1")}
    school.publish(grants=signed)
    wait_until(lambda: gate.get(PAGE, EFE).status == 200, 1.0)
    school.publish(grants=dict(signed) | {"efe": Grant("no-internet", None, "unsigned", "AUP-1")})
    wait_until(lambda: gate.get(PAGE, EFE).status == 302, 1.0)


def test_a_change_of_standing_counts_on_a_connection_that_is_open(start, school):
    gate = start()
    with gate.connect() as wire:
        assert wire.ask(request(PAGE)).status == 200
        school.publish(grants={})
        wait_until(lambda: wire.ask(request(PAGE)).status == 302, 1.0)


def test_a_session_at_the_portal_opens_and_ends_by_itself(start, school, now_utc):
    gate = start()
    assert gate.get(PAGE, LAPTOP).status == 302
    until = now_utc() + timedelta(seconds=2)
    school.publish(sessions={LAPTOP: Session("ben", until)})
    wait_until(lambda: gate.get(PAGE, LAPTOP).status == 200, 1.0)
    wait_until(lambda: gate.get(PAGE, LAPTOP).status == 302, 4.0)
    assert now_utc() >= until - timedelta(seconds=1)  # time counts in whole seconds


def test_the_status_says_how_the_workers_are(start, school):
    gate = start(workers=2)
    gate.get(PAGE)
    gate.get("http://casino.test/")
    folder = school.spool.parent / "status"

    def counted():
        said = status.read(folder)
        return sum(one.n_allowed for one in said) == 1 and sum(one.n_blocked for one in said) == 1

    wait_until(counted)
    said = status.read(folder)
    assert {one.pid for one in said} == set(gate.children())
    assert [one.worker for one in said] == ["w0", "w1"]
    assert {(one.release, one.board_serial, one.faults) for one in said} == {
        (school.activities()[-1].release, school.board.serial, ())
    }


def test_a_damaged_status_is_said(tmp_path):
    (tmp_path / "w0.json").write_text("{")
    with pytest.raises(Malformed):
        status.read(tmp_path)
