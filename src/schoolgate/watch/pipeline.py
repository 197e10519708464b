"""From one activity to its findings: extract, detect, grade."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from schoolgate.kernel.activity import Activity
from schoolgate.watch import detect, extract, grade

# The tier of a decision that let somebody through to a help line or a support site.
HELP_LANE = frozenset({"help lane", "help-lane", "help"})


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a person may have to look at.

    Attributes:
        activity_id: the activity it came from.
        at: when that was; aware.
        person: id of the person, or None when nobody is known.
        device: id of the device, or None.
        text: the words as they were written.
        kind: "search", "page", "prompt" or "post".
        source: which extractor found the words.
        detection: what they may mean, with the past taken into account.
    """

    activity_id: str
    at: datetime
    person: str | None
    device: str | None
    text: str
    kind: str
    source: str
    detection: detect.Detection


def findings(activity: Activity, past: Iterable[grade.Past] = ()) -> tuple[Finding, ...]:
    """Return what is worth keeping of one activity; often nothing.

    Args:
        activity: what happened, allowed or blocked: a search that was stopped was still made.
        past: what the same person wrote before, in any order. What lies after *activity* is left out.

    A visit to the help lane is never a finding: asking for help is no misuse.
    """
    if activity.tier in HELP_LANE:
        return ()
    earlier = [one for one in past if one.at <= activity.at]
    found = []
    for text in extract.texts(activity):
        alone = detect.detect(text.text, text.kind)
        detection = grade.with_session(alone, activity.at, earlier, text.text)
        if detection.grade > 0:
            found.append(
                Finding(
                    activity_id=activity.id,
                    at=activity.at,
                    person=activity.person,
                    device=activity.device,
                    text=text.text,
                    kind=text.kind,
                    source=text.source,
                    detection=detection,
                )
            )
    return tuple(found)
