"""Which concerns there are, for whoever asks: nobody reads one that they are in."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from schoolgate.concerns import rules
from schoolgate.concerns.models import Concern, Entry, Involved
from schoolgate.concerns.rules import Audience, Kind, Part
from schoolgate.kernel import speakable
from schoolgate.kernel.errors import Malformed, NotFound
from schoolgate.monitoring.models import Alert
from schoolgate.monitoring.rules import waited
from schoolgate.people import queries as people
from schoolgate.people.models import Person
from schoolgate.people.rules import STAFF_ROLES, Role

NEWEST = 50  # reports whose answer is measured
CHOICES = 2000  # people offered in a form


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of a chronology.

    Attributes:
        entry: as it was written.
        label: what kind of entry it is, in words.
        corrections: what has been written to stand instead, oldest first; the last one counts.
        agreements: who agreed with it.
        is_new: somebody else wrote it while the reader was writing.
        is_overdue: an action whose day has passed while the concern is open.
        waits_for_agreement: a decision not to refer that no second person has agreed with.
    """

    entry: Entry
    label: str
    corrections: Sequence[Entry]
    agreements: Sequence[Entry]
    is_new: bool
    is_overdue: bool
    waits_for_agreement: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A concern in the list."""

    concern: Concern
    about: str
    category: str
    is_decided: bool
    waited: str


def concerns_for(person: Person, roles: Collection[Role]) -> QuerySet[Concern]:
    """Every concern that *person* may read, in the roles that they hold today."""
    kept_out = Involved.objects.filter(concern=OuterRef("pk"), person=person, part__in=rules.PARTS_KEPT_OUT)
    readable = [audience.value for audience in rules.audiences(roles)]
    return Concern.objects.filter(~Exists(kept_out), audience__in=readable).select_related("opened_by", "closed_by")


def concern_for(person: Person, roles: Collection[Role], ref: str) -> Concern:
    """One concern by its reference, written in any way that can be meant.

    Raises:
        NotFound: if there is none, or it is not for this person's eyes.
    """
    with suppress(Malformed):  # what cannot be a reference is not found, like any other that is not there
        ref = speakable.heard(ref)
    concern = concerns_for(person, roles).filter(ref=ref).first()
    if concern is None:
        raise NotFound(f"There is no concern {ref}.")
    return concern


def entry_for(person: Person, roles: Collection[Role], ref: str, pk: int) -> Entry:
    """One entry of a concern that *person* may read.

    Raises:
        NotFound: if there is none, or it is not for this person's eyes.
    """
    entry = concern_for(person, roles, ref).entries.filter(pk=pk).select_related("concern", "by").first()
    if entry is None:
        raise NotFound(f"There is no entry {pk} in concern {ref}.")
    return entry


def rows(concerns: QuerySet[Concern], now: datetime) -> list[Row]:
    """Return concerns as the list shows them, newest first."""
    decided = Entry.objects.filter(concern=OuterRef("pk"), kind=Kind.DECISION)
    found = concerns.annotate(has_decision=Exists(decided)).order_by("-opened_at").prefetch_related("involved__person")
    return [
        Row(
            concern,
            ", ".join(_named(one) for one in concern.involved.all() if one.part != Part.WITNESS) or "Nobody named yet",
            rules.CATEGORIES[concern.category],
            concern.has_decision,
            waited(now - concern.opened_at),
        )
        for concern in found
    ]


def _named(one: Involved) -> str:
    return str(one.person) if one.person else one.described


def chronology(concern: Concern, now: datetime, between: tuple[int, int] = (0, 0)) -> list[Line]:
    """The entries of a concern in their order, corrections and agreements with what they belong to.

    Args:
        concern: the concern.
        now: aware.
        between: the last entry that the reader had seen, and the one they wrote: what lies between is new to them.
    """
    entries = list(concern.entries.select_related("by", "owner").order_by("id"))
    unagreed = rules.unagreed(_said(entries), rules.must_consider_referral(concern.category, ages(concern, now)))
    seen, own = between
    lines = []
    for entry in entries:
        if entry.kind in {Kind.CORRECTION, Kind.AGREEMENT}:
            continue
        own_words = [one for one in entries if entry.pk in {one.supersedes_id, one.answers_id}]
        lines.append(
            Line(
                entry=entry,
                label=Kind(entry.kind).label,
                corrections=[one for one in own_words if one.kind == Kind.CORRECTION],
                agreements=[one for one in own_words if one.kind == Kind.AGREEMENT],
                is_new=any(seen < one.pk < own for one in (entry, *own_words)),
                is_overdue=concern.is_open and entry.due_on is not None and rules.is_overdue(entry.due_on, now),
                waits_for_agreement=concern.is_open and entry.pk == unagreed,
            )
        )
    return lines


def last_entry(concern: Concern) -> int:
    """The id of the last entry: what a form carries, so that its writer is told what came between."""
    return concern.entries.order_by("-id").values_list("id", flat=True).first() or 0


def said(concern: Concern) -> list[rules.Said]:
    """The entries as the rules take them."""
    return _said(concern.entries.order_by("id"))


def _said(entries: Collection[Entry] | QuerySet[Entry]) -> list[rules.Said]:
    return [rules.Said(entry.pk, Kind(entry.kind), entry.decision, entry.answers_id) for entry in entries]


def ages(concern: Concern, now: datetime) -> list[int | None]:
    """The age of each child in a concern; None where no birthday is known."""
    today = timezone.localdate(now)
    named = concern.involved.filter(person__isnull=False).values("person")
    children = Person.objects.filter(pk__in=named, roles_held__role=Role.PUPIL).distinct()
    return [rules.age_on(born_on, today) if born_on else None for born_on in children.values_list("born_on", flat=True)]


def must_consider_referral(concern: Concern, now: datetime) -> bool:
    """Tell whether "refer" is preselected, and anything else needs a second person."""
    return rules.must_consider_referral(concern.category, ages(concern, now))


def missing(concern: Concern, now: datetime) -> tuple[str, ...]:
    """What a concern still needs before it may be closed."""
    return rules.missing(said(concern), must_consider_referral(concern, now))


def reports_by(person: Person) -> QuerySet[Concern]:
    """What *person* has reported, newest first. They see that, and what they wrote; not the rest.

    A concern that was opened from an alert is no report: its first words are
    the alert's, and only the safeguarding team reads those.
    """
    return Concern.objects.filter(opened_by=person, alert=None).order_by("-opened_at")


def report_by(person: Person, ref: str) -> tuple[Concern, QuerySet[Entry]]:
    """One report of *person*, and what they wrote in it when they reported.

    Raises:
        NotFound: if they reported no such thing.
    """
    concern = reports_by(person).filter(ref=ref).first()
    if concern is None:
        raise NotFound(f"There is no report {ref} of yours.")
    return concern, concern.entries.filter(by=person, kind=Kind.SUMMARY, at=concern.opened_at)


def concern_of(alert: Alert) -> Concern | None:
    """The concern that was opened from an alert."""
    return Concern.objects.filter(alert=alert).first()


def who_to_tell(now: datetime) -> list[Person]:
    """The safeguarding lead and the deputies of today, the lead first."""
    today = timezone.localdate(now)
    leads = [*people.holders(Role.DSL, today), *people.holders(Role.DEPUTY, today)]
    return list(dict.fromkeys(leads))


def nameable(now: datetime) -> list[Person]:
    """Everybody who can be named in a concern: who is at the school today, by name."""
    return list(people.present(timezone.localdate(now))[:CHOICES])


def owners(now: datetime) -> QuerySet[Person]:
    """Who can be given an action: everybody who works here today."""
    today = timezone.localdate(now)
    held = Q(roles_held__role__in=STAFF_ROLES) & people.holding_on(today, "roles_held__")
    return people.present(today).filter(held).distinct()


def triage(now: datetime) -> rules.Triage:
    """How quickly concerns are answered, counted from the entries themselves.

    What is said about the head is left out: it is the chair's, and nobody here can answer it.
    """
    answerable = Concern.objects.exclude(audience=Audience.CHAIR)
    # Whoever reported and mends or adds to their own words has not been answered by that.
    own_words = Q(kind=Kind.FOLLOW_UP, by=OuterRef("opened_by"))
    answers = Entry.objects.filter(concern=OuterRef("pk")).exclude(kind__in=[Kind.SUMMARY, Kind.CORRECTION])
    first = answers.exclude(own_words).order_by("id").values("at")[:1]
    decided = Entry.objects.filter(concern=OuterRef("pk"), kind=Kind.DECISION)
    newest = (
        answerable.annotate(answered_at=Subquery(first))
        .order_by("-opened_at")
        .values_list("opened_at", "answered_at")[:NEWEST]
    )
    waiting = answerable.filter(~Exists(decided), closed_at=None).values_list("opened_at", flat=True)
    return rules.Triage(
        n_concerns=answerable.count(),
        answered_in=[answered_at - opened_at for opened_at, answered_at in newest if answered_at],
        undecided_for=[now - opened_at for opened_at in waiting],
    )
