"""The life of an edition: adopted, bound by people, in force, superseded."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from schoolgate.assurance import editions, queries
from schoolgate.assurance.editions import Choice, NotADraft
from schoolgate.assurance.models import Binding, Edition, Evidence, Setting, Stage, Statement
from schoolgate.assurance.rules import Kind, Light
from schoolgate.drafting import reading
from schoolgate.kernel.errors import Refused
from schoolgate.ledger.models import Entry

POLICY = b"""# Online safety policy of Larkfield Primary School

## Filtering

All web access is filtered by category and by age group.

## Agreements

Every pupil must sign the acceptable use agreement before using the school's computers.

Do all two hundred pupils use the internet?

## Review

The governing body must ratify this policy and review it every year.
"""


@pytest.fixture
def draft(larks, now):
    return editions.adopt(
        reading.from_bytes(POLICY, "policy.md"), title="Autumn", setting=Setting.PRIMARY, by=larks.gwen, now=now
    )


def in_force(edition, by, now, **facts):
    given = {"ratified_on": date(2026, 11, 9), "minute": "Item 7", "review_due_on": date(2027, 11, 9)} | facts
    editions.bring_into_force(edition.pk, **given, by=by, now=now)


def statement(edition, words) -> Statement:
    return edition.statements.get(text__contains=words)


def test_adopting_proposes_and_confirms_nothing(draft):
    assert draft.status == Stage.DRAFT
    assert [one.ref for one in draft.statements.all()] == ["ST-1", "ST-2", "ST-3", "ST-4"]
    assert [one.normative for one in draft.statements.all()] == [True, True, False, True]
    assert statement(draft, "sign the acceptable").bindings.get().promise == "AUP-1"
    assert not Binding.objects.filter(confirmed_at__isnull=False).exists()


def test_a_text_that_promises_nothing_is_refused(larks, now):
    text = reading.from_bytes(b"Do all two hundred pupils use the internet?", "letter.txt")
    with pytest.raises(Refused, match="promises anything"):
        editions.adopt(text, title="Letter", setting=Setting.PRIMARY, by=larks.gwen, now=now)
    assert not Edition.objects.exists()


def test_a_proposal_counts_for_nothing_until_a_person_confirms_it(draft, larks, now):
    in_force(draft, larks.gwen, now)
    lights = {row.statement.ref: row.light for row in queries.statements_today(now)}
    assert lights == {
        "ST-1": Light.AT_RISK,
        "ST-2": Light.AT_RISK,
        "ST-3": Light.DESCRIPTION,
        "ST-4": Light.AT_RISK,
    }


def test_confirming_ends_the_proposal_and_names_who_decided(draft, larks, now):
    one = statement(draft, "sign the acceptable")
    editions.confirm(one.pk, Choice(Kind.DUTY, "AUP-1", every_days=30), by=larks.carys, now=now)
    live = one.bindings.get(ended_at=None)
    assert (live.kind, live.promise, live.every_days, live.confirmed_by) == ("duty", "AUP-1", 30, larks.carys)
    assert one.bindings.filter(ended_at=now, confirmed_at=None).count() == 1
    assert Entry.objects.filter(action="bound sentence", by=larks.carys.pk).count() == 1


def test_confirming_the_sure_ones_leaves_the_others(draft, larks, now):
    sure = Binding.objects.filter(confidence__gte=editions.CONFIDENT).count()
    Binding.objects.filter(statement=statement(draft, "must ratify")).update(confidence=0.4)
    sure = Binding.objects.filter(confidence__gte=editions.CONFIDENT).count()
    assert editions.confirm_confident(draft.pk, by=larks.gwen, now=now) == sure
    assert statement(draft, "must ratify").bindings.get().confirmed_at is None


def test_only_the_head_and_the_safeguarding_lead_say_that_a_sentence_does_not_apply(draft, larks, now):
    one = statement(draft, "filtered")
    choice = Choice(Kind.NOT_APPLICABLE, reason="There is no internet here.")
    with pytest.raises(Refused, match="Only the head"):
        editions.confirm(one.pk, choice, by=larks.ben, now=now)
    editions.confirm(one.pk, choice, by=larks.gwen, now=now)
    with pytest.raises(Refused, match="Say why"):
        editions.confirm(one.pk, Choice(Kind.NOT_APPLICABLE, reason=" "), by=larks.gwen, now=now)


def test_a_binding_to_no_promise_is_refused(draft, larks, now):
    with pytest.raises(Refused, match="promise"):
        editions.confirm(statement(draft, "filtered").pk, Choice(Kind.CONTROL, "XYZ-1"), by=larks.gwen, now=now)


def test_a_new_edition_supersedes_the_old_and_its_sentences_keep_their_names(draft, larks, now):
    one = statement(draft, "filtered")
    editions.confirm(one.pk, Choice(Kind.CONTROL, "NET-2"), by=larks.gwen, now=now)
    in_force(draft, larks.gwen, now)
    text = POLICY.replace(b"two hundred", b"three hundred")
    later = now + timedelta(days=10)
    again = editions.adopt(
        reading.from_bytes(text, "policy.md"), title="Spring", setting=Setting.PRIMARY, by=larks.gwen, now=later
    )
    assert statement(again, "filtered").ref == one.ref
    assert statement(again, "three hundred").ref == "ST-5"
    proposal = statement(again, "filtered").bindings.get()
    assert (proposal.promise, proposal.confidence, proposal.confirmed_at) == ("NET-2", 1.0, None)
    in_force(again, larks.gwen, later)
    draft.refresh_from_db()
    assert (draft.status, draft.superseded_at) == (Stage.SUPERSEDED, later)
    with pytest.raises(NotADraft):
        editions.confirm(one.pk, Choice(Kind.CONTROL, "NET-2"), by=larks.gwen, now=later)


def test_an_edition_comes_into_force_once(draft, larks, now):
    in_force(draft, larks.gwen, now)
    with pytest.raises(NotADraft):
        in_force(draft, larks.gwen, now)
    assert Entry.objects.filter(action="brought policy into force").count() == 1


@pytest.mark.parametrize(
    "facts",
    [
        {"ratified_on": date(2026, 11, 24), "review_due_on": date(2027, 11, 1)},  # tomorrow
        {"review_due_on": date(2026, 11, 9)},  # the day of the ratification itself
        {"review_due_on": date(2027, 11, 10)},  # a day beyond a year
    ],
)
def test_dates_that_cannot_be_are_refused(draft, larks, now, facts):
    with pytest.raises(Refused):
        in_force(draft, larks.gwen, now, **facts)
    draft.refresh_from_db()
    assert draft.status == Stage.DRAFT


def test_a_duty_is_at_risk_until_somebody_says_that_it_is_done_and_unknown_once_that_is_old(draft, larks, now):
    one = statement(draft, "filtered")
    editions.confirm(one.pk, Choice(Kind.DUTY, "NET-2", every_days=30), by=larks.gwen, now=now)
    assert queries.statement_today(one, now).light is Light.AT_RISK
    editions.attest(one.pk, summary="Looked at the reports with Dilys.", by=larks.carys, now=now)
    assert queries.statement_today(one, now).light is Light.MET
    assert queries.statement_today(one, now + timedelta(days=30)).light is Light.UNKNOWN
    with pytest.raises(Refused, match="what was done"):
        editions.attest(one.pk, summary=" ", by=larks.carys, now=now)
    with pytest.raises(Refused, match="not bound to a duty"):
        editions.attest(statement(draft, "must ratify").pk, summary="Done.", by=larks.carys, now=now)


@pytest.mark.parametrize(
    ("claim", "facts"),
    [
        ("edition_in_force_with_date_and_minute", {"status": "ratified", "ratified_on": date(2026, 1, 1)}),
        ("edition_setting_known", {"setting": "college"}),
        ("edition_review_interval", {"review_every_months": 0}),
        ("edition_status_known", {"status": "lost", "ratified_on": date(2026, 1, 1), "minute": "1"}),
        ("edition_superseded_with_time", {"status": "draft", "superseded_at": "2026-01-01T00:00Z"}),
    ],
)
def test_the_database_refuses_editions_that_cannot_be(larks, now, claim, facts):
    given = {"title": "X", "setting": "primary", "adopted_at": now} | facts
    if facts.get("status") == "lost":
        given["in_force_at"] = now
    with pytest.raises(IntegrityError, match=claim), transaction.atomic():
        Edition.objects.create(**given)


@pytest.mark.parametrize(
    ("claim", "facts"),
    [
        ("binding_kind_known", {"kind": "hope"}),
        ("binding_names_its_promise", {"kind": "control", "promise": ""}),
        ("binding_not_applicable_with_reason_and_approver", {"kind": "not-applicable", "reason": "No"}),
        ("binding_duty_has_an_interval", {"kind": "duty", "promise": "NET-2", "every_days": 0}),
        ("binding_confidence_range", {"kind": "control", "promise": "NET-2", "confidence": 1.5}),
        ("binding_confirmed_by_someone", {"kind": "control", "promise": "NET-2", "confirmed_at": "2026-01-01T00:00Z"}),
    ],
)
def test_the_database_refuses_bindings_that_cannot_be(draft, now, claim, facts):
    one = statement(draft, "two hundred")
    with pytest.raises(IntegrityError, match=claim), transaction.atomic():
        Binding.objects.create(statement=one, proposed_at=now, **facts)


def test_a_sentence_has_one_live_binding(draft, now):
    with pytest.raises(IntegrityError), transaction.atomic():
        Binding.objects.create(statement=statement(draft, "filtered"), kind="control", promise="NET-2", proposed_at=now)


def test_two_editions_of_one_setting_are_never_in_force(draft, larks, now):
    in_force(draft, larks.gwen, now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.create(
            title="Second",
            setting="primary",
            status="ratified",
            adopted_at=now,
            ratified_on=date(2026, 1, 1),
            minute="1",
            in_force_at=now,
        )


def test_evidence_of_a_person_names_the_person(draft, now):
    with pytest.raises(IntegrityError, match="evidence_attested_by_someone"), transaction.atomic():
        Evidence.objects.create(
            promise="NET-2",
            source="attested",
            status="met",
            found_at=now,
            stale_after=timedelta(days=1),
            summary="",
        )
