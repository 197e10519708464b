"""A review interval of more than a year."""

from collections.abc import Iterator

from schoolgate.drafting.lint.case import Case, Finding, Severity
from schoolgate.drafting.lint.review import intervals, spans
from schoolgate.drafting.lint.rules import contradictory_interval
from schoolgate.drafting.words import excerpt

ID = "long-interval"
SEVERITY = Severity.WARNING
ABOUT = "more than a year between reviews"

_FIX = "Review it every year: Keeping Children Safe in Education changes each September, and a review is expected at least once each academic year."


def find(case: Case) -> Iterator[Finding]:
    """Yield one finding; none when the intervals contradict each other, which says it already."""
    if any(contradictory_interval.find(case)):
        return
    for interval in intervals(case):
        if interval.months > 12:
            text = f"The policy is reviewed only “{interval.text}”; much of what it relies on changes every year."
            yield Finding(ID, SEVERITY, interval.sentence.line, excerpt(interval.sentence.text), text, _FIX)
            return
    for approved, due, months in spans(case):
        if months > 12 + contradictory_interval.SLACK_MONTHS:
            text = f"There are {months} months between approval ({approved.when.text}) and review ({due.when.text})."
            yield Finding(
                ID, SEVERITY, due.sentence.line, excerpt(due.sentence.text, due.when.start, due.when.end), text, _FIX
            )
            return
