"""Who may open a page. Every view carries exactly one of these decorators; a test walks all addresses.

The decorator leaves its answer on the view as `view.allowed`, so that the
navigation, the tests and the documentation read the same fact.
"""

from collections.abc import Callable
from enum import Enum
from functools import wraps
from typing import Any

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from schoolgate.people.rules import Role

View = Callable[..., Any]


class Anyone(Enum):
    """The two answers that are not a set of roles."""

    PUBLIC = "public"  # no sign-in: sign-in itself, a pupil's portal, health
    SIGNED_IN = "signed in"  # any account of somebody who has a role today


Allowed = Anyone | frozenset[Role]


def public(view: View) -> View:
    """Let everyone in, signed in or not."""
    return _guard(view, Anyone.PUBLIC)


def signed_in(view: View) -> View:
    """Let in whoever is signed in and holds any role today."""
    return _guard(view, Anyone.SIGNED_IN)


def allow(*roles: Role) -> Callable[[View], View]:
    """Let in whoever holds one of *roles* today.

    Raises:
        ValueError: without roles. A page for nobody is a mistake.
    """
    if not roles:
        raise ValueError("allow() needs at least one role; use public or signed_in for the rest")
    return lambda view: _guard(view, frozenset(roles))


def may_open(allowed: Allowed, roles: frozenset[Role]) -> bool:
    """Tell whether somebody in *roles* (empty: no live role) may open a page that carries *allowed*."""
    if allowed is Anyone.PUBLIC:
        return True
    if allowed is Anyone.SIGNED_IN:
        return bool(roles)
    return bool(roles & allowed)


def allowed_by(view: View) -> Allowed:
    """Return whom *view* lets in, as its decorator says."""
    allowed: Allowed = view.allowed  # type: ignore[attr-defined]  # `_guard` puts it there
    return allowed


def _guard(view: View, allowed: Allowed) -> View:
    if hasattr(view, "allowed"):
        raise ValueError(f"{view.__name__} says twice who may open it")
    guarded: View
    if iscoroutinefunction(view):

        @wraps(view)
        async def guarded_in_a_loop(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
            refusal = await sync_to_async(_refusal)(request, allowed)
            answer: HttpResponse = refusal or await view(request, *arguments, **named)
            return answer

        guarded = guarded_in_a_loop
    else:

        @wraps(view)
        def guarded_in_a_thread(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
            answer: HttpResponse = _refusal(request, allowed) or view(request, *arguments, **named)
            return answer

        guarded = guarded_in_a_thread
    guarded.allowed = allowed  # type: ignore[union-attr]  # the record that navigation and tests read
    return guarded


def _refusal(request: HttpRequest, allowed: Allowed) -> HttpResponse | None:
    """The answer instead of the page: None when they may open it."""
    roles: frozenset[Role] = request.roles  # type: ignore[attr-defined]  # see request.StaffRequest
    if may_open(allowed, roles):
        return None
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path(), reverse("account_login"))
    who = sorted(role.label for role in allowed) if isinstance(allowed, frozenset) else []
    return render(request, "403.html", {"who": who, "has_role": bool(roles)}, status=403)
