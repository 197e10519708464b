"""What people change about their own accounts, in the ledger: a new password, a second factor that comes or goes.

Somebody who has got hold of another's account begins with these.
"""

from typing import Any

from allauth.account.signals import password_changed
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from schoolgate.ledger import services as ledger
from schoolgate.people import queries as people

ACTIONS = {
    password_changed: "changed password",
    authenticator_added: "set up second factor",
    authenticator_removed: "removed second factor",
    authenticator_reset: "made new recovery codes",
}


def register() -> None:
    """Have each of these recorded.

    A new password and the removal of a factor stand together with their entry,
    or not at all: their views are one transaction each (`sign_in`). That
    something was added is told by django-allauth after it was stored.
    """
    for signal in ACTIONS:
        signal.connect(_record, dispatch_uid="schoolgate.web.account_record")


def _record(signal: Any, user: AbstractBaseUser, authenticator: Any = None, **_: Any) -> None:
    person = people.person_for(user)
    said = {} if authenticator is None else {"kind": str(authenticator.type)}
    with transaction.atomic():
        ledger.record(
            ACTIONS[signal],
            by=person,
            about=f"person:{person.id}" if person else "account",
            at=timezone.now(),
            said=said,
        )
