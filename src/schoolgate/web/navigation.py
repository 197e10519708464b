"""What stands in the header: the areas that this person may open.

Nothing says here who may see what: each view does (`permissions`), and an
area is shown to those who may open its first page.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import resolve, reverse

from schoolgate.people.rules import Role
from schoolgate.web import permissions


@dataclass(frozen=True, slots=True)
class Area:
    """One entry of the navigation.

    Attributes:
        label: what people read.
        pages: names of its pages; the first is where the link goes, and on all of
            them the entry is marked as current.
    """

    label: str
    pages: tuple[str, ...]


AREAS = (
    Area("Home", ("home",)),
    Area("Alerts", ("alerts", "alert")),
    Area("Concerns", ("concerns", "concern")),
    Area("Report a concern", ("concern-new",)),
    Area("Policy", ("policy", "statement", "adopt")),
    Area("Agreements", ("agreements", "sign", "class-signing")),
    Area("Sites", ("requests", "ask")),
    Area("People", ("people",)),
    Area("Gate", ("gate",)),
    Area("Governors", ("governors",)),
    Area("Ledger", ("ledger",)),
)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the school's name and the areas, for `base.html`."""
    return {
        "school_name": settings.SCHOOL_NAME,
        "areas": list(_areas(request)),
        "person": getattr(request, "person", None),
    }


def _areas(request: HttpRequest) -> Iterator[dict[str, Any]]:
    roles: frozenset[Role] = getattr(request, "roles", frozenset())
    if not roles:
        return
    here = request.resolver_match.url_name if request.resolver_match else None
    for area in AREAS:
        address = reverse(area.pages[0])
        if permissions.may_open(permissions.allowed_by(resolve(address).func), roles):
            yield {
                "label": area.label,
                "address": address,
                "current": here == area.pages[0],
                "active": here in area.pages,
            }
