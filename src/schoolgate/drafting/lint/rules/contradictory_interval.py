"""Two answers to the question how often the policy is reviewed."""

from collections.abc import Iterator

from schoolgate.drafting.lint.case import Case, Finding, Severity
from schoolgate.drafting.lint.review import intervals, spans
from schoolgate.drafting.words import excerpt

ID = "contradictory-interval"
SEVERITY = Severity.ERROR
ABOUT = "the policy gives two different review intervals"

# "Ratified in September, reviewed by next October" is still a yearly review.
SLACK_MONTHS = 2


def find(case: Case) -> Iterator[Finding]:
    """Yield one finding when the stated intervals, or an interval and the dates, disagree."""
    stated = intervals(case)
    for first in stated:
        for other in stated:
            if other.sentence.line >= first.sentence.line and other.months != first.months:
                yield Finding(
                    ID,
                    SEVERITY,
                    other.sentence.line,
                    excerpt(other.sentence.text),
                    f"It says “{other.text}” here and “{first.text}” on line {first.sentence.line}: "
                    "nobody can tell when the policy has to be reviewed.",
                    "Say one interval, once; for an online safety policy that is every year.",
                )
                return
    if not stated:
        return
    for approved, due, months in spans(case):
        for interval in stated:
            if months > interval.months + SLACK_MONTHS:
                yield Finding(
                    ID,
                    SEVERITY,
                    interval.sentence.line,
                    excerpt(interval.sentence.text),
                    f"It says “{interval.text}” here, but line {due.sentence.line} leaves {months} months between approval "
                    f"({approved.when.text}) and review ({due.when.text}).",
                    "Say one interval, once, and give a review date that keeps it; for an online safety policy that is every year.",
                )
                return
