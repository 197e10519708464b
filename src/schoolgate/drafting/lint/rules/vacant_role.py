"""Roles that are named and held by nobody."""

import re
from collections.abc import Iterator

from schoolgate.drafting.document import Kind
from schoolgate.drafting.lint.case import Case, Finding, Severity
from schoolgate.drafting.words import folded

ID = "vacant-role"
SEVERITY = Severity.WARNING
ABOUT = "a role with nobody in it"

_ROLE = (
    r"(?:the |our )?(?:deputy |named |lead |link )?(?:designated safeguarding lead|dsl|designated safeguarding person|safeguarding (?:lead|governor)|online safety (?:lead|governor|co-?ordinator)|"
    r"e-?safety (?:lead|governor|co-?ordinator|officer)|governor (?:responsible )?for (?:online safety|safeguarding|filtering and monitoring)|filtering and monitoring (?:lead|governor)|"
    r"data protection officer|computing (?:lead|subject leader)|head ?teacher|chair of governors|network manager)(?:s| team)?(?: \([^)]*\))?"
)
_NOBODY = re.compile(
    rf"^{_ROLE}\s*[:=-]\s*(?:vacant|n/?a|none|nobody|to be (?:appointed|confirmed)|-|\?)?\s*$|^{_ROLE} (?:is|are) (?:currently )?(?:vacant|to be (?:appointed|confirmed))",
    re.IGNORECASE,
)


def find(case: Case) -> Iterator[Finding]:
    """Yield one finding a role."""
    sentences = list(case.sentences)
    for index, sentence in enumerate(sentences):
        words = folded(sentence.text)
        if not _NOBODY.match(words):
            continue
        following = sentences[index + 1] if index + 1 < len(sentences) else None
        # "Designated safeguarding lead:" over a list of duties, or over the name, is a label.
        if words.endswith(":") and following is not None and following.kind in {Kind.ITEM, Kind.PARAGRAPH, Kind.CELL}:
            continue
        yield Finding(
            ID,
            SEVERITY,
            sentence.line,
            sentence.text,
            "The role is named, but nobody holds it: staff and parents do not know whom to ask.",
            "Give the name, or the post that holds it, and who stands in.",
        )
