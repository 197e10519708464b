"""TEC-1: for every harm of the four Cs, something stands against it."""

from datetime import datetime, timedelta

from schoolgate.assurance.registry import Finding, control
from schoolgate.assurance.rules import Status
from schoolgate.technology.queries import matrix


@control(
    promise="TEC-1",
    title="Each harm of the four Cs is prevented or detected, and somebody answers it",
    every=timedelta(hours=1),
    stale_after=timedelta(days=2),
    names_people=False,
)
def every_harm_is_stood_against(now: datetime) -> Finding:
    """Count the harms against which nothing stands."""
    harms = matrix(now)
    rows = [
        {
            "harm": one.harm.label,
            "area": one.harm.areas[0].value,
            "prevented by": ", ".join(one.prevents),
            "detected by": ", ".join(one.detects),
            "taught in": ", ".join(one.teaches),
            "answered by": ", ".join(one.answers),
            "status": one.status.value,
        }
        for one in harms
    ]
    bare = [one.harm.label for one in harms if not one.prevents and not one.detects]
    if not any(one.answers for one in harms):
        return Finding(Status.NOT_MET, "Nobody is the safeguarding lead, so nobody answers any harm.", rows)
    if bare:
        return Finding(Status.AT_RISK, f"Nothing prevents or detects: {'; '.join(bare)}.", rows)
    return Finding(
        Status.MET, f"All {len(harms)} harms are prevented or detected. No teaching is recorded here yet.", rows
    )
