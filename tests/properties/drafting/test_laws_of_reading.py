"""Whatever comes in, reading gives a document or one clear refusal, and sentences stay inside their lines."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from schoolgate.drafting import bind, reading
from schoolgate.drafting.lint import lint
from schoolgate.drafting.sentences import sentences
from schoolgate.kernel.errors import Malformed

words = st.lists(
    st.sampled_from(
        [
            "Staff",
            "must",
            "sign",
            "the",
            "policy",
            "is",
            "reviewed",
            "by",
            "on",
            "and",
            "September",
            "2025",
            "KCSIE",
            "31/13/2026",
            "99",
            "-",
            "•",
            "1.",
            "#",
            "see",
            "appendix",
            "3",
            "C's",
            ":",
            ".",
            ";",
            "?",
            "\n",
            "\n\n",
            "\t4",
            "…",
            "[",
            "]",
            "(",
            ")",
            "“",
            "’",
            "e.g.",
            "\u00ad",
            "\f",
        ]
    ),
    max_size=60,
).map(" ".join)
names = st.sampled_from(["p.txt", "p.md", "p.html", "p.docx", "p.pdf", "p"])


@given(
    data=st.binary(max_size=300),
    start=st.sampled_from([b"", b"%PDF-1.4\n", b"PK\x03\x04", b"<html>", b"\xff\xfe"]),
    name=names,
)
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_a_document_or_malformed(data, start, name):
    try:
        answer = reading.from_bytes(start + data, name).lines
    except Malformed as refusal:
        answer = str(refusal).count(name)
    assert answer


@given(text=words, name=st.sampled_from(["p.txt", "p.md", "p.html"]))
@settings(max_examples=150, deadline=None)
def test_any_text_can_be_linted_and_bound_and_its_lines_exist(text, name):
    try:
        document = reading.from_bytes(text.encode(), name)
    except Malformed:
        return
    numbers = {line.number for line in document.lines}
    found = sentences(document)
    assert {each.line for each in found} <= numbers
    assert {each.line for each in lint(document, date(2026, 11, 21))} <= numbers
    proposals = bind.propose(found)
    assert [each.line for each in proposals] == [each.line for each in found]
    for each in proposals:
        assert 0 <= each.confidence <= 1
        assert (each.promise is None) == (each.binding is None)
        assert each.normative or each.promise is None


@given(text=words)
@settings(max_examples=60, deadline=None)
def test_reading_is_the_same_twice(text):
    try:
        first = reading.from_bytes(text.encode(), "p.txt")
    except Malformed:
        return
    assert first == reading.from_bytes(text.encode(), "p.txt")
    assert sentences(first) == sentences(first)
