"""Words that another has replaced."""

from collections.abc import Iterator

from schoolgate.drafting.lint.case import Case, Finding, Severity, lines_said

ID = "superseded-term"
SEVERITY = Severity.WARNING
ABOUT = "a word that guidance no longer uses"

# How far before and behind the word a newer name excuses it: "X (formerly Twitter)".
NEAR = 40


def find(case: Case) -> Iterator[Finding]:
    """Yield one finding a term, at its first place."""
    for term in case.guidance.terms:
        if term.since > case.today:
            continue
        spots = [
            spot
            for spot in case.spots(term.pattern)
            if not (
                term.unless
                and term.unless.search(spot.match.string[max(0, spot.match.start() - NEAR) : spot.match.end() + NEAR])
            )
        ]
        if spots:
            first = spots[0]
            yield Finding(
                ID,
                SEVERITY,
                first.line,
                first.excerpt,
                f"“{first.match.group()}” is out of date{lines_said(spots[0].line, (spot.line for spot in spots))}; "
                "it tells an inspector how old the text is.",
                f"Write: {term.now}.",
            )
