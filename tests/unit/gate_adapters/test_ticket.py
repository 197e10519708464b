"""Tickets to the portal."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schoolgate.gate import ticket
from schoolgate.kernel.errors import Malformed, Refused

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
KEY = bytes(range(32))


@given(address=st.ip_addresses().map(str), back=st.text(st.characters(codec="utf-8"), max_size=200))
def test_what_is_issued_is_read(address, back):
    assert ticket.read(ticket.issue(address, back, NOW, KEY), NOW, KEY) == ticket.Ticket(address, back)


def test_a_page_that_is_too_long_to_carry_is_left_out():
    assert ticket.read(ticket.issue("10.0.0.7", "x" * 2001, NOW, KEY), NOW, KEY).back == ""


@pytest.mark.parametrize("age", [timedelta(minutes=10), timedelta(days=400), timedelta(minutes=-2)])
def test_an_old_ticket_or_one_from_the_future_is_refused(age):
    with pytest.raises(Refused):
        ticket.read(ticket.issue("10.0.0.7", "", NOW, KEY), NOW + age, KEY)


def test_a_ticket_is_good_until_the_last_second():
    assert ticket.read(ticket.issue("10.0.0.7", "", NOW, KEY), NOW + timedelta(minutes=9, seconds=59), KEY)


@given(text=st.text(max_size=80))
def test_any_other_text_is_malformed(text):
    with pytest.raises(Malformed):
        ticket.read(text, NOW, KEY)


def test_a_changed_ticket_is_malformed():
    good = ticket.issue("10.0.0.7", "http://a.test/", NOW, KEY)
    for at in (0, 5, good.index(".") + 3):
        bad = good[:at] + ("A" if good[at] != "A" else "B") + good[at + 1 :]
        with pytest.raises(Malformed):
            ticket.read(bad, NOW, KEY)
    with pytest.raises(Malformed):
        ticket.read(good, NOW, bytes(32))


def test_the_secret_is_made_once_and_kept_from_others(tmp_path):
    first = ticket.secret(tmp_path / "keys")
    assert ticket.secret(tmp_path / "keys") == first
    assert len(first) == 32
    path = tmp_path / "keys" / ticket.SECRET_NAME
    assert path.stat().st_mode & 0o077 == 0
    assert [file.name for file in path.parent.iterdir()] == [ticket.SECRET_NAME]


@pytest.mark.parametrize("text", ["", "zz", "00"])
def test_a_damaged_secret_is_said_and_not_replaced(tmp_path, text):
    (tmp_path / ticket.SECRET_NAME).write_text(text)
    with pytest.raises(Malformed):
        ticket.secret(tmp_path)
