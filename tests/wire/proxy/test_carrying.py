"""What an allowed request and its answer look like on both sides of the gate."""

import socket

import pytest
from gate_rig import NURSERY, request


def test_an_allowed_page_comes_through_and_is_recorded(shared_gate, shared_school, origin):
    answer = shared_gate.get("http://plain.test/hello?q=1")
    assert (answer.status, answer.text) == (200, "GET /hello?q=1")
    newest = shared_school.activities()[-1]
    assert (newest.person, newest.device, newest.profile) == ("asha", "tablet-1", "ks2")
    assert (newest.outcome, newest.url, newest.edge) == ("allow", "http://plain.test/hello?q=1", "proxy")


def test_the_head_is_rebuilt_for_the_server(shared_gate, origin):
    with shared_gate.connect() as wire:
        wire.ask(
            b"GET http://user:pass@PLAIN.test./a%7Eb HTTP/1.1\r\nHost: elsewhere.test\r\nX-Mine: 1\r\nX-Kept: 2\r\n"
            b"Connection: X-Mine, keep-alive\r\nProxy-Connection: keep-alive\r\nProxy-Authorization: Basic eDp5\r\n"
            b"TE: trailers\r\nUpgrade: h2c\r\nKeep-Alive: 5\r\n\r\n"
        )
    assert origin.heads[-1] == b"GET /a%7Eb HTTP/1.1\r\nHost: plain.test\r\nX-Kept: 2\r\nVia: 1.1 schoolgate\r\n\r\n"


def test_the_head_is_rebuilt_for_the_client(shared_gate):
    answer = shared_gate.get("http://plain.test/hops")
    assert not {"x-mine", "keep-alive", "proxy-authenticate"} & set(answer.fields)
    assert answer.fields["via"] == "1.1 schoolgate"


@pytest.mark.parametrize(
    ("path", "status", "body"),
    [
        ("chunked", 200, "hello world"),  # chunks with an extension and a trailer
        ("until-close", 200, "hello world"),  # HTTP/1.0, no length: re-framed, so the client keeps its connection
        ("no-content", 204, ""),
        ("not-modified", 304, ""),  # has a Content-Length and no body
        ("hints", 200, "ok"),  # an informational answer first
    ],
)
def test_every_framing_of_an_answer_comes_through_on_a_kept_alive_connection(shared_gate, path, status, body):
    with shared_gate.connect() as wire:
        for _ in range(2):
            answer = wire.ask(request(f"http://plain.test/{path}"))
            assert (answer.status, answer.text, answer.is_whole) == (status, body, True)


def test_an_old_client_gets_an_unframed_body(shared_gate):
    with shared_gate.connect() as wire:
        wire.send(b"GET http://plain.test/chunked HTTP/1.0\r\n\r\n")
        status, fields = wire.head()
        while wire.more():
            pass
    assert (status, wire.buffer) == (200, b"hello world")
    assert "transfer-encoding" not in fields


def test_a_head_request_has_no_body(shared_gate):
    with shared_gate.connect() as wire:
        assert wire.ask(request("http://plain.test/x", "HEAD"), "HEAD").status == 200
        assert wire.ask(request("http://plain.test/y")).text == "GET /y"


@pytest.mark.parametrize("path", ["cut-short", "cut-chunk"])
def test_a_client_sees_that_an_answer_is_not_whole(shared_gate, path):
    answer = shared_gate.get(f"http://plain.test/{path}")
    assert answer.status == 200
    assert not answer.is_whole


@pytest.mark.parametrize("path", ["silent", "two-lengths"])
def test_a_server_that_does_not_answer_properly_is_a_502(shared_gate, path):
    answer = shared_gate.get(f"http://plain.test/{path}")
    assert answer.status == 502
    assert "did not work" in answer.text


def test_a_server_that_answers_too_much_answers_nobody_else(shared_gate):
    with shared_gate.connect() as wire:
        assert wire.ask(request("http://plain.test/answer-too-much")).text == "ok"
        assert wire.ask(request("http://plain.test/next")).text == "GET /next"


def test_a_server_that_cannot_be_reached_is_a_504(shared_gate):
    assert shared_gate.get("http://nobody-listens.example/").status == 504


def test_ten_bytes_at_a_time_change_nothing(shared_gate, origin):
    with shared_gate.connect() as wire:
        wire.piece = 10
        body = b"7\r\nseven b\r\n3\r\nyte\r\n0\r\n\r\n"
        wire.send(request("http://plain.test/post", "POST", Transfer_Encoding="chunked") + body, piece=10)
        assert wire.answer().text == "POST /post"
        assert origin.bodies[-1] == b"seven byte"
        wire.send(request("http://casino.test/"), piece=10)
        assert wire.answer().status == 403
        wire.send(request("http://plain.test/chunked"), piece=10)
        assert wire.answer().text == "hello world"


def test_a_body_waits_for_its_100(shared_gate, origin):
    with shared_gate.connect() as wire:
        head = request("http://plain.test/upload", "POST", Content_Length="5", Expect="100-continue")
        wire.send(head)
        assert wire.until(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        wire.send(b"hello")
        assert wire.answer().status == 200
    assert origin.bodies[-1] == b"hello"


def test_a_large_upload_arrives_whole(shared_gate, origin):
    body = bytes(range(256)) * 8192
    with shared_gate.connect() as wire:
        assert wire.ask(request("http://plain.test/upload", "POST", body)).status == 200
    assert origin.bodies[-1] == body


def test_requests_in_one_packet_are_answered_in_order(shared_gate):
    with shared_gate.connect() as wire:
        wire.send(request("http://plain.test/1") + request("http://casino.test/") + request("http://plain.test/3"))
        assert [wire.answer().status for _ in range(2)] == [200, 403]
        assert wire.answer().text == "GET /3"


def test_each_request_on_a_connection_is_decided_anew(shared_gate, shared_school):
    with shared_gate.connect(NURSERY) as wire:
        assert wire.ask(request("http://shelf.test/song")).status == 200
        assert wire.ask(request("http://plain.test/")).status == 403
        assert wire.ask(request("http://shelf.test/song")).status == 200
    assert [one.outcome for one in shared_school.activities()[-3:]] == ["allow", "block", "allow"]


def test_connections_to_a_server_are_used_again(shared_gate, origin):
    shared_gate.get("http://again.test/1")
    before = origin.n_connections
    for number in range(5):
        assert shared_gate.get(f"http://again.test/{number}").status == 200
    assert origin.n_connections == before


def test_a_dead_kept_alive_connection_is_replaced_unseen(start, origin, school):
    gate = start()
    assert gate.get("http://plain.test/1").status == 200
    origin.hang_up()
    assert gate.get("http://plain.test/2").text == "GET /2"
    assert len(school.activities()) == 2


def test_a_slow_reader_holds_the_server_back(shared_gate, origin):
    origin.paused.clear()
    with shared_gate.connect() as wire:
        wire.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        wire.send(request("http://plain.test/endless"))
        assert wire.head()[0] == 200
        # 260 MB are on offer. If the gate took them all, the server would never have to wait.
        assert origin.paused.wait(20)


def test_a_websocket_over_plain_http_is_refused_in_so_many_words(shared_gate, shared_school):
    answer = shared_gate.get("http://plain.test/chat", Upgrade="websocket", Connection="Upgrade")
    assert answer.status == 501
    assert shared_school.last() == ("block", "edge", "edge.upgrade")


def test_a_client_that_hangs_up_ends_the_server_connection_too(shared_gate, origin):
    origin.cut.clear()
    with shared_gate.connect() as wire:
        wire.send(request("http://plain.test/endless"))
        wire.head()
    assert origin.cut.wait(10)
