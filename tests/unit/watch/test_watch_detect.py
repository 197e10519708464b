import tomllib
from pathlib import Path

import pytest

from schoolgate.watch.detect import detect

VECTORS = Path(__file__).parents[2] / "vectors" / "detect"
CASES = [
    pytest.param(case, id=case["text"][:60])
    for path in sorted(VECTORS.glob("*.toml"))
    for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]
]


@pytest.mark.parametrize("case", CASES)
def test_a_vector(case):
    detection = detect(case["text"], case.get("kind", "search"), case.get("age"))
    low, high = case["grade"]
    assert low <= detection.grade <= high, detection
    if "category" in case:
        assert detection.category == case["category"], detection
    if "help" in case:
        assert detection.help_seeking is case["help"]


IDENTITIES = [
    "gay", "lesbian", "bisexual", "trans", "transgender", "non binary", "queer", "muslim", "jewish", "christian",
    "hindu", "sikh", "black", "asian", "polish", "romani", "disabled", "autistic", "deaf", "dyslexic",
]  # fmt: skip


@pytest.mark.parametrize("who", IDENTITIES)
@pytest.mark.parametrize(
    "sentence",
    ["am i {}", "i am {}", "what does {} mean", "{} pride", "famous {} people", "my best friend is {}", "is it ok to be {}",
     "how do i tell my mum i am {}", "books with {} characters", "{} wedding", "i think i am {} and i am happy"],
)  # fmt: skip
def test_who_somebody_is_is_never_a_reason(who, sentence):
    assert detect(sentence.format(who), "search").grade < 2


def test_the_reason_points_at_the_words_as_they_were_written():
    text = "so  I want to K\u200bill MYSELF ok"
    detection = detect(text, "post")
    first, last = next(one.span for one in detection.because if one.rule == "self-harm/plan")
    assert text[first:last] == "I want to K\u200bill MYSELF"


def test_a_hidden_spelling_raises_the_grade_by_one():
    plain, hidden = detect("free porn", "search"), detect("send nudes", "search")
    assert plain.grade == 3
    assert detect("s.e.n.d n.u.d.e.s", "search").grade == hidden.grade + 1


def test_context_lowers_and_does_not_delete():
    detection = detect("suicide in romeo and juliet how does juliet kill herself essay i want quotes", "search")
    assert detection.grade <= 1


def test_a_first_person_wish_beats_every_context():
    assert detect("gcse history homework but i want to kill myself", "search").grade == 5


def test_the_text_of_a_page_is_somebody_elses():
    page = (
        "The museum opens at ten. " * 10
        + "They asked how to make a bomb at home in the film. "
        + "Tickets are free. " * 10
    )
    assert detect(page, "page").grade <= 2


def test_what_is_ordinary_for_staff_is_kept_only():
    assert detect("premier league odds bet365", "search").grade == 3
    assert detect("premier league odds bet365", "search", age=34).grade == 1


def test_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="kind"):
        detect("hello", "letter")


def test_a_huge_text_is_read_to_its_end():
    text = "the cat sat on the mat. " * 40_000 + "i want to kill myself"
    assert detect(text, "post").grade == 5
    assert detect("a" * 1_000_000, "post").grade == 0
