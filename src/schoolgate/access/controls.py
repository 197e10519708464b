"""What the gates themselves say about signatures (promises AUP-1 and AUP-4)."""

from datetime import datetime, timedelta
from uuid import UUID

from schoolgate.access import queries, rules, services
from schoolgate.assurance.registry import Finding, Row, control
from schoolgate.assurance.rules import Status
from schoolgate.gate.core.who import Board
from schoolgate.kernel.errors import Malformed, Refused
from schoolgate.people import queries as people
from schoolgate.people.models import Person
from schoolgate.people.rules import Role


@control(
    promise="AUP-1",
    title="Nobody passes the gate without a signature, and everybody has signed",
    every=timedelta(minutes=1),
    stale_after=timedelta(hours=1),
)
def signed_before_access(now: datetime) -> Finding:
    """Compare the board that the gates obey with the signatures of the register (decision 0004).

    Not met: somebody who has not signed may pass, or has been here longer
    than the settling-in time without signing. At risk: only newcomers have
    not signed yet, and the gate is closed to them. Unknown: the board cannot
    be read as a gate reads it, so nobody can say what the gates do.
    """
    try:
        board = services.published_board()
    except (FileNotFoundError, Refused):
        return Finding(
            Status.UNKNOWN, "No board of standing has been published yet, so nobody passes and nobody can tell."
        )
    except Malformed as error:
        return Finding(Status.UNKNOWN, f"The gates refuse the board of standing: {error}.")
    if now - board.issued_at >= rules.LEASE:
        return Finding(Status.AT_RISK, "The board of standing is no longer renewed, so every gate has closed.")
    return _judge(board, now)


@control(
    promise="AUP-4",
    title="Children have signed in their own form, with their teacher or by a parent",
    every=timedelta(minutes=10),
    stale_after=timedelta(hours=24),
    names_people=False,
)
def classes_have_signed(now: datetime) -> Finding:
    """Tell the share of each class that has signed."""
    shares = [share for share in queries.shares(now) if share.code and share.n_people]
    if not shares:
        return Finding(Status.NOT_APPLICABLE, "There are no classes with children in them.")
    rows: list[Row] = [{"class": one.name, "signed": one.n_signed, "children": one.n_people} for one in shares]
    n_people = sum(one.n_people for one in shares)
    n_signed = sum(one.n_signed for one in shares)
    n_complete = sum(one.is_complete for one in shares)
    summary = f"{n_signed} of {n_people} children have signed; {n_complete} of {len(shares)} classes are complete."
    if n_complete == len(shares):
        return Finding(Status.MET, summary, rows)
    return Finding(Status.AT_RISK if n_signed else Status.NOT_MET, summary, rows)


def _judge(board: Board, now: datetime) -> Finding:
    today = queries.day_of(now)
    listed = {str(place.person.id): place for place in queries.places(people.present(today), now)}
    roles = people.roles_by_person(today)
    expected = {key: place for key, place in listed.items() if _must_sign(place.person, roles)}
    open_to = {key for key, grant in board.grants.items() if rules.is_open(grant, now)}
    unsigned = {key: place for key, place in expected.items() if place.signed_at is None}
    passing = sorted(key for key in open_to if key not in listed or listed[key].signed_at is None)
    late = [key for key, place in unsigned.items() if today - place.person.starts_on > rules.SETTLING_IN]
    rows: list[Row] = [
        {
            "person": key,
            "year": listed[key].person.year_group if key in listed else "",
            "signed": False,
            "gate": "open" if key in open_to else "closed",
            "settling in": key in unsigned and key not in late,
        }
        for key in sorted({*passing, *unsigned})
    ]
    n_expected = len(expected)
    if passing:
        summary = f"The gate is open to {len(passing)} without a signature."
        return Finding(Status.NOT_MET, summary, rows)
    if not n_expected:
        return Finding(Status.NOT_APPLICABLE, "There is nobody here who has to sign.")
    share = f"{n_expected - len(unsigned)} of {n_expected} staff and pupils have signed"
    if late:
        return Finding(Status.NOT_MET, f"{share}; the gate is closed to the others.", rows)
    if unsigned:
        return Finding(Status.AT_RISK, f"{share}; the others are new, and the gate is closed to them.", rows)
    return Finding(Status.MET, f"All {n_expected} staff and pupils have signed, and the gate lets in nobody else.")


def _must_sign(person: Person, roles: "dict[UUID, frozenset[Role]]") -> bool:
    return rules.must_sign(roles.get(person.pk, frozenset()), person.year_group)
