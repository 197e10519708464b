"""Every address of the site: a list of areas."""

from django.urls import include, path

from schoolgate.web import sign_in

AREAS = (
    "home",
    "health",
    "people",
    "access",
    "portal",
    "monitoring",
    "concerns",
    "assurance",
    "filtering",
    "reports",
    "ledger",
    "gallery",
)

urlpatterns = [
    path("account/", include(sign_in)),
    *(path("", include(f"schoolgate.web.{area}.urls")) for area in AREAS),
]
