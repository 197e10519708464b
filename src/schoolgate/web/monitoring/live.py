"""New alerts on an open page, by server-sent events (the HTML standard, "Server-sent events").

Each open page has its own stream. A stream looks at one number four times a
second, the key of the newest step; only when it has grown, or once a second,
does it ask again who is behind the session and what they may see. The session
is asked for before anything is sent, so nobody is shown an alert after they
signed out, lost the role, or left. What is sent has been read, as far as
anybody can know, and is recorded so.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from importlib import import_module

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import get_user
from django.db import connections
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from schoolgate.monitoring import queries, services
from schoolgate.monitoring.models import AlertStep
from schoolgate.monitoring.queries import Shown
from schoolgate.monitoring.rules import READERS
from schoolgate.people import queries as people
from schoolgate.people.models import Person

POLL_SECONDS = 0.25
CHECK_SECONDS = 1.0
BEAT_SECONDS = 15.0  # most proxies give up on a silent connection after 30 or 60
RETRY_MS = 1000
END = "event: end\ndata: {}\n\n"


@dataclass(slots=True)
class Looked:
    """What one look found.

    Attributes:
        is_over: nobody with the right to alerts is behind the session any more.
        step: the key up to which everything has been sent.
        events: what to send, in order.
    """

    is_over: bool
    step: int
    events: list[str] = field(default_factory=list)


async def stream(session_key: str, after: int | None) -> AsyncIterator[str]:
    """Yield events until the session ends.

    Args:
        session_key: of the session that opened the stream.
        after: the last step that the page has shown; None: only what comes from now on.
    """
    look = sync_to_async(_look)
    try:
        yield f"retry: {RETRY_MS}\n\n"
        step = await sync_to_async(queries.newest_step)() if after is None else after
        checked_at, sent_at = float("-inf"), time.monotonic()
        while True:
            now = time.monotonic()
            looked = await look(session_key, step, must_check=now - checked_at >= CHECK_SECONDS)
            if looked.is_over:
                yield END
                return
            if now - checked_at >= CHECK_SECONDS:
                checked_at = now
            for event in looked.events:
                yield event
            if looked.events:
                sent_at = now
            elif now - sent_at >= BEAT_SECONDS:
                yield ": beat\n\n"
                sent_at = now
            step = looked.step
            await asyncio.sleep(POLL_SECONDS)
    finally:
        await sync_to_async(connections.close_all)()


def _look(session_key: str, step: int, *, must_check: bool) -> Looked:
    newest = queries.newest_step()
    if newest <= step and not must_check:
        return Looked(False, step)
    now = timezone.now()
    person = _person(session_key)
    roles = people.roles_of(person, timezone.localdate(now)) if person else frozenset()
    if person is None or not roles & READERS:
        return Looked(True, step)
    changed = queries.changed_since(step, person, roles) if newest > step else []
    services.read_list(changed, by=person, now=now)
    return Looked(False, max(newest, step), [_event(row, step, newest) for row in queries.shown(changed, now)])


def _person(session_key: str) -> Person | None:
    """The person behind a session that still lasts; a changed password ends it too."""
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    user = get_user(request)
    return people.person_for(user) if user.is_authenticated else None


def _event(row: Shown, step: int, newest: int) -> str:
    """One alert as it stands now. Events go out in the order of their keys: a page that reconnects missed nothing."""
    kinds = set(AlertStep.objects.filter(alert=row.alert, id__gt=step).values_list("kind", flat=True))
    said = ""
    if row.section == "waiting" and kinds & {AlertStep.Kind.OPENED, AlertStep.Kind.JOINED}:
        word = "New alert" if AlertStep.Kind.OPENED in kinds else "More in an alert"
        said = f"{word}. {row.urgency}: {row.theme}{f', {row.place}' if row.place else ''}."
    data = {
        "ref": row.alert.ref,
        "section": row.section,
        "order": row.order,
        "said": said,
        "html": render_to_string("monitoring/card.html", {"row": row}),
    }
    return f"id: {min(row.newest_step, newest)}\nevent: alert\ndata: {json.dumps(data)}\n\n"
