"""Classes, who is in them, and what each may use now."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from schoolgate.access import queries as access
from schoolgate.people import queries
from schoolgate.people.models import Group, Person
from schoolgate.people.rules import Part, Role
from schoolgate.web.permissions import allow
from schoolgate.web.request import StaffRequest

SEE_ALL = frozenset({Role.HEAD, Role.DSL, Role.DEPUTY, Role.TECHNICIAN})
SUSPENDERS = frozenset({Role.HEAD, Role.DSL})


@dataclass(frozen=True, slots=True)
class ClassList:
    """A class as the page shows it."""

    group: Group
    teachers: list[Person]
    places: list[access.Place]


@require_safe
@allow(Role.HEAD, Role.DSL, Role.DEPUTY, Role.TECHNICIAN, Role.TEACHER)
def people(request: StaffRequest) -> HttpResponse:
    """Show the classes that this person may see: a teacher their own, the others all, and the staff too."""
    assert request.person is not None, "who holds a role is somebody"
    today = access.day_of(request.now)
    sees_all = bool(request.roles & SEE_ALL)
    groups = queries.classes() if sees_all else queries.classes_of(request.person, Part.TEACHER, today)
    page = {
        "classes": [
            ClassList(group, list(queries.teachers_of(group, today)), access.class_places(group, request.now))
            for group in groups
        ],
        "staff": access.places(queries.staff(today), request.now) if sees_all else [],
        "may_suspend": bool(request.roles & SUSPENDERS),
    }
    return render(request, "people/list.html", page)
