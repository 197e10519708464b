import pytest

from schoolgate.kernel.errors import Malformed
from schoolgate.watch.detect import CATEGORIES, detect, rules

BOOK = rules.shipped()
MATCHES = [pytest.param(rule, kind, text, id=f"{rule.id}: {text}") for rule in BOOK.rules for kind, text in rule.match]
MISSES = [pytest.param(rule, kind, text, id=f"{rule.id}: {text}") for rule in BOOK.rules for kind, text in rule.miss]


@pytest.mark.parametrize(("rule", "kind", "text"), MATCHES)
def test_a_rule_finds_its_examples(rule, kind, text):
    detection = detect(text, kind)
    assert rule.id in {one.rule for one in detection.because}
    assert detection.grade >= min(rule.grade, 2)


@pytest.mark.parametrize(("rule", "kind", "text"), MISSES)
def test_a_rule_leaves_its_counter_examples(rule, kind, text):
    detection = detect(text, kind)
    assert detection.grade < 2, detection


def test_every_category_has_rules():
    assert {rule.category for rule in BOOK.rules} == set(CATEGORIES)


def test_ceilings_and_floors_of_urgency_hold():
    for rule in BOOK.rules:
        if rule.category == "circumvention":
            assert rule.ceiling <= 2
        if rule.category == "gambling":
            assert rule.ceiling <= 3
        if rule.category == "disclosure" and not rule.id.endswith(("help-line", "travel")):
            assert rule.grade >= 4
        if rule.help and rule.grade == 2:
            assert rule.ceiling == 2
        assert rule.grade <= rule.ceiling <= 5


GOOD = "category: drugs\nrules:\n  - {id: x, grade: 3, why: because, any: [%s], match: [abc]}\n"
WORDS = "slots: {thing: a}\ncontexts: {homework: gcse}\nidioms: zz\nforms: {}\napart: []\n"


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        ("'{nothing}'", "nothing"),
        ("'a..b'", "between spaces"),
        ("'(a'", "drugs|pattern"),
        ("'a+'", "may hold"),  # what could take time without bound is not in the language
        ("'.*'", "between spaces|may hold"),
        ("'A'", "may hold"),
    ],
)
def test_a_broken_pattern_is_refused_when_it_is_read(tmp_path, pattern, says):
    (tmp_path / "drugs.yaml").write_text(GOOD % pattern)
    words = tmp_path / "words"
    words.mkdir()
    (words / "all.yaml").write_text(WORDS)
    with pytest.raises(Malformed, match=says):
        rules.read(tmp_path, words)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("colours.yaml", GOOD % "a"),
        ("drugs.yaml", "category: drugs\nrules: [{id: x, grade: 9, why: w, any: [a], match: [a]}]"),
        ("drugs.yaml", "category: drugs\nrules: [{id: x, grade: 3, any: [a], match: [a]}]"),
        ("drugs.yaml", "category: drugs\nrules: [{id: x, grade: 3, why: w, match: [a]}]"),
        ("drugs.yaml", "category: drugs\nrules: [{id: x, grade: 3, why: w, any: [a], match: [a], colour: red}]"),
        ("drugs.yaml", "category: drugs\nrules: [{id: x, grade: 3, why: w, any: [a], match: [a], blocks: [moon]}]"),
        ("drugs.yaml", "category: drugs\nrules: [{id: x, grade: 3, why: w, any: [a], match: [a], kinds: [letter]}]"),
    ],
)
def test_a_broken_rule_is_refused_when_it_is_read(tmp_path, name, content):
    (tmp_path / name).write_text(content)
    words = tmp_path / "words"
    words.mkdir()
    (words / "all.yaml").write_text(WORDS)
    with pytest.raises(Malformed):
        rules.read(tmp_path, words)


def test_what_a_rule_means_is_known_without_reading_its_patterns():
    assert rules.whys() == {rule.id: rule.why for rule in rules.shipped().rules}
