"""Asking for a site, answering, and what the gate is told."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings as site
from django.db import IntegrityError, transaction

from gate_files import prepare
from schoolgate.assurance import editions
from schoolgate.assurance.models import Setting
from schoolgate.assurance.rules import Kind
from schoolgate.drafting.reading import from_bytes
from schoolgate.filtering import queries, services
from schoolgate.filtering.models import Publication, SchoolRule, SiteRequest
from schoolgate.filtering.rules import Audience
from schoolgate.filtering.services import AlreadyAnswered, Locked
from schoolgate.gate.core import names
from schoolgate.gate.core.who import Standing
from schoolgate.kernel.errors import Malformed, Refused
from schoolgate.ledger.models import Entry

UNTIL = date(2026, 12, 11)


@pytest.fixture
def gate_files(larks, now):
    return prepare(now)


@pytest.fixture
def asked(gate_files, larks, now):
    return services.ask(
        "casino.test", audience=Audience.KS2, reason="Chance, in maths", until_on=UNTIL, by=larks.ben, now=now
    )


def outcome(url, profile, at=datetime(2026, 11, 23, 12, tzinfo=UTC)):
    verdict = queries.current_release().verdict(names.canonical(url), Standing(profile, "signed", "", None, None), at)
    return verdict.outcome


@pytest.fixture
def on_commit(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def test_a_request_keeps_what_the_gate_said(asked):
    assert (asked.url, asked.host, asked.status) == ("http://casino.test/", "casino.test", "open")
    assert any("gambling" in line for line in asked.blocked_because)


def test_an_answer_opens_the_site_for_those_who_asked_and_only_until_its_day(asked, larks, now, on_commit):
    assert outcome("casino.test", "ks2") == "block"
    with on_commit():
        rule = services.allow(asked.pk, reason="Good lesson", by=larks.carys, now=now)
    assert outcome("casino.test", "ks2") == "allow"
    assert outcome("casino.test", "ks1") == "block"
    assert outcome("casino.test", "staff") == "block"
    assert outcome("casino.test", "ks2", rule.expires_at - timedelta(seconds=1)) == "allow"
    assert outcome("casino.test", "ks2", rule.expires_at) == "block"
    assert str(rule.expires_at.date()) == "2026-12-12"
    assert Publication.objects.first().n_school_rules == 1


def test_a_rule_that_has_ended_is_not_in_the_next_release(asked, larks, now, on_commit):
    with on_commit():
        rule = services.allow(asked.pk, reason="Good lesson", by=larks.carys, now=now)
    assert rule.code in {one.id for one in queries.current_release().rules.sites}
    services.publish_release(rule.expires_at)
    assert rule.code not in {one.id for one in queries.current_release().rules.sites}


def test_a_site_is_closed_again_before_its_time(asked, larks, now, on_commit):
    with on_commit():
        rule = services.allow(asked.pk, reason="Good lesson", by=larks.carys, now=now)
    with on_commit():
        services.end_rule(rule.code, by=larks.dilys, now=now + timedelta(minutes=1))
    assert outcome("casino.test", "ks2") == "block"
    with pytest.raises(Refused, match="closed already"):
        services.end_rule(rule.code, by=larks.dilys, now=now + timedelta(minutes=2))


def test_no_opening_outlives_its_term(gate_files, larks, now):
    long = services.ask(
        "casino.test", audience=Audience.KS2, reason="Maths", until_on=date(2027, 6, 1), by=larks.ben, now=now
    )
    rule = services.allow(long.pk, reason="Yes", by=larks.gwen, now=now)
    assert str(rule.expires_at.date()) == "2027-01-01"


def test_what_children_reach_needs_a_second_person(gate_files, larks, now):
    own = services.ask("casino.test", audience=Audience.KS2, reason="Maths", until_on=UNTIL, by=larks.carys, now=now)
    with pytest.raises(Refused, match="two people"):
        services.allow(own.pk, reason="Yes", by=larks.carys, now=now)
    with pytest.raises(Refused, match="to children"):
        services.allow(own.pk, reason="Yes", by=larks.dilys, now=now)
    assert not SchoolRule.objects.exists()
    assert services.allow(own.pk, reason="Yes", by=larks.gwen, now=now).approved_by == larks.gwen


def test_what_staff_reach_the_technician_may_open(gate_files, larks, now):
    asked = services.ask(
        "casino.test", audience=Audience.STAFF, reason="Prepare", until_on=UNTIL, by=larks.ben, now=now
    )
    with pytest.raises(Refused, match="cannot open"):
        services.allow(asked.pk, reason="Yes", by=larks.ben, now=now)
    assert services.allow(asked.pk, reason="Yes", by=larks.dilys, now=now).audience == "staff"


def test_nobody_opens_what_is_locked_and_the_attempt_is_recorded(gate_files, larks, now):
    with pytest.raises(Locked):
        services.ask(
            "http://LOCKED.test./", audience=Audience.STAFF, reason="Why", until_on=UNTIL, by=larks.gwen, now=now
        )
    assert not SiteRequest.objects.exists()
    assert Entry.objects.filter(action="tried to open locked site", by=larks.gwen.pk).count() == 1


def test_a_site_that_was_locked_after_it_was_asked_for_stays_shut(asked, larks, now):
    SiteRequest.objects.update(url="http://locked.test/", host="locked.test")
    with pytest.raises(Locked):
        services.allow(asked.pk, reason="Yes", by=larks.gwen, now=now)
    assert SiteRequest.objects.get().status == "open"


def test_only_staff_ask(gate_files, larks, now):
    for person in (larks.asha, larks.fran, larks.efe):
        with pytest.raises(Refused, match="Only staff"):
            services.ask("casino.test", audience=Audience.KS2, reason="Fun", until_on=UNTIL, by=person, now=now)


@pytest.mark.parametrize(
    ("facts", "error"),
    [
        ({"reason": " "}, Refused),
        ({"until_on": date(2026, 11, 22)}, Refused),
        ({"url": "http://"}, Malformed),
    ],
)
def test_a_request_without_sense_is_refused(gate_files, larks, now, facts, error):
    given = {"url": "casino.test", "audience": Audience.KS2, "reason": "Maths", "until_on": UNTIL} | facts
    with pytest.raises(error):
        services.ask(given.pop("url"), **given, by=larks.ben, now=now)


def test_the_first_answer_stands(asked, larks, now):
    services.decline(asked.pk, reason="Not for Year 4", by=larks.carys, now=now)
    with pytest.raises(AlreadyAnswered):
        services.allow(asked.pk, reason="Yes", by=larks.gwen, now=now)
    with pytest.raises(Refused, match="Say why"):
        services.decline(asked.pk, reason="", by=larks.carys, now=now)
    assert not SchoolRule.objects.exists()


def test_a_policy_that_cannot_be_built_keeps_the_release_and_says_why(gate_files, now):
    before = queries.current_release().id
    site.GATE_POLICY_FILE.write_text("[school]\nname = ")
    failed = services.publish_release(now + timedelta(minutes=1))
    assert (failed.release, queries.current_release().id) == ("", before)
    assert "TOML" in failed.why_not
    assert queries.last_publication() == failed


def test_words_of_a_person_cannot_break_the_policy(gate_files, larks, now, on_commit):
    nasty = 'Say "hello"\n[[rules]]\nallow = "evil.test" \\ \x7f é'
    asked = services.ask("casino.test", audience=Audience.KS2, reason=nasty, until_on=UNTIL, by=larks.ben, now=now)
    with on_commit():
        services.allow(asked.pk, reason="Yes", by=larks.carys, now=now)
    assert queries.last_publication().why_not == ""
    sites = {one.site for one in queries.current_release().rules.sites}
    assert "casino.test" in sites
    assert "evil.test" not in sites


@pytest.mark.parametrize(
    ("claim", "facts"),
    [
        ("site_request_two_people_for_pupils", {"status": "allowed", "answer": "Yes", "self": True}),
        ("site_request_answered_with_reason", {"status": "declined", "answer": ""}),
        ("site_request_status_known", {"status": "lost"}),
    ],
)
def test_the_database_refuses_answers_that_cannot_be(asked, larks, now, claim, facts):
    by = larks.ben if facts.pop("self", False) else larks.carys
    with pytest.raises(IntegrityError, match=claim), transaction.atomic():
        SiteRequest.objects.update(answered_at=now, answered_by=by, **facts)


def test_the_gate_quotes_the_policy_that_is_in_force(gate_files, larks, now):
    document = from_bytes(b"# Policy\n\nEnhanced web filtering covers every site that our pupils open.\n", "policy.md")
    edition = editions.adopt(document, title="Policy", setting=Setting.PRIMARY, by=larks.gwen, now=now)
    statement = edition.statements.get(text__startswith="Enhanced")
    editions.confirm(statement.id, editions.Choice(Kind.CONTROL, "NET-2"), by=larks.gwen, now=now)
    today = now.date()
    editions.bring_into_force(
        edition.id, ratified_on=today, minute="7", review_due_on=today + timedelta(days=300), by=larks.gwen, now=now
    )
    services.publish_release(now)
    assert queries.current_release().rules.statements["NET-2"] == statement.text


@pytest.mark.parametrize("url", ["com", "co.uk", "http://sch.uk/", "localhost"])
def test_a_part_of_the_web_is_no_site(gate_files, larks, now, url):
    facts = {"audience": Audience.KS2, "reason": "All of it", "until_on": UNTIL, "by": larks.ben, "now": now}
    with pytest.raises(Refused, match="every site below it"):
        services.ask(url, **facts)
    asked = SiteRequest.objects.create(  # as one asked before it was a suffix
        url=names.canonical(url).text,
        host=names.canonical(url).host,
        person=larks.ben,
        audience="ks2",
        reason="x",
        until_on=UNTIL,
        asked_at=now,
    )
    with pytest.raises(Refused, match="every site below it"):
        services.allow(asked.pk, reason="Yes", by=larks.carys, now=now)
    assert not SchoolRule.objects.exists()


def test_an_opening_that_has_become_a_suffix_keeps_no_other_change_back(asked, larks, now, on_commit):
    with on_commit():
        rule = services.allow(asked.pk, reason="Good lesson", by=larks.carys, now=now)
    SchoolRule.objects.filter(pk=rule.pk).update(host="co.uk")
    after = services.publish_release(now + timedelta(minutes=1))
    assert (after.why_not, after.n_school_rules) == ("", 0)
    assert outcome("casino.test", "ks2") == "block"
    assert outcome("anything.co.uk", "ks2", now) == outcome("anything.org.uk", "ks2", now)


def test_the_ledger_names_who_had_the_gate_change(asked, larks, now, on_commit):
    with on_commit():
        rule = services.allow(asked.pk, reason="Good lesson", by=larks.carys, now=now)
    with on_commit():
        services.end_rule(rule.code, by=larks.gwen, now=now)
    published = Entry.objects.filter(action="published release", by__isnull=False).order_by("seq")
    assert list(published.values_list("by", flat=True)) == [larks.carys.pk, larks.gwen.pk]
