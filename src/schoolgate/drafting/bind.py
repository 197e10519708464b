"""Propose the promise that each sentence makes, and what would keep it.

No model: a sum of weighted words, so that each proposal can be explained and
mended in `cues.toml`. A person confirms every one of them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from math import exp

from schoolgate.drafting import cues
from schoolgate.drafting.promises import PROMISES, Kept
from schoolgate.drafting.sentences import Sentence
from schoolgate.drafting.words import folded

# Below this many points no promise is proposed: a wrong proposal costs more than an empty one.
FEWEST_POINTS = 1.0
# What a sentence that carries on the one before ("This is provided by …") takes over from it.
OF_THE_LAST = 1.5


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a sentence seems to promise.

    Attributes:
        line: where it begins.
        sentence: its words.
        normative: it promises something.
        promise: id of the promise, or None.
        binding: what would keep it, or None.
        confidence: 0 to 1; how sure the proposal is, or, without one, how sure that there is none.
        because: the cues that spoke for the promise, strongest first.
    """

    line: int
    sentence: str
    normative: bool
    promise: str | None
    binding: Kept | None
    confidence: float
    because: tuple[str, ...]


def propose(sentences: Iterable[Sentence]) -> tuple[Proposal, ...]:
    """Propose a promise and a binding for each normative sentence; the others come back without."""
    proposals: list[Proposal] = []
    before: Proposal | None = None
    for sentence in sentences:
        before = _proposal(sentence, before)
        proposals.append(before)
    return tuple(proposals)


def _proposal(sentence: Sentence, before: Proposal | None) -> Proposal:
    if not sentence.normative:
        return Proposal(sentence.line, sentence.text, False, None, None, 0.9, (sentence.why,))
    scores = cues.scores(sentence.text, sentence.stem, sentence.section)
    if _speaks_of_the_last(sentence.text) and before is not None and before.promise is not None:
        scores[before.promise] = scores.get(before.promise, 0.0) + OF_THE_LAST
    ranked = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))
    if not ranked or ranked[0][1] < FEWEST_POINTS:
        return Proposal(sentence.line, sentence.text, True, None, None, 0.3, ())
    promise, best = ranked[0]
    second = max(ranked[1][1], 0.0) if len(ranked) > 1 else 0.0
    confidence = (1 - exp(-best / 3)) * (0.55 + 0.45 * (best - second) / best)
    text = folded(sentence.text)
    return Proposal(
        sentence.line,
        sentence.text,
        True,
        promise,
        _binding(promise, text),
        round(confidence, 2),
        cues.spoken(promise, text) or ("what introduces it",),
    )


def _speaks_of_the_last(text: str) -> bool:
    """Tell whether a sentence carries on the one before: "This is provided by …"."""
    return re.match(r"(?:this|these|it|they|those|following this|such)\b", folded(text)) is not None


_ASPIRES = re.compile(
    r"\b(?:aims? to|strives?|hopes?|hoping|endeavours?|seeks? to|intends? to|would like|works? towards|wherever possible|where possible|aspires?)\b"
)
_PERSON_DOES = re.compile(
    r"\b(?:head ?teacher|head|dsl|safeguarding lead|governors?|governing body|leaders?|staff|teachers?|technician|computing lead|"
    r"school office|practitioners?) (?:\w+ ){0,3}?(?:reads?|audits?|monitors?|checks?|reviews?|decides?|meets?|approves?|walks?|"
    r"looks?|reports?|tests?|signs? off|confirms?)\b|"
    r"\b(?:audited|monitored|checked|reviewed|approved|read|moderated|changed|rotated) (?:\w+ ){0,3}?by (?:the |our |all )?"
    r"(?:head|dsl|governor|staff|leader|teacher|office|safeguarding)"
)


def _binding(promise: str, text: str) -> Kept:
    """What would keep this sentence: the usual kind, unless it only hopes, or names a person who looks."""
    if _ASPIRES.search(text):
        return Kept.ASPIRATION
    usual = PROMISES[promise].binding
    if usual is Kept.CONTROL and _PERSON_DOES.search(text):
        return Kept.DUTY
    return usual
