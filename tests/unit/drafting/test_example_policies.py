"""The policies that the demo adopts: nothing to find, and every promise of their kind of school is made."""

from datetime import date
from pathlib import Path

import pytest

from schoolgate.drafting import bind, reading
from schoolgate.drafting.lint import lint
from schoolgate.drafting.promises import PROMISES
from schoolgate.drafting.sentences import sentences

FOLDER = Path(__file__).parents[3] / "examples" / "policies"
CASES = [("larkfield-primary.md", "P"), ("little-wrens-nursery.md", "E")]


@pytest.mark.parametrize(("name", "phase"), CASES)
def test_there_is_nothing_to_find(name, phase):
    assert lint(reading.read(FOLDER / name), date(2026, 11, 21)) == ()


@pytest.mark.parametrize(("name", "phase"), CASES)
def test_every_promise_of_its_phase_is_made_and_no_sentence_is_unbound(name, phase):
    proposals = [each for each in bind.propose(sentences(reading.read(FOLDER / name))) if each.normative]
    made = {each.promise for each in proposals}
    assert None not in made
    assert made >= {each.id for each in PROMISES.values() if phase in each.applies}
