"""Signing, withdrawing, suspending: each reaches the board that the gates read."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from cast import agreement, person
from schoolgate.access import queries, services
from schoolgate.access.models import Published, Signature
from schoolgate.access.rules import Audience, Method
from schoolgate.access.services.signing import AlreadyWithdrawn
from schoolgate.gate.core import who
from schoolgate.kernel.errors import NotFound, Refused
from schoolgate.ledger.models import Entry
from schoolgate.people.rules import Role

pytestmark = pytest.mark.django_db


def grant_of(someone, now):
    """What a gate would give them, read as a gate reads it."""
    return services.published_board().grants[str(someone.id)]


@pytest.fixture
def asha_signs(larks, now, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        return services.sign(
            larks.asha, queries.version_for(larks.asha, now.date()), method=Method.WITH_TEACHER, by=larks.ben, now=now
        )


def test_a_pupil_who_signs_with_her_teacher_is_on_the_board_at_once(asha_signs, larks, now):
    grant = grant_of(larks.asha, now)
    assert (grant.profile, grant.reason, grant.statement) == ("ks2", "signed", "AUP-1")
    assert grant.until is not None


def test_before_that_the_board_closes_her(larks, now, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        services.publish_board(now)
    assert grant_of(larks.asha, now) == who.Grant(who.NO_INTERNET, None, "unsigned", "AUP-1")


def test_the_signature_is_in_the_ledger_with_the_hash_of_its_words(asha_signs, larks, now):
    entry = Entry.objects.get(action="signed agreement")
    assert (entry.by, entry.about) == (larks.ben.id, f"person:{larks.asha.id}")
    assert entry.said["text"] == queries.text_hash(asha_signs.version)


def test_signing_twice_is_refused(asha_signs, larks, now):
    with pytest.raises(services.AlreadySigned):
        services.sign(larks.asha, asha_signs.version, method=Method.WITH_TEACHER, by=larks.ben, now=now)
    assert Signature.objects.count() == 1


@pytest.mark.parametrize(
    ("signer", "method", "by"),
    [
        ("asha", Method.OWN, "asha"),  # a pupil has no account to sign with
        ("asha", Method.WITH_TEACHER, "asha"),  # nobody is their own witness
        ("asha", Method.WITH_TEACHER, "efe"),  # a governor does not work here
        ("asha", Method.WITH_TEACHER, "fran"),  # an account without a role is nobody
        ("ben", Method.OWN, "gwen"),  # not even the head signs for a colleague
        ("ben", Method.WITH_TEACHER, "gwen"),  # staff sign with their own account
        ("asha", Method.ON_BEHALF, "ben"),  # a pupil of Year 4 signs herself
    ],
)
def test_nobody_signs_in_a_way_that_is_not_theirs(larks, now, signer, method, by):
    someone = getattr(larks, signer)
    version = queries.version_for(someone, now.date())
    with pytest.raises(Refused):
        services.sign(someone, version, method=method, by=getattr(larks, by), now=now)
    assert not Signature.objects.exists()


def test_a_parent_signs_for_a_child_in_reception(larks, now):
    child = person("Hari", "Hill", Role.PUPIL, now.date(), year_group="R")
    version = queries.version_for(child, now.date())
    with pytest.raises(Refused, match="names who gave it"):
        services.sign(child, version, method=Method.ON_BEHALF, by=larks.ben, now=now)
    services.sign(
        child, version, method=Method.ON_BEHALF, by=larks.ben, now=now, on_behalf_by="Indra Hill", relationship="mother"
    )
    assert queries.places([child], now)[0].grant.profile == "shelf"


def test_who_has_no_role_has_nothing_to_sign(larks, now):
    with pytest.raises(NotFound):
        queries.version_for(larks.fran, now.date())


def test_the_words_of_another_audience_are_refused(larks, now):
    with pytest.raises(Refused, match="not the agreement"):
        services.sign(
            larks.asha, queries.version_for(larks.ben, now.date()), method=Method.WITH_TEACHER, by=larks.ben, now=now
        )


def test_a_withdrawn_signature_stays_and_counts_no_longer(asha_signs, larks, now, django_capture_on_commit_callbacks):
    later = now + timedelta(minutes=1)
    with django_capture_on_commit_callbacks(execute=True):
        services.withdraw_signature(asha_signs.id, by=larks.gwen, because="signed for the wrong child", now=later)
    assert Signature.objects.count() == 1
    assert grant_of(larks.asha, later).profile == who.NO_INTERNET
    with pytest.raises(AlreadyWithdrawn):
        services.withdraw_signature(asha_signs.id, by=larks.gwen, because="again", now=later)


def test_a_suspension_closes_and_its_lifting_opens_again(asha_signs, larks, now, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        suspension = services.suspend(
            larks.asha, by=larks.carys, reason="unkind messages", now=now, ends_at=now + timedelta(days=2)
        )
    assert grant_of(larks.asha, now).reason == "suspended"
    with django_capture_on_commit_callbacks(execute=True):
        services.restore(suspension.id, by=larks.carys, because="made good", now=now)
    assert grant_of(larks.asha, now).profile == "ks2"


def test_the_reason_of_a_suspension_is_not_in_the_ledger(larks, now):
    services.suspend(larks.asha, by=larks.carys, reason="unkind messages", now=now, ends_at=None)
    assert "unkind" not in Entry.objects.get(action="suspended access").said_json


def test_a_suspension_needs_a_reason_an_end_ahead_and_somebody_else(larks, now):
    for facts in (
        {"person": larks.asha, "reason": " ", "ends_at": None},
        {"person": larks.asha, "reason": "r", "ends_at": now},
        {"person": larks.carys, "reason": "r", "ends_at": None},
    ):
        with pytest.raises(Refused):
            services.suspend(facts.pop("person"), by=larks.carys, now=now, **facts)


def test_a_material_version_makes_old_signatures_count_no_longer(asha_signs, larks, now):
    agreement(Audience.KS2, now, text="New words.")
    assert queries.places([larks.asha], now)[0].grant.reason == "unsigned"


def test_a_small_change_of_words_leaves_signatures_as_they_are(asha_signs, larks, now):
    agreement(Audience.KS2, now, text="New words.", is_material=False)
    assert queries.places([larks.asha], now)[0].grant.reason == "signed"


def test_a_published_version_cannot_be_changed(larks, now):
    version = queries.version_for(larks.asha, now.date())
    version.text = "Other words."
    with pytest.raises(Published):
        version.save()


@pytest.mark.django_db(transaction=True)
def test_two_teachers_at_once_make_one_signature(larks, now):
    version = queries.version_for(larks.asha, now.date())
    outcomes, start = [], threading.Barrier(2)

    def try_to_sign(witness):
        start.wait()
        try:
            services.sign(larks.asha, version, method=Method.WITH_TEACHER, by=witness, now=now)
            outcomes.append("signed")
        except services.AlreadySigned:
            outcomes.append("already")
        finally:
            connection.close()

    threads = [threading.Thread(target=try_to_sign, args=(witness,)) for witness in (larks.ben, larks.gwen)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["already", "signed"]
    assert Entry.objects.filter(action="signed agreement").count() == 1


def test_nobody_lifts_their_own_suspension(larks, now):
    suspension = services.suspend(larks.carys, by=larks.gwen, reason="looked into", now=now, ends_at=None)
    with pytest.raises(Refused, match="your own suspension"):
        services.restore(suspension.id, by=larks.carys, because="I am back", now=now)
    suspension.refresh_from_db()
    assert suspension.lifted_at is None
    services.restore(suspension.id, by=larks.gwen, because="settled", now=now)
