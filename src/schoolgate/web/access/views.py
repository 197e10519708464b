"""Who has signed, and whose access is taken away."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from schoolgate.access import queries, services
from schoolgate.access.models import Signature, Suspension
from schoolgate.kernel.errors import NotFound
from schoolgate.ledger.services import record_read
from schoolgate.people import queries as people
from schoolgate.people.models import Person
from schoolgate.people.rules import Part, Role
from schoolgate.web.access.forms import BecauseForm, SuspendForm
from schoolgate.web.permissions import allow, signed_in
from schoolgate.web.request import StaffRequest

OVERSEERS = frozenset({Role.HEAD, Role.DSL, Role.DEPUTY})


@require_safe
@signed_in
def agreements(request: StaffRequest) -> HttpResponse:
    """Show one's own agreement and classes; head and safeguarding team see the share that has signed everywhere."""
    assert request.person is not None, "who holds a role is somebody"
    own = queries.places([request.person], request.now)[0]
    page = {
        "own": own,
        "classes": people.classes_of(request.person, Part.TEACHER, queries.day_of(request.now)),
        "shares": queries.shares(request.now) if request.roles & OVERSEERS else [],
        "may_suspend": bool(request.roles & {Role.HEAD, Role.DSL}),
    }
    return render(request, "access/agreements.html", page)


@require_safe
@allow(Role.HEAD, Role.DSL)
def signatures(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """Show every signature of one person, the withdrawn ones too."""
    person = _person(person_id)
    page = {"someone": person, "signatures": queries.signatures_of(person)}
    return render(request, "access/signatures.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(Role.HEAD, Role.DSL)
def withdraw(request: StaffRequest, signature_id: UUID) -> HttpResponse:
    """Withdraw a signature with a reason."""
    signature = Signature.objects.filter(pk=signature_id).select_related("person", "version__agreement").first()
    if signature is None:
        raise NotFound("There is no such signature.")
    form = BecauseForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        page = {"signature": signature, "form": form}
        return render(request, "access/withdraw.html", page, status=422 if form.is_bound else 200)
    assert request.person is not None, "who holds a role is somebody"
    services.withdraw_signature(signature_id, by=request.person, because=form.cleaned_data["because"], now=request.now)
    messages.success(request, "The signature is withdrawn, and counts no longer.")
    return redirect("signatures", signature.person_id)


@require_safe
@allow(Role.HEAD, Role.DSL)
def suspensions(request: StaffRequest) -> HttpResponse:
    """Show whose access is taken away, and why. Reading is recorded."""
    record_read("suspensions", request.person, "suspensions", request.now)
    page = {"suspensions": queries.suspensions_in_force(request.now)}
    return render(request, "access/suspensions.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(Role.HEAD, Role.DSL)
def suspend(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """Take a person's access away for a time."""
    person = _person(person_id)
    form = SuspendForm(request.POST if request.method == "POST" else None, today=queries.day_of(request.now))
    if not form.is_valid():
        page = {"someone": person, "form": form}
        return render(request, "access/suspend.html", page, status=422 if form.is_bound else 200)
    assert request.person is not None, "who holds a role is somebody"
    services.suspend(
        person, by=request.person, reason=form.cleaned_data["reason"], now=request.now, ends_at=form.ends_at
    )
    messages.success(request, f"{person} has no internet from now on.")
    return redirect("suspensions")


@require_http_methods(["GET", "HEAD", "POST"])
@allow(Role.HEAD, Role.DSL)
def restore(request: StaffRequest, suspension_id: UUID) -> HttpResponse:
    """Give access back, with a reason."""
    suspension = Suspension.objects.filter(pk=suspension_id).select_related("person", "by").first()
    if suspension is None:
        raise NotFound("There is no such suspension.")
    form = BecauseForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        page = {"suspension": suspension, "form": form}
        return render(request, "access/restore.html", page, status=422 if form.is_bound else 200)
    assert request.person is not None, "who holds a role is somebody"
    services.restore(suspension_id, by=request.person, because=form.cleaned_data["because"], now=request.now)
    messages.success(request, f"{suspension.person} may use again what their signature opens.")
    return redirect("suspensions")


def _person(person_id: UUID) -> Person:
    person = Person.objects.filter(pk=person_id).first()
    if person is None:
        raise NotFound("There is no such person.")
    return person
