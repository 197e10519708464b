"""Reports as pages."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from schoolgate.people.rules import Role
from schoolgate.reports import governors as governor_report
from schoolgate.web.assurance.views import WORDS
from schoolgate.web.permissions import allow
from schoolgate.web.request import StaffRequest


@require_safe
@allow(Role.GOVERNOR, Role.HEAD, Role.DSL)
def governors(request: StaffRequest) -> HttpResponse:
    """Show how the policy stands, in numbers without names. That somebody looked is recorded."""
    assert request.person is not None
    report = governor_report.report(request.person, request.now)
    governor_report.record_reading(request.person, request.roles, request.now)
    counts = [(light, WORDS[light], count) for light, count in report.counts.items()]
    return render(request, "reports/governors.html", {"report": report, "counts": counts})
