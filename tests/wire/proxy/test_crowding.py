"""Nobody can keep the gate busy for themselves alone, or have it fill its memory."""

import select

from gate_rig import ASHA, BEN, STRANGER

# Not a page that somebody waits for, so it is answered with a block page and no way to the portal.
BLOCKED = b"GET http://casino.test/ HTTP/1.1\r\nHost: casino.test\r\nAccept: application/json\r\n\r\n"
PATIENCE_SECONDS = 0.5  # the gate takes no more when nothing could be sent for so long


def pour(wire, data, most):
    """Send *data* again and again until the gate takes no more, or *most* bytes are sent; return how many it took."""
    sent = 0
    wire.socket.setblocking(False)
    while sent < most and select.select([], [wire.socket], [], PATIENCE_SECONDS)[1]:
        try:
            sent += wire.socket.send(data[sent % len(data) :])
        except BlockingIOError:
            continue
    wire.socket.settimeout(10)
    return sent


def test_answers_that_nobody_reads_do_not_pile_up(start, school):
    gate = start()
    many = BLOCKED * 1000
    with gate.connect(STRANGER) as wire:
        sent = pour(wire, many, 400 * len(many))
        assert sent < 400 * len(many)
        n_answered = len(school.activities())
        assert n_answered < 50_000
        assert gate.get("http://plain.test/", BEN).status == 200
        # Once it reads, everything that it asked is answered, in order and whole.
        n_asked = sent // len(BLOCKED)
        for _ in range(n_asked):
            answer = wire.answer()
            assert (answer.status, answer.is_whole) == (403, True)
    assert len([one for one in school.activities() if one.address == STRANGER]) == n_asked


def test_many_requests_at_once_leave_room_for_others(start, school):
    gate = start()
    with gate.connect() as crowd, gate.connect(BEN) as wire:
        crowd.send(BLOCKED * 2000)
        wire.send(b"GET http://plain.test/ HTTP/1.1\r\nHost: plain.test\r\n\r\n")
        assert wire.answer().status == 200
        for _ in range(2000):
            assert crowd.answer().status == 403
    asked = [one.address for one in school.activities()]
    assert asked.index(BEN) < len(asked) - 1000
    assert asked.count(ASHA) == 2000
