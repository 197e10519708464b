"""Findings of the watch, made the way its pipeline makes them."""

from datetime import datetime

from schoolgate.watch.detect.detection import Because, Detection
from schoolgate.watch.pipeline import Finding


def finding(
    activity_id: str,
    at: datetime,
    *,
    person=None,
    device: str | None = "d-1",
    text: str = "how to disappear",
    kind: str = "search",
    category: str | None = "self-harm",
    grade: int = 3,
    span: tuple[int, int] = (7, 16),
    rule: str = "self-harm/wants-to-vanish",
    help_seeking: bool = False,
) -> Finding:
    """Make a finding; what a test does not name is of no matter to it."""
    because = (Because(span, rule),) if category else ()
    return Finding(
        activity_id=activity_id,
        at=at,
        person=None if person is None else str(person.pk),
        device=device,
        text=text,
        kind=kind,
        source="test",
        detection=Detection(category, grade, 0.9 if category else 0.0, because, help_seeking),
    )
