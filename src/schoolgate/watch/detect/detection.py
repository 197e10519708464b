"""The answer of the detector: one event's urgency, with every reason."""

from dataclasses import dataclass

# Most urgent first: of two findings with the same grade, the earlier category names the event.
CATEGORIES = (
    "self-harm",
    "disclosure",
    "grooming",
    "violence",
    "extremism",
    "eating",
    "bullying",
    "hate",
    "sexual",
    "drugs",
    "criminal",
    "gambling",
    "circumvention",
)
KINDS = ("search", "page", "prompt", "post")


@dataclass(frozen=True, slots=True)
class Because:
    """One reason.

    Attributes:
        span: the words as they were written, start and end in characters of the text.
        rule: id of the rule, "category/name".
    """

    span: tuple[int, int]
    rule: str


@dataclass(frozen=True, slots=True)
class Detection:
    """What one text may mean. It grades an event, never a child.

    Attributes:
        category: one of `CATEGORIES`, or None when nothing was found.
        grade: urgency: 0 nothing, 1 kept only, 2 weekly summary, 3 daily digest, 4 the same day, 5 at once.
        confidence: 0 to 1, how sure the rules are. It is not urgency: a faint sign of danger is still urgent.
        because: every reason that counted, in the order of the text.
        help_seeking: the writer looks for help. It is never to be treated as misuse.
    """

    category: str | None
    grade: int
    confidence: float
    because: tuple[Because, ...]
    help_seeking: bool


NOTHING = Detection(None, 0, 0.0, (), False)
