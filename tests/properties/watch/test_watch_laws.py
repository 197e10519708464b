from datetime import UTC, datetime, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from schoolgate.watch.detect import CATEGORIES, KINDS, Detection, detect, rules
from schoolgate.watch.detect.judge import Hit, judge
from schoolgate.watch.grade import Past, with_session

RULES = rules.shipped().rules
hits = st.builds(
    Hit,
    rule=st.sampled_from(RULES),
    span=st.tuples(st.integers(0, 50), st.integers(51, 99)),
    disguised=st.booleans(),
    lowered=st.booleans(),
    body=st.booleans(),
)
texts = st.one_of(
    st.text(max_size=200), st.binary(max_size=200).map(lambda raw: raw.decode("utf-8", "surrogateescape"))
)
kinds = st.sampled_from(KINDS)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
detections = st.builds(
    Detection,
    category=st.sampled_from(CATEGORIES),
    grade=st.integers(1, 5),
    confidence=st.floats(0, 1),
    because=st.just(()),
    help_seeking=st.booleans(),
)
past = st.lists(
    st.builds(
        Past,
        at=st.integers(0, 60 * 24 * 20).map(lambda minutes: NOON - timedelta(minutes=minutes)),
        text=st.sampled_from(["one", "two", "three", "four", "revise fractions"]),
        detection=detections,
    ),
    max_size=12,
)


@given(text=texts, kind=kinds)
@example(text="\u202e\u200b\ufeff", kind="post")
@example(text="\x00" * 100, kind="page")
@example(text="\ud800", kind="search")
@settings(deadline=None)
def test_any_text_gives_one_and_the_same_detection(text, kind):
    found = detect(text, kind)
    assert found == detect(text, kind)
    assert 0 <= found.grade <= 5
    assert 0 <= found.confidence <= 1
    assert (found.category is None) == (found.grade == 0)
    for one in found.because:
        assert 0 <= one.span[0] < one.span[1] <= len(text)


@given(some=st.lists(hits, max_size=6), more=st.lists(hits, max_size=6), age=st.none() | st.integers(4, 70))
def test_more_evidence_never_lowers_grade_or_confidence(some, more, age):
    less, all_of_it = judge(some, age), judge([*some, *more], age)
    assert all_of_it.grade >= less.grade
    assert all_of_it.confidence >= less.confidence
    assert set(less.because) <= set(all_of_it.because)


@given(found=st.lists(hits, max_size=6), order=st.randoms())
def test_the_order_of_evidence_is_irrelevant(found, order):
    shuffled = list(found)
    order.shuffle(shuffled)
    assert judge(found) == judge(shuffled)


@given(now=detections, some=past, more=past)
def test_more_findings_in_the_past_never_lower_a_grade(now, some, more):
    assert with_session(now, NOON, [*some, *more], "now").grade >= with_session(now, NOON, some, "now").grade


@given(now=detections, some=past, order=st.randoms())
def test_the_order_of_the_past_is_irrelevant(now, some, order):
    shuffled = list(some)
    order.shuffle(shuffled)
    assert with_session(now, NOON, some, "now") == with_session(now, NOON, shuffled, "now")


@given(now=detections, some=past)
def test_the_same_event_twice_counts_once(now, some):
    assert with_session(now, NOON, some, "now") == with_session(now, NOON, [*some, *some], "now")
