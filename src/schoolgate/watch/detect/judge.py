"""From hits to one detection. Pure: more evidence never lowers what it says."""

from collections.abc import Iterable
from dataclasses import dataclass

from schoolgate.watch.detect.detection import CATEGORIES, NOTHING, Because, Detection
from schoolgate.watch.detect.rules import Rule

KEPT_ONLY = 1
PAGE_CEILING = 2
TITLE_CEILING = 3
ADULT_FROM = 18
TITLE_WORDS = 20


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that was found.

    Attributes:
        rule: which.
        span: where, in characters of the original text.
        disguised: only the unfolded view shows it, because its spelling hid it.
        lowered: a context explains it.
        body: it stands in the text of a page, which somebody else wrote.
        title: it stands in the title of a page, and does not speak of the reader.
    """

    rule: Rule
    span: tuple[int, int]
    disguised: bool = False
    lowered: bool = False
    body: bool = False
    title: bool = False

    def grade(self, age: int | None) -> int:
        """Its urgency. Disguise raises it by one, for hiding is a sign too; a page never goes above the weekly list, a headline not above the daily one."""
        if self.lowered or (self.rule.adults and age is not None and age >= ADULT_FROM):
            return KEPT_ONLY
        grade = self.rule.grade
        if self.disguised and not self.rule.help:
            grade = max(grade, min(grade + 1, self.rule.ceiling))
        if self.body:
            return min(grade, PAGE_CEILING)
        return min(grade, TITLE_CEILING) if self.title else grade


def judge(hits: Iterable[Hit], age: int | None = None) -> Detection:
    """Return what all *hits* of one text come to.

    The most urgent names the event; of two alike the longer match, then the
    more urgent category. Grade and confidence are the highest of any: they
    never fall when a hit is added.
    """
    found = list(hits)
    if not found:
        return NOTHING
    graded = [(hit, hit.grade(age)) for hit in found]
    first = max(graded, key=_weight)[0]
    grade = max(grade for _, grade in graded)
    doubt = 1.0
    for rule in {hit.rule for hit in found}:
        explained = all(hit.lowered for hit in found if hit.rule is rule)
        doubt *= 1 - (rule.sure / 3 if explained else rule.sure)
    because = sorted({(hit.span, hit.rule.id) for hit in found})
    return Detection(
        category=first.rule.category,
        grade=grade,
        confidence=round(min(1 - doubt, 0.99), 3),
        because=tuple(Because(span, rule) for span, rule in because),
        help_seeking=any(hit.rule.help and not hit.lowered for hit in found),
    )


def _weight(graded: tuple[Hit, int]) -> tuple[int, int, int, str]:
    hit, grade = graded
    length = hit.span[1] - hit.span[0]
    return grade, length, -CATEGORIES.index(hit.rule.category), hit.rule.id
