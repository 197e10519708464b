"""Ask for a site, answer, and see what the gate decides by."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from schoolgate.assurance.models import Evidence
from schoolgate.filtering import queries, services
from schoolgate.filtering.rules import Audience, last_day_allowed
from schoolgate.gate.core import names
from schoolgate.kernel.errors import Malformed, Refused
from schoolgate.people.rules import STAFF_ROLES, Role
from schoolgate.web.filtering.forms import AnswerForm, AskForm
from schoolgate.web.permissions import allow
from schoolgate.web.request import StaffRequest

ANSWERERS = tuple(services.OPEN_TO_STAFF)


@require_safe
@allow(*STAFF_ROLES)
def requests(request: StaffRequest) -> HttpResponse:
    """Show one's own requests, and to those who answer, everyone's."""
    assert request.person is not None
    may_answer = bool(request.roles & services.OPEN_TO_STAFF)
    page = {
        "mine": queries.requests_of(request.person),
        "open": queries.open_requests() if may_answer else [],
        "answered": queries.answered_requests()[:50] if may_answer else [],
        "rules": queries.live_rules(request.now),
        "may_answer": may_answer,
    }
    return render(request, "filtering/requests.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(*STAFF_ROLES)
def ask(request: StaffRequest) -> HttpResponse:
    """Show why a site is blocked, and take the request for it."""
    assert request.person is not None
    today = localdate(request.now)
    asked_for = request.GET.get("url", "")
    form = AskForm(request.POST if request.method == "POST" else None, initial={"url": asked_for}, today=today)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.ask(
                given["url"],
                audience=Audience(given["audience"]),
                reason=given["reason"],
                until_on=given["until_on"],
                by=request.person,
                now=request.now,
            )
        except Refused as refusal:
            form.add_error(None, f"{refusal} {refusal.hint}")
        else:
            messages.success(request, "Your request has been sent. You will find the answer on this page.")
            return redirect("requests")
    page = {"form": form, **_explained(request, asked_for)}
    return render(request, "filtering/ask.html", page, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(*ANSWERERS)
def answer(request: StaffRequest, request_id: UUID) -> HttpResponse:
    """Show one request with what the gate says about the site today, and answer it."""
    assert request.person is not None
    found = queries.request_with(request_id)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        decide = services.allow if form.cleaned_data["decision"] == "allow" else services.decline
        try:
            decide(request_id, reason=form.cleaned_data["reason"], by=request.person, now=request.now)
        except Refused as refusal:
            form.add_error(None, f"{refusal} {refusal.hint}")
        else:
            _say_how_it_went(request)
            return redirect("requests")
    page = {
        "asked": found,
        "form": form,
        "opens_until": last_day_allowed(found.until_on, localdate(request.now)),
        "needs_two": Audience(found.audience).is_children,
        "categories": _categories(found.url),
    }
    return render(request, "filtering/answer.html", page, status=422 if form.errors else 200)


@require_POST
@allow(*ANSWERERS)
def close(request: StaffRequest, code: str) -> HttpResponse:
    """Close a site again before its time."""
    assert request.person is not None
    services.end_rule(code, by=request.person, now=request.now)
    _say_how_it_went(request)
    return redirect("requests")


@require_safe
@allow(Role.TECHNICIAN, Role.HEAD, Role.DSL)
def gate(request: StaffRequest) -> HttpResponse:
    """Show the release in force, its lists, the workers, and the last errors."""
    page: dict[str, Any] = {"now": request.now, "publication": queries.last_publication()}
    try:
        in_force = queries.current_release()
        page |= {"release": in_force, "lists": queries.lists_in_force(in_force, request.now)}
    except (Refused, Malformed) as error:
        page["release_error"] = error
    try:
        page["workers"] = queries.workers(request.now)
    except Malformed as error:
        page["workers_error"] = error
    page["probe"] = Evidence.objects.filter(source="filtering.the_filter_holds").first()
    return render(request, "filtering/gate.html", page)


@require_POST
@allow(Role.TECHNICIAN, Role.HEAD, Role.DSL)
def publish(request: StaffRequest) -> HttpResponse:
    """Build the release again, of the lists and the policy as they are now."""
    services.publish_release(request.now, request.person)
    _say_how_it_went(request)
    return redirect("gate")


def _explained(request: StaffRequest, url: str) -> dict[str, Any]:
    """What the gate says about the site, or why it cannot say anything."""
    assert request.person is not None
    if not url:
        return {}
    try:
        return {"explained": queries.explained(url, request.person, request.now)}
    except (Malformed, Refused) as error:
        return {"not_explained": error}


def _categories(url: str) -> list[str]:
    """On which lists the site stands today."""
    try:
        found = queries.current_release().matches(names.canonical(url))
    except (Malformed, Refused):
        return []
    return [f"{one.entry} is on the list {one.list} ({one.category})" for one in found]


def _say_how_it_went(request: StaffRequest) -> None:
    """Tell whether the gate has taken the change."""
    last = queries.last_publication()
    if last is None or last.at != request.now:
        messages.success(request, "Recorded.")
    elif last.release:
        messages.success(request, f"Done. The gate decides by release {last.release} within a second.")
    else:
        messages.warning(request, f"Recorded, but the gate keeps its old release: {last.why_not}")
