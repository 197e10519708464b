"""Duties that those who carry them cannot do."""

import re
from collections.abc import Iterator

from schoolgate.drafting.lint.case import Case, Finding, Severity, lines_said

ID = "impossible-duty"
SEVERITY = Severity.ERROR
ABOUT = "a duty that nobody can do as it is written"

_SIGNS = re.compile(
    r"\b(?P<who>pupils|children|child|learners|students)\b[^.;]{0,50}?\b(?:must|will|are required to|shall|should|have to|are asked to|need to)?\s?\b(?:sign|signs)\b"
    r"(?! (?:in|out|on|off|up|language|post))",
    re.IGNORECASE,
)
_HELPED = re.compile(
    r"\bon (?:\w+ )?(?:child\S* |children's |their |his or her )?behalf|\bparents?\b[^.;]{0,40}\bsigns?\b|\bwith (?:their|the|a) (?:\w+ )?(?:teacher|parent|carer|adult|key person)|\bpictures?\b",
    re.IGNORECASE,
)
_YOUNG_ONLY = re.compile(
    r"\bwe are an? (?:nursery|early years|pre-?school)|\bearly years centre\b|\bday nursery\b|\bpre-?school\b|\bnursery school\b|2 ?- ?4 years|2 to 4|two to four",
    re.IGNORECASE,
)
_STAFF_AGREEMENT = re.compile(r"\bstaff (?:acceptable use|aups?\b|agreements?)", re.IGNORECASE)
_PUPIL_AGREEMENT = re.compile(
    r"\b(?:(?:pupils?|children|child|parents?|family|families|home)'?s?'?,? (?:and \w+ )?(?:acceptable use|aups?\b|agreements?)|staff and pupils? acceptable use"
    r"|agreements? for (?:pupils|children|parents|families|staff,? (?:pupils|children))|agreement (?:meant|written) for|(?:acceptable use|aups?\b|agreements?)[^.;]{0,30} (?:pupils|children|parents|families))",
    re.IGNORECASE,
)


def find(case: Case) -> Iterator[Finding]:
    """Yield one finding for children who must sign and cannot, one for an agreement that does not exist."""
    signing = [spot for spot in case.spots(_SIGNS) if not _HELPED.search(spot.match.string)]
    if not signing or case.says(
        r"\b(?:parents?|carers?|families)\b[^.;]{0,40}\bsigns?\b[^.;]{0,40}\b(?:behalf|for (?:their|the) child)"
    ):
        return
    first = signing[0]
    young = case.says(_YOUNG_ONLY.pattern)
    if young:
        yield Finding(
            ID,
            SEVERITY,
            first.line,
            first.excerpt,
            f"Children of nursery age must sign{lines_said(first.line, (spot.line for spot in signing))}. They cannot read or agree to it, "
            "so the rule is broken from the first day.",
            "Let parents or carers sign on the child's behalf, and say which agreement it is.",
        )
    elif case.says(_STAFF_AGREEMENT.pattern) and not case.says(_PUPIL_AGREEMENT.pattern):
        yield Finding(
            ID,
            SEVERITY,
            first.line,
            first.excerpt,
            "Pupils must sign, but only an agreement for staff is named: there is nothing for them to sign.",
            "Name the pupils' agreement, and say where it is.",
        )
