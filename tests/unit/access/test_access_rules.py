"""Which profile belongs to whom, and what an agreement looks like on a page."""

from pathlib import Path

import pytest

from schoolgate.access.rules import METHODS, PROFILES, Audience, audience_of, must_sign
from schoolgate.access.services import read_draft
from schoolgate.kernel.errors import Malformed
from schoolgate.people.rules import Role
from schoolgate.web.access.wording import PICTURES, blocks

EXAMPLES = Path(__file__).parents[3] / "examples" / "agreements"


@pytest.mark.parametrize(
    ("roles", "year", "profile"),
    [
        ({Role.TEACHER}, "", "staff"),
        ({Role.TECHNICIAN, Role.PARENT}, "", "staff"),
        ({Role.PUPIL}, "1", "ks1"),
        ({Role.PUPIL}, "2", "ks1"),
        ({Role.PUPIL}, "3", "ks2"),
        ({Role.PUPIL}, "6", "ks2"),
        ({Role.PUPIL}, "R", "shelf"),
        ({Role.PUPIL}, "N1", "shelf"),
        ({Role.PUPIL}, "", "shelf"),  # a pupil without a year counts among the youngest
        ({Role.PUPIL, Role.HEAD}, "4", "ks2"),  # a mistake in the import gives a child no wider access
        ({Role.GOVERNOR}, "", "guest"),
        ({Role.VISITOR}, "", "guest"),
        ({Role.PARENT}, "", None),
        (set(), "", None),
    ],
)
def test_the_profile_follows_role_and_year(roles, year, profile):
    audience = audience_of(roles, year)
    assert (PROFILES[audience] if audience else None) == profile


@pytest.mark.parametrize(
    ("role", "year", "counts"),
    [
        (Role.TEACHER, "", True),
        (Role.PUPIL, "4", True),
        (Role.PUPIL, "R", True),
        (Role.PUPIL, "N1", False),  # uses no network at all
        (Role.GOVERNOR, "", False),
        (Role.PARENT, "", False),
    ],
)
def test_all_staff_and_all_pupils_must_sign(role, year, counts):
    assert must_sign({role}, year) is counts


def test_each_audience_has_a_profile_and_a_way_to_sign():
    assert set(PROFILES) == set(METHODS) == set(Audience)


def test_there_is_an_example_for_each_audience():
    assert {read_draft(path).audience for path in EXAMPLES.glob("*.md")} == set(Audience)


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.md")), ids=lambda path: path.stem)
def test_every_picture_that_an_example_names_is_there(path):
    draft = read_draft(path)
    named = draft.text.count("[picture: ")
    shown = [item for block in blocks(draft.text) for item in block.items if item.picture]
    assert len(shown) == named


def test_a_page_never_gets_html_out_of_an_agreement():
    (block,) = blocks("<script>alert(1)</script>")
    assert (block.kind, block.text) == ("paragraph", "<script>alert(1)</script>")  # the template escapes it


def test_a_picture_that_we_do_not_have_is_left_out():
    assert "../../base" not in PICTURES
    assert blocks("- [picture: unicorn] I am kind.")[0].items[0].picture == ""


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("no header", "does not begin with"),
        ("---\ncode: a\naudience: ks1\n---\nWords\n<!-- sanctions -->\nMore", "begins with audience, code"),
        ("---\ncode: a\naudience: pets\ntitle: T\n---\nWords\n<!-- sanctions -->\nMore", "`pets` is no audience"),
        ("---\ncode: a\naudience: ks1\ntitle: T\n---\nWords only", "what is expected and what follows"),
        (
            "---\ncode: a\naudience: ks1\ntitle: T\n---\nWords\n<!-- sanctions -->\n",
            "what is expected and what follows",
        ),
    ],
)
def test_an_agreement_without_its_parts_is_refused(tmp_path, content, says):
    path = tmp_path / "a.md"
    path.write_text(content)
    with pytest.raises(Malformed, match=says):
        read_draft(path)
