"""How a harm stands (TEC-1). Pure."""

from dataclasses import dataclass

from schoolgate.assurance.rules import Status


@dataclass(frozen=True, slots=True)
class Against:
    """What stands against a harm, and what could.

    Attributes:
        prevented: whether children are kept from it by blocking; None where no category of ours is about it.
        detected: whether the watch looks for it; None where no detector is about it.
        answered: whether somebody answers a concern about it.
    """

    prevented: bool | None
    detected: bool | None
    answered: bool


def harm_status(against: Against) -> Status:
    """Return whether all that could stand against a harm does.

    At risk where a part of it is missing: prevention always lets something
    through, and detection comes after the act. A harm that can neither be
    blocked nor looked for is at risk, too.
    """
    means = {against.prevented, against.detected} - {None}
    return Status.MET if means == {True} and against.answered else Status.AT_RISK
