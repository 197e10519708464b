"""The first page after sign-in."""

from django.http import HttpResponse
from django.shortcuts import render

from schoolgate.web.permissions import signed_in
from schoolgate.web.request import StaffRequest


@signed_in
def home(request: StaffRequest) -> HttpResponse:
    """What matters to this person now."""
    return render(request, "home/show.html")
