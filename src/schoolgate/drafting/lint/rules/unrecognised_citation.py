"""Names of guidance that are misspelt."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from schoolgate.drafting.lint.case import Case, Finding, Severity, lines_said

ID = "unrecognised-citation"
SEVERITY = Severity.WARNING
ABOUT = "guidance whose name is misspelt, so that nobody finds it"

# KICKSIE is 0.83 like KCSIE; words of other meaning in capitals stay below.
LIKENESS = 0.79
_CAPITALS = re.compile(r"\b[A-Z]{5,8}\b")


def find(case: Case) -> Iterator[Finding]:
    """Yield one finding a wrong name."""
    seen: dict[str, list[int]] = {}
    for sentence in case.sentences:
        for match in _CAPITALS.finditer(sentence.text):
            word = match.group()
            if word.isupper() and not sentence.text.isupper():
                seen.setdefault(word, []).append(sentence.line)
    right_words = {name.right for name in case.guidance.names} | {"UKCCIS"}
    for word, lines in seen.items():
        for name in case.guidance.names:
            if word in right_words or SequenceMatcher(None, word, name.right).ratio() < LIKENESS:
                continue
            yield Finding(
                ID,
                SEVERITY,
                lines[0],
                word,
                f"“{word}” is not the name of any guidance{lines_said(lines[0], lines)}; it looks like {name.right} ({name.means}).",
                f"Write {name.right}, or the title in full.",
            )
    for wrong in case.guidance.misnamed:
        for spot in case.spots(wrong.pattern):
            yield Finding(
                ID,
                SEVERITY,
                spot.line,
                spot.excerpt,
                f"“{spot.match.group()}” is not the title of the guidance.",
                f"Write “{wrong.right}”.",
            )
            break
