"""One thing that happened on the network, as the gate writes it and the watch reads it."""

import json
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from json.encoder import encode_basestring as _text
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
        # Once a request at the gate, so it is written out: a fifth of the time that `json.dumps` takes for the same
        # bytes. What `from_line` reads back by the names of the fields holds the two together.
        device = "null" if self.device is None else _text(self.device)
        person = "null" if self.person is None else _text(self.person)
        return (
            f'{{"id":{_text(self.id)},"at":"{self.at.isoformat()}","edge":{_text(self.edge)},'
            f'"address":{_text(self.address)},"device":{device},"person":{person},"profile":{_text(self.profile)},'
            f'"method":{_text(self.method)},"url":{_text(self.url)},"outcome":{_text(self.outcome)},'
            f'"tier":{_text(self.tier)},"rule":{_text(self.rule)},"categories":[{",".join(map(_text, self.categories))}],'
            f'"statement":{_text(self.statement)},"release":{_text(self.release)}}}\n'
        ).encode()

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
            activity.to_line()  # a value that cannot be written was not written by us
            is_aware = activity.at.tzinfo is not None and activity.at.astimezone(UTC) == activity.at
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
            raise Malformed(f"not an activity: {line[:120]!r}") from error
        if not is_aware:
            raise Malformed(f"an activity without a time zone: {line[:120]!r}")
        return activity


_NAMES = tuple(field.name for field in fields(Activity))
