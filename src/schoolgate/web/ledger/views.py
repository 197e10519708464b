"""Who did what, newest first, and whether the record is whole."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from schoolgate.concerns import queries as concerns
from schoolgate.concerns.models import Concern
from schoolgate.ledger import queries
from schoolgate.ledger.models import Entry
from schoolgate.ledger.services import record_read
from schoolgate.monitoring import queries as alerts
from schoolgate.monitoring.models import Alert
from schoolgate.people.models import Person
from schoolgate.people.rules import Role
from schoolgate.web.permissions import allow
from schoolgate.web.request import StaffRequest

ON_A_PAGE = 100
CHECKED_ON_A_PAGE = 1000  # in a fifth of a second; the command checks all


@dataclass(frozen=True, slots=True)
class Line:
    """An entry with the names of whom it speaks of."""

    entry: Entry
    by: str
    about: str


@require_safe
@allow(Role.HEAD, Role.DSL)
def ledger(request: StaffRequest) -> HttpResponse:
    """Show the entries whose action holds a text, and whether the end of the chain is whole. Reading is recorded.

    What is about a case that this person may not read is left out.
    """
    wanted = request.GET.get("action", "").strip()[:100]
    record_read("ledger", request.person, "ledger", request.now)
    pages = Paginator(queries.entries(action=wanted).exclude(about__in=_kept_from(request)), ON_A_PAGE)
    shown = pages.get_page(request.GET.get("page"))
    page = {
        "verification": queries.verification(newest=CHECKED_ON_A_PAGE),
        "lines": _lines(list(shown.object_list)),
        "shown": shown,
        "wanted": wanted,
    }
    return render(request, "ledger/list.html", page)


def _kept_from(request: StaffRequest) -> list[str]:
    """What this person may not read about: to see who reported it, and when, would be to read of it.

    Above all, whoever an allegation is about never learns from here who made it.
    """
    assert request.person is not None, "who holds a role is somebody"
    cases = concerns.concerns_for(request.person, request.roles).values("pk")
    seen = alerts.alerts_for(request.person, request.roles).values("pk")
    return [
        *(f"concern:{key}" for key in Concern.objects.exclude(pk__in=cases).values_list("pk", flat=True)),
        *(f"alert:{key}" for key in Alert.objects.exclude(pk__in=seen).values_list("pk", flat=True)),
    ]


def _lines(entries: list[Entry]) -> list[Line]:
    ids = {str(entry.by) for entry in entries if entry.by}
    ids |= {entry.about.partition(":")[2] for entry in entries if entry.about.startswith("person:")}
    names = {str(person.id): str(person) for person in Person.objects.filter(pk__in=ids)}
    return [
        Line(
            entry,
            names.get(str(entry.by), "somebody no longer known") if entry.by else "Schoolgate",
            names.get(entry.about.partition(":")[2], entry.about),
        )
        for entry in entries
    ]
