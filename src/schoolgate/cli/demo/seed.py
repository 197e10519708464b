"""Making the fictional school, through the same services that a real school uses.

Everybody has signed but one pupil, Asha, so that the first thing to see is a
sentence that is not kept and what makes it so.
"""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localdate

from schoolgate import examples
from schoolgate.access import queries as access
from schoolgate.access import rules as standing
from schoolgate.access.models import Signature
from schoolgate.access.services import agreements, board, devices, portal, signing
from schoolgate.assurance import editions, registry
from schoolgate.assurance import services as assurance
from schoolgate.assurance.models import Binding, Setting
from schoolgate.assurance.rules import Kind
from schoolgate.cli import accounts, kept
from schoolgate.drafting import reading
from schoolgate.filtering import probe_pupil
from schoolgate.filtering import services as filtering
from schoolgate.gate.lists import importing
from schoolgate.kernel.errors import Refused
from schoolgate.people import queries as people
from schoolgate.people.models import Person
from schoolgate.people.rules import Part, Role, YearGroup
from schoolgate.people.services import import_rows, read_csv

UNSIGNED = "Asha"
CARDS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Plan:
    """What one demonstration is made of.

    Attributes:
        school: its name.
        setting: which policies it needs.
        people: name of its table in `examples/people`.
        policy: name of its written policy in `examples/policies`.
        gate: name of its gate policy in `examples`.
        ratified_on: when its governors ratified the policy, as the text says.
        review_due_on: when they review it.
        unsigned: whether one child has still to sign.
        test_year: the year of the test pupil through whom the gate is tried.
        has_shelf: whether its children reach only the shelf.
    """

    school: str
    setting: Setting
    people: str
    policy: str
    gate: str
    ratified_on: date
    review_due_on: date
    unsigned: bool
    test_year: YearGroup
    has_shelf: bool


PLANS: Mapping[str, Plan] = {
    "primary": Plan(
        school="Larkfield Primary School",
        setting=Setting.PRIMARY,
        people="larkfield",
        policy="larkfield-primary.md",
        gate="primary.toml",
        ratified_on=date(2026, 9, 24),
        review_due_on=date(2027, 9, 10),
        unsigned=True,
        test_year=YearGroup.YEAR_4,
        has_shelf=False,
    ),
    "early-years": Plan(
        school="Little Wrens Nursery",
        setting=Setting.EARLY_YEARS,
        people="little-wrens",
        policy="little-wrens-nursery.md",
        gate="early-years.toml",
        ratified_on=date(2026, 9, 24),
        review_due_on=date(2027, 9, 10),
        unsigned=False,
        test_year=YearGroup.NURSERY_2,
        has_shelf=True,
    ),
}


def clear_interrupted() -> None:
    """Remove a demonstration whose making was interrupted, so that it is made anew. Nothing else is touched."""
    if kept.read(settings.DATA_DIR).get("state") != "begun":
        return
    for path in settings.DATA_DIR.glob("school.sqlite3*"):
        path.unlink()
    for folder in (settings.KEYS_DIR / "gate", settings.KEYS_DIR / "ledger", settings.DATA_DIR / "gate"):
        shutil.rmtree(folder, ignore_errors=True)
    (settings.DATA_DIR / kept.NAME).unlink()


def make(demo: str, now: datetime) -> None:
    """Make the demonstration called *demo*, unless it is there.

    Raises:
        Refused: if the folder holds another school.
    """
    plan = PLANS[demo]
    there = kept.read(settings.DATA_DIR)
    if there.get("demo") == demo:
        return
    if there or Person.objects.exists():
        raise Refused(
            f"{settings.DATA_DIR} holds another school", "choose another folder with --dir, or leave --demo away"
        )
    print(f"Making {plan.school}, a school that does not exist: people, agreements, policy, lists …", flush=True)
    kept.write(settings.DATA_DIR, {"state": "begun", "demo": demo})
    examples_of = examples.folder()
    settings.GATE_POLICY_FILE.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(examples_of / plan.gate, settings.GATE_POLICY_FILE)
    importing.take(
        examples_of / "lists" / "ut1-sample", importing.discovered()["ut1"], settings.LISTS_DIR, now.astimezone(UTC)
    )
    with transaction.atomic():
        import_rows(read_csv(examples_of / "people" / f"{plan.people}.csv"), by=None, now=now)
        head = people.holders(Role.HEAD, localdate(now))[0]
        for path in sorted((examples_of / "agreements").glob("*.md")):
            agreements.publish_version(agreements.read_draft(path), effective_on=localdate(now), by=head, now=now)
        probe_pupil.enter(plan.test_year, witness=head, now=now)
        devices.import_devices(examples_of / "people" / f"{plan.people}-devices.csv", by=None, now=now)
        _sign(plan, now)
        _adopt(plan, head, now)
        facts = _sign_ins(now) | {"cards": _cards(plan, now), "demo": demo, "school": plan.school}
    board.publish_board(now)
    publication = filtering.publish_release(now)
    if publication.why_not:
        raise Refused(f"the first release could not be built: {publication.why_not}")
    assurance.collect(now)
    kept.write(settings.DATA_DIR, facts)


def _sign(plan: Plan, now: datetime) -> None:
    """Have everybody sign who is here, in the way that is meant for them, but the one who is left for you."""
    today = localdate(now)
    witness = people.holders(Role.DSL, today)[0]
    signed = set(Signature.objects.values_list("person_id", flat=True))
    for person in people.present(today).exclude(pk__in=signed):
        if plan.unsigned and person.given_name == UNSIGNED:
            continue
        try:
            version = access.version_for(person, today)
        except Refused:
            continue  # nobody whom an agreement is meant for
        methods = standing.METHODS[standing.Audience(version.agreement.audience)]
        if standing.Method.OWN in methods:
            signing.sign(person, version, method=standing.Method.OWN, by=person, now=now)
        elif standing.Method.ON_BEHALF in methods:
            signing.sign(
                person,
                version,
                method=standing.Method.ON_BEHALF,
                by=witness,
                now=now,
                on_behalf_by=f"Parent of {person.given_name}",
                relationship="parent",
            )
        else:
            signing.sign(person, version, method=standing.Method.WITH_TEACHER, by=witness, now=now)


def _adopt(plan: Plan, head: Person, now: datetime) -> None:
    """Adopt the school's written policy, as a head would who agrees with every proposal.

    A promise that no control of this version can check becomes a duty: until
    somebody says that it is done, its sentence is not green.
    """
    document = reading.read(examples.folder() / "policies" / plan.policy)
    edition = editions.adopt(
        document, title=f"{plan.school}: online safety policy", setting=plan.setting, by=head, now=now
    )
    for binding in Binding.objects.filter(statement__edition=edition, ended_at=None).exclude(promise=""):
        kind = Kind(binding.kind)
        if kind == Kind.CONTROL and not registry.of_promise(binding.promise):
            kind = Kind.DUTY
        choice = editions.Choice(kind=kind, promise=binding.promise)
        editions.confirm(binding.statement_id, choice, by=head, now=now)
    editions.bring_into_force(
        edition.id,
        ratified_on=plan.ratified_on,
        minute="2026/09/7",
        review_due_on=plan.review_due_on,
        by=head,
        now=now,
    )


def _sign_ins(now: datetime) -> dict[str, Any]:
    """Give one person of each role a password, and return what to type."""
    rows: list[dict[str, str]] = []
    for role in (Role.DSL, Role.HEAD, Role.TEACHER, Role.COMPUTING, Role.TECHNICIAN, Role.GOVERNOR):
        taken = {row["email"] for row in rows}
        holders = people.holders(role, localdate(now)).exclude(user=None).select_related("user")
        preferred = sorted(holders, key=lambda person: person.given_name != "Ben")
        person = next((one for one in preferred if one.user and one.user.email not in taken), None)
        if person is not None and person.user is not None:
            password = accounts.give_password(person.user)
            rows.append({"role": role.value, "name": str(person), "email": person.user.email, "password": password})
    return {"sign_ins": rows}


def _cards(plan: Plan, now: datetime) -> list[dict[str, str]]:
    """Give a few pupils of Asha's class their cards."""
    if plan.has_shelf:
        return []
    asha = Person.objects.get(given_name=UNSIGNED)
    group = people.classes_of(asha, Part.PUPIL, localdate(now))[0]
    pupils = sorted(people.pupils_of(group, localdate(now)), key=lambda pupil: pupil.given_name != UNSIGNED)
    return [{"name": str(pupil), "card": portal.issue_card(pupil, by=None, now=now)} for pupil in pupils[:CARDS_SHOWN]]
