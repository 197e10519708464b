"""The board on disk: numbers only grow, and a signature is there well within a second."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection

from cast import person
from schoolgate.access import queries, services
from schoolgate.access.models import BoardSerial, Device
from schoolgate.access.rules import Method
from schoolgate.gate.core import who
from schoolgate.people.rules import Role


@pytest.mark.django_db(transaction=True)
def test_from_signing_to_the_board_in_place_takes_well_under_a_second(larks, now):
    for number in range(300):
        person(f"Pupil{number}", "Place", Role.PUPIL, now.date(), year_group="4")
    version = queries.version_for(larks.asha, now.date())
    began = time.perf_counter()
    services.sign(larks.asha, version, method=Method.WITH_TEACHER, by=larks.ben, now=now)
    seconds = time.perf_counter() - began
    assert services.published_board().grants[str(larks.asha.id)].profile == "ks2"
    assert seconds < 0.8, f"{seconds:.3f} s for 300 people"


@pytest.mark.django_db(transaction=True)
def test_many_publishers_at_once_leave_the_newest_board(larks, now):
    before = services.published_board().serial
    start = threading.Barrier(4)

    def publish():
        start.wait()
        for _ in range(3):
            services.publish_board(now)
        connection.close()

    threads = [threading.Thread(target=publish) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert services.published_board().serial == before + 12


def test_a_later_board_on_disk_is_never_replaced_by_an_earlier_one(larks, now, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=False) as first:
        services.publish_board(now)
    with django_capture_on_commit_callbacks(execute=True):
        latest = services.publish_board(now)
    for put_in_place in first:
        put_in_place()
    assert services.published_board().serial == latest


def test_a_register_from_a_backup_still_reaches_the_gates(larks, now, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(5):
            newest = services.publish_board(now)
    BoardSerial.objects.update(serial=1)  # as it was when the backup was made
    with django_capture_on_commit_callbacks(execute=True):
        serial = services.publish_board(now)
    assert serial == newest + 1
    assert services.published_board().serial == serial


def test_a_damaged_board_is_replaced(larks, now, settings, django_capture_on_commit_callbacks):
    settings.BOARD_FILE.parent.mkdir(parents=True, exist_ok=True)
    settings.BOARD_FILE.write_bytes(b"not a board")
    with django_capture_on_commit_callbacks(execute=True):
        serial = services.publish_board(now)
    assert services.published_board().serial == serial


def test_a_child_signed_in_at_a_shared_device_stands_as_she_does_anywhere(
    larks, now, django_capture_on_commit_callbacks
):
    Device.objects.create(name="Oak 3", address="10.20.0.3", room="Oak")
    with django_capture_on_commit_callbacks(execute=True):
        version = queries.version_for(larks.asha, now.date())
        services.sign(larks.asha, version, method=Method.WITH_TEACHER, by=larks.ben, now=now)
        services.sign_in_at("10.20.0.3", larks.asha, now)
    board = services.published_board()
    assert who.standing(board, "10.20.0.3", now).profile == "ks2"
    # a gate whose centre has died closes by itself
    assert who.standing(board, "10.20.0.3", now + timedelta(hours=3)).profile == who.NO_INTERNET
