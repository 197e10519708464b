"""A verdict in two registers."""

from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from schoolgate.gate.core.categories import CATEGORIES, is_locked
from schoolgate.gate.core.explain import PICTURES, ChildWords, StaffWords, for_child, for_staff
from schoolgate.gate.core.names import canonical
from schoolgate.gate.core.who import Standing
from schoolgate.gate.release import Release
from vector_files import release_of_the_vectors

IN_LESSONS = datetime(2026, 11, 23, 10, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def larkfield(tmp_path_factory) -> Release:
    return release_of_the_vectors(tmp_path_factory.mktemp("explain"), Ed25519PrivateKey.generate())


def words(larkfield: Release, host: str, profile: str = "ks2", reason: str = "signed") -> tuple[ChildWords, StaffWords]:
    verdict = larkfield.verdict(canonical(host), Standing(profile, reason, "", None, None), IN_LESSONS)
    return for_child(verdict, larkfield.rules), for_staff(verdict, larkfield.rules)


@pytest.mark.parametrize(
    ("host", "profile", "reason", "picture"),
    [
        ("science.test", "ks2", "signed", "sun"),  # allowed
        ("forbidden.test", "ks2", "signed", "umbrella"),  # locked
        ("science.test", "no-internet", "unsigned", "pencil"),  # sign first
        ("science.test", "no-internet", "nobody-signed-in", "pencil"),  # say who you are
        ("science.test", "no-internet", "suspended", "closed-gate"),  # not just now
        ("science.test", "shelf", "device", "bookshelf"),  # not on the shelf
        ("games.test", "ks2", "signed", "clock"),  # at another time
        ("bigwins-casino.test", "ks2", "signed", "closed-gate"),  # what the site is about
        ("homework.test", "ks2", "signed", "signpost"),  # nobody has looked yet
        ("chat-with-strangers.test", "ks2", "signed", "signpost"),  # the school decided
        ("science.test", "ks1", "signed", "signpost"),  # the default
    ],
)
def test_a_child_sees_a_picture_and_is_sent_to_a_grown_up(larkfield, host, profile, reason, picture):
    child, _ = words(larkfield, host, profile, reason)
    assert child.picture == picture
    assert picture in PICTURES
    assert host not in child.body
    if picture != "sun":
        assert "grown-up" in child.body or "teacher" in child.body


def test_no_word_for_a_child_names_a_harm():
    named = (
        "gambl",
        "porn",
        "sex",
        "adult",
        "drug",
        "violen",
        "hate",
        "terror",
        "extrem",
        "suicide",
        "abuse",
        "dating",
    )
    for category in CATEGORIES.values():
        assert not any(word in category.child_label for word in named), category


def test_staff_see_list_version_entry_and_the_sentence(larkfield):
    _, staff = words(larkfield, "www.bigwins-casino.test")
    assert staff.heading == "Blocked: Gambling"
    assert "ut1/gambling" in staff.lines[0]
    assert "(version 2026-11-23." in staff.lines[0]
    assert "entry bigwins-casino.test)" in staff.lines[0]
    assert (staff.statement_id, staff.statement_text) == ("NET-2", "Every site is filtered.")
    assert staff.lines[-1] == "It would turn with: allow www.bigwins-casino.test for ks2"


def test_staff_see_who_decided_and_what_else_applies(larkfield):
    _, staff = words(larkfield, "chat-with-strangers.test")
    assert staff.lines[0].endswith("(for chat-with-strangers.test), approved by Carys")
    assert staff.lines[1].startswith("default: allow by ks2/default")


def test_staff_are_told_that_nothing_opens_what_is_locked(larkfield):
    _, staff = words(larkfield, "forbidden.test", "staff")
    assert staff.lines[-1] == "Nothing opens this: illegal content stays blocked for everyone."


def test_what_is_illegal_is_locked_in_code_and_nothing_else_is():
    assert {code for code, category in CATEGORIES.items() if category.locked} == {
        "illegal.children",
        "illegal.terrorism",
        "illegal.other",
    }
    assert is_locked("illegal.of-a-later-version")
    assert not is_locked("illegality")
