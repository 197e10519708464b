import random

import pytest

from schoolgate.kernel import speakable
from schoolgate.kernel.errors import Malformed


def test_a_reference_is_read_back_whatever_way_it_was_heard():
    ref = speakable.reference(random.Random(7).choice)
    assert speakable.heard(ref.lower().replace("-", "")) == ref
    assert speakable.heard(f" {ref} ") == ref


def test_letters_that_sound_or_look_alike_are_taken_for_the_one_that_is_used():
    assert speakable.heard("oil-22b") == "011-22B"


def test_no_reference_can_spell_a_word():
    assert not set("AEIOU") & set(speakable.LETTERS)


@pytest.mark.parametrize("text", ["", "7QK", "7QK-2FDX", "7QK-2F!", "AAA-AAA"])
def test_what_cannot_be_a_reference_is_refused(text):
    with pytest.raises(Malformed):
        speakable.heard(text)
