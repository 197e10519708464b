"""Proposals: the right promise, an honest binding, and a reason for each."""

import paper
import pytest

from schoolgate.drafting import bind, cues
from schoolgate.drafting.promises import PROMISES, Kept
from schoolgate.drafting.sentences import sentences


def proposed(words):
    return bind.propose(sentences(paper.text(words + "\n")))


@pytest.mark.parametrize(
    ("words", "promise", "binding"),
    [
        ("Every site is checked by the web filter.", "NET-2", Kept.CONTROL),
        ("Governors audit the website each term for what the law requires.", "PUB-1", Kept.DUTY),
        ("Photographs are only used with parental consent.", "PUB-3", Kept.CONTROL),
        ("The wireless key is kept by the school office.", "NET-11", Kept.CONTROL),
        ("Guests are given a guest wireless key case by case.", "NET-12", Kept.CONTROL),
        ("We aim to offer parents a workshop each year.", "EDU-7", Kept.ASPIRATION),  # it only hopes
        ("All staff sign the acceptable use agreement before they use the network.", "AUP-1", Kept.CONTROL),
        ("New staff receive the agreement at induction.", "AUP-3", Kept.CONTROL),
    ],
)
def test_a_sentence_is_bound_to_its_promise(words, promise, binding):
    [proposal] = proposed(words)
    assert (proposal.promise, proposal.binding) == (promise, binding)
    assert 0 < proposal.confidence <= 1
    assert proposal.because


def test_a_sentence_that_promises_nothing_is_bound_to_nothing():
    [proposal] = proposed("We believe that technology brings great benefits.")
    assert (proposal.normative, proposal.promise, proposal.binding) == (False, None, None)


def test_a_promise_that_no_row_knows_is_left_to_a_person():
    [proposal] = proposed("The kitchen will cook a hot meal on Fridays.")
    assert proposal.normative
    assert proposal.promise is None


def test_a_short_item_takes_its_meaning_from_what_introduces_it():
    *_, last = proposed("The development of this policy involved:\n\n- the governor for safeguarding")
    assert last.promise == "POL-3"


def test_every_promise_has_cues_and_every_cue_a_promise():
    assert cues.load().keys() == PROMISES.keys()


def test_a_heading_alone_settles_nothing():
    [*_, last] = proposed("Wireless network\n\nWe will paint the hall in the spring.")
    assert last.promise is None
