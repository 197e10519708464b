"""The real watch on a real spool and a real database file: nothing lost, nothing doubled, whatever kills it."""

import json
import random
import signal
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta

from watch_rig import wait_for

WORRYING = "how to kill myself"
HARMLESS = "how do volcanoes erupt"


def events(school):
    return school.count("monitoring_alertevent")


def test_a_worrying_search_becomes_an_alert(school):
    school.watch()
    wait_for(lambda: "watching" in school.log())
    wait_for(lambda: school.rows("SELECT beat_at FROM monitoring_spoolcursor WHERE beat_at IS NOT NULL"))
    school.searches(HARMLESS)
    activity = school.searches(WORRYING)
    wait_for(lambda: events(school))
    assert school.rows("SELECT activity_id, text FROM monitoring_alertevent") == [(activity, WORRYING)]


def test_the_log_names_nobody_and_holds_no_words(school):
    school.watch()
    school.searches(WORRYING)
    wait_for(lambda: events(school))
    wait_for(lambda: '"alert"' in school.log())
    assert "kill" not in school.log()
    assert "Asha" not in school.log()
    assert str(school.asha) not in school.log()


def test_killed_at_any_moment_it_loses_nothing_and_doubles_nothing(school):
    chance = random.Random(20261121)
    start = datetime.now(UTC) - timedelta(days=2)
    written = set()
    for n in range(240):
        # Minutes apart: some open alerts, some join them, and three tables must agree in the end.
        at = start + timedelta(minutes=n)
        if n % 3 == 0:
            written.add(school.searches(WORRYING, at=at))
        else:
            school.searches(HARMLESS, at=at)
    kills = 0
    while events(school) < len(written):
        process = school.watch()
        taken = events(school)
        wait_for(lambda: events(school) > taken or process.poll() is not None)  # noqa: B023 (used at once)
        assert process.poll() is None
        if kills < 4:
            written.add(school.searches(WORRYING, at=datetime.now(UTC) - timedelta(minutes=kills)))
            time.sleep(chance.uniform(0, 0.03))  # any point of a stretch: this wait is the experiment
            process.send_signal(signal.SIGKILL)
            process.wait()
            kills += 1
        else:
            wait_for(lambda: events(school) >= len(written))
    assert {row[0] for row in school.rows("SELECT activity_id FROM monitoring_alertevent")} == written
    assert events(school) == len(written)
    opened = school.rows("SELECT count(*) FROM monitoring_alertstep WHERE kind = 'opened'")[0][0]
    assert opened == school.count("monitoring_alert")
    assert school.count("monitoring_alertstep") == len(written)


def test_a_locked_database_is_waited_for(school):
    school.watch()
    wait_for(lambda: school.rows("SELECT 1 FROM monitoring_spoolcursor"))
    with closing(sqlite3.connect(school.folder / "school.sqlite3", isolation_level=None)) as database:
        database.execute("BEGIN EXCLUSIVE")
        activity = school.searches(WORRYING)
        time.sleep(0.5)  # long enough that the watch stands before the lock
        database.execute("ROLLBACK")
    wait_for(lambda: events(school))
    assert school.rows("SELECT activity_id FROM monitoring_alertevent") == [(activity,)]


def test_damaged_lines_are_counted_and_the_rest_is_taken(school):
    school.searches(WORRYING)
    (segment,) = (school.folder / "gate" / "spool").iterdir()
    with segment.open("ab") as file:
        file.write(b'{"not": "an activity"}\n\xff\xfe\n')
        whole = json.loads(segment.read_text().splitlines()[0])
        file.write(json.dumps(whole | {"person": ["forged"]}).encode() + b"\n" + b"[" * 20_000 + b"\n")
    school.searches(HARMLESS)
    school.watch()
    wait_for(lambda: events(school))
    wait_for(lambda: school.rows("SELECT n_damaged FROM monitoring_spoolcursor") == [(4,)])
    wait_for(lambda: school.log().count("cannot be read") == 4)
    assert "Traceback" not in school.log()
    assert "not an activity" not in school.log()


def test_a_visit_to_the_help_lane_is_no_alert(school):
    school.watch()
    school.searches(WORRYING, tier="help lane")
    school.searches(WORRYING, at=datetime.now(UTC) - timedelta(hours=2))
    wait_for(lambda: events(school))
    assert events(school) == 1


def test_it_stops_cleanly_when_told_to(school):
    process = school.watch()
    wait_for(lambda: school.rows("SELECT 1 FROM monitoring_spoolcursor"))
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
    assert "Traceback" not in school.log()


def test_a_second_watch_is_refused(school):
    school.watch()
    wait_for(lambda: "watching" in school.log())
    second = school.watch()
    assert second.wait(20) == 1
    assert "another watch runs" in school.log()


def test_the_watch_keeps_the_clock_of_the_centre(school):
    school.watch()
    wait_for(lambda: (school.folder / "gate" / "board").exists())
    wait_for(lambda: school.count("assurance_evidence"))
    assert "a chore failed" not in school.log()
