"""Reading the ledger: its entries, and whether they are still what they were."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connection
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from schoolgate.gate import keys
from schoolgate.kernel.errors import Malformed, Refused
from schoolgate.ledger import chain
from schoolgate.ledger.models import Entry
from schoolgate.ledger.services import head_file, key_folder

READ_AT_ONCE = 500
UNREADABLE = (ValueError, TypeError, OverflowError, DatabaseError)  # what a damaged value becomes on its way to us


def entries(*, action: str = "", by: UUID | None = None, about: str = "") -> QuerySet[Entry]:
    """Entries, newest first: those whose action holds a text, by one person, about one thing."""
    wanted = Q()
    if action:
        wanted &= Q(action__icontains=action)
    if by is not None:
        wanted &= Q(by=by)
    if about:
        wanted &= Q(about=about)
    return Entry.objects.filter(wanted).order_by("-seq")


def links(after: int = 0) -> Iterator[chain.Link]:
    """Every entry with a number above *after* as the chain sees it, in the order of its number.

    An entry that a damaged byte has made unreadable is still given, so that
    the check can name it instead of failing on it.
    """
    written = Entry.objects.annotate(at_text=Cast("at", TextField()), by_text=Cast("by", TextField())).order_by("seq")
    numbers = list(Entry.objects.filter(seq__gt=after).order_by("seq").values_list("seq", flat=True))
    for start in range(0, len(numbers), READ_AT_ONCE):
        some = numbers[start : start + READ_AT_ONCE]
        try:
            entries_read = {entry.seq: entry for entry in written.filter(seq__in=some)}
        except UNREADABLE:
            entries_read = {}
        for seq in some:
            yield _link_of(entries_read.get(seq) or _alone(written, seq), seq)


def stored(seq: int) -> Entry | None:
    """The entry that stands at a number; None when there is none, or it can no longer be read."""
    try:
        entry = Entry.objects.filter(seq=seq).first()
    except UNREADABLE:
        return None
    # A moment that is none comes as None from some databases, and as an error from others.
    return None if entry is None or entry.at is None else entry


def verification(newest: int | None = None) -> chain.Verification:
    """Check every entry, its place, and the end, against the key and the sealed head.

    Args:
        newest: check only so many entries at the end, which a page can wait
            for; what stands before them is taken on trust.
    """
    try:
        key = keys.public_key(key_folder())
    except (Refused, Malformed) as error:
        if not Entry.objects.exists() and not head_file().exists():
            return chain.Verification(True, 0, None, "")
        return chain.Verification(False, 0, 1, f"nothing can be checked: {error}")
    try:
        head = chain.head_from_bytes(head_file().read_bytes(), key)
    except FileNotFoundError:
        if not Entry.objects.exists():
            # The key is made together with the first head. Without one, whoever emptied the ledger took it away.
            return chain.Verification(
                False, 0, 1, "the ledger is empty and its sealed head is missing, but not its key"
            )
        head = None
    except Malformed as error:
        return chain.Verification(False, 0, 1, str(error))
    try:
        after = _before_newest(newest) if newest is not None else chain.NOTHING
        return chain.verify(links(after.seq), key, head, after)
    except DatabaseError as error:
        return chain.Verification(False, 0, 1, f"the database cannot be read: {error}")


def _before_newest(n_entries: int) -> chain.Head:
    """The place in the chain before its last *n_entries*; its beginning when there are no more than that."""
    last = Entry.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
    before = Entry.objects.filter(seq=last - n_entries).values_list("seq", "hash").first()
    return chain.Head(*before) if before else chain.NOTHING


def _alone(written: "QuerySet[Any]", seq: int) -> Any:
    """One entry, or None when it cannot be read."""
    try:
        return written.filter(seq=seq).first()
    except UNREADABLE:
        return None


def _link_of(entry: Any, seq: int) -> chain.Link:
    """One stored entry as the chain sees it. What is not stored exactly as we write it is passed on as unreadable."""
    if entry is None or not _is_as_written(entry):
        return chain.Link(seq, datetime.min.replace(tzinfo=UTC), "", "", "", "", "", "", "")
    by = str(entry.by) if entry.by else ""
    return chain.Link(
        entry.seq, entry.at, entry.action, by, entry.about, entry.said_json, entry.previous, entry.hash, entry.seal
    )


def _is_as_written(entry: Any) -> bool:
    """Tell whether the two values that have several spellings stand in the one that we write."""
    if entry.at is None:
        return False
    at = connection.ops.adapt_datetimefield_value(entry.at)
    by = "" if entry.by is None else str(entry.by)
    if not connection.features.has_native_uuid_field:
        by = by.replace("-", "")
    return (not isinstance(at, str) or at == entry.at_text) and by == (entry.by_text or "")
