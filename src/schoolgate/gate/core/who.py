"""Who is asking, and what they may use now: the board of standing, read at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

NO_INTERNET = "no-internet"
SHELF = "shelf"

# Profiles that a device keeps whoever holds it: nobody widens what a nursery tablet reaches by signing in on it.
DEVICE_CEILINGS = frozenset({NO_INTERNET, SHELF})


@dataclass(frozen=True, slots=True)
class Grant:
    """What a person may use, as long as it lasts.

    Attributes:
        profile: one of the profiles of the release.
        until: the moment it ends by itself; None while the centre renews it.
        reason: why, in one stable word: "signed", "unsigned", "suspended", "left".
        statement: id of the policy statement behind it, or "".
    """

    profile: str
    until: datetime | None
    reason: str
    statement: str


@dataclass(frozen=True, slots=True)
class Device:
    """A device of the register, known to the gate by its address.

    Attributes:
        id: id in the register.
        profile: a ceiling ("shelf", "no-internet"), or "" when the person's own profile counts.
        person: the one person it belongs to, or None when people sign in on it.
    """

    id: str
    profile: str
    person: str | None


@dataclass(frozen=True, slots=True)
class Session:
    """A person signed in through the portal on the device at one address."""

    person: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Board:
    """All standing at one moment, as the centre published it.

    Attributes:
        serial: grows by one with each publication; a lower one is never taken.
        issued_at: aware, UTC.
        grants: by person id.
        devices: by IP address in its canonical text.
        sessions: by IP address.
    """

    serial: int
    issued_at: datetime
    grants: Mapping[str, Grant] = field(default_factory=dict)
    devices: Mapping[str, Device] = field(default_factory=dict)
    sessions: Mapping[str, Session] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Standing:
    """What the one who asks may use now, and why.

    Attributes:
        profile: the profile that applies.
        reason: "signed" and the like from the grant, or "unknown-device",
            "nobody-signed-in", "no-grant", "grant-ended", "device", "no-board".
        statement: id of the policy statement behind it, or "".
        device: id of the device, or None.
        person: id of the person, or None.
    """

    profile: str
    reason: str
    statement: str
    device: str | None
    person: str | None


def standing(board: Board | None, address: str, now: datetime) -> Standing:
    """Return the standing of whoever asks from *address* at *now*.

    Closed in every doubtful case: no board, an address that the register does
    not hold, nobody signed in, no grant, or a grant that has ended all mean
    the no-internet profile. A moment equal to an end is past the end.
    """
    if board is None:
        return Standing(NO_INTERNET, "no-board", "", None, None)
    device = board.devices.get(address)
    if device is None:
        return Standing(NO_INTERNET, "unknown-device", "", None, None)
    session = board.sessions.get(address)
    person = device.person
    if person is None and session is not None and now < session.until:
        person = session.person
    if device.profile in DEVICE_CEILINGS:
        return Standing(device.profile, "device", "", device.id, person)
    if person is None:
        return Standing(NO_INTERNET, "nobody-signed-in", "", device.id, None)
    grant = board.grants.get(person)
    if grant is None:
        return Standing(NO_INTERNET, "no-grant", "", device.id, person)
    if grant.until is not None and now >= grant.until:
        return Standing(NO_INTERNET, "grant-ended", grant.statement, device.id, person)
    return Standing(grant.profile, grant.reason, grant.statement, device.id, person)
