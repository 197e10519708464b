"""From a text to an edition in force: upload, confirm each sentence, ratify."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from schoolgate.assurance import editions, queries, rules
from schoolgate.assurance.models import Binding, Edition, Setting, Stage, Statement
from schoolgate.drafting.promises import PROMISES, Promise
from schoolgate.filtering import services as filtering
from schoolgate.kernel.errors import NotFound, Refused
from schoolgate.people.rules import Role
from schoolgate.web.assurance.forms import BindForm, ForceForm, UploadForm
from schoolgate.web.permissions import allow
from schoolgate.web.request import StaffRequest

# Who writes the policy, and who brings it into force as the governing body decided.
WRITERS = (Role.HEAD, Role.DSL, Role.COMPUTING)
LEADERS = (Role.HEAD, Role.DSL)


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence of a draft with what is proposed or confirmed for it."""

    statement: Statement
    binding: Binding | None

    @property
    def promise(self) -> Promise | None:
        return PROMISES.get(self.binding.promise) if self.binding else None

    @property
    def percent(self) -> int | None:
        """How sure the proposal is."""
        sure = self.binding.confidence if self.binding else None
        return None if sure is None else round(sure * 100)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(*WRITERS)
def upload(request: StaffRequest) -> HttpResponse:
    """Show the drafts, and make one of a file."""
    form = UploadForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid():
        try:
            edition = editions.adopt(
                form.document,
                title=form.cleaned_data["title"],
                setting=Setting(form.cleaned_data["setting"]),
                by=request.person,
                now=request.now,
            )
        except Refused as refusal:
            form.add_error("file", f"{refusal} {refusal.hint}")
        else:
            return redirect("adopt", edition_id=edition.pk)
    page = {"form": form, "drafts": queries.drafts()}
    return render(request, "assurance/upload.html", page, status=422 if form.errors else 200)


@require_safe
@allow(*WRITERS)
def adopt(request: StaffRequest, edition_id: UUID) -> HttpResponse:
    """Go through the sentences of a draft, and see what is still to decide."""
    edition = queries.edition(edition_id)
    return render(request, "assurance/adopt.html", _draft(request, edition, None))


@require_POST
@allow(*WRITERS)
def confirm_confident(request: StaffRequest, edition_id: UUID) -> HttpResponse:
    """Confirm the proposals that are nearly certain, all at once."""
    assert request.person is not None
    count = editions.confirm_confident(edition_id, by=request.person, now=request.now)
    messages.success(request, f"{count} sentence{'' if count == 1 else 's'} confirmed. Look at the rest one by one.")
    return redirect("adopt", edition_id=edition_id)


@require_POST
@allow(*LEADERS)
def force(request: StaffRequest, edition_id: UUID) -> HttpResponse:
    """Bring a draft into force, as the governing body decided."""
    assert request.person is not None
    edition = queries.edition(edition_id)
    form = ForceForm(request.POST, edition=edition, today=localdate(request.now))
    if not form.is_valid():
        return render(request, "assurance/adopt.html", _draft(request, edition, form), status=422)
    editions.bring_into_force(edition_id, **form.cleaned_data, by=request.person, now=request.now)
    if settings.GATE_POLICY_FILE.exists():  # a gate quotes the policy's sentences to those whom it blocks
        published = filtering.publish_release(request.now, request.person)
        if published.why_not:
            messages.warning(request, f"The gate keeps its old release: {published.why_not}")
    messages.success(request, f"“{edition.title}” is in force.")
    return redirect("policy")


@require_http_methods(["GET", "HEAD", "POST"])
@allow(*WRITERS)
def bind(request: StaffRequest, edition_id: UUID, ref: str) -> HttpResponse:
    """Decide what makes one sentence true."""
    statement = Statement.objects.select_related("edition").filter(edition_id=edition_id, ref=ref).first()
    if statement is None:
        raise NotFound("There is no such sentence.")
    binding = statement.bindings.filter(ended_at=None).first()
    form = BindForm(request.POST if request.method == "POST" else None, initial=_initial(binding))
    if request.method == "POST" and form.is_valid():
        assert request.person is not None
        try:
            editions.confirm(statement.pk, form.choice, by=request.person, now=request.now)
        except Refused as refusal:
            form.add_error(None, f"{refusal} {refusal.hint}")
        else:
            if statement.edition.status == Stage.RATIFIED:
                return redirect("statement", ref=ref)
            return redirect(f"{reverse('adopt', args=[edition_id])}#{ref}")
    page = {"form": form, "statement": statement, "binding": binding}
    return render(request, "assurance/bind.html", page, status=422 if form.errors else 200)


def _draft(request: StaffRequest, edition: Edition, form: ForceForm | None) -> dict[str, Any]:
    bindings = {one.statement_id: one for one in Binding.objects.filter(statement__edition=edition, ended_at=None)}
    sentences = [_Sentence(one, bindings.get(one.pk)) for one in edition.statements.all()]
    promising = [one for one in sentences if one.statement.normative]
    waiting = [one for one in promising if one.binding is None or one.binding.confirmed_at is None]
    sure = [one for one in waiting if one.binding and (one.binding.confidence or 0) >= editions.CONFIDENT]
    today = localdate(request.now)
    if form is None:
        due = rules.months_later(today, edition.review_every_months)
        form = ForceForm(initial={"review_due_on": due}, edition=edition, today=today)
    show = request.GET.get("show", "all")
    return {
        "edition": edition,
        "is_draft": edition.status == Stage.DRAFT,
        "sentences": {"waiting": waiting, "promising": promising}.get(show, sentences),
        "show": show,
        "n_all": len(sentences),
        "n_promising": len(promising),
        "n_waiting": len(waiting),
        "n_sure": len(sure),
        "n_unbound": sum(one.binding is None for one in promising),
        "sure_percent": round(editions.CONFIDENT * 100),
        "form": form,
        "may_bring_into_force": bool(request.roles & set(LEADERS)),
    }


def _initial(binding: Binding | None) -> dict[str, Any]:
    if binding is None:
        return {}
    return {
        "kind": binding.kind,
        "promise": binding.promise,
        "every_days": binding.every_days,
        "reason": binding.reason,
    }
