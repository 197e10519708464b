"""The words that people sign: read from a file, published as a version."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from schoolgate.access import queries
from schoolgate.access.models import Agreement, AgreementVersion
from schoolgate.access.rules import Audience
from schoolgate.access.services.board import publish_after_commit
from schoolgate.kernel.errors import Malformed, Refused
from schoolgate.ledger import services as ledger
from schoolgate.people.models import Person

SANCTIONS_BEGIN = "<!-- sanctions -->"
MOST_BYTES = 100 * 1024
_HEADER = re.compile(r"\A---\n(.*?)\n---\n(.*)\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Draft:
    """An agreement as somebody wrote it.

    Attributes:
        code: short name, "staff".
        audience: whom it is meant for.
        title: heading of the page.
        text: what is expected, in Markdown.
        sanctions: what follows when it is not kept, in Markdown.
    """

    code: str
    audience: Audience
    title: str
    text: str
    sanctions: str


def read_draft(path: Path) -> Draft:
    """Read an agreement: `code`, `audience` and `title` between two lines `---`, then the words.

    The line `<!-- sanctions -->` parts what is expected from what follows
    when it is not kept (promise AUP-2 asks for both).

    Raises:
        Malformed: if something of this is missing.
    """
    if path.stat().st_size > MOST_BYTES:
        raise Malformed(f"{path.name} is too long for an agreement", "people sign what they can read")
    try:
        content = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise Malformed(f"{path.name} is not text in UTF-8") from None
    parts = _HEADER.match(content)
    if parts is None:
        raise Malformed(f"{path.name} does not begin with its code, audience and title between two lines `---`")
    header = dict(re.findall(r"(?m)^(\w+): *(.+?) *$", parts[1]))
    if set(header) != {"code", "audience", "title"}:
        raise Malformed(
            f"{path.name} begins with {', '.join(sorted(header)) or 'nothing'}", "it needs code, audience, title"
        )
    if header["audience"] not in Audience.values:
        raise Malformed(f"`{header['audience']}` is no audience", f"use one of {', '.join(Audience.values)}")
    text, mark, sanctions = parts[2].partition(SANCTIONS_BEGIN)
    if not (mark and text.strip() and sanctions.strip()):
        raise Malformed(
            f"{path.name} does not say what is expected and what follows", f"part the two with `{SANCTIONS_BEGIN}`"
        )
    return Draft(header["code"], Audience(header["audience"]), header["title"], text.strip(), sanctions.strip())


@transaction.atomic
def publish_version(
    draft: Draft, *, effective_on: date, by: Person | None, now: datetime, is_material: bool = True
) -> AgreementVersion:
    """Publish the next version of an agreement. A material one makes older signatures stop counting on its day.

    Raises:
        Refused: if the words have not changed, or the day lies before that of
            the version before.
    """
    agreement, _ = Agreement.objects.get_or_create(
        audience=draft.audience, defaults={"code": draft.code, "title": draft.title}
    )
    newest = agreement.versions.order_by("-number").first()
    if newest is not None and (newest.text, newest.sanctions) == (draft.text, draft.sanctions):
        raise Refused(f"Version {newest.number} of this agreement has the same words already.")
    if newest is not None and effective_on < newest.effective_on:
        raise Refused(
            f"Version {newest.number} begins on {newest.effective_on:%-d %B %Y}; the next cannot begin earlier."
        )
    version = AgreementVersion.objects.create(
        agreement=agreement,
        number=newest.number + 1 if newest else 1,
        text=draft.text,
        sanctions=draft.sanctions,
        effective_on=effective_on,
        is_material=is_material or newest is None,
    )
    ledger.record(
        "published agreement",
        by=by,
        about=f"agreement:{agreement.code}",
        at=now,
        said={"version": version.number, "text": queries.text_hash(version), "effective_on": effective_on.isoformat()},
    )
    publish_after_commit(now)
    return version
