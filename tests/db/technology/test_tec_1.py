"""TEC-1: take away what stands against a harm, and the matrix says so."""

import pytest
from django.conf import settings as site

from gate_files import LISTS, POLICY, prepare
from schoolgate.assurance.rules import Status
from schoolgate.concerns.rules import CATEGORIES as CONCERNS
from schoolgate.filtering import services
from schoolgate.gate.core.categories import CATEGORIES
from schoolgate.kernel.harms import HARMS
from schoolgate.people.models import RoleHeld
from schoolgate.people.rules import Role
from schoolgate.technology import controls, queries, rules
from schoolgate.watch.detect import CATEGORIES as DETECTED

EVERY_LIST = {code: f"a-{code.replace('.', '-')}.test\n" for code in CATEGORIES}


def row(harm, now):
    return next(one for one in queries.matrix(now) if one.harm.code == harm)


def everything_blocked() -> str:
    codes = ", ".join(f'"{code}"' for code in CATEGORIES)
    return f"""
[school]
name = "Larkfield"
time_zone = "Europe/London"
[statements]
NET-2 = "Filtered."
[profiles.no-internet]
label = "No internet"
[profiles.ks2]
label = "Years 3 to 6"
default = "allow"
block = [{codes}]
"""


def test_one_taxonomy_is_used_by_all():
    assert set(DETECTED) <= set(HARMS)
    assert set(HARMS) <= set(CONCERNS)
    assert {harm for category in CATEGORIES.values() for harm in category.harms} <= set(HARMS)


def test_what_no_list_holds_prevents_nothing(larks, now):
    prepare(now, {"gambling": "casino.test\n"})
    assert row("gambling", now).prevents == ("Gambling",)
    assert row("scams", now).prevents == ()


def test_what_is_blocked_for_some_children_only_prevents_nothing(larks, now):
    prepare(now, LISTS, POLICY.read_text())
    assert "Gambling" in row("gambling", now).prevents
    before, ks2, after = site.GATE_POLICY_FILE.read_text().partition("[profiles.ks2]")
    site.GATE_POLICY_FILE.write_text(before + ks2 + after.replace('"gambling", ', "", 1))
    assert services.publish_release(now).why_not == ""
    assert row("gambling", now).prevents == ()


def test_a_harm_with_nothing_against_it_puts_the_promise_at_risk(larks, now):
    prepare(now, EVERY_LIST, everything_blocked())
    whole = controls.every_harm_is_stood_against(now)
    weak = {one.harm.code for one in queries.matrix(now) if one.status is not Status.MET}
    assert (whole.status is Status.MET) is (not weak)
    without_games = everything_blocked().replace('"games", ', "").replace('"ai.chat", ', "")
    site.GATE_POLICY_FILE.write_text(without_games)
    assert services.publish_release(now).why_not == ""
    found = controls.every_harm_is_stood_against(now)
    assert found.status is Status.AT_RISK
    assert HARMS["companions"].label in found.summary


def test_without_a_release_nothing_is_known_to_be_prevented(larks, now):
    assert all(one.prevents == () for one in queries.matrix(now))
    assert row("self-harm", now).detects
    assert controls.every_harm_is_stood_against(now).status is Status.AT_RISK


def test_without_a_safeguarding_lead_nobody_answers(larks, now):
    prepare(now, EVERY_LIST, everything_blocked())
    RoleHeld.objects.filter(role=Role.DSL).delete()
    assert controls.every_harm_is_stood_against(now).status is Status.NOT_MET


@pytest.mark.parametrize(
    ("prevented", "detected", "answered", "status"),
    [
        (True, True, True, Status.MET),
        # what could be blocked is not
        (False, True, True, Status.AT_RISK),
        # what could be looked for is not
        (True, False, True, Status.AT_RISK),
        # it cannot be blocked, and is looked for
        (None, True, True, Status.MET),
        # it cannot be looked for, and is blocked
        (True, None, True, Status.MET),
        # neither is possible
        (None, None, True, Status.AT_RISK),
        # nobody answers
        (True, True, False, Status.AT_RISK),
    ],
)
def test_a_harm_stands_by_what_is_against_it(prevented, detected, answered, status):
    assert rules.harm_status(rules.Against(prevented, detected, answered)) is status
