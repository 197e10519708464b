"""One thing that happened on the network, as the gate writes it and the watch reads it."""

import json
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from schoolgate.kernel.errors import Malformed


@dataclass(frozen=True, slots=True)
class Activity:
    """One request at the gate, and what was decided about it.

    Written before the request is carried out, so that what cannot be recorded
    is not allowed. Holds references, never names: `person` and `device` are
    the opaque ids of the register.

    Attributes:
        id: unique, sortable by time; the same activity sent twice has one id.
        at: aware, UTC.
        edge: which adapter saw it: "proxy".
        address: the client's IP address.
        device: id in the device register, or None when the address is unknown.
        person: id of the person, or None when nobody is known.
        profile: the profile that was applied.
        method: HTTP method, upper case ("CONNECT" for a tunnel).
        url: canonical URL; for a tunnel "https://host:port/".
        outcome: "allow" or "block".
        tier: the tier of the decision that settled it.
        rule: the id of the rule that settled it.
        categories: category codes of the address, sorted.
        statement: id of the policy statement that the rule keeps, or "".
        release: id of the release that decided, or "" when there was none.
    """

    id: str
    at: datetime
    edge: str
    address: str
    device: str | None
    person: str | None
    profile: str
    method: str
    url: str
    outcome: str
    tier: str
    rule: str
    categories: tuple[str, ...]
    statement: str
    release: str

    def to_line(self) -> bytes:
        """Return the activity as one line of JSON, newline included."""
        # Once a request at the gate: `asdict` copies deeply, and `dumps` makes a new encoder each time.
        record = {name: getattr(self, name) for name in _NAMES}
        record["at"] = self.at.isoformat()
        return _encoded(record).encode() + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> "Activity":
        """Read back what `to_line` wrote.

        Raises:
            Malformed: if the line is not one whole activity.
        """
        try:
            record: dict[str, Any] = json.loads(line)
            record["at"] = datetime.fromisoformat(record["at"])
            record["categories"] = tuple(record["categories"])
            activity = cls(**{name: record[name] for name in _NAMES})
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Malformed(f"not an activity: {line[:120]!r}") from error
        if activity.at.tzinfo is None:
            raise Malformed(f"an activity without a time zone: {line[:120]!r}")
        return activity


_NAMES = tuple(field.name for field in fields(Activity))
_encoded = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode
