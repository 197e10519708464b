"""A day that the policy promises something by, and that has gone."""

import re
from collections.abc import Iterator

from schoolgate.drafting.dates import dates
from schoolgate.drafting.lint.case import Case, Finding, Severity
from schoolgate.drafting.lint.review import due
from schoolgate.drafting.words import excerpt, plain

ID = "date-passed"
SEVERITY = Severity.ERROR
ABOUT = "a review or other promised day has passed"

_PROMISED = re.compile(
    r"\b(?:will|shall|is due|are due|to be)\b[^.;]{0,80}\b(?:by|before|until|no later than|from|in|on)(?: the)?(?: end of| start of)? ?$",
    re.IGNORECASE,
)
_CITED = re.compile(r"\b(?:guidance|act|regulations|kcsie|dfe|education|edition|in line with|version)\b", re.IGNORECASE)


def find(case: Case) -> Iterator[Finding]:
    """Yield a finding for each day that has passed; one a sentence."""
    told: set[int] = set()
    for each in due(case):
        if each.when.last < case.today and each.sentence.line not in told:
            told.add(each.sentence.line)
            yield Finding(
                ID,
                SEVERITY,
                each.sentence.line,
                excerpt(each.sentence.text, each.when.start, each.when.end),
                f"The review was due {each.when.text} and that has passed, so on its own words this policy is out of date.",
                "Review the policy, have the governing body ratify it, and give the date of the next review (within a year).",
            )
    for sentence in case.sentences:
        text = plain(sentence.text)
        for when in dates(text):
            before = text[: when.start]
            promised = _PROMISED.search(before)
            if not promised or not when.exact or when.last >= case.today or sentence.line in told:
                continue
            if _CITED.search(promised.group()) or "review" in promised.group().lower():
                continue
            told.add(sentence.line)
            yield Finding(
                ID,
                SEVERITY,
                sentence.line,
                excerpt(sentence.text, when.start, when.end),
                f"It promises something for {when.text}, which has passed; readers cannot tell whether it was done.",
                "Say what was done, or give a day that is still to come.",
            )
