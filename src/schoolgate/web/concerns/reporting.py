"""Reporting: by any member of staff, in under a minute; and what the reporter may see afterwards."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from schoolgate.concerns import queries, services
from schoolgate.concerns.rules import ALLEGATION, INDECENT_IMAGE, Audience, Part, Subject
from schoolgate.concerns.services import Named
from schoolgate.monitoring import queries as alerts
from schoolgate.monitoring.rules import READERS
from schoolgate.monitoring.services import AlreadyDecided
from schoolgate.people.rules import STAFF_ROLES
from schoolgate.web.concerns.forms import ReportForm
from schoolgate.web.permissions import allow
from schoolgate.web.request import StaffRequest


@require_http_methods(["GET", "HEAD", "POST"])
@allow(*sorted(STAFF_ROLES))
def new(request: StaffRequest) -> HttpResponse:
    """The report form: first what to do when a child is in danger now, then the words."""
    assert request.person is not None
    if request.method != "POST":
        return _form(request, ReportForm(initial={"category": request.GET.get("category", "")}, now=request.now))
    form = ReportForm(request.POST, now=request.now)
    if not form.is_valid():
        return _form(request, form, status=422)
    said = form.cleaned_data
    named = [Named(Part.ABOUT, said["about"])] if said["about"] else []
    if said["others"]:
        named.append(Named(Part.WITNESS, described=said["others"]))
    concern = services.report(
        text=said["text"],
        category=said["category"],
        subject=Subject(said["subject"]),
        named=named,
        by=request.person,
        now=request.now,
        device_at=said["device_at"],
    )
    messages.success(request, f"Your report is kept. Its reference is {concern.ref}.")
    return redirect("concern-reported", ref=concern.ref)


@require_safe
@allow(*sorted(STAFF_ROLES))
def mine(request: StaffRequest) -> HttpResponse:
    """What this person has reported."""
    assert request.person is not None
    return render(request, "concerns/mine.html", {"reports": queries.reports_by(request.person)})


@require_safe
@allow(*sorted(STAFF_ROLES))
def reported(request: StaffRequest, ref: str) -> HttpResponse:
    """One report of one's own: that it was made, the words, and what to do besides. Not the rest of the concern."""
    assert request.person is not None
    concern, entries = queries.report_by(request.person, ref)
    services.read("own report", concern, by=request.person, now=request.now)
    page = {
        "concern": concern,
        "entries": entries,
        "is_image": concern.category == INDECENT_IMAGE,
        "is_for_head": concern.audience == Audience.HEAD,
        "is_for_chair": concern.audience == Audience.CHAIR,
        **_numbers(request),
    }
    return render(request, "concerns/reported.html", page)


@require_POST
@allow(*READERS)
def from_alert(request: StaffRequest, ref: str) -> HttpResponse:
    """Open a concern from an alert, then show it."""
    assert request.person is not None
    alert = alerts.alert_for(request.person, request.roles, ref)
    try:
        concern = services.open_from_alert(alert, request.person, request.now)
    except AlreadyDecided as refusal:
        messages.info(request, f"{refusal} {refusal.hint}")
        return redirect("alert", ref=ref)
    if queries.concerns_for(request.person, request.roles).filter(pk=concern.pk).exists():
        return redirect("concern", ref=concern.ref)
    reader = "chair of governors" if concern.audience == Audience.CHAIR else "head teacher"
    messages.success(request, f"The concern is open. Only the {reader} can read this from now on: tell them of it.")
    return redirect("alert", ref=ref)


def _form(request: StaffRequest, form: ReportForm, status: int = 200) -> HttpResponse:
    chosen = form["category"].value()
    page = {"form": form, "is_image": chosen == INDECENT_IMAGE, "is_allegation": chosen == ALLEGATION}
    return render(request, "concerns/report.html", page | _numbers(request), status=status)


def _numbers(request: StaffRequest) -> dict[str, object]:
    """Whom to ring: the school's own people and numbers."""
    return {
        "leads": queries.who_to_tell(request.now),
        "lead_phone": settings.SAFEGUARDING_PHONE,
        "social_care_phone": settings.SOCIAL_CARE_PHONE,
        "chair_phone": settings.CHAIR_PHONE,
    }
