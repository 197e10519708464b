"""Lines as a page printer left them, made into lines with kinds: shared by plain text and PDF."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from schoolgate.drafting.document import SOFT_HYPHEN, Kind, Line

_BULLET = re.compile(
    r"^\s*(?:[-*•·▪◦‣●○■□–—\uf0b7\uf0a7✓➢]\s*(?=\S)|o\s{1,4}(?=[A-Z])|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]\s+)"
)
_NUMBERED_HEADING = re.compile(r"^\s*\d{1,2}(?:\.\d{1,2})*[.)]?\s+(?=[A-Z])")
_CONTENTS = re.compile(r"^(?P<entry>\S.*?)(?:\t+|\s*\.{3,}\s*|\s*…+\s*|\s{3,})(?P<page>\d{1,3})$")
_PAGE_NUMBER = re.compile(
    r"^(?:page\s*)?[-–|\s]*\d{1,3}(?:\s*(?:of|/)\s*\d{1,3})?[-–|\s]*$|^page\s+[ivxl]+$", re.IGNORECASE
)
_CAPTION = re.compile(r"^(?:figure|fig\.|table|diagram|chart)\s*\d+\s*[.:–-]?\s*\S", re.IGNORECASE)
_ENDS = re.compile(r"[.!?:;][\"'’”)\]]*$")
_LABEL = re.compile(r"^[A-Z][\w'’ /&,-]{1,40}:$")
_VERB = re.compile(
    r"^(?:we|they|it|you)\b|\b(?:to|of|by|with|include[sd]?|including|are|is|be|will|must|may|can|shall|should|involved|consists?|"
    r"comprises?|means|uses?|agree|sign|keep|does?|have|has|ensures?|provides?|teach|following|through)\b",
    re.IGNORECASE,
)
# "Next review: May 2027" stands like a heading and says something.
_FIELD = re.compile(
    r"^[\w ]*\b(?:review(?:ed)?|ratified|approved|adopted|agreed|approval)\b[\w ]*:\s*\S", re.IGNORECASE
)
_HASHES = re.compile(r"^#{1,6}\s+")
_DEBRIS = re.compile(r"^\s*(?:\[bookmark:[^\]]*\]\s*)+", re.IGNORECASE)

# A line that stands this often in a document, and is short, is a running header or footer.
REPEATS = 3
LONGEST_RUNNING = 110
LONGEST_HEADING_WORDS = 12
# Words that keep their hyphen when a line breaks after it.
_KEEPS_HYPHEN = frozenset(
    [
        "age",
        "anti",
        "child",
        "co",
        "cross",
        "cyber",
        "e",
        "face",
        "first",
        "follow",
        "full",
        "high",
        "key",
        "long",
        "low",
        "non",
        "on",
        "one",
        "part",
        "peer",
        "pre",
        "self",
        "semi",
        "short",
        "so",
        "step",
        "third",
        "two",
        "up",
        "well",
        "whistle",
        "year",
    ]
)


@dataclass(frozen=True, slots=True)
class Raw:
    """A line as it was printed; `text` may be empty."""

    number: int
    text: str


def lines(raws: Sequence[Raw]) -> tuple[Line, ...]:
    """Give each line its kind, drop running headers and page numbers, and mark what continues."""
    kept = [raw for raw in raws if not _PAGE_NUMBER.match(raw.text.strip()) or not raw.text.strip()]
    kept = _without_running(kept)
    width = _wrap_width(kept)
    entries = {match["entry"].strip().lower() for raw in kept if (match := _CONTENTS.match(raw.text.strip()))}
    found: list[Line] = []
    blank_before = True
    for index, raw in enumerate(kept):
        text = raw.text.strip()
        if not text:
            blank_before = True
            continue
        following = next((later.text.strip() for later in kept[index + 1 :] if later.text.strip()), "")
        blank_after = index + 1 >= len(kept) or not kept[index + 1].text.strip()
        previous = found[-1] if found else None
        if previous and _continues(previous, text, blank_before, width, entries):
            found[-1] = _hyphenated(previous, text)
            found.append(Line(raw.number, text, previous.kind, continues=True))
        else:
            found.append(_new_line(raw.number, text, entries, blank_before or not found, blank_after, following, width))
        blank_before = False
    return tuple(found)


def _without_running(raws: list[Raw]) -> list[Raw]:
    """Drop lines that repeat; the first time, one may be the title and stays."""
    shape = [re.sub(r"\d+", "#", raw.text.strip().lower()) for raw in raws]
    counts = Counter(key for key in shape if key and len(key) <= LONGEST_RUNNING)
    seen: set[str] = set()
    kept: list[Raw] = []
    for raw, key in zip(raws, shape, strict=True):
        running = counts[key] >= REPEATS and not _BULLET.match(raw.text) and not _LABEL.match(raw.text.strip())
        if running and key in seen:
            continue
        seen.add(key)
        kept.append(raw)
    return kept


def _wrap_width(raws: Sequence[Raw]) -> int:
    """The width at which the text is wrapped, or 0 when each paragraph is one line."""
    lengths = sorted(len(raw.text.strip()) for raw in raws if raw.text.strip())
    if len(lengths) < 5:
        return 0
    long = lengths[int(len(lengths) * 0.9)]
    return long if 40 <= long <= 130 and lengths[-1] <= long * 1.5 + 10 else 0


def _continues(previous: Line, text: str, blank_before: bool, width: int, entries: set[str]) -> bool:
    if previous.kind in {Kind.CONTENTS, Kind.CAPTION, Kind.LABEL} or _BULLET.match(text) or _CONTENTS.match(text):
        return False
    if previous.kind is Kind.HEADING:
        return text[0].islower() and not blank_before
    if _ENDS.search(previous.text) and not (width and not blank_before and _wraps(previous, width)):
        return False
    if text[0].islower():  # broken over a page, its header already dropped, or wrapped
        return True
    if blank_before or text.lower() in entries:
        return False
    return bool(width) and _wraps(previous, width)


def _wraps(line: Line, width: int) -> bool:
    return len(line.text) >= width * 0.7


def _hyphenated(previous: Line, text: str) -> Line:
    """Undo a word broken at the end of a line; keep the hyphen of a word that has one."""
    if not re.search(r"[a-z]-$", previous.text) or not text[0].islower():
        return previous
    before = re.split(r"\W+", previous.text[:-1].lower())[-1]
    if before in _KEEPS_HYPHEN:
        return previous
    return Line(previous.number, previous.text[:-1] + SOFT_HYPHEN, previous.kind, previous.continues)


def _new_line(
    number: int, text: str, entries: set[str], blank_before: bool, blank_after: bool, following: str, width: int
) -> Line:
    if hashes := _HASHES.match(text):
        return Line(number, text[hashes.end() :], Kind.HEADING)
    if _CONTENTS.match(text):
        return Line(number, text, Kind.CONTENTS)
    if _CAPTION.match(text) and not text.endswith("."):
        return Line(number, text, Kind.CAPTION)
    if is_label(text):
        return Line(number, text, Kind.LABEL)
    bare = _NUMBERED_HEADING.sub("", _DEBRIS.sub("", text))
    listed = bare.lower() in entries
    goes_on = following[:1].islower() and not _BULLET.match(following)
    if listed or (_looks_like_heading(bare) and not goes_on and (blank_before or _DEBRIS.match(text))):
        # A numbered line is a heading when it stands alone; in a run of numbered lines it is an item.
        numbered = _NUMBERED_HEADING.match(text) is not None
        alone = blank_after or not (_BULLET.match(following) or following[:1].islower())
        short = blank_after or not width or len(text) < width * 0.7
        if short and (listed or ((alone or not numbered) and not _bullet_only(text))):
            return Line(number, text, Kind.HEADING)
    if bullet := _BULLET.match(text):
        return Line(number, text[bullet.end() :].strip(), Kind.ITEM)
    return Line(number, text, Kind.PARAGRAPH)


def _bullet_only(text: str) -> bool:
    return _BULLET.match(text) is not None and _NUMBERED_HEADING.match(text) is None


def is_label(text: str) -> bool:
    """Tell whether *text* is a short line that introduces what follows, without a verb: "Parents:"."""
    return _LABEL.match(text) is not None and len(text.split()) <= 4 and not _VERB.search(text)


def _looks_like_heading(text: str) -> bool:
    if not text or _ENDS.search(text) or text[-1] == "," or not (text[0].isupper() or text[0] in "(‘'\"“"):
        return False
    if _FIELD.match(text):
        return False
    words = text.split()
    return len(words) <= LONGEST_HEADING_WORDS and not re.search(
        r"\b(?:will|must|shall|should|is|are|has|have|was|were|receive|may)\b", text
    )
