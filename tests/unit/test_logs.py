"""What reaches the log: never a name or an address at info or above, whoever writes the line."""

import json
import logging

import pytest
import structlog
from django.conf import settings
from django.test import RequestFactory

from schoolgate import logs

LEVELS = ("info", "warning", "error", "critical")
PRIVATE = dict.fromkeys(logs.PRIVATE_FIELDS, "Asha Achebe at http://secret.test/")


@pytest.fixture
def log_at(capsys):
    """Configure logs at a level; returns a function that gives the lines written since, as they are read by machines."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level

    def start(name: str):
        logs.configure(name)
        return lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]

    yield start
    logs.configure(settings.LOG_LEVEL)
    root.handlers, root.level = handlers, level


@pytest.mark.parametrize("level", LEVELS)
def test_our_own_lines_lose_private_fields(log_at, level):
    written = log_at("info")
    getattr(structlog.get_logger(), level)("alert delivered", alert="7QK-2FD", **PRIVATE)
    (line,) = written()
    assert (line["event"], line["alert"], line["level"]) == ("alert delivered", "7QK-2FD", level)
    assert not set(line) & logs.PRIVATE_FIELDS
    assert "secret.test" not in json.dumps(line)


@pytest.mark.parametrize("level", LEVELS)
def test_lines_of_libraries_lose_private_fields(log_at, level):
    written = log_at("info")
    extra = {field: value for field, value in PRIVATE.items() if field != "name"}  # `name` is the logger's own
    logging.getLogger("some.library").log(logging.getLevelName(level.upper()), "done", extra=extra | {"part": 3})
    (line,) = written()
    assert (line["event"], line["part"]) == ("done", 3)
    assert "secret.test" not in json.dumps(line)


def test_what_was_bound_before_is_dropped_too(log_at):
    written = log_at("info")
    with structlog.contextvars.bound_contextvars(person_name="Asha", job="j-1"):
        structlog.get_logger().bind(url="http://secret.test/").info("looked")
    (line,) = written()
    assert (line["job"], line.keys() & logs.PRIVATE_FIELDS) == ("j-1", set())


def test_the_address_of_a_request_that_failed_is_not_logged(log_at):
    written = log_at("info")
    request = RequestFactory().get("/requests/ask/", {"url": "http://secret.test/"})
    logging.getLogger("django.request").warning("Not Found: %s", request.path, extra={"request": request})
    (line,) = written()
    assert line["event"] == "Not Found: /requests/ask/"
    assert "secret" not in json.dumps(line)


def test_debug_lines_are_silent_unless_asked_for(log_at):
    written = log_at("info")
    structlog.get_logger().debug("read", url="http://secret.test/")
    logging.getLogger("some.library").debug("read")
    assert written() == []


def test_a_school_that_asks_for_debug_sees_everything_in_debug_lines_only(log_at):
    written = log_at("debug")
    structlog.get_logger().debug("read", url="http://secret.test/")
    structlog.get_logger().info("read", url="http://secret.test/")
    seen, kept_back = written()
    assert seen["url"] == "http://secret.test/"
    assert "url" not in kept_back


def test_an_error_of_ours_is_logged_with_its_trace(log_at):
    written = log_at("info")
    try:
        raise ValueError("broken")
    except ValueError:
        structlog.get_logger().exception("could not decide")
    (line,) = written()
    assert "ValueError: broken" in line["exception"]


@pytest.mark.parametrize("level", ["loud", "", "Ture"])
def test_a_level_that_is_none_is_refused(log_at, level):
    with pytest.raises(ValueError, match="the log level must be"):
        log_at(level)
