"""Concerns: the list, one concern with its chronology, and what is written in it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from schoolgate.concerns import queries, services
from schoolgate.concerns.models import Concern
from schoolgate.concerns.rules import CATEGORIES, INDECENT_IMAGE, WRITTEN, Kind, Part
from schoolgate.concerns.services import Added, Named
from schoolgate.kernel.errors import Refused
from schoolgate.monitoring.rules import READERS
from schoolgate.web import numbers
from schoolgate.web.concerns.forms import ActionForm, CloseForm, DecisionForm, EntryForm, InvolveForm, ReopenForm
from schoolgate.web.permissions import allow
from schoolgate.web.request import StaffRequest

LISTED = 200
form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@allow(*READERS)
def concerns(request: StaffRequest) -> HttpResponse:
    """What is open, and what was closed lately."""
    assert request.person is not None
    readable = queries.concerns_for(request.person, request.roles)
    page = {
        "open": queries.rows(readable.filter(closed_at=None), request.now),
        "closed": queries.rows(readable.filter(closed_at__isnull=False), request.now)[:LISTED],
    }
    services.read_list([row.concern for rows in page.values() for row in rows], by=request.person, now=request.now)
    return render(request, "concerns/list.html", page)


@require_safe
@allow(*READERS)
def concern(request: StaffRequest, ref: str) -> HttpResponse:
    """One concern: who is in it, and everything that was written, in order."""
    found = _found(request, ref)
    assert request.person is not None
    services.read("concern", found, by=request.person, now=request.now)
    seen, own = (numbers.whole(request.GET.get(name, "")) for name in ("seen", "own"))
    between = (seen, own) if seen is not None and own is not None else (0, 0)
    page = {
        "concern": found,
        "category": CATEGORIES[found.category],
        "involved": [
            (one.person or one.described, Part(one.part).label) for one in found.involved.select_related("person")
        ],
        "lines": queries.chronology(found, request.now, between),
        "missing": queries.missing(found, request.now) if found.is_open else (),
        "is_image": found.category == INDECENT_IMAGE,
        "must_refer": queries.must_consider_referral(found, request.now),
        "kinds": [(kind.value, kind.label) for kind in WRITTEN],
    }
    return render(request, "concerns/show.html", page)


@form_page
@allow(*READERS)
def add(request: StaffRequest, ref: str, kind: str) -> HttpResponse:
    """Add a follow-up, an action, a decision or an outcome."""
    found = _found(request, ref)
    if kind not in {one.value for one in WRITTEN}:
        raise Http404
    chosen = Kind(kind)
    form: EntryForm
    data = request.POST if request.method == "POST" else None
    start = {"seen": queries.last_entry(found)}
    if chosen is Kind.ACTION:
        form = ActionForm(data, initial=start, now=request.now)
    elif chosen is Kind.DECISION:
        form = DecisionForm(data, initial=start, must_refer=queries.must_consider_referral(found, request.now))
    else:
        form = EntryForm(data, initial=start)
    return _write(request, found, form, chosen.label, lambda said: services.add(found.pk, chosen, **said))


@form_page
@allow(*READERS)
def correct(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    """Write what should stand instead of an entry."""
    assert request.person is not None
    entry = queries.entry_for(request.person, request.roles, ref, pk)
    services.read("entry of concern", entry.concern, by=request.person, now=request.now)  # its words stand in the form
    start = {"seen": queries.last_entry(entry.concern), "text": entry.text}
    form = EntryForm(request.POST if request.method == "POST" else None, initial=start)
    return _write(request, entry.concern, form, "Correct an entry", lambda said: services.correct(pk, **said))


@form_page
@allow(*READERS)
def agree(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    """Agree, as a second person, with a decision not to refer."""
    assert request.person is not None
    entry = queries.entry_for(request.person, request.roles, ref, pk)
    form = EntryForm(
        request.POST if request.method == "POST" else None, initial={"seen": queries.last_entry(entry.concern)}
    )
    form.fields["text"].label = "Why do you agree that it is not referred?"
    return _write(request, entry.concern, form, "Agree not to refer", lambda said: services.agree(pk, **said))


@form_page
@allow(*READERS)
def involve(request: StaffRequest, ref: str) -> HttpResponse:
    """Name somebody who has a part in it."""
    found = _found(request, ref)
    assert request.person is not None
    form = InvolveForm(request.POST if request.method == "POST" else None, now=request.now)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        named = Named(Part(said["part"]), said["person"], said["described"])
        try:
            services.involve(found.pk, named, by=request.person, now=request.now)
        except Refused as refusal:
            form.add_error(None, _words(refusal))
        else:
            if queries.concerns_for(request.person, request.roles).filter(pk=found.pk).exists():
                return redirect("concern", ref=ref)
            messages.info(request, f"Concern {ref} is now about an adult of the school, so you no longer read it.")
            return redirect("concerns")
    return _form(request, found, form, "Name somebody")


@form_page
@allow(*READERS)
def close(request: StaffRequest, ref: str) -> HttpResponse:
    """Close a concern whose record is complete."""
    found = _found(request, ref)
    assert request.person is not None
    form = CloseForm(request.POST if request.method == "POST" else None, initial={"seen": queries.last_entry(found)})
    if request.method == "POST" and form.is_valid():
        try:
            services.close(found.pk, by=request.person, now=request.now, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, _words(refusal))
        else:
            messages.success(request, f"Concern {ref} is closed. All that was written stays.")
            return redirect("concern", ref=ref)
    return _form(request, found, form, "Close this concern")


@form_page
@allow(*READERS)
def reopen(request: StaffRequest, ref: str) -> HttpResponse:
    """Open a closed concern again."""
    found = _found(request, ref)
    assert request.person is not None
    form = ReopenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.reopen(found.pk, form.cleaned_data["because"], by=request.person, now=request.now)
        except Refused as refusal:
            form.add_error(None, _words(refusal))
        else:
            return redirect("concern", ref=ref)
    return _form(request, found, form, "Open this concern again")


def _found(request: StaffRequest, ref: str) -> Concern:
    assert request.person is not None
    return queries.concern_for(request.person, request.roles, ref)


def _write(request: StaffRequest, found: Concern, form: EntryForm, title: str, store: Any) -> HttpResponse:
    """Show an entry's form; or store what it says, and go back to the concern with what came between marked."""
    if request.method != "POST" or not form.is_valid():
        return _form(request, found, form, title)
    try:
        added: Added = store({**form.cleaned_data, "by": request.person, "now": request.now})
    except Refused as refusal:
        form.add_error(None, _words(refusal))
        return _form(request, found, form, title)
    address = reverse("concern", args=[found.ref])
    if not added.between:
        return redirect(f"{address}#entry-{added.entry.pk}")
    number = len(added.between)
    others = "1 entry was" if number == 1 else f"{number} entries were"
    messages.info(request, f"Yours is kept. While you wrote, {others} added by others: read what is marked as new.")
    return redirect(f"{address}?seen={form.cleaned_data['seen']}&own={added.entry.pk}")


def _form(request: StaffRequest, found: Concern, form: forms.Form, title: str) -> HttpResponse:
    page = {
        "concern": found,
        "form": form,
        "title": title,
        "is_image": found.category == INDECENT_IMAGE,
    }
    return render(request, "concerns/write.html", page, status=422 if form.errors else 200)


def _words(refusal: Refused) -> str:
    return f"{refusal} {refusal.hint}".strip()
