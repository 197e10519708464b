"""What every view may rely on: who asks, in which roles, and when."""

from datetime import datetime

from django.http import HttpRequest

from schoolgate.people.models import Person
from schoolgate.people.rules import Role


class StaffRequest(HttpRequest):
    """A request that has passed `middleware.staff_request`.

    Attributes:
        person: the person behind the account, or None (nobody signed in, or an
            account that belongs to no person).
        roles: the roles that person holds today; empty for everyone else.
        now: the moment the request arrived, aware. Views and services take the
            time from here, so that one request has one time.
    """

    person: Person | None
    roles: frozenset[Role]
    now: datetime
