"""The laws of a sentence's status: nothing is green without fresh evidence, whatever else is true."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import assume, example, given
from hypothesis import strategies as st

from schoolgate.assurance import rules
from schoolgate.assurance.rules import Bound, Found, Kind, Light, Status

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
sources = st.sampled_from(["access.a", "filtering.b", "attested"])
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 -- the strategy adds the zone itself
lengths = st.timedeltas(timedelta(seconds=1), timedelta(days=400))
findings = st.builds(Found, sources, st.sampled_from(Status), moments, lengths, st.just("Found."))
bounds = st.none() | st.builds(Bound, st.sampled_from(Kind), st.frozensets(sources))
evidence = st.lists(findings, max_size=4, unique_by=lambda found: found.source)


@given(st.booleans(), bounds, evidence, moments)
@example(True, Bound(Kind.CONTROL, frozenset()), [], NOW)
@example(True, Bound(Kind.CONTROL, frozenset({"access.a"})), [], NOW)
def test_green_means_fresh_evidence_that_says_met(normative, bound, found, now):
    if rules.today(normative, bound, found, now).light is Light.MET:
        assert bound is not None
        assert any(one.status is Status.MET and rules.is_fresh(one, now) for one in found)


@given(st.builds(Bound, st.just(Kind.CONTROL), st.frozensets(sources)), evidence, moments)
def test_a_control_is_green_only_when_every_one_of_its_sources_is_fresh(bound, found, now):
    if rules.today(True, bound, found, now).light is Light.MET:
        fresh = {one.source for one in found if rules.is_fresh(one, now)}
        assert bound.sources <= fresh


@given(st.booleans(), bounds, evidence, moments, st.randoms(use_true_random=False))
def test_the_order_of_evidence_does_not_matter(normative, bound, found, now, random):
    mixed = random.sample(found, len(found))
    assert rules.today(normative, bound, found, now) == rules.today(normative, bound, mixed, now)


@given(bounds, evidence, moments, lengths)
def test_time_alone_never_turns_a_sentence_green(bound, found, now, later):
    """While nobody looks, things only become less certain."""
    seen = [one for one in found if one.found_at <= now]
    if rules.today(True, bound, seen, now).light is not Light.MET:
        assert rules.today(True, bound, seen, now + later).light is not Light.MET


@given(findings, moments)
def test_stale_evidence_makes_a_control_unknown(found, now):
    assume(not rules.is_fresh(found, now))
    assert rules.today(True, Bound(Kind.CONTROL, frozenset({found.source})), [found], now).light is Light.UNKNOWN


@given(evidence, findings, moments)
def test_worse_evidence_never_makes_a_sentence_look_better(found, other, now):
    rank = {Light(status): place for place, status in enumerate(rules.WORST_FIRST)}
    others = [one for one in found if one.source != other.source]
    everyone = frozenset(one.source for one in [*others, other])
    bound = Bound(Kind.CONTROL, everyone)
    before = rules.today(True, bound, [*others, other], now).light
    after = rules.today(True, bound, [*others, replace(other, status=Status.NOT_MET)], now).light
    assert rank[after] <= rank[before]


@given(evidence, moments)
def test_a_sentence_that_nothing_makes_true_is_at_risk(found, now):
    assert rules.today(True, None, found, now) == rules.Today(Light.AT_RISK, rules.UNBOUND)


@given(st.lists(st.sampled_from(Light)))
def test_counts_lose_nothing_and_name_every_light(lights):
    tally = rules.counts(lights)
    assert set(tally) == set(Light)
    assert sum(tally.values()) == len(lights)


@given(st.dates(date(2020, 1, 1), date(2090, 1, 1)), st.integers(0, 40))
@example(date(2027, 8, 31), 6)  # February has no 31st
@example(date(2028, 2, 29), 12)  # nor has next year a 29th
def test_months_later_is_that_many_months_later_and_never_a_later_day(day, months):
    then = rules.months_later(day, months)
    assert (then.year * 12 + then.month) - (day.year * 12 + day.month) == months
    assert then.day <= day.day
    assert then.day == day.day or (then + timedelta(days=1)).month != then.month
