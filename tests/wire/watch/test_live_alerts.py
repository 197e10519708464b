"""New alerts on an open page, through the real server: in time, to the right eyes only, until the session ends."""

import http.client
import json
import socket
import threading
import time
from contextlib import closing, contextmanager, suppress
from queue import Empty, Queue
from urllib.parse import urlsplit

import pytest
from watch_rig import PATIENCE_SECONDS, wait_for

WORRYING = "how to kill myself"
SIGN_IN = """
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from schoolgate.people.models import Person
user = Person.objects.get(given_name={name!r}).user
session = SessionStore()
session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), {backend!r}
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session.create()
print(session.session_key)
"""
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class Stream(threading.Thread):
    """A page that listens: collects the server's events as they come."""

    def __init__(self, address: str, session: str, after: str = "", last_event: str = "") -> None:
        super().__init__(daemon=True)
        self._connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE_SECONDS)
        headers = {"Cookie": f"schoolgate={session}"} | ({"Last-Event-ID": last_event} if last_event else {})
        self._connection.request("GET", f"/alerts/live/?after={after}", headers=headers)
        self._socket = self._connection.sock
        self.response = self._connection.getresponse()
        self.events: Queue[dict[str, str]] = Queue()
        self.start()

    def run(self) -> None:
        event: dict[str, str] = {}
        while line := self.response.readline().decode():
            name, _, value = line.rstrip("\n").partition(": ")
            if name:
                event[name] = value
            elif event:
                self.events.put(event | {"came_at": str(time.monotonic())})
                event = {}

    def next(self) -> dict[str, str]:
        """The next event that is more than the retry time."""
        while True:
            event = self.events.get(timeout=PATIENCE_SECONDS)
            if "event" in event:
                return event

    def close(self) -> None:
        with suppress(OSError):  # the server may have hung up before us
            self._socket.shutdown(socket.SHUT_RDWR)
        self.join(PATIENCE_SECONDS)
        self.response.close()
        self._connection.close()


@contextmanager
def listening(*facts, **named):
    stream = Stream(*facts, **named)
    try:
        yield stream
    finally:
        stream.close()


@pytest.fixture
def site(school):
    school.watch()
    _, address = school.serve()
    wait_for(lambda: school.rows("SELECT 1 FROM monitoring_spoolcursor"))
    return address


def sign_in(school, name):
    return school.run(SIGN_IN.format(name=name, backend=BACKEND))


def get(address, path, session):
    with closing(http.client.HTTPConnection(urlsplit(address).netloc, timeout=10)) as connection:
        connection.request("GET", path, headers={"Cookie": f"schoolgate={session}"})
        response = connection.getresponse()
        return response.status, response.read().decode()


def test_from_the_act_to_every_open_page_without_reloading(school, site):
    carys, gwen = sign_in(school, "Carys"), sign_in(school, "Gwen")
    with listening(site, carys) as one, listening(site, carys) as two, listening(site, gwen) as three:
        wait_for(lambda: all(stream.events.qsize() for stream in (one, two, three)))  # connected
        school.searches(WORRYING)
        for stream in (one, two, three):
            event = stream.next()
            alert = json.loads(event["data"])
            assert (event["event"], alert["section"]) == ("alert", "waiting")
            assert "Asha Achebe" in alert["html"]
            assert "<mark>" in alert["html"]
            assert "Asha" not in alert["said"]


def test_open_streams_hold_no_other_request_up(school, site):
    carys = sign_in(school, "Carys")
    streams = [Stream(site, carys) for _ in range(8)]
    try:
        wait_for(lambda: all(stream.events.qsize() for stream in streams))
        began_at = time.monotonic()
        assert get(site, "/alerts/", carys)[0] == 200
        assert time.monotonic() - began_at < 3.0
    finally:
        for stream in streams:
            stream.close()


def test_a_page_that_reconnects_gets_what_it_missed_and_nothing_twice(school, site):
    carys = sign_in(school, "Carys")
    with listening(site, carys) as stream:
        wait_for(stream.events.qsize)
        school.searches(WORRYING)
        first = stream.next()
    school.searches(WORRYING, person=school.person("Ben"))
    wait_for(lambda: school.count("monitoring_alert") == 2)
    with listening(site, carys, last_event=first["id"]) as stream:
        missed = json.loads(stream.next()["data"])
        assert "Ben Brook" in missed["html"]
        with pytest.raises(Empty):
            stream.events.get(timeout=0.6)  # two polls long


def test_nobody_is_sent_an_alert_about_themselves(school, site):
    carys, gwen = sign_in(school, "Carys"), sign_in(school, "Gwen")
    with listening(site, carys) as hers, listening(site, gwen) as head:
        wait_for(lambda: hers.events.qsize() and head.events.qsize())
        school.searches(WORRYING, person=school.person("Carys"))
        assert "Carys Clay" in json.loads(head.next()["data"])["html"]
        school.searches(WORRYING)
        assert "Asha Achebe" in json.loads(hers.next()["data"])["html"]  # and not the one before


END_SESSION = "from django.contrib.sessions.models import Session; Session.objects.all().delete()"
END_ROLE = """
from schoolgate.people.models import RoleHeld
RoleHeld.objects.filter(person__given_name="Carys").update(ends_on="2000-01-01", starts_on="1999-01-01")
"""


@pytest.mark.parametrize("ending", [END_SESSION, END_ROLE], ids=["session", "role"])
def test_the_stream_ends_with_the_session_and_with_the_role(school, site, ending):
    carys = sign_in(school, "Carys")
    with listening(site, carys) as stream:
        wait_for(stream.events.qsize)
        school.run(ending)
        assert stream.next()["event"] == "end"
        stream.join(PATIENCE_SECONDS)
        assert not stream.is_alive()


@pytest.mark.parametrize(("name", "status"), [("Ben", 403), ("Efe", 403), ("Fran", 403)])
def test_the_stream_is_for_the_safeguarding_team_and_the_head(school, site, name, status):
    assert get(site, "/alerts/live/", sign_in(school, name))[0] == status


def test_what_is_done_about_an_alert_reaches_the_other_open_pages(school, site):
    carys = sign_in(school, "Carys")
    with listening(site, carys) as stream:
        wait_for(stream.events.qsize)
        school.searches(WORRYING)
        ref = json.loads(stream.next()["data"])["ref"]
        school.run(
            "from django.utils import timezone\n"
            "from schoolgate.monitoring import services\n"
            "from schoolgate.monitoring.models import Alert\n"
            "from schoolgate.people.models import Person\n"
            f"alert = Alert.objects.get(ref={ref!r})\n"
            "gwen = Person.objects.get(given_name='Gwen')\n"
            "services.decide(alert.pk, services.Status.WATCHING, by=gwen, now=timezone.now())\n"
        )
        changed = json.loads(stream.next()["data"])
        assert (changed["ref"], changed["section"], changed["said"]) == (ref, "watched", "")
        assert "Seen by Gwen Glen" in changed["html"]
