"""Sentences: where they begin and end, and which of them promise something."""

import paper
import pytest

from schoolgate.drafting.sentences import sentences


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Staff sign it. Pupils sign too.", 2),
        ("Use apps, e.g. Drawing Board, with care.", 1),  # an abbreviation ends no sentence
        ("See Dr. Wren about it.", 1),
        ("Ask (if you must.) Then wait.", 2),
    ],
)
def test_a_full_stop_ends_a_sentence_unless_it_shortens_a_word(words, expected):
    assert len(sentences(paper.text(words))) == expected


@pytest.mark.parametrize(
    "words",
    [
        "All staff must sign the agreement.",  # a duty
        "Pupils are not permitted to use phones.",  # a prohibition
        "Visitors may only use the guest account.",  # a permission with a limit
        "Filtering is provided on every device.",  # a safeguard
        "Governors audit the website each term.",  # practice, in the present
        "There is no wi-fi on the children's tablets.",  # something that is absent
        "Staff receive training every year.",
        "Key stage leaders to read the blogs of their teams.",  # a duty in a note's grammar
        "We know that families worry, and we run a workshop each term.",  # the promise outweighs the belief
        "The headteacher may act on conduct outside school.",
        "This policy describes what we do.",
        "Next review: September 2027",
    ],
)
def test_promises_are_told(words):
    [sentence] = sentences(paper.text(words + "\n"))
    assert sentence.normative, sentence.why


@pytest.mark.parametrize(
    "words",
    [
        "We believe that technology brings great benefits.",  # a belief
        "Technology is part of everyday life.",  # a reason
        "The Education Act 2011 gives staff the power to search devices.",  # the law
        "Keeping Children Safe in Education highlights the need for a clear policy.",  # guidance
        "There is a risk that content may be deleted too early.",  # a risk
        "Schools are required to publish certain information online.",
        "Why does this matter?",
        "Training and support",  # a heading
    ],
)
def test_descriptions_are_told(words):
    [sentence] = sentences(paper.text(words + "\n"))
    assert not sentence.normative, sentence.why


def test_an_item_inherits_what_introduces_its_list():
    found = sentences(paper.text("Safeguards built in include:\n\n- antivirus on all computers\n- a private line\n"))
    assert [(each.normative, each.stem) for each in found] == [
        (False, ""),
        (True, "Safeguards built in include:"),
        (True, "Safeguards built in include:"),
    ]


def test_an_item_of_a_list_of_risks_promises_nothing():
    found = sentences(paper.text("The risks that children may face include:\n\n- sharing of personal images\n"))
    assert [each.normative for each in found] == [False, False]


def test_a_label_joins_the_section_and_keeps_the_list_open():
    found = sentences(
        paper.text(
            "Equipment\n\nTechnologies used in school include:\n\nStaff:\n\n- Laptops and tablets for planning\n"
        )
    )
    assert found[-1].section == "Equipment / Staff"
    assert found[-1].stem == "Technologies used in school include:"
    assert found[-1].normative
