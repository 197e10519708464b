"""The policy today: every sentence, its status, and the proof."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from schoolgate.assurance import editions, queries, rules, services
from schoolgate.assurance.models import Evidence, Statement
from schoolgate.assurance.rules import Kind, Light
from schoolgate.drafting.promises import PROMISES
from schoolgate.ledger.services import record_read
from schoolgate.people.rules import Role
from schoolgate.technology.queries import matrix
from schoolgate.web.assurance.adopting import WRITERS
from schoolgate.web.assurance.forms import AttestForm
from schoolgate.web.permissions import allow
from schoolgate.web.request import StaffRequest

CHECKERS = (Role.HEAD, Role.DSL, Role.TECHNICIAN)
DUTY_HOLDERS = (Role.HEAD, Role.DSL, Role.DEPUTY, Role.COMPUTING, Role.TECHNICIAN)
WORDS = {
    Light.NOT_MET: "Not met",
    Light.AT_RISK: "At risk",
    Light.UNKNOWN: "Unknown",
    Light.MET: "Met",
    Light.ASPIRATION: "An aim",
    Light.NOT_APPLICABLE: "Not applicable",
    Light.DESCRIPTION: "Describes",
}


@dataclass(frozen=True, slots=True)
class Proof:
    """The raw rows behind one finding, as far as this reader may see them.

    Attributes:
        evidence: the finding.
        title: what the control checks.
        columns: the keys of the rows.
        cells: one list of values a row; empty where they are withheld.
        is_withheld: the rows may name somebody, and this reader gets their number only.
        n_rows: how many there are.
    """

    evidence: Evidence
    title: str
    columns: list[str]
    cells: list[list[Any]]
    is_withheld: bool
    n_rows: int


@require_safe
@allow(*queries.READERS)
def policy(request: StaffRequest) -> HttpResponse:
    """Show every sentence in the policy's own order, or those of one status."""
    sentences = queries.statements_today(request.now)
    counts = rules.counts(one.light for one in sentences)
    chosen = request.GET.get("status", "")
    shown = [one for one in sentences if not chosen or one.light == chosen]
    return render(
        request,
        "assurance/policy.html",
        {
            "editions": queries.editions_in_force(),
            "sentences": [{"row": one, "word": WORDS[one.light], "behind": _behind_words(one)} for one in shown],
            "counts": [(light, WORDS[light], counts[light]) for light in Light],
            "n_sentences": len(sentences),
            "n_promising": len(sentences) - counts[Light.DESCRIPTION],
            "chosen": chosen,
            "chosen_word": WORDS.get(Light(chosen), "") if chosen in set(Light) else "",
            "drafts": queries.drafts(),
            "now": request.now,
            "may_check": bool(request.roles & set(CHECKERS)),
            "may_write": bool(request.roles & set(WRITERS)),
        },
    )


@require_safe
@allow(*queries.READERS)
def statement(request: StaffRequest, ref: str) -> HttpResponse:
    """Show what stands behind one sentence, and its history."""
    found = queries.statement_in_force(ref)
    return render(request, "assurance/statement.html", _statement(request, found, AttestForm()))


@require_POST
@allow(*DUTY_HOLDERS)
def attest(request: StaffRequest, ref: str) -> HttpResponse:
    """Take a person's word that a duty is done."""
    assert request.person is not None
    found = queries.statement_in_force(ref)
    form = AttestForm(request.POST)
    if not form.is_valid():
        return render(request, "assurance/statement.html", _statement(request, found, form), status=422)
    editions.attest(found.pk, summary=form.cleaned_data["summary"], by=request.person, now=request.now)
    messages.success(request, "Recorded. Thank you.")
    return redirect("statement", ref=ref)


@require_POST
@allow(*CHECKERS)
def check(request: StaffRequest) -> HttpResponse:
    """Run every control now."""
    done = services.collect(request.now, everything=True, by=request.person)
    if done.drifted:
        messages.warning(request, f"{done.ran} checks made. The status has changed for {', '.join(done.drifted)}.")
    else:
        messages.success(request, f"{done.ran} checks made. No status has changed.")
    return redirect("policy")


@require_safe
@allow(*queries.READERS)
def harms(request: StaffRequest) -> HttpResponse:
    """Show, for each harm, what prevents, detects, teaches and answers it."""
    return render(request, "assurance/harms.html", {"rows": matrix(request.now)})


def _statement(request: StaffRequest, found: Statement, form: AttestForm) -> dict[str, Any]:
    row = queries.statement_today(found, request.now)
    binding = row.binding
    proofs = [
        _proof(request, one.title, one.last) for one in queries.behind(found, request.now) if one.last is not None
    ]
    return {
        "statement": found,
        "row": row,
        "word": WORDS[row.light],
        "binding": binding,
        "promise": PROMISES.get(binding.promise) if binding else None,
        "behind": queries.behind(found, request.now),
        "history": [(one, WORDS[Light(one.status)]) for one in queries.history(found)],
        "proofs": proofs,
        "form": form,
        "is_duty": binding is not None and binding.kind == Kind.DUTY,
        "may_attest": bool(request.roles & set(DUTY_HOLDERS)),
        "may_write": bool(request.roles & set(WRITERS)),
        "now": request.now,
    }


def _proof(request: StaffRequest, title: str, evidence: Evidence) -> Proof:
    """Lay out the rows of a finding; who reads rows that may name somebody is recorded."""
    rows = queries.rows_for(evidence, request.roles)
    if rows is None:
        return Proof(evidence, title, [], [], True, len(evidence.rows))
    if rows and evidence.names_people:
        record_read("evidence rows", by=request.person, about=f"evidence:{evidence.pk}", at=request.now)
    columns = list(rows[0]) if rows else []
    return Proof(evidence, title, columns, [[row.get(column) for column in columns] for row in rows], False, len(rows))


def _behind_words(one: queries.StatementToday) -> str:
    """Say in a few words what makes a sentence true."""
    if one.binding is None:
        return "Nothing yet" if one.statement.normative else ""
    if one.binding.kind == Kind.CONTROL:
        return f"Checked automatically ({one.binding.promise})"
    if one.binding.kind == Kind.DUTY:
        return f"A person’s duty, {rules.how_often(one.binding.every_days)} ({one.binding.promise})"
    return "Nothing checks it" if one.binding.kind == Kind.ASPIRATION else one.binding.reason
