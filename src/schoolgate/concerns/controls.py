"""What the concerns know about the policy's promises."""

from datetime import datetime, timedelta

from schoolgate.assurance.registry import Finding, Row, control
from schoolgate.concerns import queries, rules


@control(
    promise="INC-1",
    title="Reports are answered, and answered in time",
    every=timedelta(minutes=5),
    stale_after=timedelta(hours=1),
    names_people=False,
)
def reports_are_answered(now: datetime) -> Finding:
    """Measure from report to first answer, and how long open concerns have had no decision."""
    found = queries.triage(now)
    status, summary = rules.triage(found)
    rows: list[Row] = [
        {"fact": "concerns reported", "value": found.n_concerns},
        {"fact": "reports answered", "value": len(found.answered_in)},
        {"fact": "open concerns without a decision", "value": len(found.undecided_for)},
        {
            "fact": "longest without a decision, hours",
            "value": round(max(found.undecided_for).total_seconds() / 3600, 1) if found.undecided_for else None,
        },
    ]
    return Finding(status, summary, rows)
