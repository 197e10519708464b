"""Places of a template that nobody filled in."""

import re
from collections.abc import Iterator

from schoolgate.drafting.lint.case import Case, Finding, Severity
from schoolgate.drafting.words import folded

ID = "empty-slot"
SEVERITY = Severity.ERROR
ABOUT = "a blank, a placeholder or a missing date"

_PLACEHOLDER = re.compile(
    r"\[(?:insert|enter|add|date|name|school|nursery|setting|head|dsl|number|year|role|xx|please|your|governor|e-?mail|phone|link|title|tbc|\.\.\.|…|\s*\])[^\]]*\]?"
    r"|<(?:insert|enter|add|date|name|school|nursery|setting|head|dsl|number|year|role|your|governor)[^>]*>"
    r"|\{\{?[^}]{1,40}\}\}?"
    r"|_{3,}|\.{6,}|…{3,}"
    r"|\b[xX]{2,}(?:[/.-][xX]{2,}){0,2}\b|\b\d{0,2}/?[xX]{2}/(?:20)?[xX\d]{2}\b|\bdd/mm/yy(?:yy)?\b"
    r"|\b(?:TBC|TBA|TBD|T\.B\.C\.|tbc|tba|tbd)\b|\bto be (?:confirmed|inserted|added|completed|agreed)\b(?! (?:by|with|in|at|before|when|that))"
    r"|\binsert (?:date|name|school|here)\b|\b(?:NAME OF SCHOOL|SCHOOL NAME|NAME OF SETTING|YOUR SCHOOL)\b"
    r"|\?\?\?+|\blorem ipsum\b"
)
# "presented to the governing body on and ratified": a word that wants a date or a name, and then another such word.
_GAP = re.compile(
    r"\b(?:on|in|by|dated|until|from) (?:and|,|\.|;) ?(?:was |is |will be |has been )?(?:ratified|approved|agreed|adopted|reviewed|signed|presented|will|is|was)?"
    r"|\b(?:on|by|until|dated|from) (?:on|by|until|in|at|to|of|for|from)\b"
    r"|\b(?:ratified|approved|adopted|reviewed|agreed) (?:on|in|by|on the)\s*(?:[.;,)]|$)",
    re.IGNORECASE,
)
# Pairs of prepositions that are right: "on by default", "log on to", "carried on in", "from in front of".
_RIGHT_GAP = re.compile(
    r"\b(?:log(?:ged|s|ging)?|sign(?:ed|s|ing)?|carr(?:y|ied|ies)|move[ds]?|pass(?:ed|es)?|built?|based|go(?:es)?|put|turned|switched|so|later|early|further|"
    r"left|kept|stay(?:s|ed)?|is|are|be|always|remains?|acted|relied|called|reported|filled|hand(?:ed|s)?|logging|drop(?:ped)?|live[sd]?|joins?|join(?:ed|ing)|"
    r"moving|taken|brought|step|opted?|stand[s-]?|stood|near|close|drawn|drawing|come[s]?|check(?:ed|s)?|where|what|which|how|who|switch|turn|count(?:ed|s)?) $",
    re.IGNORECASE,
)
_RIGHT_PAIR = re.compile(
    r"^(?:on to|on by default|on at all|on for|on in|on from|from on|by in|by on|from at|from to|from by|from in|from of|by at|by to|by for)\b",
    re.IGNORECASE,
)
_EMPTY_FIELD = re.compile(
    r"^(?:(?:date )?(?:ratified|approved|adopted|agreed)(?: by [\w ]+?)?(?: on)?|(?:date of )?(?:the )?next review(?: date)?|review date|approval date|date of approval|"
    r"signed(?: by)?|chair of governors|policy owner|author|version)\s*:\s*$",
    re.IGNORECASE,
)


def find(case: Case) -> Iterator[Finding]:
    """Yield one finding a line."""
    told: set[int] = set()
    for pattern, message in (
        (_PLACEHOLDER, "A blank from the template was never filled in, so the policy is not finished."),
        (_GAP, "Words are missing here, most likely a date: read aloud, the sentence breaks off."),
    ):
        for spot in case.spots(pattern):
            text = spot.match.string
            if pattern is _GAP and _is_right(text, spot.match):
                continue
            if spot.line in told:
                continue
            told.add(spot.line)
            yield Finding(
                ID, SEVERITY, spot.line, spot.excerpt, message, "Fill in what belongs there, or take the sentence out."
            )
    for sentence in case.sentences:
        if (
            _EMPTY_FIELD.match(folded(sentence.text))
            and sentence.line not in told
            and not _filled_below(case, sentence.line)
        ):
            told.add(sentence.line)
            yield Finding(
                ID,
                SEVERITY,
                sentence.line,
                sentence.text,
                "This field has no value, so nobody can see whether the policy was approved or when it is due.",
                "Fill in the date or the name.",
            )


def _is_right(text: str, match: re.Match[str]) -> bool:
    if re.search(
        r"(?:ratified|approved|adopted|agreed|dated|governors|governing body|board|committee) (?:formally )?$",
        text[: match.start()],
        re.IGNORECASE,
    ):
        return False  # a date or a name must follow these
    if re.match(r"(?:ratified|approved|adopted|reviewed|agreed)\b", match.group(), re.IGNORECASE):
        return False
    if re.match(r"(?:on|in|by|from) (?:and|,|\.|;)", match.group(), re.IGNORECASE):
        # "logged on, …", "lived in.": a verb that carries its preposition; without a date word after it, most likely right.
        return not re.search(r"(?:ratified|approved|agreed|adopted|reviewed|presented)$", match.group(), re.IGNORECASE)
    return _RIGHT_PAIR.match(match.group()) is not None or _RIGHT_GAP.search(text[: match.start()]) is not None


def _filled_below(case: Case, line: int) -> bool:
    """Tell whether a field's value stands in the next line, as tables that were pasted show it."""
    following = next((each.text for each in case.sentences if each.line > line), "")
    return re.match(r"^[\d\w ,./-]{3,40}$", following) is not None and any(
        character.isdigit() for character in following
    )
