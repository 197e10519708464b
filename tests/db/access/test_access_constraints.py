"""What the database itself refuses about access, in raw form."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from schoolgate.access import queries
from schoolgate.access.models import (
    Agreement,
    AgreementVersion,
    BoardSerial,
    ClassCard,
    Device,
    PortalSession,
    Signature,
    Suspension,
)


def refused(constraint, make):
    """Check that the database refuses, by the name of the constraint or, for uniqueness, by its fields."""
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make()


@pytest.fixture
def signed(larks, now):
    """Facts of a good signature."""
    return {
        "version": queries.version_for(larks.asha, now.date()),
        "person": larks.asha,
        "signed_at": now,
        "method": "with-teacher",
        "witness": larks.ben,
    }


def test_a_signature_that_cannot_be(signed, larks, now):
    on_behalf = {"method": "on-behalf", "on_behalf_by": "A Parent", "relationship": "mother"}
    taken_back = {"withdrawn_at": now, "withdrawn_by": larks.gwen, "withdrawn_because": "a mistake"}
    for constraint, facts in (
        ("signature_method_known", {"method": "telepathy"}),
        ("signature_witnessed_unless_own", {"witness": None}),
        ("signature_witnessed_unless_own", {"method": "own"}),
        ("signature_witness_is_somebody_else", {"witness": larks.asha}),
        ("signature_on_behalf_names_the_parent", on_behalf | {"on_behalf_by": ""}),
        ("signature_on_behalf_names_the_parent", on_behalf | {"relationship": ""}),
        ("signature_on_behalf_names_the_parent", {"on_behalf_by": "A Parent"}),
        ("signature_withdrawn_after_signed", taken_back | {"withdrawn_at": now - timedelta(seconds=1)}),
        ("signature_withdrawn_by_somebody_with_reason", taken_back | {"withdrawn_because": ""}),
        ("signature_withdrawn_by_somebody_with_reason", taken_back | {"withdrawn_by": None}),
        ("signature_withdrawn_by_somebody_with_reason", taken_back | {"withdrawn_at": None}),
    ):
        refused(constraint, lambda facts=facts: Signature.objects.create(**signed | facts))
    Signature.objects.create(**signed)
    refused("signature.version_id", lambda: Signature.objects.create(**signed))
    Signature.objects.create(**signed | taken_back)  # a withdrawn one stands beside a live one


def test_an_agreement_that_cannot_be(signed, now):
    words = {"agreement": signed["version"].agreement, "text": "t", "sanctions": "s", "effective_on": now.date()}
    for constraint, facts in (
        ("agreementversion.agreement_id", {"number": 1}),
        ("agreementversion_number_from_one", {"number": 0}),
        ("agreementversion_has_expectations_and_sanctions", {"number": 2, "sanctions": ""}),
        ("agreementversion_has_expectations_and_sanctions", {"number": 2, "text": ""}),
    ):
        refused(constraint, lambda facts=facts: AgreementVersion.objects.create(**words | facts))
    refused("agreement.audience", lambda: Agreement.objects.create(code="again", audience="ks2", title="T"))
    refused("agreement_audience_known", lambda: Agreement.objects.create(code="pets", audience="pets", title="T"))


def test_an_agreement_has_a_title_and_its_first_version_is_material(db, now):
    refused("agreement_has_code_and_title", lambda: Agreement.objects.create(code="s", audience="staff", title=""))
    bare = Agreement.objects.create(code="staff", audience="staff", title="T")
    words = {"agreement": bare, "number": 1, "text": "t", "sanctions": "s", "effective_on": now.date()}
    refused("agreementversion_first_is_material", lambda: AgreementVersion.objects.create(**words, is_material=False))


def test_a_suspension_that_cannot_be(larks, now):
    good = {"person": larks.asha, "by": larks.carys, "reason": "r", "starts_at": now}
    lifted = {"lifted_at": now, "lifted_by": larks.gwen, "lifted_because": "b"}
    for constraint, facts in (
        ("suspension_has_reason", {"reason": ""}),
        ("suspension_ends_after_start", {"ends_at": now}),
        ("suspension_lifted_by_somebody_with_reason", lifted | {"lifted_because": ""}),
        ("suspension_lifted_by_somebody_with_reason", lifted | {"lifted_by": None}),
    ):
        refused(constraint, lambda facts=facts: Suspension.objects.create(**good | facts))


def test_a_device_a_session_or_a_card_that_cannot_be(larks, now):
    Device.objects.create(name="Oak 3", address="10.20.0.3")
    refused("device.address", lambda: Device.objects.create(name="Oak 4", address="10.20.0.3"))
    refused("device_has_name", lambda: Device.objects.create(name="", address="10.20.0.4"))
    refused("device_profile_known", lambda: Device.objects.create(name="O", address="10.20.0.4", profile="staff"))
    ends_early = {"starts_at": now, "ends_at": now - timedelta(seconds=1)}
    refused(
        "portalsession_ends_after_start",
        lambda: PortalSession.objects.create(person=larks.asha, address="10.20.0.3", **ends_early),
    )
    ClassCard.objects.create(person=larks.asha, code_hash="a", issued_at=now)
    refused("classcard.person_id", lambda: ClassCard.objects.create(person=larks.asha, code_hash="b", issued_at=now))
    refused("classcard.code_hash", lambda: ClassCard.objects.create(person=larks.ben, code_hash="a", issued_at=now))
    refused(
        "classcard_withdrawn_after_issued",
        lambda: ClassCard.objects.create(
            person=larks.ben, code_hash="c", issued_at=now, withdrawn_at=now - timedelta(seconds=1)
        ),
    )
    refused("boardserial_is_one", lambda: BoardSerial.objects.create(pk=2))
