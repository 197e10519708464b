"""A school's gate on disk, as a real one has it: keys, lists, a policy, and the release made of them."""

from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from schoolgate.filtering import services
from schoolgate.filtering.models import Publication
from schoolgate.gate import keys
from schoolgate.gate.lists import importing

POLICY = Path(__file__).parents[1] / "examples" / "primary.toml"
LISTS = {
    "gambling": "casino.test\nbets.test\n",
    "violence": "fights.test\n",
    "illegal.other": "locked.test\n",
}
OPENED = '\n[[rules]]\nid = "R-9"\nallow = "opened.test"\napprover = "Head"\nreason = "A lesson"\n'
HELP = '\n[[help]]\nid = "H-test"\nsite = "help.test"\ntitle = "A help line"\n'


def take(category: str, names: str, now: datetime) -> None:
    """Import one list."""
    file = settings.DATA_DIR / f"{category}.txt"
    file.write_text(names)
    into = settings.LISTS_DIR
    importing.take(file, importing.discovered()["domains"], into, now.astimezone(UTC), category=category, name=category)


def prepare(now: datetime, lists: dict[str, str] | None = None, policy: str = "") -> Publication:
    """Make everything and put the release in force."""
    keys.create(settings.KEYS_DIR / "gate")
    settings.LISTS_DIR.mkdir(parents=True)
    for category, names in (LISTS if lists is None else lists).items():
        take(category, names, now)
    settings.GATE_POLICY_FILE.write_text(policy or POLICY.read_text() + OPENED)
    publication = services.publish_release(now)
    assert publication.why_not == ""
    return publication
