"""The spool: nothing lost, nothing doubled, whatever is cut or killed where."""

import json
import os
import random
import resource
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schoolgate.archive import spool
from schoolgate.kernel.activity import Activity

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
ONE = Activity(
    id="0", at=NOON, edge="proxy", address="10.0.0.7", device="d", person=None, profile="ks2", method="GET",
    url='http://example.org/ä"\\', outcome="allow", tier="default", rule="r", categories=("games", "social"),
    statement="NET-2", release="1",
)  # fmt: skip


def activity(number):
    return replace(ONE, id=f"{number:06}", at=NOON + timedelta(seconds=number))


def ids(reading):
    return [one.id for one, _ in reading]


def test_what_is_written_is_read_in_order_of_time_over_all_workers(tmp_path):
    writers = [spool.Writer(tmp_path, f"w{number}") for number in range(3)]
    for number in range(30):
        writers[number % 3].append(activity(number))
    found = [one for one, _ in spool.read(tmp_path, {})]
    assert found == [activity(number) for number in range(30)]


def test_an_activity_is_there_as_soon_as_append_returns(tmp_path):
    writer = spool.Writer(tmp_path, "w0")
    writer.append(activity(1))
    assert ids(spool.read(tmp_path, {})) == ["000001"]


def test_reading_goes_on_from_the_cursor(tmp_path):
    writer = spool.Writer(tmp_path, "w0")
    cursor = {}
    seen = []
    for number in range(10):
        writer.append(activity(number))
        for one, after in spool.read(tmp_path, cursor):
            seen.append(one.id)
            cursor = after
    assert seen == [f"{number:06}" for number in range(10)]


def test_a_torn_last_line_waits_until_it_is_completed(tmp_path):
    spool.Writer(tmp_path, "w0").append(activity(1))
    [segment] = tmp_path.glob("*.jsonl")
    line = activity(2).to_line()
    with segment.open("ab") as file:
        file.write(line[:40])
    reading = spool.read(tmp_path, {})
    assert ids(reading) == ["000001"]
    assert reading.damage == []
    with segment.open("ab") as file:
        file.write(line[40:])
    assert ids(spool.read(tmp_path, reading.cursor)) == ["000002"]


def with_value(**values):
    return json.dumps(json.loads(ONE.to_line()) | values).encode() + b"\n"


@pytest.mark.parametrize(
    "bad",
    [
        b"{}\n", b"\n", b"not json\n", b"\xff\xfe\n", b"x" * 200_000 + b"\n", b'{"id": 1}\n', b"[" * 20_000 + b"\n",
        b"9" * 6_000 + b"\n", b"null\n", with_value(person=["x"]), with_value(person=5), with_value(device={"a": 1}),
        with_value(url=None), with_value(url=5), with_value(url="http://a.test/\ud800"), with_value(id=None),
        with_value(tier=5), with_value(categories=[5]), with_value(categories=5), with_value(at=5), with_value(at="noon"),
        with_value(at="2026-11-21T12:00:00"), with_value(at="0001-01-01T00:00:00+23:59"),
        with_value(at="9999-12-31T23:59:59-23:59"),
    ],
)  # fmt: skip
def test_damage_is_counted_passed_and_never_silent(tmp_path, bad):
    writer = spool.Writer(tmp_path, "w0")
    writer.append(activity(1))
    [segment] = tmp_path.glob("*.jsonl")
    size = segment.stat().st_size
    with segment.open("ab") as file:
        file.write(bad)
    writer.append(activity(2))
    reading = spool.read(tmp_path, {})
    assert ids(reading) == ["000001", "000002"]
    assert [(one.segment, one.offset_bytes) for one in reading.damage] == [(segment.name, size)]
    again = spool.read(tmp_path, reading.cursor)
    assert (ids(again), again.damage) == ([], [])


def test_a_line_whose_end_will_never_come_is_damage(tmp_path):
    writer = spool.Writer(tmp_path, "w0")
    writer.append(activity(1))
    [segment] = tmp_path.glob("*.jsonl")
    with segment.open("ab") as file:
        file.write(activity(2).to_line()[:40])
    reading = spool.read(tmp_path, {})
    assert (ids(reading), reading.damage) == (["000001"], [])  # its writer may be at it
    long_ago = segment.stat().st_mtime - spool.TORN_AFTER_SECONDS - 1
    os.utime(segment, (long_ago, long_ago))
    again = spool.read(tmp_path, reading.cursor)
    assert ids(again) == []
    assert len(again.damage) == 1
    assert again.cursor == {segment.name: segment.stat().st_size}  # so nobody looks at it for ever


def test_damage_at_the_end_is_passed_too(tmp_path):
    spool.Writer(tmp_path, "w0").append(activity(1))
    [segment] = tmp_path.glob("*.jsonl")
    with segment.open("ab") as file:
        file.write(b"broken\n")
    reading = spool.read(tmp_path, {})
    assert ids(reading) == ["000001"]
    assert len(reading.damage) == 1
    assert spool.read(tmp_path, reading.cursor).cursor == {segment.name: segment.stat().st_size}


def test_a_new_segment_begins_by_size_and_by_the_hour(tmp_path):
    clock = [NOON]
    writer = spool.Writer(tmp_path, "w0", now=lambda: clock[0], max_segment_bytes=700)
    for number in range(4):
        writer.append(activity(number))
    assert len(list(tmp_path.glob("2026112112-w0-*.jsonl"))) == 2
    clock[0] += timedelta(hours=1)
    writer.tend()
    writer.append(activity(4))
    assert len(list(tmp_path.glob("2026112113-w0-*.jsonl"))) == 1
    assert ids(spool.read(tmp_path, {})) == [f"{number:06}" for number in range(5)]


def test_a_segment_that_was_removed_is_not_written_into_the_void(tmp_path):
    writer = spool.Writer(tmp_path, "w0")
    writer.append(activity(1))
    [segment] = tmp_path.glob("*.jsonl")
    segment.unlink()
    writer.append(activity(2))
    assert ids(spool.read(tmp_path, {segment.name: 100})) == ["000002"]


def test_a_segment_that_was_moved_away_is_left_at_the_next_look(tmp_path):
    writer = spool.Writer(tmp_path, "w0")
    writer.append(activity(1))
    [segment] = tmp_path.glob("*.jsonl")
    segment.rename(tmp_path / "elsewhere")
    writer.tend()
    writer.append(activity(2))
    assert ids(spool.read(tmp_path, {})) == ["000002"]


def test_what_cannot_be_written_whole_leaves_nothing_behind(tmp_path, monkeypatch):
    writer = spool.Writer(tmp_path, "w0")
    writer.append(activity(1))
    write = os.write
    # A disk that fills up inside a line cannot be had on demand: the kernel's short answer is played here.
    monkeypatch.setattr(os, "write", lambda file, data: write(file, data[:50]))
    with pytest.raises(OSError, match="50 of"):
        writer.append(activity(2))
    monkeypatch.undo()
    writer.append(activity(3))
    reading = spool.read(tmp_path, {})
    assert (ids(reading), reading.damage) == (["000001", "000003"], [])


def test_a_disk_that_stays_full_is_not_filled_with_empty_segments(tmp_path):
    writer = spool.Writer(tmp_path, "w0")
    writer.append(activity(1))
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, most))  # the kernel takes no byte more of us, as a full disk does
    try:
        for number in range(2, 6):
            with pytest.raises(OSError, match="too large"):
                writer.append(activity(number))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    assert len(list(tmp_path.iterdir())) == 1
    writer.append(activity(6))
    assert ids(spool.read(tmp_path, {})) == ["000001", "000006"]


def test_a_folder_that_cannot_be_made_is_an_error_at_append(tmp_path):
    (tmp_path / "spool").write_text("a file")
    writer = spool.Writer(tmp_path / "spool", "w0")
    with pytest.raises(OSError, match="spool"):
        writer.append(activity(1))


def test_a_worker_has_a_name_that_a_file_can_carry(tmp_path):
    with pytest.raises(ValueError, match="letters"):
        spool.Writer(tmp_path, "../w0")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), n_written=st.integers(1, 25), steps=st.integers(1, 40))
def test_wherever_writing_and_reading_are_cut_each_activity_is_taken_once(tmp_path_factory, seed, n_written, steps):
    """Bytes arrive in any pieces over three segments; a reader stops anywhere, and goes on from what it had stored."""
    chance = random.Random(seed)
    folder = tmp_path_factory.mktemp("spool")
    pending = {}
    for number in range(n_written):
        name = f"202611211{chance.randrange(3)}-w{chance.randrange(2)}-0000000a.jsonl"
        damage = chance.choice([b"", b"", b"", b"broken\n"])
        pending[name] = pending.get(name, b"") + damage + activity(number).to_line()
    n_damaged = sum(data.count(b"broken\n") for data in pending.values())
    stored, taken, damaged = {}, [], set()
    for step in range(steps + 1):
        for name, data in pending.items():
            cut = len(data) if step == steps else chance.randrange(len(data) + 1)
            with (folder / name).open("ab") as file:
                file.write(data[:cut])
            pending[name] = data[cut:]
        reading = spool.read(folder, stored)
        stop_after = 10**9 if step == steps else chance.randrange(4)
        for one, after in reading:
            taken.append(one.id)
            stored = after
            if len(taken) and stop_after == 0:
                break
            stop_after -= 1
        else:
            stored = dict(reading.cursor)
        damaged |= {(one.segment, one.offset_bytes) for one in reading.damage}
    assert sorted(taken) == [f"{number:06}" for number in range(n_written)]
    assert len(damaged) == n_damaged
