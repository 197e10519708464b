"""Who asks, and how an answer of "no" becomes a page."""

from collections.abc import Awaitable, Callable
from typing import Any

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.decorators import sync_and_async_middleware

from schoolgate.kernel.errors import Malformed, NotFound, Refused
from schoolgate.people import queries

Next = Callable[[HttpRequest], Any]


@sync_and_async_middleware
def staff_request(get_response: Next) -> Callable[[HttpRequest], Any]:
    """Put the person, the roles of today and the time on each request (see `request.StaffRequest`)."""
    middleware: Callable[[HttpRequest], HttpResponse | Awaitable[HttpResponse]]
    if iscoroutinefunction(get_response):

        async def in_a_loop(request: HttpRequest) -> HttpResponse:
            await sync_to_async(_recognise)(request)
            answer: HttpResponse = await get_response(request)
            return _kept_by_nobody(request, answer)

        middleware = in_a_loop
    else:

        def in_a_thread(request: HttpRequest) -> HttpResponse:
            _recognise(request)
            answer: HttpResponse = get_response(request)
            return _kept_by_nobody(request, answer)

        middleware = in_a_thread
    middleware.process_exception = refusal_page  # type: ignore[union-attr]  # Django finds the hook by this attribute
    return middleware


def refusal_page(request: HttpRequest, error: Exception) -> HttpResponse | None:
    """Turn our own two families of error into pages. This is the one place of the web that does.

    Returns:
        The page; None for every other exception, which is our bug: its detail
        goes to the log, and the reader gets the page that says sorry.
    """
    if isinstance(error, NotFound):
        return render(request, "404.html", status=404)
    if isinstance(error, Refused):
        return render(request, "refused.html", {"refusal": error}, status=409)
    if isinstance(error, Malformed):
        return render(request, "refused.html", {"refusal": error}, status=400)
    return None


def _kept_by_nobody(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """Have no browser keep what somebody signed in has read: the next person at that computer presses "back"."""
    if request.person is not None:  # type: ignore[attr-defined]  # see StaffRequest
        patch_cache_control(answer, private=True, no_store=True)
    return answer


def _recognise(request: HttpRequest) -> None:
    now = timezone.now()
    person = queries.person_for(request.user) if request.user.is_authenticated else None
    roles = queries.roles_of(person, timezone.localdate(now)) if person else frozenset()
    request.person, request.roles, request.now = person, roles, now  # type: ignore[attr-defined]  # see StaffRequest
