"""What changes concerns: reporting, writing, closing, opening again. Each is one transaction and one ledger entry.

The ledger says that something was written, never what.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from schoolgate.concerns import queries, rules
from schoolgate.concerns.models import Concern, Entry, Involved
from schoolgate.concerns.rules import Audience, Decision, Kind, Part, Subject
from schoolgate.kernel import speakable
from schoolgate.kernel.errors import Refused
from schoolgate.kernel.harms import HARMS
from schoolgate.ledger import services as ledger
from schoolgate.monitoring import queries as alerts
from schoolgate.monitoring import services as monitoring
from schoolgate.monitoring.models import Alert
from schoolgate.monitoring.rules import About, Status
from schoolgate.people import queries as people
from schoolgate.people.models import Person


class Changed(Refused):
    """Somebody else wrote since the reader looked. Nothing is changed."""


class Closed(Refused):
    """The concern is closed: it must be opened again before anything is written."""


class Incomplete(Refused):
    """The record lacks something that it needs before it may be closed."""


@dataclass(frozen=True, slots=True)
class Added:
    """An entry that was stored, and what others had written since its author looked."""

    entry: Entry
    between: Sequence[Entry]


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody with a part in a concern: a person of the school, or words for somebody else."""

    part: Part
    person: Person | None = None
    described: str = ""


@transaction.atomic
def report(
    *,
    text: str,
    category: str,
    subject: Subject,
    named: Iterable[Named],
    by: Person,
    now: datetime,
    device_at: str = "",
) -> Concern:
    """Open a concern from what somebody reports.

    Args:
        text: what they saw or heard, in their words.
        category: a key of `rules.CATEGORIES`.
        subject: who did it, as they say.
        named: who has which part in it.
        by: who reports.
        now: aware.
        device_at: where the device is now, for a suspected indecent image. Words, never a picture.
    """
    people_named = list(named)
    today = timezone.localdate(now)
    accused = [
        people.roles_of(one.person, today) for one in people_named if one.person and one.part in rules.PARTS_ACCUSED
    ]
    audience = rules.audience(subject, category, accused)
    concern = _open(category, audience, people_named, by, now, alert=None)
    where = f"\n\nWhere the device is: {device_at.strip()}" if device_at.strip() else ""
    Entry.objects.create(concern=concern, kind=Kind.SUMMARY, text=text.strip() + where, by=by, at=now)
    ledger.record("reported concern", by=by, about=f"concern:{concern.pk}", at=now, said={"ref": concern.ref})
    return concern


@transaction.atomic
def open_from_alert(alert: Alert, by: Person, now: datetime) -> Concern:
    """Open a concern from an alert, with what the alert says; the alert then shows that it was opened.

    Raises:
        monitoring.services.AlreadyDecided: if somebody else has decided about the alert since it was read.
    """
    monitoring.decide(alert.pk, Status.CONCERN, by=by, now=now, seen=Status(alert.status))
    shown = alerts.shown([alert], now)[0]
    named = [Named(Part.ABOUT, alert.person)] if alert.person else []
    concern = _open(alert.category, rules.audience_of_alert(About(alert.about)), named, by, now, alert)
    lines = [f"From alert {alert.ref}: {HARMS[alert.category].label.lower()}, {shown.urgency.lower()}."]
    if not alert.person:
        lines.append(f"{shown.who}{f', {shown.place}' if shown.place else ''}.")
    lines += [
        f"{timezone.localtime(event.at):%-d %B %Y, %H:%M}. {event.kind}: "
        f"“{''.join(piece.text for piece in event.pieces)}”"
        for event in reversed(shown.events)
    ]
    Entry.objects.create(concern=concern, kind=Kind.SUMMARY, text="\n".join(lines), by=by, at=now)
    said = {"ref": concern.ref, "alert": str(alert.pk)}
    ledger.record("opened concern from alert", by=by, about=f"concern:{concern.pk}", at=now, said=said)
    return concern


def _open(
    category: str, audience: Audience, named: Iterable[Named], by: Person, now: datetime, alert: Alert | None
) -> Concern:
    concern = Concern.objects.create(
        ref=_new_ref(), category=category, audience=audience, opened_at=now, opened_by=by, alert=alert
    )
    for one in dict.fromkeys(named):
        Involved.objects.create(
            concern=concern, person=one.person, described=one.described, part=one.part, at=now, by=by
        )
    return concern


@transaction.atomic
def involve(concern_id: UUID, named: Named, *, by: Person, now: datetime) -> None:
    """Name somebody in a concern, with their part in it.

    Naming an adult of the school as the one who did it makes it an allegation: from then on fewer
    people read it, perhaps without the one who named them. It never becomes readable by more.

    Raises:
        Closed: if the concern is closed.
        Refused: if that person has that part already.
    """
    concern = _locked(concern_id)
    _must_be_open(concern)
    if named.person and concern.involved.filter(person=named.person, part=named.part).exists():
        raise Refused("They have this part in the concern already.")
    Involved.objects.create(
        concern=concern, person=named.person, described=named.described, part=named.part, at=now, by=by
    )
    accused = [named] if named.person and named.part in rules.PARTS_ACCUSED else []
    roles = [people.roles_of(one.person, timezone.localdate(now)) for one in accused if one.person]
    audience = rules.narrower(Audience(concern.audience), rules.audience(Subject.CHILD, concern.category, roles))
    Concern.objects.filter(pk=concern.pk).update(audience=audience)
    said = {"person": str(named.person.pk) if named.person else "", "part": named.part.value, "audience": audience}
    ledger.record("named somebody in concern", by=by, about=f"concern:{concern.pk}", at=now, said=said)


@transaction.atomic
def add(
    concern_id: UUID,
    kind: Kind,
    text: str,
    *,
    by: Person,
    now: datetime,
    seen: int,
    reasons: str = "",
    decision: str = "",
    owner: Person | None = None,
    due_on: date | None = None,
) -> Added:
    """Write an entry: a follow-up, an action, a decision or an outcome.

    Two people who write at once both keep their words: nothing is refused
    because somebody else was quicker, and the answer says what came between.

    Args:
        concern_id: the concern.
        kind: one of `rules.WRITTEN`.
        text: the words.
        by: who writes.
        now: aware.
        seen: id of the last entry that the writer had on the page.
        reasons: for a decision.
        decision: for a decision, one of `Decision`.
        owner: for an action, who does it.
        due_on: for an action, by when.

    Raises:
        Closed: if the concern is closed.
        Refused: if what the kind needs is missing.
    """
    if kind not in rules.WRITTEN:
        raise Refused("This is not something to add.", "Choose a follow-up, an action, a decision or an outcome.")
    _need(text, "Enter what you want to record.")
    if kind is Kind.DECISION:
        _need(decision, "Choose what was decided.")
        _need(reasons, "Enter the reasons for the decision.")
    if kind is Kind.ACTION and (owner is None or due_on is None):
        raise Refused("Enter who does it and by when.", "An action without either is soon nobody's.")
    concern = _locked(concern_id)
    _must_be_open(concern)
    is_decision, is_action = kind is Kind.DECISION, kind is Kind.ACTION
    entry = Entry(
        concern=concern,
        kind=kind,
        text=text.strip(),
        reasons=reasons.strip() if is_decision else "",
        decision=Decision(decision).value if is_decision else "",
        owner=owner if is_action else None,
        due_on=due_on if is_action else None,
    )
    return _store(entry, by, now, seen)


@transaction.atomic
def correct(entry_id: int, text: str, *, by: Person, now: datetime, seen: int) -> Added:
    """Write what should stand instead of an entry. Both are kept and shown.

    Raises:
        Refused: if there are no words, or the entry is itself none that a person wrote.
        Closed: if the concern is closed.
    """
    _need(text, "Enter what it should say.")
    wrong = Entry.objects.get(pk=entry_id)
    if wrong.kind in {Kind.CLOSED, Kind.REOPENED, Kind.AGREEMENT}:
        raise Refused("This entry records an act, so there are no words to correct.", "Add a follow-up instead.")
    concern = _locked(wrong.concern_id)
    _must_be_open(concern)
    entry = Entry(concern=concern, kind=Kind.CORRECTION, text=text.strip(), supersedes=wrong)
    return _store(entry, by, now, seen)


@transaction.atomic
def agree(entry_id: int, text: str, *, by: Person, now: datetime, seen: int) -> Added:
    """Agree, as a second person, with a decision not to refer.

    Raises:
        Refused: if it is not the decision that waits for it, if *by* made it themselves, or without words.
        Closed: if the concern is closed.
    """
    _need(text, "Enter why you agree.")
    decision = Entry.objects.get(pk=entry_id)
    concern = _locked(decision.concern_id)
    _must_be_open(concern)
    if decision.by_id == by.pk:
        raise Refused("You made this decision, so somebody else must agree with it.", "Ask the deputy or the head.")
    if rules.unagreed(queries.said(concern), queries.must_consider_referral(concern, now)) != decision.pk:
        raise Refused("This decision does not wait for anybody's agreement.", "Read the newest entries first.")
    return _store(Entry(concern=concern, kind=Kind.AGREEMENT, text=text.strip(), answers=decision), by, now, seen)


@transaction.atomic
def close(concern_id: UUID, *, by: Person, now: datetime, seen: int, text: str = "") -> None:
    """Close a concern whose record is complete.

    Raises:
        Incomplete: if a summary, an action, a decision with reasons, an outcome or an agreement is missing.
        Changed: if somebody wrote since *seen*: what they wrote may be the reason not to close.
        Closed: if somebody else closed it first.
    """
    concern = _locked(concern_id)
    _must_be_open(concern)
    if queries.last_entry(concern) != seen:
        raise Changed("Somebody has written in this concern since you read it.", "Read what is new, then close it.")
    lacks = queries.missing(concern, now)
    if lacks:
        raise Incomplete(f"Before this can be closed it needs {_joined(lacks)}.", "Add what is missing, then close it.")
    if Concern.objects.filter(pk=concern.pk, closed_at=None).update(closed_at=now, closed_by=by) != 1:
        raise Closed("Somebody else has closed this concern.")
    Entry.objects.create(concern=concern, kind=Kind.CLOSED, text=text.strip() or "Closed.", by=by, at=now)
    ledger.record("closed concern", by=by, about=f"concern:{concern.pk}", at=now, said={"ref": concern.ref})


@transaction.atomic
def reopen(concern_id: UUID, because: str, *, by: Person, now: datetime) -> None:
    """Open a closed concern again. All that was written stays.

    Raises:
        Refused: without a reason, or if it is open.
    """
    _need(because, "Enter why you open it again.")
    changed = Concern.objects.filter(pk=concern_id, closed_at__isnull=False).update(closed_at=None, closed_by=None)
    if changed != 1:
        raise Refused("This concern is open already.", "Add what you know to it.")
    concern = Concern.objects.get(pk=concern_id)
    Entry.objects.create(concern=concern, kind=Kind.REOPENED, text=because.strip(), by=by, at=now)
    ledger.record("reopened concern", by=by, about=f"concern:{concern.pk}", at=now, said={"ref": concern.ref})


def read(what: str, concern: Concern, *, by: Person, now: datetime) -> None:
    """Record that *by* looked at a concern, or at their own report of it."""
    ledger.record_read(what, by=by, about=f"concern:{concern.pk}", at=now)


def read_list(concerns: Iterable[Concern], *, by: Person, now: datetime) -> None:
    """Record that *by* looked at a list of concerns, and at which."""
    refs = sorted(concern.ref for concern in concerns)
    if refs:
        ledger.record_read("concerns", by=by, about="concerns", at=now, why=" ".join(refs))


def _store(entry: Entry, by: Person, now: datetime, seen: int) -> Added:
    between = list(entry.concern.entries.filter(pk__gt=seen).select_related("by").order_by("id"))
    entry.by, entry.at = by, now
    entry.save(force_insert=True)
    ledger.record(
        f"wrote {Kind(entry.kind).value} in concern",
        by=by,
        about=f"concern:{entry.concern_id}",
        at=now,
        said={"entry": entry.pk},
    )
    return Added(entry, between)


def _locked(concern_id: UUID) -> Concern:
    return Concern.objects.select_for_update().get(pk=concern_id)


def _must_be_open(concern: Concern) -> None:
    if not concern.is_open:
        raise Closed("This concern is closed.", "Open it again first; all that was written stays.")


def _need(text: str, message: str) -> None:
    if not text.strip():
        raise Refused(message)


def _joined(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _new_ref() -> str:
    while True:
        ref = speakable.reference(secrets.choice)
        if not Concern.objects.filter(ref=ref).exists():
            return ref
