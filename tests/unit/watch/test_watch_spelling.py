import pytest

from schoolgate.watch.detect.spelling import Spelling
from schoolgate.watch.detect.views import views

KNOWN = ["parents", "hits", "huts", "download", "should", "carry", "make", "meth", "gym", "i"]
SPELLING = Spelling(KNOWN, {"u": "you", "r": "are"}, ["gem"], often={"hits": 9, "huts": 1})


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("prnts", "parents"),  # vowels left out
        ("dwnld", "download"),
        ("hts", "hits"),  # of two words, the one that rules use more often
        ("nhs", "nhs"),  # no word of the rules
        ("gym", "gym"),  # a word that needs no other vowel
        ("hat", "hat"),  # it has its vowel
    ],
)
def test_a_word_without_vowels_is_read_as_the_word_it_shortens(written, read):
    assert SPELLING.unfold(written) == (read, False)


def test_letters_with_spaces_between_are_joined_before_they_are_read_as_chat_words():
    lines = [view.words for view in views("s h o u l d i c a r r y", SPELLING)]
    assert ("should", "i", "carry") in lines


def test_what_is_spelt_letter_by_letter_may_be_cut_however_short():
    assert ("make", "meth") in [view.words for view in views("m a k e m e t h", SPELLING)]
    assert ("makemeth",) in [view.words for view in views("makemeth", SPELLING)]


def test_single_letters_that_stay_single_are_chat_words():
    assert views("u r my friend", SPELLING)[0].words == ("you", "are", "my", "friend")
