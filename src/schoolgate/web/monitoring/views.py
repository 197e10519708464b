"""Alerts: the list, one alert, and what is decided about it."""

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST, require_safe

from schoolgate.concerns import queries as concerns
from schoolgate.kernel.errors import Refused
from schoolgate.monitoring import queries, services
from schoolgate.monitoring.models import Alert
from schoolgate.monitoring.rules import READERS, About, Status
from schoolgate.web import numbers
from schoolgate.web.monitoring import live as delivery
from schoolgate.web.monitoring.forms import DecideForm
from schoolgate.web.permissions import allow
from schoolgate.web.request import StaffRequest


@require_safe
@allow(*READERS)
def alerts(request: StaffRequest) -> HttpResponse:
    """What waits for a decision and what is watched. New alerts come in by themselves."""
    assert request.person is not None
    step = queries.newest_step()  # before the lists: what comes between them is then shown by the stream
    waiting = list(queries.waiting(request.person, request.roles)[: queries.LISTED])
    watched = list(queries.watched(request.person, request.roles)[: queries.LISTED])
    services.read_list([*waiting, *watched], by=request.person, now=request.now)
    page = {
        "waiting": queries.shown(waiting, request.now),
        "watched": queries.shown(watched, request.now),
        "step": step,
    }
    return render(request, "monitoring/list.html", page)


@require_safe
@allow(*READERS)
def decided(request: StaffRequest) -> HttpResponse:
    """What was decided in the last 90 days."""
    assert request.person is not None
    found = list(queries.decided(request.person, request.roles, request.now)[: queries.LISTED])
    services.read_list(found, by=request.person, now=request.now)
    return render(request, "monitoring/decided.html", {"decided": queries.shown(found, request.now)})


@require_GET
@allow(*READERS)
def live(request: StaffRequest) -> StreamingHttpResponse:
    """New and changed alerts as server-sent events, for as long as the session lasts."""
    after = request.headers.get("Last-Event-ID") or request.GET.get("after", "")
    response = StreamingHttpResponse(
        delivery.stream(str(request.session.session_key), numbers.whole(after)),
        content_type="text/event-stream",
    )
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"  # a proxy in front must pass each event on at once
    return response


@require_safe
@allow(*READERS)
def alert(request: StaffRequest, ref: str) -> HttpResponse:
    """One alert: who, what, when, why, and what was done about it."""
    assert request.person is not None
    found = queries.alert_for(request.person, request.roles, ref)
    services.read_alert(found, by=request.person, now=request.now)
    return _page(request, found, DecideForm(initial={"seen": found.status}))


@require_POST
@allow(*READERS)
def acknowledge(request: StaffRequest, ref: str) -> HttpResponse:
    """Say that somebody has seen it, then show it."""
    assert request.person is not None
    found = queries.alert_for(request.person, request.roles, ref)
    if not services.acknowledge(found.pk, by=request.person, now=request.now):
        messages.info(request, f"{found.acknowledged_by or 'Somebody else'} had seen this alert before you.")
    return redirect("alert", ref=ref)


@require_POST
@allow(*READERS)
def decide(request: StaffRequest, ref: str) -> HttpResponse:
    """Record a decision, then show the alert."""
    assert request.person is not None
    found = queries.alert_for(request.person, request.roles, ref)
    form = DecideForm(request.POST)
    if not form.is_valid():
        services.read_alert(found, by=request.person, now=request.now)
        return _page(request, found, form, status=422)
    decision, seen = Status(form.cleaned_data["decision"]), Status(form.cleaned_data["seen"])
    because = form.cleaned_data["because"]
    try:
        services.decide(found.pk, decision, by=request.person, now=request.now, because=because, seen=seen)
    except Refused as refusal:
        form.add_error("because" if not because else None, f"{refusal} {refusal.hint}")
        found = queries.alert_for(request.person, request.roles, ref)
        services.read_alert(found, by=request.person, now=request.now)
        return _page(request, found, form, status=422)
    return redirect("alert", ref=ref)


def _page(request: StaffRequest, found: Alert, form: DecideForm, status: int = 200) -> HttpResponse:
    assert request.person is not None
    earlier = queries.earlier(found, request.person, request.roles)[:10]
    concern = concerns.concern_of(found)
    page = {
        "row": queries.shown([found], request.now)[0],
        "earlier": queries.shown(earlier, request.now),
        "concern": concern,
        "may_read_concern": concern in concerns.concerns_for(request.person, request.roles) if concern else False,
        "is_about_head": found.about == About.HEAD,
        "form": form,
    }
    return render(request, "monitoring/show.html", page, status=status)
