"""Rules are data: one YAML file a category in `rules/`, and the words they share in `words/`.

A pattern is written for plain words with one space between them:

    buy .. {knife}          up to four other words between; `...` up to ten
    kill(s|ed|ing)? my dad  alternatives, `?` for what may be missing, `(...)*` for up to three
    {someone}               a set of words from `words/slots.yaml`
    {n}                     a number

Both ends fall on word boundaries. A long pattern may go on in the next line,
further in, after a "|" or in place of a space. `together` holds sets of words, one of each
of which must stand with at most six words between them, in any order.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from schoolgate.kernel.errors import Malformed
from schoolgate.watch.detect import pattern
from schoolgate.watch.detect.detection import CATEGORIES, KINDS
from schoolgate.watch.detect.pattern import Row
from schoolgate.watch.detect.spelling import Spelling

FOLDER = Path(__file__).parent / "rules"
WORDS = Path(__file__).parent / "words"
_FIELDS = frozenset(
    "id grade ceiling why any together kinds blocks firm help adults sure theme match miss".split()  # noqa: SIM905 (a list this long reads better)
)
# A pattern may be broken after a "|" or before a space: the next line then stands further in.
_CONTINUED = re.compile(r"(\|)\n +|\n( ) +")
SURE = 0.75
# A word of a single pattern is mostly a name of something ("stresser"), and real words lie close to it ("stressed").
MEND_WORDS_OF = 2
TOGETHER_WORDS = 6


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """What is looked for, and what it means.

    Attributes:
        id: "category/name".
        category: one of `CATEGORIES`.
        grade: urgency when it is found as it stands.
        ceiling: the highest grade that disguise may raise it to.
        why: what it means and why this grade, for the person who reads the alert.
        patterns: any one is enough.
        kinds: the kinds of text it reads.
        blocks: contexts of `words/contexts.yaml` that lower it to grade 1.
        firm: it speaks of the writer's own state or intent, so that no context lowers it.
        help: it is a search for help.
        adults: from 18 the act is lawful and ordinary: grade 1.
        sure: how often it is right, 0 to 1.
        theme: a step in a course of events, for grading a session; may be empty.
        match: (kind, text) that must be found by this rule.
        miss: (kind, text) that must not be found by it at grade 2 or more.
    """

    id: str
    category: str
    grade: int
    ceiling: int
    why: str
    patterns: tuple[Row, ...]
    kinds: frozenset[str]
    blocks: tuple[str, ...]
    firm: bool
    help: bool
    adults: bool
    sure: float
    theme: str
    match: tuple[tuple[str, str], ...]
    miss: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All rules with the words they share.

    Attributes:
        rules: in the order of their ids.
        contexts: context name → pattern.
        idioms: phrases in which a dangerous word means something else.
        spelling: how words of these rules are misspelt.
    """

    rules: tuple[Rule, ...]
    contexts: Mapping[str, Row]
    idioms: tuple[Row, ...]
    spelling: Spelling


@cache
def shipped() -> Rulebook:
    """The rules that come with Schoolgate, read once."""
    return read(FOLDER, WORDS)


@cache
def whys() -> Mapping[str, str]:
    """What each shipped rule means, by its id. Reads no pattern: a page that explains an alert waits for nothing."""
    documents = (yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader) for path in sorted(FOLDER.glob("*.yaml")))
    return {f"{one['category']}/{record['id']}": record["why"] for one in documents for record in one["rules"]}


def read(folder: Path, words: Path) -> Rulebook:
    """Read all rules of a folder, with the folder of their words.

    Raises:
        Malformed: if a file breaks the format; the message names the rule.
    """
    shared: dict[str, Any] = {}
    for path in sorted(words.glob("*.yaml")):
        shared |= yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
    slots: dict[str, Row] = {}
    for name, listed in shared["slots"].items():
        slots[name] = _alternatives(listed, slots)
    rules: list[Rule] = []
    for path in sorted(folder.glob("*.yaml")):
        document = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
        if document.get("category") != path.stem or path.stem not in CATEGORIES:
            raise Malformed(f"{path.name}: `category` must be the file's name and one of {', '.join(CATEGORIES)}")
        rules += [_rule(path.stem, record, slots, document.get("blocks", ())) for record in document["rules"]]
    ids = [rule.id for rule in rules]
    if len(set(ids)) != len(ids):
        raise Malformed(f"two rules share an id: {sorted(name for name in ids if ids.count(name) > 1)[0]}")
    contexts = {name: _alternatives(patterns, slots) for name, patterns in shared["contexts"].items()}
    for rule in rules:
        for name in rule.blocks:
            if name not in contexts:
                raise Malformed(f"rule `{rule.id}` names `{name}`, which `words/` does not know")
    idioms = tuple(pattern.parse(text, slots) for text in _plain(shared["idioms"]))
    used = Counter(word for rule in rules for row in rule.patterns for word in set(pattern.vocabulary(row)))
    exact = set(pattern.vocabulary(slots["slur"])) if "slur" in slots else set()
    exact |= {word for word, n_patterns in used.items() if n_patterns < MEND_WORDS_OF}
    spelling = Spelling(set(used) - set(shared["forms"]), shared["forms"], shared["apart"], exact, used)
    return Rulebook(tuple(rules), contexts, idioms, spelling)


def _rule(category: str, record: dict[str, Any], slots: Mapping[str, Row], blocks: Any) -> Rule:
    name = f"{category}/{record.get('id', '?')}"
    if unknown := set(record) - _FIELDS:
        raise Malformed(f"rule `{name}` has an unknown field `{min(unknown)}`")
    if not record.get("why") or not record.get("match"):
        raise Malformed(f"rule `{name}` must say `why`, and give an example to `match`")
    grade = record["grade"]
    if grade not in range(1, 6):
        raise Malformed(f"rule `{name}` has grade {grade!r}; it must be 1 to 5")
    patterns = [pattern.parse(text, slots) for text in _plain(record.get("any", ()))]
    if sets := record.get("together"):
        patterns += pattern.together([_alternatives(words, slots) for words in sets], TOGETHER_WORDS)
    if not patterns:
        raise Malformed(f"rule `{name}` has neither `any` nor `together`")
    kinds = frozenset(record.get("kinds", KINDS))
    if not kinds <= set(KINDS):
        raise Malformed(f"rule `{name}` has an unknown kind")
    return Rule(
        id=name,
        category=category,
        grade=grade,
        ceiling=record.get("ceiling", CEILINGS.get(category, 5) if grade <= CEILINGS.get(category, 5) else grade),
        why=record["why"],
        patterns=tuple(patterns),
        kinds=kinds,
        blocks=() if record.get("firm") else tuple(record.get("blocks", blocks)),
        firm=bool(record.get("firm", False)),
        help=bool(record.get("help", False)),
        adults=bool(record.get("adults", False)),
        sure=float(record.get("sure", SURE)),
        theme=str(record.get("theme", "")),
        match=tuple(_examples(record["match"], "search" if "search" in kinds else min(kinds))),
        miss=tuple(_examples(record.get("miss", ()), "search" if "search" in kinds else min(kinds))),
    )


# No disguise makes a sweepstake urgent. A rule of a higher grade (shared nudes, say) is its own ceiling.
CEILINGS = {"gambling": 3, "circumvention": 2, "sexual": 3}


def _alternatives(patterns: Any, slots: Mapping[str, Row]) -> Row:
    return pattern.either(pattern.parse(text, slots) for text in _plain(patterns))


def _plain(words: Any) -> list[str]:
    """A list may also be written as one text, with commas or line ends between; a line further in goes on with the last."""
    listed = re.split(r"[,\n]", _CONTINUED.sub(r"\1\2", words)) if isinstance(words, str) else words
    return [" ".join(str(word).split()) for word in listed if str(word).strip()]


def _examples(records: list[Any], kind: str) -> Iterator[tuple[str, str]]:
    """An example is a text, or {kind: text}."""
    for record in records:
        yield from record.items() if isinstance(record, dict) else [(kind, str(record))]
