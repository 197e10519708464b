"""Reading the ledger: its entries, and whether they are still what they were."""

from collections.abc import Iterator
from uuid import UUID

from django.db.models import Q, QuerySet

from schoolgate.gate import keys
from schoolgate.kernel.errors import Malformed, Refused
from schoolgate.ledger import chain
from schoolgate.ledger.models import Entry
from schoolgate.ledger.services import head_file, key_folder


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


def links() -> Iterator[chain.Link]:
    """Every entry as the chain sees it, in the order of its number."""
    for entry in Entry.objects.order_by("seq").iterator(chunk_size=2000):
        yield link_of(entry)


def link_of(entry: Entry) -> chain.Link:
    """One stored entry as the chain sees it."""
    by = str(entry.by) if entry.by else ""
    return chain.Link(
        entry.seq, entry.at, entry.action, by, entry.about, entry.said_json, entry.previous, entry.hash, entry.seal
    )


def verification() -> chain.Verification:
    """Check every entry, its place, and the end, against the key and the sealed head."""
    try:
        key = keys.public_key(key_folder())
    except (Refused, Malformed) as error:
        if not Entry.objects.exists() and not head_file().exists():
            return chain.Verification(True, 0, None, "")
        return chain.Verification(False, 0, 1, f"nothing can be checked: {error}")
    try:
        head = chain.head_from_bytes(head_file().read_bytes(), key)
    except FileNotFoundError:
        head = None
    except Malformed as error:
        return chain.Verification(False, 0, 1, str(error))
    return chain.verify(links(), key, head)
