"""One text in, one detection out."""

import re

from schoolgate.watch.detect import scanner
from schoolgate.watch.detect.detection import KINDS, NOTHING, Detection
from schoolgate.watch.detect.judge import TITLE_WORDS, Hit, judge
from schoolgate.watch.detect.rules import Rule
from schoolgate.watch.detect.scanner import Found
from schoolgate.watch.detect.views import View, views

# A way to die or to kill is as urgent in a title that a child opened.
MOST_URGENT = 5
# How far a word still explains another.
NEAR_WORDS = 16

# "I want to ..." right before the match, unless it goes on to learning about it.
_INTENT = re.compile(
    r"(?:^| )(?:i|we)(?: (?:really|just|so|do|am|are|was|have|might|may|actually|still|always))*"
    r" (?:want|wanna|need|wish|plan|planning|going|gonna|will|about|ready|thinking|trying|try)(?: (?:to|of|on|just|really))*"
    r"(?! (?:to )?(?:write|writ|know|learn|read|watch|stud|research|understand|do my|do a|make a (?:poster|powerpoint|presentation)"
    r"|explain|revis|play|draw|see|hear|say|ask|talk|find out))"
    r" ?(?:[^ ]+ ){0,2}$"
)


def detect(text: str, kind: str, age: int | None = None) -> Detection:
    """Tell what *text* may mean, and how urgent that is.

    Args:
        text: as it was written, of any length and content.
        kind: "search", "page", "prompt" or "post": the same words mean less on a page that somebody else wrote.
        age: of the writer in whole years, or None when unknown: some searches are ordinary for the staff.

    Raises:
        ValueError: if *kind* is none of the four.
    """
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}, got {kind!r}")
    scan = scanner.shipped()
    hits: dict[Rule, list[Hit]] = {}
    for view in views(text, scan.book.spelling):
        found = scan.scan(view.words, kind)
        if found.rules:
            _collect(hits, view, found, kind)
    return judge((hit for of_rule in hits.values() for hit in of_rule), age) if hits else NOTHING


def _collect(hits: dict[Rule, list[Hit]], view: View, found: Found, kind: str) -> None:
    """Add the hits of one view. What an earlier, plainer view has shown is not counted again."""
    body = kind == "page" and len(view.words) > TITLE_WORDS
    title = kind == "page" and not body
    seen_before = {rule: list(of_rule) for rule, of_rule in hits.items()}
    for rule, start, end in found.rules:
        words = range(start, end)
        span = (view.spans[words[0]][0], max(view.spans[number][1] for number in words))
        if any(hit.span[0] < span[1] and span[0] < hit.span[1] for hit in seen_before.get(rule, ())):
            continue
        own = rule.firm and _near(found, "first_person", start, end)
        hit = Hit(
            rule=rule,
            span=span,
            disguised=any(view.disguised[number] for number in words),
            lowered=_explained(view, found, rule, start, end),
            body=body and not own,
            title=title and not (rule.grade == MOST_URGENT and (own or not rule.firm)),
        )
        hits.setdefault(rule, []).append(hit)


def _near(found: Found, name: str, start: int, end: int) -> bool:
    return any(start - NEAR_WORDS < at <= end + NEAR_WORDS for at in found.classes.get(name, ()))


def _explained(view: View, found: Found, rule: Rule, start: int, end: int) -> bool:
    """Tell whether other words give the match an innocent sense."""
    if any(start < last and first < end for first, last in found.idioms):
        return True
    if not any(_near(found, name, start, end) for name in rule.blocks):
        return False
    return not _INTENT.search(" ".join((*view.words[max(0, start - NEAR_WORDS) : start], "")))
