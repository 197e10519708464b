"""Signing: one's own agreement, with a class, for a young child."""

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from schoolgate.access import queries, services
from schoolgate.access.models import AgreementVersion
from schoolgate.access.rules import Audience, Method
from schoolgate.kernel.errors import NotFound
from schoolgate.people import queries as people
from schoolgate.people.models import Group, Person
from schoolgate.people.rules import Part, Role
from schoolgate.web.access.forms import ClassForm, OnBehalfForm, OwnForm
from schoolgate.web.access.wording import blocks
from schoolgate.web.permissions import allow, signed_in
from schoolgate.web.request import StaffRequest

WITNESSES = (Role.HEAD, Role.DSL, Role.DEPUTY, Role.TEACHER)
OF_ANY_CLASS = frozenset({Role.HEAD, Role.DSL, Role.DEPUTY})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def sign(request: StaffRequest) -> HttpResponse:
    """Read one's own agreement, and sign it."""
    person = _asker(request)
    place = queries.places([person], request.now)[0]
    version = queries.version_for(person, queries.day_of(request.now))
    form = OwnForm(request.POST if request.method == "POST" else None, initial={"version": version.id})
    if not form.is_valid():
        page = _words(version) | {"place": place, "form": form}
        return render(request, "access/sign.html", page, status=422 if form.is_bound else 200)
    services.sign(person, _shown(form.cleaned_data["version"]), method=Method.OWN, by=person, now=request.now)
    messages.success(request, "You have signed. What it opens is open now.")
    return redirect("agreements")


@require_http_methods(["GET", "HEAD", "POST"])
@allow(*WITNESSES)
def sign_class(request: StaffRequest, code: str) -> HttpResponse:
    """Read the agreement with a class, and confirm who signed."""
    group = _class_of(request, code)
    places = queries.class_places(group, request.now)
    signers = [place for place in places if place.audience in {Audience.KS1, Audience.KS2}]
    # In a class of two key stages the one comes after the other, each with its own words.
    audience = next(
        (place.audience for place in signers if not place.signed_at), signers[0].audience if signers else None
    )
    version = queries.version_in_force(audience, queries.day_of(request.now)) if audience else None
    unsigned = {
        place.person.id: place.person for place in signers if place.audience == audience and not place.signed_at
    }
    form = ClassForm(
        request.POST if request.method == "POST" else None,
        unsigned=unsigned.values(),
        initial={"version": version.id if version else None},
    )
    if not form.is_valid():
        page = {"group": group, "places": places, "n_unsigned": len(unsigned), "form": form}
        page |= _words(version) if version else {}
        return render(request, "access/class.html", page, status=422 if form.is_bound else 200)
    signed = services.sign_class(
        [unsigned[key] for key in form.chosen],
        _shown(form.cleaned_data["version"]),
        witness=_asker(request),
        now=request.now,
    )
    messages.success(request, f"{len(signed)} signed with you.")
    return redirect("class-signing", code)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(*WITNESSES)
def sign_on_behalf(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """Enter the signature that a parent gave for a young child."""
    child = Person.objects.filter(pk=person_id).first()
    group = people.classes_of(child, Part.PUPIL, queries.day_of(request.now)).first() if child else None
    if child is None or group is None:
        raise NotFound("There is no such child.")
    _class_of(request, group.code)
    version = queries.version_for(child, queries.day_of(request.now))
    form = OnBehalfForm(request.POST if request.method == "POST" else None, initial={"version": version.id})
    if not form.is_valid():
        page = _words(version) | {"child": child, "group": group, "form": form}
        return render(request, "access/on-behalf.html", page, status=422 if form.is_bound else 200)
    services.sign(
        child,
        _shown(form.cleaned_data["version"]),
        method=Method.ON_BEHALF,
        by=_asker(request),
        now=request.now,
        on_behalf_by=form.cleaned_data["on_behalf_by"],
        relationship=form.cleaned_data["relationship"],
    )
    messages.success(request, f"The signature for {child} is entered.")
    return redirect("class-signing", group.code)


@require_POST
@never_cache
@allow(*WITNESSES)
def class_cards(request: StaffRequest, code: str) -> HttpResponse:
    """Give each child of a class a new card, and show the codes once, ready to print."""
    group = _class_of(request, code)
    pupils = people.pupils_of(group, queries.day_of(request.now))
    with transaction.atomic():
        cards = [(pupil, services.issue_card(pupil, by=request.person, now=request.now)) for pupil in pupils]
    return render(request, "access/cards.html", {"group": group, "cards": cards})


def _asker(request: StaffRequest) -> Person:
    assert request.person is not None, "who holds a role is somebody"
    return request.person


def _class_of(request: StaffRequest, code: str) -> Group:
    """The class, if it is this person's to sign with: their own, or any for head and safeguarding team."""
    group = queries.class_with_code(code)
    if not request.roles & OF_ANY_CLASS:
        own = people.classes_of(_asker(request), Part.TEACHER, queries.day_of(request.now))
        if not own.filter(pk=group.pk).exists():
            raise NotFound("There is no such class.")
    return group


def _shown(version_id: UUID) -> AgreementVersion:
    """The version that the page showed; the service refuses it if another is in force by now."""
    version = AgreementVersion.objects.filter(pk=version_id).select_related("agreement").first()
    if version is None:
        raise NotFound("There is no such agreement.")
    return version


def _words(version: AgreementVersion) -> dict[str, object]:
    return {"agreement": version.agreement, "words": blocks(version.text), "sanctions": blocks(version.sanctions)}
