"""The first page after sign-in."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import resolve, reverse
from django.views.decorators.http import require_safe

from schoolgate.people.rules import STAFF_ROLES
from schoolgate.reports import today
from schoolgate.reports.today import Line, Need
from schoolgate.web import permissions
from schoolgate.web.permissions import signed_in
from schoolgate.web.request import StaffRequest

# The status that each need is shown as, and its word.
SHOWN = {
    Need.NOW: ("not-met", "Act now"),
    Need.UNKNOWN: ("unknown", "Not known"),
    Need.SOON: ("at-risk", "To do"),
    Need.WELL: ("met", "Well"),
}
# The page of each matter.
PAGES = {
    "agreements": "agreements",
    "alerts": "alerts",
    "class": "class-signing",
    "concerns": "concerns",
    "drafts": "adopt-upload",
    "gate": "gate",
    "governors": "governors",
    "own agreement": "sign",
    "policy": "policy",
    "requests": "requests",
    "suspensions": "suspensions",
    "watch": "gate",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One line as the page shows it; without an address where the reader may not open its page."""

    line: Line
    status: str
    word: str
    address: str


@require_safe
@signed_in
def home(request: StaffRequest) -> HttpResponse:
    """What matters to this person now."""
    assert request.person is not None  # `signed_in` lets in nobody without a role, and a role is a person's
    lines = today.lines(request.person, request.roles, request.now)
    page = {
        "lines": [Shown(line, *SHOWN[line.need], _address(request, line)) for line in lines],
        "n_waiting": sum(line.need is not Need.WELL for line in lines),
        "now": request.now,
        "may_report": bool(request.roles & STAFF_ROLES),
    }
    return render(request, "home/show.html", page)


def _address(request: StaffRequest, line: Line) -> str:
    address = reverse(PAGES[line.about], args=[line.key] if line.about == "class" else None)
    if not permissions.may_open(permissions.allowed_by(resolve(address).func), request.roles):
        return ""
    return f"{address}?status={line.key}" if line.about == "policy" and line.key else address
