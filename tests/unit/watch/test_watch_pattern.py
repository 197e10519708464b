import re

import pytest

from schoolgate.kernel.errors import Malformed
from schoolgate.watch.detect import pattern
from schoolgate.watch.detect.coding import Coding

SLOTS = {
    "who": pattern.either([pattern.parse("mum", {}), pattern.parse("step ?dad", {})]),
    "bad": pattern.either([pattern.parse(word, {}) for word in ("mean", "cruel")]),
}


def matches(text, line):
    """Tell whether the whole of *line* is what the pattern *text* stands for."""
    row = pattern.parse(text, SLOTS)
    coding = Coding(pattern.vocabulary(row))
    return re.fullmatch(coding.expression(row).encode(), coding.encode(line.split())) is not None


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("kill(s|ed|ing)?", "kill"),  # endings
        ("kill(s|ed|ing)?", "killing"),
        ("step ?dad", "stepdad"),  # a space that may be missing
        ("step ?dad", "step dad"),
        ("is(nt| not)? kind", "isnt kind"),  # a bracket that ends one word and begins another
        ("is(nt| not)? kind", "is not kind"),
        ("is(nt| not)? kind", "is kind"),
        ("(so |very )*sad", "so very so sad"),
        ("(so |very )*sad", "sad"),
        ("my {who} is {bad}", "my step dad is cruel"),
        ("{who}s house", "mums house"),  # letters after a slot
        ("cut .. arm", "cut my own left upper arm"),
        ("cut .. arm", "cut arm"),
        ("cut ... arm", "cut a b c d e f g h i j arm"),
        ("year {n}", "year 5"),
        ("lose {n}kg", "lose 12kg"),
        ("(14 )?words {n}", "words 14"),  # a figure that a rule names is a figure too
    ],
)
def test_a_pattern_stands_for(text, line):
    assert matches(text, line)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("kill(s|ed|ing)?", "skill"),
        ("(so |very )*sad", "so so so so sad"),
        ("cut .. arm", "cut a b c d e arm"),
        ("year {n}", "year five"),
        ("my {who} is {bad}", "my mum is kind"),
    ],
)
def test_a_pattern_does_not_stand_for(text, line):
    assert not matches(text, line)


@pytest.mark.parametrize("text", ["(a)?", "..", "a | ", "?", "(a", "a)", "x{who}"])
def test_a_pattern_that_could_match_nothing_or_anything_is_refused(text):
    with pytest.raises(Malformed):
        pattern.parse(text, SLOTS)


def test_no_match_stands_without_the_words_that_a_row_needs():
    row = pattern.parse("(i|we) .. (hurt|harm)( my)? (cat|dog|{bad} man)", SLOTS)
    assert pattern.needs(row) == [{"i", "we"}, {"hurt", "harm"}, {"cat", "dog", "man"}]
