"""What the policy says today, and what stands behind each sentence."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max, QuerySet

from schoolgate.assurance import registry, rules
from schoolgate.assurance.models import Binding, Edition, Evidence, Stage, Statement
from schoolgate.assurance.rules import Kind, Light, Status, Today
from schoolgate.kernel.errors import NotFound
from schoolgate.people.models import Person
from schoolgate.people.rules import STAFF_ROLES, Role

# Who may read the policy page, and who may read rows in which somebody is named.
READERS = STAFF_ROLES | {Role.GOVERNOR}
READERS_OF_NAMES = frozenset({Role.HEAD, Role.DSL, Role.DEPUTY})


@dataclass(frozen=True, slots=True)
class StatementToday:
    """One sentence of an edition in force, as it stands at one moment.

    Attributes:
        statement: the sentence.
        binding: what a person confirmed for it, or None.
        today: its status, and why.
        changed_at: when the evidence behind it last changed its status, or None if it never did.
    """

    statement: Statement
    binding: Binding | None
    today: Today
    changed_at: datetime | None

    @property
    def light(self) -> Light:
        return self.today.light


@dataclass(frozen=True, slots=True)
class Behind:
    """One thing that makes a sentence true, or should.

    Attributes:
        title: what it checks.
        last: its last evidence, or None.
        next_at: when it is to be checked again; None if at once.
        changed_at: when its status last changed, or None.
    """

    title: str
    last: Evidence | None
    next_at: datetime | None
    changed_at: datetime | None


def editions_in_force() -> QuerySet[Edition]:
    """The editions in force: one for each setting at most."""
    return Edition.objects.filter(status=Stage.RATIFIED).order_by("-setting")


def drafts() -> QuerySet[Edition]:
    """The editions that are being prepared, newest first."""
    return Edition.objects.filter(status=Stage.DRAFT)


def edition(edition_id: Any) -> Edition:
    """One edition.

    Raises:
        NotFound: if there is none.
    """
    found = Edition.objects.filter(pk=edition_id).first()
    if found is None:
        raise NotFound("There is no such edition.")
    return found


def statement_in_force(ref: str) -> Statement:
    """The sentence with this reference in an edition in force.

    Raises:
        NotFound: if no edition in force has it.
    """
    found = Statement.objects.select_related("edition").filter(ref=ref, edition__status=Stage.RATIFIED).first()
    if found is None:
        raise NotFound(f"There is no sentence {ref} in the policy in force.")
    return found


def statements_today(now: datetime, of: Iterable[Edition] | None = None) -> tuple[StatementToday, ...]:
    """Every sentence of the editions in force, in the policy's own order, with its status at *now*.

    Args:
        now: aware.
        of: other editions, such as a draft, to see how they would stand.
    """
    editions = list(editions_in_force() if of is None else of)
    statements = Statement.objects.filter(edition__in=editions).select_related("edition").order_by("edition", "order")
    order = {one.pk: place for place, one in enumerate(editions)}
    known = _Standing(statements)
    rows = [known.row(statement, now) for statement in statements]
    return tuple(sorted(rows, key=lambda row: (order[row.statement.edition_id], row.statement.order)))


def statement_today(statement: Statement, now: datetime) -> StatementToday:
    """One sentence with its status at *now*."""
    return _Standing([statement]).row(statement, now)


def promise_status(promise: str, now: datetime) -> Today:
    """The status of a promise by its controls alone, whatever sentences say it."""
    sources = frozenset(one.source for one in registry.of_promise(promise))
    found = [_found(one) for one in _latest(Evidence.objects.filter(source__in=sources), "source")]
    return rules.today(True, rules.Bound(Kind.CONTROL, sources), found, now)


def behind(statement: Statement, now: datetime) -> tuple[Behind, ...]:
    """What makes a sentence true: each control of its promise, or the duty's attestations."""
    binding = statement.bindings.filter(ended_at=None, confirmed_at__isnull=False).first()
    if binding is None:
        return ()
    if binding.kind == Kind.DUTY:
        last = statement.attestations.order_by("-id").first()
        due = last.found_at + last.stale_after if last else None
        return (Behind(f"A person says that it is done, {rules.how_often(binding.every_days)}", last, due, None),)
    if binding.kind != Kind.CONTROL:
        return ()
    parts = []
    for control in registry.of_promise(binding.promise):
        last = Evidence.objects.filter(source=control.source).order_by("-id").first()
        parts.append(
            Behind(control.title, last, last.found_at + control.every if last else None, changed_at(control.source))
        )
    return tuple(parts)


def history(statement: Statement, limit: int = 50) -> list[Evidence]:
    """The evidence of a sentence, newest first: of its promise's controls, or of its duty."""
    binding = statement.bindings.filter(ended_at=None, confirmed_at__isnull=False).first()
    if binding is None:
        return []
    if binding.kind == Kind.DUTY:
        return list(statement.attestations.order_by("-id")[:limit])
    sources = [one.source for one in registry.of_promise(binding.promise)]
    return list(Evidence.objects.filter(source__in=sources).order_by("-id")[:limit])


def rows_for(evidence: Evidence, roles: frozenset[Role]) -> list[dict[str, Any]] | None:
    """The raw rows behind a finding; None where they may name somebody and these *roles* may not read names."""
    if evidence.names_people and not roles & READERS_OF_NAMES:
        return None
    rows: list[dict[str, Any]] = evidence.rows
    names = _names_in(rows)
    return [row | {"person": names[row["person"]]} if row.get("person") in names else row for row in rows]


def sentences_in_force() -> dict[str, str]:
    """The school's own words for each promise that a person has bound to a control: its first sentence in the policy."""
    bound = Binding.objects.filter(
        statement__edition__in=editions_in_force(), kind=Kind.CONTROL, ended_at=None, confirmed_at__isnull=False
    ).order_by("statement__edition_id", "statement__order")
    sentences: dict[str, str] = {}
    for promise, text in bound.values_list("promise", "statement__text"):
        sentences.setdefault(promise, text)
    return sentences


def changed_at(source: str) -> datetime | None:
    """When the status of a source last changed; None if it has only ever had one."""
    of_source = Evidence.objects.filter(source=source).order_by("-id")
    last = of_source.first()
    other = of_source.exclude(status=last.status).first() if last else None
    if other is None:
        return None
    first = Evidence.objects.filter(source=source, id__gt=other.id).order_by("id").first()
    return first.found_at if first else None


def changes_since(since: datetime) -> list[tuple[Evidence, Evidence]]:
    """What drifted after *since*: pairs of the finding before and the first one that differed, newest first."""
    recent = Evidence.objects.filter(found_at__gt=since).exclude(source=Evidence.ATTESTED).order_by("id")
    pairs = []
    last: dict[str, Evidence | None] = {}
    for one in recent:
        if one.source not in last:
            last[one.source] = Evidence.objects.filter(source=one.source, id__lt=one.id).order_by("-id").first()
        before = last[one.source]
        if before is not None and before.status != one.status:
            pairs.append((before, one))
        last[one.source] = one
    return sorted(pairs, key=lambda pair: pair[1].found_at, reverse=True)


def share_bound(editions: Iterable[Edition]) -> tuple[int, int]:
    """How many of the sentences that promise something are bound by a person, and how many there are."""
    normative = Statement.objects.filter(edition__in=list(editions), normative=True)
    bound = normative.filter(bindings__ended_at=None, bindings__confirmed_at__isnull=False)
    return bound.distinct().count(), normative.count()


class _Standing:
    """What is needed to say how many sentences stand, fetched once for all of them."""

    def __init__(self, statements: Iterable[Statement]) -> None:
        ids = [statement.pk for statement in statements]
        bindings = Binding.objects.filter(statement__in=ids, ended_at=None, confirmed_at__isnull=False)
        self.bindings: Mapping[Any, Binding] = {one.statement_id: one for one in bindings}
        self.sources: dict[str, frozenset[str]] = {}
        for one in registry.controls():
            self.sources[one.promise] = self.sources.get(one.promise, frozenset()) | {one.source}
        controlled = Evidence.objects.exclude(source=Evidence.ATTESTED)
        self.found = {one.source: one for one in _latest(controlled, "source")}
        self.attested = {
            one.statement_id: one for one in _latest(Evidence.objects.filter(statement__in=ids), "statement")
        }
        self.changed: dict[str, datetime | None] = {source: changed_at(source) for source in self.found}

    def row(self, statement: Statement, now: datetime) -> StatementToday:
        binding = self.bindings.get(statement.pk)
        if binding is None:
            return StatementToday(statement, None, rules.today(statement.normative, None, (), now), None)
        sources = self.sources.get(binding.promise, frozenset()) if binding.kind == Kind.CONTROL else frozenset()
        if binding.kind == Kind.DUTY:
            said = self.attested.get(statement.pk)
            evidence = [said] if said else []
        else:
            evidence = [self.found[source] for source in sources if source in self.found]
        bound = rules.Bound(Kind(binding.kind), sources)
        today = rules.today(statement.normative, bound, [_found(one) for one in evidence], now)
        changes = [moment for source in sources if (moment := self.changed.get(source))]
        return StatementToday(statement, binding, today, max(changes, default=None))


def _latest(evidence: QuerySet[Evidence], by: str) -> Sequence[Evidence]:
    newest = evidence.order_by().values(by).annotate(newest=Max("id")).values("newest")
    return list(Evidence.objects.filter(id__in=newest))


def _found(evidence: Evidence) -> rules.Found:
    return rules.Found(
        evidence.source, Status(evidence.status), evidence.found_at, evidence.stale_after, evidence.summary
    )


def _names_in(rows: Iterable[dict[str, Any]]) -> dict[str, str]:
    """Names by the reference that stands in the rows. Evidence itself holds references only."""
    references = {row["person"] for row in rows if isinstance(row.get("person"), str)}
    found = Person.objects.filter(pk__in=[one for one in references if _is_uuid(one)])
    return {str(person.pk): str(person) for person in found}


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
