"""What monitoring knows about the policy's promises."""

from datetime import datetime, timedelta

from schoolgate.assurance.registry import Finding, Row, control
from schoolgate.monitoring import queries, rules


@control(
    promise="NET-4",
    title="Worrying activity reaches the safeguarding team",
    every=timedelta(minutes=1),
    stale_after=timedelta(minutes=10),
    names_people=False,
)
def notifications_arrive(now: datetime) -> Finding:
    """Follow the way of an alert in the data: the watch's sign of life, the delays, what waits unread."""
    path = queries.path(now)
    status, summary = rules.delivery(path, now)
    rows: list[Row] = [
        {"fact": "watch last seen", "value": path.beat_at.isoformat() if path.beat_at else None},
        {"fact": "newest event that became an alert", "value": path.newest_at.isoformat() if path.newest_at else None},
        {"fact": "events measured", "value": len(path.delays)},
        {
            "fact": "slowest from act to alert, seconds",
            "value": round(max(path.delays).total_seconds(), 1) if path.delays else None,
        },
        {"fact": "alerts unread for too long", "value": len(path.overdue)},
        {"fact": "lines of the record that could not be read", "value": path.damaged},
    ]
    return Finding(status, summary, rows)
