"""Who are you, what do you promise, off you go: the pages for children's devices. They need no account."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from schoolgate.access import queries, services
from schoolgate.access.models import AgreementVersion
from schoolgate.access.rules import Audience, Method
from schoolgate.access.services.portal import TooManyTries
from schoolgate.kernel.errors import NotFound
from schoolgate.people.models import Person
from schoolgate.web.access.wording import blocks
from schoolgate.web.permissions import public
from schoolgate.web.portal import place as places
from schoolgate.web.portal.forms import CardForm, PromiseForm
from schoolgate.web.portal.place import Place
from schoolgate.web.request import StaffRequest

TOGETHER = frozenset({Audience.KS1, Audience.KS2})  # who signs here, with a grown-up beside them


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@public
def portal(request: StaffRequest) -> HttpResponse:
    """Ask whose card it is, and sign its owner in on this device."""
    place = places.from_ticket(request, request.now)
    if place is None:
        known = places.from_cookie(request, request.now)
        return redirect("portal-hello") if known else render(request, "portal/lost.html")
    if request.method != "POST" and queries.person_at(place.address, request.now) is not None:
        return places.remember(redirect("portal-hello"), place, request.now)
    form = CardForm(request.POST if request.method == "POST" else None)
    device = queries.device_at(place.address)
    if device is None:
        return render(request, "portal/lost.html", {"is_unknown": True})
    person = _holder(form, place, request) if form.is_valid() else None
    if person is None:
        page = {"form": form, "device": device}
        return render(request, "portal/card.html", page, status=422 if form.is_bound else 200)
    services.sign_in_at(place.address, person, request.now)
    return places.remember(redirect("portal-hello"), place, request.now)


@never_cache
@require_safe
@public
def hello(request: StaffRequest) -> HttpResponse:
    """Greet whoever is signed in here, and say what they may do now."""
    place, person = _here(request)
    if place is None or person is None:
        return render(request, "portal/lost.html")
    standing = queries.places([person], request.now)[0]
    if standing.grant.reason == "unsigned" and standing.audience in TOGETHER:
        return redirect("portal-promise")
    return render(request, "portal/hello.html", {"place": place, "standing": standing})


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@public
def promise(request: StaffRequest) -> HttpResponse:
    """Have the child promise, and a grown-up of the school confirm it on the same screen."""
    place, person = _here(request)
    if place is None or person is None:
        return render(request, "portal/lost.html")
    standing = queries.places([person], request.now)[0]
    if standing.grant.reason != "unsigned" or standing.audience not in TOGETHER:
        return redirect("portal-hello")
    version = queries.version_for(person, queries.day_of(request.now))
    form = PromiseForm(request.POST if request.method == "POST" else None, initial={"version": version.id})
    witness = _witness(form, place, request) if form.is_valid() else None
    if witness is None:
        page = {
            "someone": person,
            "agreement": version.agreement,
            "words": blocks(version.text),
            "sanctions": blocks(version.sanctions),
            "form": form,
        }
        return render(request, "portal/promise.html", page, status=422 if form.is_bound else 200)
    shown = AgreementVersion.objects.filter(pk=form.cleaned_data["version"]).first()
    if shown is None:
        raise NotFound("There is no such agreement.")
    services.sign(person, shown, method=Method.WITH_TEACHER, by=witness, now=request.now)
    return redirect("portal-hello")


@never_cache
@require_POST
@public
def finished(request: StaffRequest) -> HttpResponse:
    """Sign out whoever is signed in on this device."""
    place = places.from_cookie(request, request.now)
    if place is not None:
        services.sign_out_at(place.address, request.now)
    response = render(request, "portal/bye.html")
    response.delete_cookie(places.COOKIE, path=places.PATH)
    return response


def _here(request: StaffRequest) -> tuple[Place | None, Person | None]:
    place = places.from_cookie(request, request.now)
    return place, queries.person_at(place.address, request.now) if place else None


def _holder(form: CardForm, place: Place, request: StaffRequest) -> Person | None:
    try:
        person = services.person_with_card(form.cleaned_data["code"], place.address, request.now)
    except TooManyTries as refusal:
        form.add_error("code", f"{refusal} {refusal.hint}")
        return None
    if person is None:
        form.add_error("code", "That is not a card we know. Look at it again, or ask a grown-up.")
    return person


def _witness(form: PromiseForm, place: Place, request: StaffRequest) -> Person | None:
    given = form.cleaned_data
    try:
        person = services.confirm_witness(given["email"], given["password"], place.address, request.now)
    except TooManyTries as refusal:
        form.add_error("password", f"{refusal} {refusal.hint}")
        return None
    if person is None:
        form.add_error("password", "This e-mail address and password are not those of somebody who works here.")
    return person
