"""The life of an edition: adopted from a text, bound by people, brought into force."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from schoolgate.assurance import rules
from schoolgate.assurance.models import Binding, Edition, Evidence, Setting, Stage, Statement
from schoolgate.assurance.rules import Kind, Status
from schoolgate.drafting import bind, promises
from schoolgate.drafting.document import Document
from schoolgate.drafting.document import Kind as LineKind
from schoolgate.drafting.sentences import sentences
from schoolgate.kernel.errors import NotFound, Refused
from schoolgate.ledger import services as ledger
from schoolgate.people.models import Person
from schoolgate.people.queries import roles_of
from schoolgate.people.rules import Role

# A proposal at least this sure may be confirmed together with the others like it.
CONFIDENT = 0.8
DUTY_EVERY_DAYS = 365
# Who may say that a sentence does not apply.
APPROVERS = frozenset({Role.HEAD, Role.DSL})
# A heading is kept as the section of what follows it; a table of contents says nothing of its own.
NO_SENTENCES = frozenset({LineKind.HEADING, LineKind.CONTENTS})
REVIEW_MONTHS = {Setting.PRIMARY: 12, Setting.EARLY_YEARS: 24}  # POL-4


class NotADraft(Refused):
    """The edition is in force or superseded: what it says is settled."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person decides about one sentence.

    Attributes:
        kind: what makes it true.
        promise: id of the promise; needed for a control and for a duty.
        every_days: how often a duty is to be done, 1 or more.
        reason: needed where the sentence does not apply.
    """

    kind: Kind
    promise: str = ""
    every_days: int | None = None
    reason: str = ""


@transaction.atomic
def adopt(document: Document, *, title: str, setting: Setting, by: Person | None, now: datetime) -> Edition:
    """Make a draft edition of a text, with a proposal for each sentence that promises something.

    A sentence whose words stood in an earlier edition keeps its reference,
    and is proposed the binding that a person confirmed for it then.

    Raises:
        Refused: if the text holds no sentence that promises anything.
    """
    found = [one for one in sentences(document) if one.kind not in NO_SENTENCES]
    proposals = bind.propose(found)
    if not any(proposal.normative for proposal in proposals):
        raise Refused(
            "There is no sentence in this text that promises anything.",
            "Check that it is the policy itself, and that its words can be copied out of it.",
        )
    edition = Edition.objects.create(
        title=title,
        setting=setting,
        source_name=document.title[:200],
        adopted_at=now,
        adopted_by=by,
        review_every_months=REVIEW_MONTHS[setting],
    )
    kept, free = _references()
    for order, (sentence, proposal) in enumerate(zip(found, proposals, strict=True), start=1):
        ref = kept.pop(_words(sentence.stem + sentence.text), None)
        if ref is None:
            ref, free = f"ST-{free}", free + 1
        statement = Statement.objects.create(
            edition=edition,
            ref=ref,
            order=order,
            line=sentence.line,
            section=sentence.section[:300],
            stem=sentence.stem,
            text=sentence.text,
            normative=proposal.normative,
        )
        if proposal.normative:
            _propose(statement, proposal, now)
    ledger.record(
        "adopted policy text",
        by=by,
        about=f"edition:{edition.id}",
        at=now,
        said={"title": title, "sentences": len(proposals)},
    )
    return edition


@transaction.atomic
def confirm(statement_id: UUID, choice: Choice, *, by: Person, now: datetime) -> Binding:
    """Bind a sentence as a person decided. What it was bound to before ends, and stays on record.

    Raises:
        Refused: if the choice lacks what its kind needs.
        NotADraft: if the edition has been superseded.
    """
    statement = Statement.objects.select_for_update().select_related("edition").get(pk=statement_id)
    if statement.edition.status == Stage.SUPERSEDED:
        raise NotADraft("This edition has been superseded.", "Bind the sentence in the edition in force.")
    _check(choice, by, now)
    duty_days = choice.every_days or DUTY_EVERY_DAYS
    bound = statement.bindings.filter(ended_at=None).first()
    if bound is not None:
        Binding.objects.filter(pk=bound.pk).update(ended_at=now)
    binding = Binding.objects.create(
        statement=statement,
        kind=choice.kind,
        promise=choice.promise,
        every_days=duty_days if choice.kind is Kind.DUTY else None,
        reason=choice.reason,
        proposed_at=bound.proposed_at if bound is not None else now,
        confirmed_at=now,
        confirmed_by=by,
    )
    ledger.record(
        "bound sentence",
        by=by,
        about=f"statement:{statement.ref}",
        at=now,
        said={"kind": choice.kind, "promise": choice.promise, "reason": choice.reason},
    )
    return binding


@transaction.atomic
def confirm_confident(edition_id: UUID, *, by: Person, now: datetime) -> int:
    """Confirm every proposal that is at least `CONFIDENT`, and return how many that were."""
    _draft(edition_id)
    confirmed = Binding.objects.filter(
        statement__edition_id=edition_id, ended_at=None, confirmed_at=None, confidence__gte=CONFIDENT
    ).update(confirmed_at=now, confirmed_by=by)
    if confirmed:
        ledger.record(
            "bound sentences together",
            by=by,
            about=f"edition:{edition_id}",
            at=now,
            said={"count": confirmed, "at_least": CONFIDENT},
        )
    return confirmed


@transaction.atomic
def bring_into_force(
    edition_id: UUID, *, ratified_on: date, minute: str, review_due_on: date, by: Person, now: datetime
) -> None:
    """Put a draft in force as the governing body ratified it. The edition before it is superseded.

    Raises:
        NotADraft: if somebody else got there first. Nothing is changed.
        Refused: if the dates cannot be.
    """
    edition = _draft(edition_id)
    if ratified_on > localdate(now):
        raise Refused("The date of ratification is in the future.", "Enter the date of the meeting.")
    latest = rules.months_later(ratified_on, edition.review_every_months)
    if not ratified_on < review_due_on <= latest:
        raise Refused(
            f"The review must be after the ratification, and no later than {latest:%-d %B %Y}.",
            f"This policy is reviewed at least every {edition.review_every_months} months.",
        )
    before = Edition.objects.filter(setting=edition.setting, status=Stage.RATIFIED)
    superseded = [str(pk) for pk in before.values_list("pk", flat=True)]
    before.update(status=Stage.SUPERSEDED, superseded_at=now)
    changed = Edition.objects.filter(pk=edition_id, status=Stage.DRAFT).update(
        status=Stage.RATIFIED, ratified_on=ratified_on, minute=minute, review_due_on=review_due_on, in_force_at=now
    )
    if changed != 1:
        raise NotADraft("This edition is in force already.")
    ledger.record(
        "brought policy into force",
        by=by,
        about=f"edition:{edition_id}",
        at=now,
        said={"ratified_on": ratified_on.isoformat(), "minute": minute, "superseded": superseded},
    )


@transaction.atomic
def attest(statement_id: UUID, *, summary: str, by: Person, now: datetime) -> Evidence:
    """Record a person's word that a duty is done. It counts until the duty is due again.

    Raises:
        Refused: if the sentence is not bound to a duty, or there are no words.
    """
    binding = Binding.objects.filter(
        statement_id=statement_id, kind=Kind.DUTY, ended_at=None, confirmed_at__isnull=False
    ).first()
    if binding is None:
        raise Refused("This sentence is not bound to a duty.", "Only a duty is kept by somebody's word.")
    if not summary.strip():
        raise Refused("Say what was done.", "One sentence is enough.")
    evidence = Evidence.objects.create(
        promise=binding.promise,
        source=Evidence.ATTESTED,
        statement_id=statement_id,
        by=by,
        status=Status.MET,
        found_at=now,
        stale_after=rules.duty_length(binding.every_days),
        summary=summary.strip(),
    )
    ledger.record("attested duty", by=by, about=f"statement:{binding.statement.ref}", at=now, said={})
    return evidence


def _draft(edition_id: UUID) -> Edition:
    edition = Edition.objects.select_for_update().filter(pk=edition_id).first()
    if edition is None:
        raise NotFound("There is no such edition.")
    if edition.status != Stage.DRAFT:
        raise NotADraft("This edition is in force already.", "Adopt the changed text as a new edition.")
    return edition


def _check(choice: Choice, by: Person, now: datetime) -> None:
    if choice.kind in {Kind.CONTROL, Kind.DUTY} and choice.promise not in promises.PROMISES:
        raise Refused("Choose the promise that the sentence makes.", "The list is in the order of the chapters.")
    if choice.kind is not Kind.NOT_APPLICABLE:
        return
    if not choice.reason.strip():
        raise Refused("Say why the sentence does not apply.", "Governors and inspectors read the reason.")
    if not roles_of(by, localdate(now)) & APPROVERS:
        raise Refused(
            "Only the head or the safeguarding lead can decide that a sentence does not apply.", "Ask one of them."
        )


def _propose(statement: Statement, proposal: bind.Proposal, now: datetime) -> None:
    """Write down what was confirmed for the same words before, else what the reader of texts suggests."""
    before = (
        Binding.objects.filter(statement__ref=statement.ref, confirmed_at__isnull=False, ended_at=None)
        .exclude(statement=statement)
        .exclude(kind=Kind.NOT_APPLICABLE)
        .order_by("-confirmed_at")
        .first()
    )
    if before is not None:
        kind, promise, sure, days = Kind(before.kind), before.promise, 1.0, before.every_days
    elif proposal.binding is not None and (proposal.promise or proposal.binding is promises.Kept.ASPIRATION):
        kind, promise, sure = Kind(proposal.binding), proposal.promise or "", proposal.confidence
        days = DUTY_EVERY_DAYS if kind is Kind.DUTY else None
    else:
        return
    Binding.objects.create(
        statement=statement, kind=kind, promise=promise, confidence=sure, every_days=days, proposed_at=now
    )


def _references() -> tuple[dict[str, str], int]:
    """Return the references that stand, by their words, and the first number that is free."""
    pairs = list(Statement.objects.order_by("edition__adopted_at").values_list("stem", "text", "ref"))
    highest = max((int(ref.removeprefix("ST-")) for _, _, ref in pairs), default=0)
    return {_words(stem + text): ref for stem, text, ref in pairs}, highest + 1


def _words(text: str) -> str:
    return " ".join(text.split()).casefold()
