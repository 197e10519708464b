"""Words that were changed after the governing body had ratified them."""

from collections.abc import Iterator

from schoolgate.drafting.lint.case import Case, Finding, Severity
from schoolgate.drafting.lint.citations import citations
from schoolgate.drafting.lint.review import approval

ID = "edited-after-ratification"
SEVERITY = Severity.ERROR
ABOUT = "the policy cites something newer than its own approval"


def find(case: Case) -> Iterator[Finding]:
    """Yield one finding for the newest such citation."""
    approved = approval(case)
    if approved is None:
        return
    newer = []
    for citation in citations(case):
        edition = next((each for each in citation.source.editions if each.year == citation.when.last.year), None)
        possible = edition.published if edition else citation.when.first
        if possible > approved.when.last:
            newer.append((possible, citation))
    if not newer:
        return
    _, newest = max(newer, key=lambda pair: pair[0])
    yield Finding(
        ID,
        SEVERITY,
        newest.sentence.line,
        newest.excerpt,
        f"It cites guidance of {newest.when.text}, but was ratified {approved.when.text} (line {approved.sentence.line}): "
        "these words were written afterwards, and governors have not agreed to them.",
        "Have the governing body ratify the text as it is now, and give that date.",
    )
