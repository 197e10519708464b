"""The register of devices, from a small table that the technician keeps."""

import csv
import io
from datetime import datetime
from pathlib import Path

from django.db import transaction

from schoolgate.access import queries
from schoolgate.access.models import Ceiling, Device
from schoolgate.access.services.board import publish_after_commit
from schoolgate.kernel.errors import Malformed
from schoolgate.ledger import services as ledger
from schoolgate.people.models import Person

COLUMNS = ("address", "name", "room", "profile", "person")
MOST_BYTES = 5 * 1024 * 1024


@transaction.atomic
def import_devices(path: Path, *, by: Person | None, now: datetime) -> int:
    """Enter or change the devices listed at *path*. Devices that it does not list stay as they are.

    Columns: address, name, room, profile ("", "shelf" or "no-internet"), and
    person, the external id of a device's only user, or empty.

    Returns:
        How many were entered or changed.

    Raises:
        Malformed: with the line number. Nothing is changed.
    """
    if path.stat().st_size > MOST_BYTES:
        raise Malformed(f"{path.name} is too large to be a list of devices", "it may hold at most 5 MB")
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Malformed(f"{path.name} is not text in UTF-8", "save it as `CSV UTF-8`") from None
    rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    if tuple(rows.fieldnames or ()) != COLUMNS:
        raise Malformed(f"line 1 of {path.name} does not name the columns", f"it must read {','.join(COLUMNS)}")
    seen: dict[str, int] = {}
    n_changed = 0
    for row in rows:
        n_changed += _enter(row, path.name, rows.line_num, seen)
    if n_changed:
        ledger.record("imported devices", by=by, about="devices", at=now, said={"changed": n_changed})
        publish_after_commit(now)
    return n_changed


def _enter(row: dict[str, str], file: str, line: int, seen: dict[str, int]) -> bool:
    if None in row or None in row.values():
        raise Malformed(f"line {line} of {file} does not have {len(COLUMNS)} cells")
    cells = {key: value.strip() for key, value in row.items()}
    try:
        address = queries.canonical_address(cells["address"])
    except Malformed as error:
        raise Malformed(f"line {line} of {file}: {error}", error.hint) from None
    if address in seen:
        raise Malformed(f"line {line} of {file}: {address} stands in line {seen[address]} already")
    seen[address] = line
    if not cells["name"]:
        raise Malformed(f"line {line} of {file}: the device has no name")
    if cells["profile"] not in Ceiling.values:
        raise Malformed(
            f"line {line} of {file}: `{cells['profile']}` is no profile of a device",
            "use shelf, no-internet or nothing",
        )
    person = None
    if cells["person"]:
        person = Person.objects.filter(external_id=cells["person"]).first()
        if person is None:
            raise Malformed(f"line {line} of {file}: there is nobody with the id `{cells['person']}`")
    facts = {"name": cells["name"], "room": cells["room"], "profile": cells["profile"], "person": person}
    known = Device.objects.filter(address=address).first()
    if known is not None and all(getattr(known, key) == value for key, value in facts.items()):
        return False
    Device.objects.update_or_create(address=address, defaults=facts)
    return True
