"""What a real school begins with: agreements to sign, and one account to do the rest with."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.timezone import localdate

from schoolgate import examples
from schoolgate.access.services import agreements
from schoolgate.cli import accounts
from schoolgate.filtering import probe_pupil
from schoolgate.ledger import services as ledger
from schoolgate.people.models import Person, RoleHeld
from schoolgate.people.rules import Role, YearGroup

EMAIL = "head@school.invalid"


def make(now: datetime) -> None:
    """Publish our agreements and make an account for the head, and say its password once.

    Only in a school that has nobody yet; elsewhere nothing is done. The
    agreements are a start: a school publishes its own words over them.
    """
    if Person.objects.exists():
        return
    with transaction.atomic():
        user = User.objects.create_user(username=EMAIL, email=EMAIL)
        head = Person.objects.create(given_name="Head", family_name="Teacher", starts_on=localdate(now), user=user)
        for role in (Role.HEAD, Role.TECHNICIAN):
            RoleHeld.objects.create(person=head, role=role, starts_on=localdate(now))
        for path in sorted((examples.folder() / "agreements").glob("*.md")):
            draft = agreements.read_draft(path)
            agreements.publish_version(draft, effective_on=localdate(now), by=head, now=now)
        probe_pupil.enter(YearGroup.YEAR_4, witness=head, now=now)
        password = accounts.give_password(user)
        ledger.record("made first account", by=None, about=f"person:{head.id}", at=now, said={})
    print(f"First sign-in: {EMAIL}  {password}  (write it down: it is not shown again)")
    print("Next: `schoolgate people import PATH --format csv` brings in your people.", flush=True)
