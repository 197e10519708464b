"""NET-2: every site passes a filter that blocks what it should. Proven by trying, from outside."""

from datetime import datetime, timedelta

from django.conf import settings

from schoolgate.access.services.board import published_board
from schoolgate.assurance.registry import Finding, Row, control
from schoolgate.assurance.rules import Status
from schoolgate.filtering import probe, queries
from schoolgate.filtering.probe import Result
from schoolgate.filtering.queries import AgedList
from schoolgate.gate.core import who
from schoolgate.gate.core.categories import is_locked
from schoolgate.gate.core.rules import BLOCK, NO_INTERNET_KIND
from schoolgate.kernel.errors import Malformed, Refused


@control(
    promise="NET-2",
    title="A test pupil is blocked where the policy blocks, and reaches help",
    every=timedelta(minutes=15),
    stale_after=timedelta(hours=2),
    names_people=True,  # nobody, but blocked sites: those are not for everyone's eyes either
)
def the_filter_holds(now: datetime) -> Finding:
    """Make real requests through the running gate, as the test pupil, and read what it answers."""
    try:
        in_force = queries.current_release()
        board = published_board()
    except (Refused, Malformed) as error:
        return _inconclusive(f"{error}.")
    except FileNotFoundError:
        return _inconclusive("no board of standing has been published.")
    try:
        gate = probe.Gate(settings.PROXY_ADDRESS)
    except OSError as error:
        return _inconclusive(f"the gate cannot be reached ({type(error).__name__}).")
    standing = who.standing(board, gate.address, now)
    profile = in_force.rules.profiles.get(standing.profile)
    if profile is None or profile.kind == NO_INTERNET_KIND:
        return _inconclusive(f"the test device at {gate.address} has no internet ({standing.reason}).")
    results = [Result(one, gate.seen(one.url)) for one in probe.plan(in_force, settings.LISTS_DIR, standing, now)]
    return judged(results, queries.lists_in_force(in_force, now), profile.label)


def judged(results: list[Result], lists: list[AgedList], label: str) -> Finding:
    """Weigh what was seen, the worst first, and the lists that it rests on, the oldest first."""
    rows: list[Row] = [
        {
            "what": one.tried.what,
            "asked for": one.tried.url,
            "expected": one.tried.expected,
            "observed": one.seen.observed,
            "detail": one.seen.detail,
            "result": one.result,
        }
        for one in results
    ]
    failed = [one for one in results if one.result == "fail"]
    opened = [one.tried.what for one in failed if one.tried.expected == BLOCK]
    if opened:
        return Finding(Status.NOT_MET, f"For {label} the gate let through: {', '.join(opened)}.", rows)
    if any(one.tried.what == "Help lane" for one in failed):
        return Finding(Status.NOT_MET, f"For {label} the gate blocks a help line.", rows)
    unclear = sum(one.result == "inconclusive" for one in results)
    blocked = sum(one.tried.expected == BLOCK for one in results)
    if unclear or not blocked:
        summary = f"Inconclusive: of {len(results)} tries {unclear} had no clear answer."
        return Finding(Status.UNKNOWN, summary if results else "Inconclusive: there was nothing to try.", rows)
    if failed:
        return Finding(Status.AT_RISK, f"For {label} the gate blocks a site that the school opened.", rows)
    proven = f"{blocked} categories were tried for {label}, and all were blocked"
    if lists and lists[0].is_old:
        return Finding(
            Status.AT_RISK, f"{proven}, but the list {lists[0].listed.name} is {lists[0].age.days} days old.", rows
        )
    if not any(is_locked(one.listed.category) for one in lists):
        return Finding(Status.AT_RISK, f"{proven}, but no provider has supplied a list of illegal content.", rows)
    return Finding(Status.MET, f"{proven}; help is open.", rows)


def _inconclusive(why: str) -> Finding:
    return Finding(Status.UNKNOWN, f"Inconclusive: {why}")
