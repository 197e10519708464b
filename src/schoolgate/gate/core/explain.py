"""A verdict in two registers: a picture and a few words for a child, the reasons for staff."""

from dataclasses import dataclass

from schoolgate.gate.core.categories import CATEGORIES
from schoolgate.gate.core.decide import Verdict
from schoolgate.gate.core.rules import ALLOW, Rules

# Names of the pictures; whoever draws a page has one for each.
PICTURES = ("sun", "signpost", "closed-gate", "pencil", "bookshelf", "clock", "umbrella")

_TELL = "If something worried you, or you need this for your work, tell a grown-up."
_UNSIGNED = frozenset({"unsigned", "no-grant", "grant-ended"})


@dataclass(frozen=True, slots=True)
class ChildWords:
    """What a child sees. No word in it names a harm.

    Attributes:
        picture: one of `PICTURES`.
        heading: a few words.
        body: one to three short sentences.
    """

    picture: str
    heading: str
    body: str


@dataclass(frozen=True, slots=True)
class StaffWords:
    """What staff see.

    Attributes:
        heading: the outcome, and for whom.
        lines: one for each thing that applied, the settling one first; then what would turn it.
        statement_id: the statement behind the verdict, or "".
        statement_text: its sentence, or "".
    """

    heading: str
    lines: tuple[str, ...]
    statement_id: str
    statement_text: str


def for_child(verdict: Verdict, rules: Rules) -> ChildWords:
    """Return the words for a child: kind, short, and silent about what the site is."""
    if verdict.outcome == ALLOW:
        return ChildWords("sun", "You can go here", "Have fun finding things out.")
    if verdict.tier == "locked":
        return ChildWords(
            "umbrella", "This place is closed", "You did nothing wrong. Tell a grown-up what you were looking for."
        )
    if verdict.tier == "standing":
        return _standing_words(verdict.rule.removeprefix("standing/"))
    if verdict.tier == "shelf":
        return ChildWords(
            "bookshelf",
            "Let us look on the shelf",
            "This is not on our shelf. Ask a grown-up to choose something with you.",
        )
    if verdict.tier == "category":
        first = verdict.because[0]
        category = CATEGORIES.get(first.category)
        if _is_timed(first.rule):
            return ChildWords(
                "clock",
                "Not just now",
                f"This is {category.child_label if category else 'for later'}. You can ask a grown-up when.",
            )
        why = f"This site is {category.child_label}." if category else "This site is not right for school."
        return ChildWords("closed-gate", "This site is not for school", f"{why} You are not in trouble. {_TELL}")
    if verdict.tier == "technology":
        return ChildWords("signpost", "We have not checked this yet", f"A grown-up has to look at it first. {_TELL}")
    return ChildWords(
        "signpost",
        "This way is closed",
        f"{rules.school or 'Your school'} keeps this one closed. You are not in trouble. {_TELL}",
    )


def for_staff(verdict: Verdict, rules: Rules) -> StaffWords:
    """Return the words for staff: every reason, with list, version and entry."""
    lines = []
    for reason in verdict.because:
        line = f"{reason.tier}: {reason.outcome} by {reason.rule}"
        if reason.text:
            line += f" — {reason.text}"
        if reason.list:
            line += f" (version {reason.version}, entry {reason.entry})"
        elif reason.entry:
            line += f" (for {reason.entry})"
        if reason.approver:
            line += f", approved by {reason.approver}"
        lines.append(line)
    if verdict.tier == "locked":
        lines.append("Nothing opens this: illegal content stays blocked for everyone.")
    elif verdict.flip:
        lines.append(f"It would turn with: {verdict.flip}")
    done = "Allowed" if verdict.outcome == ALLOW else "Blocked"
    heading = f"{done}: {_settled_by(verdict)}"
    return StaffWords(heading, tuple(lines), verdict.statement, rules.statements.get(verdict.statement, ""))


def _standing_words(reason: str) -> ChildWords:
    if reason in _UNSIGNED:
        return ChildWords(
            "pencil",
            "First we sign our promise",
            "Ask your teacher to sign the promise with you. Then you can go online.",
        )
    if reason == "nobody-signed-in":
        return ChildWords("pencil", "Who is here?", "Ask your teacher to help you sign in.")
    return ChildWords("closed-gate", "No internet here", "This one is not for the internet just now. Ask a grown-up.")


def _settled_by(verdict: Verdict) -> str:
    first = verdict.because[0]
    category = CATEGORIES.get(first.category)
    if verdict.tier in {"locked", "category"} and category is not None:
        return category.label
    return {
        "standing": "no internet for this person or device",
        "help": "help lane",
        "school": "the school's own rule",
        "shelf": "the shelf",
        "technology": "technology not assessed",
    }.get(verdict.tier, "the profile's default")


def _is_timed(rule: str) -> bool:
    return rule.count("/") == 2  # profile/category/window
