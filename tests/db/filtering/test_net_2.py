"""NET-2, proven through a gate that really runs: break the filter and the status turns, mend it and it turns back."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings as site

from cast import larkfield, person
from gate_files import LISTS, prepare, take
from schoolgate.access import queries as access
from schoolgate.access.models import Device
from schoolgate.access.rules import Method
from schoolgate.access.services import board, signing
from schoolgate.assurance.rules import Status
from schoolgate.filtering import controls, queries, services
from schoolgate.filtering.probe import PROBE_ADDRESS, Result, Seen, Try
from schoolgate.gate import keys
from schoolgate.gate.adapters.proxy import status
from schoolgate.gate.release.build import build
from schoolgate.people.rules import Role
from wire.proxy.gate_rig import Gate, wait_until


def now() -> datetime:
    """The gate is a real process and has the real clock."""
    return datetime.now(UTC)


@pytest.fixture
def school(db, settings, django_capture_on_commit_callbacks):
    """Larkfield with a test pupil who has signed, a test device, and its gate. Call it to start another gate."""
    larks = larkfield(now())
    pupil = person("Test", "Pupil", Role.PUPIL, now().date(), year_group="4")
    Device.objects.create(address=PROBE_ADDRESS, name="Test device", person=pupil)
    version = access.version_for(pupil, now().date())
    signing.sign(pupil, version, method=Method.WITH_TEACHER, by=larks.ben, now=now())
    prepare(now())
    publish_board(django_capture_on_commit_callbacks)
    hosts = site.DATA_DIR / "hosts"
    hosts.write_text("*.test 127.0.0.1:1\n")  # every name is there, and nobody answers
    running = []

    def start(name: str, releases: Path) -> Gate:
        files = {"folder": site.DATA_DIR, "board_file": site.BOARD_FILE, "keys": site.KEYS_DIR / "gate", "hosts": hosts}
        running.append(Gate(SimpleNamespace(**files, releases=releases, spool=site.DATA_DIR / name / "spool")))
        settings.PROXY_ADDRESS = f"127.0.0.1:{running[-1].port}"
        said = status.read
        wait_until(lambda: said(site.DATA_DIR / name / "status"))
        return running[-1]

    start("gate", site.RELEASES_DIR)
    yield start
    for gate in running:
        gate.stop()


def publish_board(capture):
    with capture(execute=True):
        board.publish_board(now())


def publish() -> None:
    """Publish a release, and wait until the gate decides by it."""
    assert services.publish_release(now()).why_not == ""
    wait_until(lambda: {one.status.release for one in queries.workers(now())} == {queries.current_release().id})


def test_the_filter_holds(school):
    found = controls.the_filter_holds(now())
    assert (found.status, found.summary) == (
        Status.MET,
        "2 categories were tried for Years 3 to 6, and all were blocked; help is open.",
    )
    results = {row["what"]: row["result"] for row in found.rows}
    assert results == {"Gambling": "pass", "Violence": "pass", "Help lane": "pass", "Allowed site": "pass"}
    assert not any("locked.test" in row["asked for"] for row in found.rows)


def test_a_gate_that_decides_by_something_else_turns_it_and_mending_turns_it_back(school):
    policy = site.DATA_DIR / "other.toml"
    policy.write_text(site.GATE_POLICY_FILE.read_text().replace('"gambling", ', ""))
    other = site.DATA_DIR / "other" / "releases"
    build(site.LISTS_DIR, policy, other, keys.private_key(site.KEYS_DIR / "gate"), now())
    school("other", other)
    found = controls.the_filter_holds(now())
    assert (found.status, found.summary) == (Status.NOT_MET, "For Years 3 to 6 the gate let through: Gambling.")
    school("mended", site.RELEASES_DIR)
    assert controls.the_filter_holds(now()).status is Status.MET


def test_a_blocked_help_line_turns_it(school):
    policy = site.DATA_DIR / "other.toml"
    policy.write_text(
        re.sub(r"(?s)\[\[help\]\].*?\n\n", "", site.GATE_POLICY_FILE.read_text()).replace(
            'default = "allow"', 'default = "block"'
        )
    )
    other = site.DATA_DIR / "other" / "releases"
    build(site.LISTS_DIR, policy, other, keys.private_key(site.KEYS_DIR / "gate"), now())
    school("other", other)
    found = controls.the_filter_holds(now())
    assert (found.status, found.summary) == (Status.NOT_MET, "For Years 3 to 6 the gate blocks a help line.")


def test_a_gate_that_does_not_run_is_never_a_pass(school):
    school("last", site.RELEASES_DIR).stop()
    found = controls.the_filter_holds(now())
    assert found.status is Status.UNKNOWN
    assert "cannot be reached" in found.summary


def test_a_gate_without_rules_blocks_everything_and_proves_nothing(school):
    school("bare", site.DATA_DIR / "bare" / "releases")
    found = controls.the_filter_holds(now())
    assert found.status is Status.UNKNOWN
    assert {row["result"] for row in found.rows} == {"inconclusive"}


def test_a_test_pupil_without_standing_proves_nothing(school, django_capture_on_commit_callbacks):
    Device.objects.update(address="127.0.0.8")
    publish_board(django_capture_on_commit_callbacks)
    found = controls.the_filter_holds(now())
    assert found.status is Status.UNKNOWN
    assert "no internet" in found.summary


def test_old_lists_put_the_filter_at_risk_and_new_ones_mend_it(school):
    take("violence", LISTS["violence"] + "brawls.test\n", now() - timedelta(days=31))
    publish()
    found = controls.the_filter_holds(now())
    assert found.status is Status.AT_RISK
    assert "31 days old" in found.summary
    take("violence", LISTS["violence"] + "brawls.test\n", now())
    publish()
    assert controls.the_filter_holds(now()).status is Status.MET


def test_a_school_without_a_list_of_illegal_content_is_told_so(db):
    prepare(now())
    without = [
        one
        for one in queries.lists_in_force(queries.current_release(), now())
        if one.listed.category != "illegal.other"
    ]
    found = controls.judged(
        [Result(Try("Gambling", "http://casino.test/", "block"), Seen("block", ""))], without, "Years 3 to 6"
    )
    assert found.status is Status.AT_RISK
    assert "list of illegal content" in found.summary
