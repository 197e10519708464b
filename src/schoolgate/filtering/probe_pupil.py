"""The test pupil and the test device, through which the gate is tried from outside like everybody else.

They are entered once, by hand or at set-up, and the pupil signs like any
pupil, with a member of staff as witness: nothing in the gate knows them.
"""

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from schoolgate.access import queries as access
from schoolgate.access.models import Device
from schoolgate.access.rules import METHODS, Audience, Method
from schoolgate.access.services import sign
from schoolgate.filtering.probe import PROBE_ADDRESS
from schoolgate.people.models import Person, RoleHeld
from schoolgate.people.rules import Role, YearGroup


@transaction.atomic
def enter(year: YearGroup, *, witness: Person, now: datetime) -> None:
    """Enter the test pupil of *year* and the device at `PROBE_ADDRESS`, and have the pupil sign.

    Does nothing where the device stands already.
    """
    if Device.objects.filter(address=PROBE_ADDRESS).exists():
        return
    today = localdate(now)
    pupil = Person.objects.create(given_name="Test", family_name="Pupil", year_group=year, starts_on=today)
    RoleHeld.objects.create(person=pupil, role=Role.PUPIL, starts_on=today)
    Device.objects.create(address=PROBE_ADDRESS, name="Test device of the gate", room="", person=pupil)
    version = access.version_for(pupil, today)
    if Method.WITH_TEACHER in METHODS[Audience(version.agreement.audience)]:
        sign(pupil, version, method=Method.WITH_TEACHER, by=witness, now=now)
    else:
        sign(
            pupil,
            version,
            method=Method.ON_BEHALF,
            by=witness,
            now=now,
            on_behalf_by="Nobody: this is the test pupil",
            relationship="none",
        )
