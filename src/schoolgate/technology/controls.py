"""TEC-1: for every harm of the four Cs, something stands against it."""

from datetime import datetime, timedelta

from schoolgate.assurance.registry import Finding, control
from schoolgate.assurance.rules import Status
from schoolgate.technology.queries import matrix


@control(
    promise="TEC-1",
    title="All that could stand against each harm of the four Cs does, and somebody answers it",
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
    in_part = sum(one.status is not Status.MET for one in harms) - len(bare)
    if bare or in_part:
        said = [f"Nothing prevents or detects: {'; '.join(bare)}." if bare else ""]
        said.append(f"Against {in_part} of {len(harms)} harms only a part of what could stand does." if in_part else "")
        return Finding(Status.AT_RISK, " ".join(filter(None, said)), rows)
    return Finding(
        Status.MET, f"All that could stand against {len(harms)} harms does. No teaching is recorded here yet.", rows
    )
