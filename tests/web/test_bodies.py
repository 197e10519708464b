"""Nobody fills the disk by sending us something large."""

import asyncio

import pytest
from asgiref.testing import ApplicationCommunicator
from django.urls import reverse

from schoolgate.web import bodies
from schoolgate.web.asgi import application
from schoolgate.web.bodies import limited

PIECE = b"a" * 1024 * 1024


def status_of(app, pieces, *headers):
    """Send *pieces* to the sign-in page, and return the status of the answer."""

    async def send():
        scope = {
            "type": "http",
            "method": "POST",
            "path": reverse("account_login"),
            "query_string": b"",
            "headers": [(b"host", b"localhost"), (b"content-type", b"application/x-www-form-urlencoded"), *headers],
        }
        talk = ApplicationCommunicator(app, scope)
        for number, piece in enumerate(pieces, start=1):
            await talk.send_input({"type": "http.request", "body": piece, "more_body": number < len(pieces)})
        answer = await talk.receive_output(timeout=30)
        await talk.receive_output(timeout=30)
        await talk.wait()
        return answer["status"]

    return asyncio.run(send())


@pytest.mark.django_db(transaction=True)
def test_a_stranger_who_sends_too_much_is_refused_before_it_is_kept():
    n_pieces = bodies.MOST_BYTES // len(PIECE) + 1
    assert status_of(application, [PIECE] * n_pieces) == 413


@pytest.mark.django_db(transaction=True)
def test_what_says_that_it_is_too_large_is_not_even_read():
    length = str(bodies.MOST_BYTES + 1).encode()
    assert status_of(application, [b"a"], (b"content-length", length)) == 413


@pytest.mark.django_db(transaction=True)
def test_what_is_as_large_as_a_policy_may_be_is_read():
    assert status_of(application, [PIECE] * (bodies.MOST_BYTES // len(PIECE))) == 403  # it lacks the form's token


@pytest.mark.parametrize("length", [b"", b"-1", b"nonsense", b"9" * 5000, "²".encode()])
def test_a_length_that_is_none_changes_nothing(length):
    async def reads_all(scope, receive, send):
        while (message := await receive())["type"] == "http.request" and message["more_body"]:
            pass
        status = 200 if message["type"] == "http.request" else 499
        if status == 200:
            await send({"type": "http.response.start", "status": status, "headers": []})
            await send({"type": "http.response.body", "body": b""})

    assert status_of(limited(reads_all, 10), [b"12345"] * 2, (b"content-length", length)) == 200
    assert status_of(limited(reads_all, 10), [b"12345"] * 3, (b"content-length", length)) == 413
