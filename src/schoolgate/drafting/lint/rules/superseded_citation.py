"""Guidance cited in an edition that a newer one has replaced, or that is gone."""

from collections.abc import Iterator

from schoolgate.drafting.lint.case import Case, Finding, Severity, lines_said
from schoolgate.drafting.lint.citations import Citation, citations

ID = "superseded-citation"
SEVERITY = Severity.ERROR
ABOUT = "an edition of guidance that has been replaced or withdrawn"


def find(case: Case) -> Iterator[Finding]:
    """Yield one finding a document, at its first place."""
    stale: dict[str, list[Citation]] = {}
    for citation in citations(case):
        if citation.when.last.year < citation.source.current(case.today).year:
            stale.setdefault(citation.source.name, []).append(citation)
    for name, cited in stale.items():
        first = cited[0]
        current = first.source.current(case.today)
        yield Finding(
            ID,
            SEVERITY,
            first.sentence.line,
            first.excerpt,
            f"It relies on {name} of {first.when.text}, which has been replaced"
            f"{lines_said(first.sentence.line, (each.sentence.line for each in cited))}: the edition in force is that of {current.year}.",
            f"Read the {current.year} edition, change what it changes, and cite it; or cite the title without a year.",
        )
    for gone in case.guidance.withdrawn:
        spots = list(case.spots(gone.pattern))
        if spots:
            yield Finding(
                ID,
                SEVERITY,
                spots[0].line,
                spots[0].excerpt,
                f"{gone.say[0].upper()}{gone.say[1:]}{lines_said(spots[0].line, (spot.line for spot in spots))}.",
                gone.fix,
            )
