"""How a harm stands (TEC-1). Pure."""

from schoolgate.assurance.rules import Status


def harm_status(is_prevented: bool, is_detected: bool, is_answered: bool) -> Status:
    """Return whether something stands against a harm.

    At risk where nothing prevents it and nothing detects it, and where nobody
    would answer: prevention always lets something through.
    """
    return Status.MET if (is_prevented or is_detected) and is_answered else Status.AT_RISK
