"""Logins that several people share, where the standard asks who it was."""

import re
from collections.abc import Iterator

from schoolgate.drafting.lint.case import Case, Finding, Severity, lines_said

ID = "shared-login"
SEVERITY = Severity.WARNING
ABOUT = "a shared login without a named holder"

_SHARED = (
    r"\b(?:generic|shared|common|communal|guest|single|class|group) (?:\w+ )?(?:visitor |supply |staff |pupil |class )?(?:log-?ins?|log ?ons?|accounts?|usernames?|passwords?)\b"
    r"|\bshare (?:a|one|the same) (?:log-?in|account|username|password)\b"
)
_NAMED = r"\b(?:named|in (?:his|her|their) (?:own )?name|records? (?:of )?who|recorded|signed out|who holds|holder|register|to one person|issued to (?:a|one|each))\b"
_NEGATED = r"\b(?:no|not|never|nobody|do not|must not|don't|without|instead of|rather than|free of)\b"
_NO_INTERNET = (
    r"\b(?:without (?:access to )?(?:the )?internet|no internet|no access to|offline|reaches nothing|never reach)"
)


def find(case: Case) -> Iterator[Finding]:
    """Yield one finding; a login without any internet is left out, and one that names its holder."""
    spots = [
        spot
        for spot in case.spots(_SHARED)
        if not re.search(_NAMED, spot.match.string, re.IGNORECASE)
        and not re.search(_NO_INTERNET, spot.match.string, re.IGNORECASE)
        and not re.search(_NEGATED, spot.match.string[: spot.match.end()], re.IGNORECASE)
        and not re.match(r"\s*(?:is|are) (?:not|never)\b", spot.match.string[spot.match.end() :], re.IGNORECASE)
    ]
    if spots:
        first = spots[0]
        yield Finding(
            ID,
            SEVERITY,
            first.line,
            first.excerpt,
            "Several people use one login"
            f"{lines_said(first.line, (spot.line for spot in spots))}, so what they do cannot be traced. The DfE filtering and monitoring standard "
            "expects a school to know the device and, where possible, the person.",
            "Issue it to a named person for a stated time, and keep a record of who holds it.",
        )
