"""The title of a policy: what its first lines say."""

from collections.abc import Sequence

from schoolgate.drafting.document import Kind, Line


def title(lines: Sequence[Line]) -> str:
    """Return the first heading that says "policy", else the first heading, else ""."""
    headings = [line.text for line in lines[:30] if line.kind is Kind.HEADING]
    return next((text for text in headings if "policy" in text.lower()), headings[0] if headings else "")
