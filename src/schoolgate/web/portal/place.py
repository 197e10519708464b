"""Which device a child's browser sits on: from the gate's ticket first, from our own sealed cookie after that.

The ticket is short-lived and comes from the gate, which saw the address.
Signing the agreement with a teacher takes longer than a ticket lives, so the
cookie carries address and wanted page on, for this device and this school day.
It opens nothing: only a card or a witness does.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from schoolgate.access import queries, rules, services
from schoolgate.gate import ticket as tickets
from schoolgate.kernel.errors import Malformed, Refused

COOKIE = "portal-place"
SALT = "portal-place-until"  # names what lies in the cookie: one that held other things is not taken for ours
PATH = "/portal/"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the browser sits.

    Attributes:
        address: of the device, as the gate saw it.
        back: the page that was asked for, when it is one to go back to; else "".
    """

    address: str
    back: str


def from_ticket(request: HttpRequest, now: datetime) -> Place | None:
    """Return the place that the request's ticket names; None without a good ticket."""
    try:
        ticket = tickets.read(request.GET.get("ticket", ""), now, tickets.secret(services.gate_keys()))
        return Place(queries.canonical_address(ticket.address), safe_back(ticket.back))
    except (Malformed, Refused):
        return None


def from_cookie(request: HttpRequest, now: datetime) -> Place | None:
    """Return the place that an earlier ticket named on this device today, or None."""
    text = request.get_signed_cookie(COOKIE, default="", salt=SALT)  # "" too when somebody changed it
    if not text:
        return None
    address, back, until = json.loads(text)
    # A browser forgets the cookie then by itself; whoever has copied it does not.
    return Place(address, back) if now.timestamp() < until else None


def remember(response: HttpResponse, place: Place, now: datetime) -> HttpResponse:
    """Keep *place* on the device until the end of the school day."""
    until = rules.end_of_school_day(now, queries.zone())
    response.set_signed_cookie(
        COOKIE,
        json.dumps([place.address, place.back, until.timestamp()]),
        salt=SALT,
        max_age=int((until - now).total_seconds()),
        path=PATH,
        httponly=True,
        samesite="Lax",
        secure=settings.IS_HTTPS,
    )
    return response


def safe_back(text: str) -> str:
    """Return *text* if it is a web address that a link may hold, else "". The gate judges it again when it is followed."""
    if any(ord(sign) <= 32 or ord(sign) == 127 or sign == "\\" for sign in text):
        return ""
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return text if parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc else ""
