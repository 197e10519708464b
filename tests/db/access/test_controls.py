"""AUP-1 and AUP-4, counted from the board that the gates read (decision 0004)."""

from datetime import timedelta

import pytest

from cast import person
from schoolgate.access import controls, queries, rules, services
from schoolgate.access.models import Signature
from schoolgate.access.rules import Method
from schoolgate.assurance.rules import Status
from schoolgate.people.rules import Role


@pytest.fixture
def publish(now, django_capture_on_commit_callbacks):
    def publish_now(at=now):
        with django_capture_on_commit_callbacks(execute=True):
            services.publish_board(at)

    return publish_now


@pytest.fixture
def staff_signed(larks, now):
    for someone in (larks.ben, larks.carys, larks.dilys, larks.gwen):
        services.sign(someone, queries.version_for(someone, now.date()), method=Method.OWN, by=someone, now=now)


def asha_signs(larks, now):
    version = queries.version_for(larks.asha, now.date())
    services.sign(larks.asha, version, method=Method.WITH_TEACHER, by=larks.ben, now=now)


def test_without_a_board_nobody_can_tell(larks, now):
    assert controls.signed_before_access(now).status == Status.UNKNOWN


def test_a_damaged_board_is_unknown_and_never_met(larks, now, publish, settings):
    publish()
    settings.BOARD_FILE.write_bytes(settings.BOARD_FILE.read_bytes().replace(b"unsigned", b"unsigneD"))
    assert controls.signed_before_access(now).status == Status.UNKNOWN


def test_one_pupil_of_last_year_who_has_not_signed_makes_it_red(larks, now, staff_signed, publish):
    publish()
    found = controls.signed_before_access(now)
    assert found.status == Status.NOT_MET
    assert found.summary == "4 of 5 staff and pupils have signed; the gate is closed to the others."
    assert [(row["person"], row["gate"]) for row in found.rows] == [(str(larks.asha.id), "closed")]


def test_when_she_has_signed_it_is_green(larks, now, staff_signed, publish):
    asha_signs(larks, now)
    publish()
    found = controls.signed_before_access(now)
    assert found.status == Status.MET
    assert found.summary == "All 5 staff and pupils have signed, and the gate lets in nobody else."


def test_a_newcomer_makes_it_amber(larks, now, staff_signed, publish):
    asha_signs(larks, now)
    person("Jo", "June", Role.PUPIL, now.date(), year_group="2", starts_on=now.date() - timedelta(days=14))
    publish()
    assert controls.signed_before_access(now).status == Status.AT_RISK


def test_a_gate_that_is_open_without_a_signature_is_red_even_for_a_guest(larks, now, staff_signed, publish):
    asha_signs(larks, now)
    version = queries.version_for(larks.efe, now.date())
    services.sign(larks.efe, version, method=Method.OWN, by=larks.efe, now=now)
    publish()
    assert controls.signed_before_access(now).status == Status.MET
    # the register says withdrawn, the gates have not heard of it
    Signature.objects.filter(person=larks.efe).update(
        withdrawn_at=now, withdrawn_by=larks.gwen, withdrawn_because="a test"
    )
    found = controls.signed_before_access(now)
    assert (found.status, found.summary) == (Status.NOT_MET, "The gate is open to 1 without a signature.")


def test_a_board_that_nobody_renews_is_said(larks, now, staff_signed, publish):
    publish()
    assert controls.signed_before_access(now + rules.LEASE).status == Status.AT_RISK


def test_nursery_children_are_not_counted_as_missing(larks, now, staff_signed, publish):
    asha_signs(larks, now)
    person("Kim", "Kite", Role.PUPIL, now.date(), year_group="N2")
    publish()
    assert controls.signed_before_access(now).status == Status.MET


def test_the_share_of_each_class_is_shown_and_names_nobody(larks, now):
    found = controls.classes_have_signed(now)
    assert (found.status, found.rows) == (Status.NOT_MET, [{"class": "Oak (Year 4)", "signed": 0, "children": 1}])
    asha_signs(larks, now)
    assert controls.classes_have_signed(now).status == Status.MET
