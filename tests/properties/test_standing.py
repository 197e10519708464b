"""The laws of standing: no signature, no network; and no permission outlives what it rests on."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import example, find, given, settings
from hypothesis import strategies as st

from schoolgate.access import rules
from schoolgate.access.rules import (
    Audience,
    Held,
    Member,
    PersonFacts,
    Register,
    Required,
    SignatureFacts,
    SignedIn,
    SuspensionFacts,
    Terms,
)
from schoolgate.gate.core import who
from schoolgate.people.rules import Role, YearGroup

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)  # so that a lease reaches over midnight, where days end
ADDRESS = "10.20.0.3"

days = st.dates(date(2025, 6, 1), date(2027, 12, 31))
span = st.timedeltas(timedelta(days=-500), timedelta(days=500))
moments = span.map(lambda away: NOW + away)
maybe_later = st.none() | moments


@st.composite
def periods(draw):
    starts_on = draw(days)
    return starts_on, draw(st.none() | days.filter(lambda day: day >= starts_on))


@st.composite
def people(draw):
    starts_on, ends_on = draw(periods())
    held = [Held(draw(st.sampled_from(Role)), *draw(periods())) for _ in range(draw(st.integers(0, 3)))]
    return PersonFacts("p", draw(st.sampled_from(["", *YearGroup.values])), starts_on, ends_on, tuple(held))


signatures = st.builds(
    SignatureFacts,
    audience=st.sampled_from(Audience),
    number=st.integers(1, 4),
    signed_at=moments,
    withdrawn_at=maybe_later,
)
suspensions = st.builds(SuspensionFacts, starts_at=moments, ends_at=maybe_later, lifted_at=maybe_later)


@st.composite
def terms(draw):
    required = {}
    for audience in draw(st.sets(st.sampled_from(Audience))):
        least = draw(st.integers(1, 3))
        next_at = draw(maybe_later)
        required[audience] = Required(least, least + 1 if next_at else None, next_at)
    return Terms(required, LONDON)


anybody = st.builds(
    Member,
    person=people(),
    signatures=st.lists(signatures, max_size=4).map(tuple),
    suspensions=st.lists(suspensions, max_size=2).map(tuple),
)
ready = Member(
    PersonFacts("p", "4", date(2025, 9, 1), None, (Held(Role.PUPIL, date(2025, 9, 1), None),)),
    (SignatureFacts(Audience.KS2, 1, NOW - timedelta(days=30), None),),
)
# Most of what chance makes up is closed for many reasons at once. These are open, or nearly: one thing may be amiss.
near = st.timedeltas(timedelta(hours=-5), timedelta(hours=5)).map(lambda away: NOW + away)
near_days = st.integers(-2, 3).map(lambda away: NOW.date() + timedelta(days=away))


@st.composite
def nearly(draw):
    amiss = draw(st.sampled_from(["nothing", "leaving", "role", "withdrawn", "suspended", "old"]))
    role = draw(st.sampled_from([Role.PUPIL, Role.TEACHER, Role.HEAD, Role.GOVERNOR]))
    year = draw(st.sampled_from(YearGroup.values)) if role == Role.PUPIL else ""
    start = date(2025, 9, 1)
    held = (Held(role, start, draw(near_days) if amiss == "role" else None),)
    person = PersonFacts("p", year, start, draw(near_days) if amiss == "leaving" else None, held)
    signed_at = NOW - timedelta(days=draw(st.integers(1, 460)) if amiss == "old" else 30)
    withdrawn_at = draw(near) if amiss == "withdrawn" else None
    signed = SignatureFacts(rules.audience_of({role}, year), draw(st.integers(1, 2)), signed_at, withdrawn_at)
    held_back = SuspensionFacts(draw(near), None, None)
    return Member(person, (signed,), (held_back,) if amiss == "suspended" else ())


@st.composite
def near_terms(draw):
    next_at = draw(st.none() | near)
    return Terms({one: Required(1, 2 if next_at else None, next_at) for one in Audience}, LONDON)


members = anybody | nearly()
asked = Terms({audience: Required(1) for audience in Audience}, LONDON)
asked_again = Terms({one: Required(1, 2, NOW + timedelta(hours=1)) for one in Audience}, LONDON)
to_be_suspended = replace(ready, suspensions=(SuspensionFacts(NOW + timedelta(hours=1), None, None),))
tomorrow = NOW.date() + timedelta(days=1)
leaving = replace(ready, person=replace(ready.person, ends_on=tomorrow))
losing_the_role = replace(ready, person=replace(ready.person, roles=(Held(Role.PUPIL, date(2025, 9, 1), tomorrow),)))


def test_the_made_up_people_are_open_often_enough_to_prove_something():
    """A law about who passes says nothing if nobody ever does."""
    find(
        st.tuples(nearly(), near_terms()),
        lambda pair: rules.is_open(standing(pair[0], pair[1], NOW), NOW) and bool(pair[0].suspensions),
        settings=settings(max_examples=500, derandomize=True),
    )


def standing(member, asked_for, now):
    return rules.standing(member.person, member.signatures, member.suspensions, asked_for, now)


def test_a_pupil_who_has_signed_passes():
    """Without this, every law below would hold for a rule that closes everything."""
    grant = standing(ready, asked, NOW)
    assert (grant.profile, grant.reason, grant.until) == ("ks2", "signed", NOW + rules.LEASE)


@given(person=people(), held=st.lists(suspensions, max_size=2), asked_for=terms(), now=moments)
def test_no_path_leads_from_unsigned_to_the_network(person, held, asked_for, now):
    grant = rules.standing(person, (), held, asked_for, now)
    assert grant.profile == who.NO_INTERNET
    assert grant.until is None


@given(member=members, asked_for=terms() | near_terms(), now=moments | near)
@example(member=ready, asked_for=asked, now=NOW)
@example(member=ready, asked_for=asked_again, now=NOW)
def test_who_passes_has_a_signature_that_is_meant_for_them_and_stands(member, asked_for, now):
    grant = standing(member, asked_for, now)
    if not rules.is_open(grant, now):
        return
    audience = next(audience for audience, profile in rules.PROFILES.items() if profile == grant.profile)
    assert any(
        one.audience == audience
        and one.number >= asked_for.required[audience].least
        and one.signed_at <= now
        and (one.withdrawn_at is None or one.withdrawn_at > now)
        and counts_after_the_change(one, asked_for.required[audience], grant.until)
        for one in member.signatures
    )


def counts_after_the_change(signature, required, until):
    """Tell whether a signature under the old words is relied on no longer than those words are enough."""
    return required.next_at is None or signature.number >= required.next_least or until <= required.next_at


@settings(max_examples=400)
@given(member=nearly(), asked_for=near_terms(), now=near, wait=st.timedeltas(timedelta(0), timedelta(hours=4)))
@example(member=ready, asked_for=asked, now=NOW, wait=rules.LEASE)
@example(member=to_be_suspended, asked_for=asked, now=NOW, wait=timedelta(hours=2))
@example(member=leaving, asked_for=asked, now=NOW, wait=timedelta(hours=2))
@example(member=losing_the_role, asked_for=asked, now=NOW, wait=timedelta(hours=2))
def test_no_grant_outlives_what_it_rests_on(member, asked_for, now, wait):
    """What a gate still allows later on an old board, the register must still allow then."""
    grant = standing(member, asked_for, now)
    later = now + wait
    if rules.is_open(grant, later):
        assert standing(member, asked_for, later).profile == grant.profile
    if grant.profile != who.NO_INTERNET:
        assert now < grant.until <= now + rules.LEASE


@given(
    member=members, asked_for=terms(), now=moments, ends_at=moments, wait=st.timedeltas(timedelta(0), timedelta(days=2))
)
def test_no_session_outlives_the_grant_of_its_person(member, asked_for, now, ends_at, wait):
    register = Register(asked_for, (member,), {ADDRESS: who.Device("d", "", None)}, (SignedIn(ADDRESS, "p", ends_at),))
    board = rules.board(1, now, register)
    later = now + wait
    if who.standing(board, ADDRESS, later).profile != who.NO_INTERNET:
        assert later < ends_at
        assert rules.is_open(board.grants["p"], later)


@given(member=members, asked_for=terms(), now=moments, since=st.timedeltas(timedelta(0), timedelta(days=9)))
@example(member=ready, asked_for=asked, now=NOW, since=timedelta(0))
def test_suspended_beats_all(member, asked_for, now, since):
    suspended = replace(member, suspensions=(*member.suspensions, SuspensionFacts(now - since, None, None)))
    assert standing(suspended, asked_for, now) == who.Grant(who.NO_INTERNET, None, "suspended", "AUP-1")


@given(member=members, asked_for=terms(), now=moments, away=st.integers(0, 400))
@example(member=ready, asked_for=asked, now=NOW, away=0)
def test_leavers_and_those_who_have_not_started_have_nothing(member, asked_for, now, away):
    today = now.astimezone(LONDON).date()
    left = replace(member.person, starts_on=date(2020, 1, 1), ends_on=today - timedelta(days=away))
    to_come = replace(member.person, starts_on=today + timedelta(days=away + 1), ends_on=None)
    for person in (left, to_come):
        assert standing(replace(member, person=person), asked_for, now).profile == who.NO_INTERNET


@given(member=members, asked_for=terms(), now=moments, one=signatures)
def test_being_a_pupil_is_never_widened_by_another_role(member, asked_for, now, one):
    held = tuple(Held(role, date(2020, 1, 1), None) for role in (Role.PUPIL, Role.HEAD, Role.TECHNICIAN))
    person = replace(member.person, roles=held)
    grant = rules.standing(person, (*member.signatures, one), (), asked_for, now)
    assert grant.profile in {who.NO_INTERNET, who.SHELF, "ks1", "ks2"}


@given(signed_at=moments)
@example(signed_at=datetime(2026, 8, 31, 22, 59, tzinfo=UTC))  # the last minute of a school year, in summer time
@example(signed_at=datetime(2026, 8, 31, 23, 0, tzinfo=UTC))  # the first of the next, in London
def test_a_signature_lasts_a_month_into_the_next_school_year_and_never_longer(signed_at):
    end = rules.renew_by(signed_at, LONDON)
    assert (end.month, end.day) == (10, 1)
    assert timedelta(days=30) <= end - signed_at <= timedelta(days=396)


@given(now=moments)
def test_a_portal_session_ends_today(now):
    end = rules.end_of_school_day(now, LONDON)
    assert now < end
    assert end <= datetime.combine(now.astimezone(LONDON).date() + timedelta(days=1), datetime.min.time(), LONDON)
