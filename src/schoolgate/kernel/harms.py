"""One taxonomy of harms under the four Cs, shared by everything that sorts harm.

Filter categories, detection rules, concerns and risk assessments all name
harms by these codes, so that one matrix can say what prevents, detects and
answers each of them (promise TEC-1). The four Cs are those of *Keeping
Children Safe in Education* 2026; the labels are our own words.
"""

from dataclasses import dataclass
from enum import StrEnum


class FourC(StrEnum):
    """The four areas of online risk."""

    CONTENT = "content"
    CONTACT = "contact"
    CONDUCT = "conduct"
    COMMERCE = "commerce"


@dataclass(frozen=True, slots=True)
class Harm:
    """One kind of harm.

    Attributes:
        code: stable, lower case, words joined by hyphens.
        label: what staff read.
        areas: the Cs it belongs to, the first being where reports count it.
    """

    code: str
    label: str
    areas: tuple[FourC, ...]


_C = FourC
HARMS: dict[str, Harm] = {
    harm.code: harm
    for harm in (
        Harm("self-harm", "Self-harm and suicide", (_C.CONTENT, _C.CONDUCT)),
        Harm("eating", "Disordered eating", (_C.CONTENT, _C.CONDUCT)),
        Harm("sexual", "Sexual content and nude images", (_C.CONTENT, _C.CONDUCT)),
        Harm("violence", "Violence and weapons", (_C.CONTENT, _C.CONDUCT)),
        Harm("hate", "Hate and discrimination, misogyny included", (_C.CONTENT, _C.CONDUCT)),
        Harm("extremism", "Extremism and radicalisation", (_C.CONTENT, _C.CONTACT)),
        Harm("drugs", "Drugs, alcohol and tobacco", (_C.CONTENT, _C.CONDUCT)),
        Harm("misinformation", "Misinformation and conspiracy", (_C.CONTENT,)),
        Harm("unsuitable", "Unsuitable for the age", (_C.CONTENT,)),
        Harm("grooming", "Grooming and exploitation", (_C.CONTACT,)),
        Harm("disclosure", "Abuse or neglect disclosed", (_C.CONTACT,)),
        Harm("strangers", "Contact with strangers", (_C.CONTACT,)),
        Harm("companions", "Chatbots that act as a companion", (_C.CONTACT,)),
        Harm("bullying", "Bullying", (_C.CONDUCT,)),
        Harm("circumvention", "Ways round the safeguards", (_C.CONDUCT,)),
        Harm("criminal", "Hacking, piracy and other crime", (_C.CONDUCT,)),
        Harm("privacy", "Personal information and images shared", (_C.CONDUCT,)),
        Harm("gambling", "Gambling", (_C.COMMERCE,)),
        Harm("scams", "Scams, phishing and malicious sites", (_C.COMMERCE,)),
        Harm("advertising", "Advertising and pressure to buy", (_C.COMMERCE,)),
    )
}
