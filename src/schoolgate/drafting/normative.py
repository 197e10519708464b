"""Tell whether a sentence promises something or describes.

A sentence is normative when it says what the school or somebody in it does,
must do, may or may not do, or what safeguard is in place. Beliefs, reasons,
lists of risks, quotations of law and headings describe. The first cue that
speaks decides: descriptive cues that are certain, then promises, then the
descriptive ones that a promise in the same sentence outweighs.
"""

import re
from dataclasses import dataclass

from schoolgate.drafting import cues
from schoolgate.drafting.document import Kind
from schoolgate.drafting.words import folded

SHORTEST_WORDS = 3
# A sentence of so many words that no cue decides counts as a promise; a note in a list or a table does when its
# words speak this strongly for one.
WHOLE_WORDS = 4
STRONG_POINTS = 3.0
_SPEAKS = "speaks of what policies promise"


@dataclass(frozen=True, slots=True)
class Judgement:
    """An answer with its reason."""

    normative: bool
    why: str


@dataclass(frozen=True, slots=True)
class _Cue:
    pattern: re.Pattern[str]
    why: str


def _cue(why: str, *alternatives: str) -> _Cue:
    return _Cue(re.compile("|".join(alternatives)), why)


# People and things of the school: what they do is a promise, what "children" in general face is not.
_STAFF = (
    r"(?:we|our (?:\w+ ){0,3}\w+|the (?:\w+ ){0,3}?(?:school|nursery|centre|setting|academy|pre-?school|trust|governors?|governing body|"
    r"head\w*|principal|manager|dsl|lead|leader|coordinator|co-ordinator|office|team|technician|provider|board|committee|firewall|filter|"
    r"network|wireless|wi-?fi|system|website|policy|curriculum|teacher|class|register|gate|service)|(?:all |some |new |each |every |any |nominated |"
    r"designated |other )*(?:(?:members? of )?staff|teachers?|practitioners?|educators?|adults?|governors?|leaders?|pupils?|children|visitors?|contractors?|"
    r"parents?(?: and carers?| or carers?|/carers?)?|carers?|families|volunteers?|students?|users?|devices?|tablets?|laptops?|ipads?|computers?|"
    r"desktops?|phones?|photographs?|photos|images?|passwords?|accounts?|logins?|alerts?|reports?|records?|incidents?|concerns?|lessons?|sites?|"
    r"websites?|apps?|downloads?|traffic|access|keys?|logs?|filtering|monitoring|training|software|antivirus|anti-virus|emails?|"
    r"dsl|headteacher|head teacher|head|technicians?|key stage leaders?|lessons|assemblies|searches|requests?))"
)
_DOES = (
    r"(?:receives?|monitors?|reviews?|keeps?|follows?|provides?|teach(?:es)?|delivers?|checks?|reports?|records?|signs?|completes?|attends?|"
    r"reads?|supervises?|restricts?|blocks?|filters?|logs?|maintains?|updates?|ensures?|supports?|shares?|holds?|leads?|oversees?|audits?|"
    r"responds?|informs?|investigates?|manages?|approves?|issues?|publish(?:es)?|stores?|deletes?|asks?|makes?|takes?|works?|encourages?|"
    r"seeks?|knows?|switch(?:es)?|protects?|changes?|chooses?|selects?|removes?|contacts?|helps?|reminds?|inspects?|scans?|runs?|"
    r"watch(?:es)?|meets?|trains?|logs?|uses?|has|have|gives?|sends?|carr(?:y|ies)|agrees?|expects?|requires?|does|do|talks?|discuss(?:es)?|"
    r"explains?|obtains?|identif(?:y|ies)|assess(?:es)?|alerts?|notif(?:y|ies)|escalates?|refers?|stops?|prevents?|limits?|allows?|offers?|"
    r"covers?|includes?|builds?|learns?|walks?|look|looks|tests?|tries|try|sits?|locks?|hands?|rotates?|invites?|considers?|acts?|treats?|"
    r"consults?|presents?|ratif(?:y|ies)|adopts?|bans?|prohibits?|opens?|closes?|passes|pass|moderates?|posts?|writes?|tells?|speaks?|"
    r"promotes?|arranges?|plans?|maps?|tracks?|enforces?|appl(?:y|ies)|lends?|groups?|sorts?|stays?|stores?|erases?|belongs?|sells?|buys?|finds?|visits?|complies|comply|gets?|shapes?|starts?|ends?|begins?|brings?|borrows?|adheres?|undertakes?|undergo(?:es)?|acknowledges?|"
    r"decides?|needs?|signposts?|hosts?|operates?|employs?|commits?|accepts?|return|returns|reach|reaches|shows|sets|set)"
)
_DONE = (
    r"(?:\w{2,}ed|kept|held|taught|given|sent|shown|set|made|run|read|built|done|drawn|written|chosen|taken|put|known|met|led|sought|told|"
    r"overseen|bound|hidden|found|brought|left|overridden|switched|understood)"
)

# Certain: whatever else the sentence says, it speaks of the world and not of what the school does.
_DESCRIBES = (
    _cue(
        "says what the law or guidance gives or says",
        r"^(?:(?!\b(?:may|will|must|can|shall)\b).)*\b(?:act|regulations?|order) (?:of )?(?:19|20)\d\d\b(?!.*\b(?:we|our|the head ?teacher|the school)\b.*\b(?:will|must|may)\b).*\b(?:gives?|empowers?|states?|requires?|makes?|places?|allows?|defines?|provides?|sets? out|protects?|permits?|enables?)\b",
        r"\b(?:keeping children safe in education|kcsie|ofsted|the department for education|the dfe|dfe guidance|statutory guidance|government guidance|the guidance|ukcis|the eyfs|working together)\b[^.]{0,60}?\b(?:acknowledges|highlights|states|says|defines|describes|explains|recommends|advises|reminds|notes|recognises|identifies|asks|expects|emphasises|requires|makes clear|sets out|lists)\b",
        r"^(?:all )?schools (?:are|have|must|should|need)\b",
        r"\bempowers? (?:head ?teachers|members of staff|staff)\b",
        r"\bha(?:s|ve) (?:the |a )?(?:specific |legal |statutory )?powers? (?:under|to)\b",
        r"^(?:it is|this is) (?:an offence|illegal|unlawful|against the law|a criminal)",
    ),
    _cue(
        "gives a belief",
        r"(?<!if )(?<!where )(?<!when )\bwe (?:\w+ )?(?:believe|feel|think|recogni[sz]e|understand|value|appreciate|acknowledge|know|see|welcome)\b",
        r"\b(?:the school|the nursery|the setting|the centre|governors|our school) (?:believes?|recogni[sz]es?|values?|acknowledges?|understands?|feels?)\b",
        r"\bour (?:vision|belief|ethos) is\b",
        r"^[\w' .]{3,40} (?:recogni[sz]es|believes|acknowledges) that\b",
    ),
    _cue(
        "speaks of risk",
        r"\bthere is (?:always )?an? (?:risk|danger|chance)\b",
        r"\bno (?:\w+ )?(?:system|filter\w*|school|technology) (?:can|is|will)\b",
        r"\bcan be (?:exposed|harmed|tricked|upset|groomed|drawn|hurt)\b|\bcan(?:not)? (?:also |never )?(?:affect|remove|replace|put|lead|expose|bring|cause|be a|be harmful|find|feel|come|happen)\b",
        r"\brisks? (?:may|can|could|is|are|associated)\b.*\b(?:restricted|include|come|arise|grow|change|evolve)\b(?!.*\bassess)",
        r"\bimpossible to\b",
        r"\bcannot (?:be )?(?:eliminate|remove|guarantee|accept liability|be held)",
    ),
    _cue(
        "gives a reason",
        r"\bhas been shown\b",
        r"\bis (?:primarily|essentially|above all|not only|not just|first of all) (?:a|about)\b",
        r"\bbrings? (?:great|many|huge|real|enormous|new)\b|\bis an? (?:invaluable|wonderful|powerful|amazing|excellent|essential|fantastic|great|valuable|important) (?:\w+ )?(?:resource|tool|part|opportunity|way|place)",
        r"\b(?:is|are) (?:an? )?(?:\w+ )?(?:part of (?:everyday|modern|daily|children's|the world|life|growing)|essential (?:part|for|to)|vital (?:part|for|to)|central to)\b",
        r"\bplays? an? \w+ (?:part|role)\b",
        r"\bnot however required\b",
        r"\bsociety\b.*\bmust be able\b",
        r"\bmost (?:children|families|pupils)\b|\bmany (?:children|families|parents|pupils)\b",
        r"\bit is (?:essential|important|vital) (?:that|for) (?:children|pupils|young)\b",
        r"\bis clearly documented\b",
        r"\bis (?:growing|changing|increasing|evolving)\b",
    ),
    _cue(
        "points to another place",
        r"\bwill be referenced\b",
        r"\bthis process is (?:illustrated|shown)\b",
        r"\b(?:is|are) available for (?:more|further) (?:guidance|information|help)\b|^(?:useful|helpful|further) (?:websites|links|contacts|resources|reading|information)\b",
        r"^(?:for (?:more|further) (?:guidance|information|help)|see (?:also|appendix|page|section)|please see|please refer)\b",
    ),
    _cue(
        "describes the words themselves",
        r"^(?:this|that|it) is pertinent to\b",
        r"^(?:it|this) (?:also )?(?:highlights|states|acknowledges|emphasises|recommends|stresses)\b",
        r"^in this policy,? ",
        r"^(?:the term|the word|\"|')[^.]{0,60}\b(?:means|refers to|is used|describes|covers)\b",
        r"\brefers to (?:any|all|the)\b",
    ),
    _cue(
        "says what something is for",
        r"^(?:the )?(?:main )?(?:purpose|aim|function|role) of (?:the |our )?(?:school |nursery )?(?:website|web site|social media)",
        r"\bwebsite can be used to\b",
    ),
)
# "We know that families worry, so we run a workshop": the promise outweighs the belief before it.
_OUTWEIGHS = re.compile(
    r"\b(?:and|so|therefore|which is why|this is why)(?: so| therefore)? "
    rf"(?:we|{_STAFF}) (?:\w+ly |also |therefore |do )?(?:will|must|shall|{_DOES})\b"
)
_OUTWEIGHED = frozenset({"gives a belief", "gives a reason", "speaks of risk"})

# The policy speaking about itself is the promise POL-1 or POL-9.
_PROMISES = (
    _cue(
        "says what is forbidden or allowed",
        r"\b(?:must|may|shall|should|can|will|do|does) not\b",
        r"\b(?:mustn't|shan't|don't|cannot|can't|won't|doesn't|never)\b",
        r"\b(?:is|are) (?:not |never |only |strictly )*(?:permitted|allowed|prohibited|forbidden|banned)\b",
        r"\b(?:may|must|can) only\b",
        r"\bonly (?:to )?be\b",
        r"\bno (?:\w+ ){0,4}(?:may|is|are|has|have|can|will|ever|leaves?|reach(?:es)?|goes|go)\b",
        r"\bthere (?:is|are) no\b",
        r"\b(?:nobody|no one|nothing)\b",
        r"\bremains? (?:off|out of|switched)\b",
    ),
    _cue(
        "says what must be done",
        r"\b(?:must|shall|ought to)\b",
        r"\b(?:is|are) (?:required|expected|asked|obliged|responsible|accountable|bound)\b",
        r"\b(?:has|have|hold|holds|take|takes|carry|carries) (?:\w+ ){0,4}?(?:responsibility|oversight|accountability|duty|charge)\b",
        r"\bwe (?:also )?(?:expect|require|ask)\b",
        r"\b(?:is|are) to (?:be )?\w+",
        r"\bit is (?:important|essential|vital|expected) that (?:all |every |each )?(?:members of |member of )?(?:staff|everyone|adults?|governors|teachers|parents|visitors)\b",
        r"\b(?:needs?|has|have) to \w+",
        r"\bshould\b",
    ),
    _cue(
        "says what will be done",
        r"\b(?:will|we'll|undertakes? to|commits? to|is committed to|are committed to|aims? to|strives?|intends? to|seeks? to|plans? to|endeavours? to)\b",
    ),
    _cue(
        "says who may do what",
        r"\b(?:may|can) (?:also |then |still |decide to |be (?:also |partly )?)*(?:decide|use|access|search|delete|apply|approve|issue|ask|report|request|grant|take|reviewed|revised|adapted|amended|monitored|investigated|searched|examined|checked|removed|withdrawn|suspended|restricted|used|shared|borrow|bring|connect|sign|refer|reach|open|choose|see|be|impose|regulate|confiscate|watch|read|lodge|raise|complain|join|post|be accessed|accessed)\b",
    ),
    _cue(
        "says what the policy does",
        r"\bpolicy (?:\w+ )?(?:shows?|takes? (?:into )?account|describes?|sets? out|applies|covers?|explains?|outlines?|should be (?:viewed|read)|is (?:part|linked|to be|based|informed|built))\b",
        r"\b(?:purpose|aim)s? of this (?:policy|document)\b",
        r"\bthese (?:aups|agreements|policies) (?:outline|set out|explain|say)\b",
        r"\bthis document (?:sets|describes|explains|covers|shows)\b",
        r"\b(?:the )?development of (?:this|our|the) .{0,30}policy\b",
        r"\b(?:wrote|drew up|helped to write|took part in|contributed to|were consulted|was consulted|drafted)\b",
    ),
    _cue("says which part does not apply", r"\bnot (?:relevant|applicable)\b", r"\b(?:does|do) not apply\b"),
    _cue(
        "says how risks are sorted",
        r"\b(?:four|4|three|3) c'?s\b",
        r"\bcontent, contact, conduct\b|\bcontact, content,? (?:and )?conduct\b",
    ),
    _cue(
        "tells the reader what to do",
        r"^(?:do not|never|always|please|read|report|tell|keep|use|ask|check|make sure|ensure|sign|follow|record|log|lock|inform|contact|think|speak|hand|leave|turn|switch) ",
    ),
    _cue(
        "says how the policy was made",
        r"\b(?:ratified|approved|adopted|drafted|agreed)\b",
        r"\b(?:is|are|falls?) due\b",
    ),
    _cue(
        "says which technology is used",
        r"\btechnolog(?:y|ies) (?:\w+ )*(?:used|in use)\b",
        r"\b(?:staff|pupils|parents|children) (?:\w+ )?use\b",
    ),
    _cue(
        "says what is in place",
        r"\b(?:is|are) (?:now |also |already |currently |always )*(?:in place|in force|available|off|on|private|secure|separate|encrypted|based on|part of|subject to|age-appropriate|up to date|live|confidential)\b",
        r"\bthere (?:is|are) (?:an? |clear |regular |agreed |termly |weekly |written |two |three )",
        rf"\b(?:is|are|has been|have been|was|were|being) (?:\w+ly |also |then |not |never |only |always |first |partly |fully |all |both |still |once )*{_DONE}\b",
    ),
    _cue(
        "says what is done",
        rf"\b{_STAFF}(?: \w+ly| also| then| always| and \w+| each \w+| both| never| at .{{1,30}}?| of .{{1,40}}?| in .{{1,30}}?| for .{{1,30}}?| on .{{1,30}}?| who .{{1,30}}?| with .{{1,30}}?|,? \([^)]*\)),? {_DOES}\b",
        rf"\b{_STAFF} (?:\w+ly |also |then |always |never |all |both |regularly |jointly )*{_DOES}\b",
        r"\b(?:which|that|and|then|it|they|he|she) (?:\w+ly )?(?:restricts?|blocks?|provides?|filters?|scans?|stops?|keeps|records|monitors?|checks|alerts?|notif(?:y|ies)|covers)\b",
    ),
)

# Subjects that nobody in a school acts as: the sentence is scenery.
_OF_THE_WORLD = re.compile(
    r"^(?:today,? |however,? |but |yet |also,? |for example,? |in recent years,? |increasingly,? |sadly,? |unfortunately,? )*"
    r"(?:(?:new |digital |modern |mobile |online |smart |the use of |misuse of |access to )*technolog\w+|the (?:internet|web|world|online world|digital world)(?! (?:filter|connection|access|line|provider|use|service|policy|site))|"
    r"the (?:\w+ )?(?:risks?|dangers?|harms?|threats?|benefits?|pace|growth|rise|breadth|impact|issues)|screens?|"
    r"social media|social networks?|online (?:abuse|safety is|risks?|harms?|grooming|bullying|life|gaming|friends\w*)|cyber-? ?bullying|grooming|"
    r"bullying|artificial intelligence|generative ai|ai|apps and|games|gaming|toys|children (?:are growing|grow|today|now|live|love|meet|learn best|may|can|need|often|spend|use)|"
    r"young (?:people|children) (?:are|may|can|need|often|spend|use|live)|(?:each|every) child (?:is|has)|a child (?:who|may|can|is)|"
    r"some (?:children|families|people|parents|games|apps|sites|content|risks)|several|research|evidence|studies|statistics|surveys|being|"
    r"(?:these|such|those) (?:risks?|dangers?|harms?|technologies|behaviours?)|it (?:is|can|may|also (?:means|includes))\b(?! (?:reviewed|kept|monitored|published|our|the (?:school|duty|responsib)))|"
    r"this (?:means|includes|can mean|may mean|is because|helps|could|might)|examples?|we (?:live|want|hope|wish|love|are (?:proud|aware|delighted))|not (?:all|every)|growing up|"
    r"everyone (?:has a right|deserves)|[\w ]+ refers to|[\w ]+ (?:is|are) (?:growing|changing|everywhere|constantly|rapidly|widespread)|[\w ]+ (?:has|have) (?:changed|grown|become|evolved))\b"
)
_STEM_OF_RISKS = re.compile(
    r"\b(?:risks?|dangers?|threats?|harms?|issues|concerns)\b.*\b(?:include|are|be|such as|face|following)\b|\bmay face\b|\bexamples? (?:of|include)\b"
)
_STEM_OF_PURPOSE = re.compile(
    r"\bpurpose\b.*\b(?:website|social media|accounts)\b|\bbenefits?\b|\bwhy\b|\bwe (?:believe|recognise|know)\b|\bdefin(?:es|ed|ition)\b|\bfor (?:more|further) (?:help|information|guidance)\b|\buseful (?:links|contacts|websites)\b"
)
_STEM = re.compile(
    r"\b(?:safeguards?|measures?|consists?|comprises?|made up|protection|protects?|include|includes|including|involved|combination of|through|by|following|will|must|should|may|to|are|is|responsible|ability|guidance|alongside|provides?|ensure|that|has|have|not|we|staff|pupils|children|parents|governors|used|steps?)\b"
)
_REVIEW_DATE = re.compile(
    r"^(?:(?:date of |date for )?(?:the )?next review(?: date| due)?|review (?:date|due|by|cycle|frequency)|to be reviewed|review)\s*:"
)
_DATES_OF_POLICY = re.compile(
    r"^(?:(?:date )?(?:ratified|approved|adopted|agreed)(?: by [\w ]+?)?(?: on| date)?|approval date)\s*:"
)
_KEY_STAGE = re.compile(
    r"^(?:at |in |by the end of )?(?:ks ?[12]|key stage (?:1|2|one|two)|(?:year|reception|nursery|years) ?[\d ,and-]*)\s*[:,-]"
)


def judge(text: str, kind: Kind, stem: str, stem_judgement: Judgement | None) -> Judgement:
    """Tell whether *text* promises something.

    Args:
        text: the sentence.
        kind: what it is on the page.
        stem: what introduces the list that it is an item of, or "".
        stem_judgement: what `judge_stem` said of *stem*, or None.
    """
    words = folded(text)
    if kind in {Kind.HEADING, Kind.LABEL, Kind.CONTENTS, Kind.CAPTION}:
        return Judgement(False, f"a {kind.value}")
    if words.endswith("?"):
        return Judgement(False, "a question")
    if stem and stem_judgement and not stem_judgement.normative and stem_judgement.why == "a list of risks":
        return Judgement(False, "an item of a list of risks")
    if kind is not Kind.ITEM and words.endswith((":", ";")) and not _carries_itself(words):
        return Judgement(False, "introduces a list; its items carry the promise")
    if _REVIEW_DATE.match(words) or _DATES_OF_POLICY.match(words):
        return Judgement(True, "says when the policy is approved or reviewed")
    if _KEY_STAGE.match(words) and kind is Kind.ITEM:
        return Judgement(True, "says what a year or key stage learns")
    alone = _alone(words, kind)
    if alone.why == _SPEAKS and stem_judgement is not None and not stem_judgement.normative:
        return Judgement(False, f"an item of {stem_judgement.why}")
    if alone.normative or (stem_judgement is None and not stem):
        return alone
    if stem_judgement is not None and stem_judgement.normative and alone.why not in {"gives a belief"}:
        return Judgement(True, f"an item of a list that {stem_judgement.why}")
    return alone


def judge_stem(text: str) -> Judgement:
    """Tell whether the items of the list that *text* introduces are promises."""
    words = folded(text)
    if _STEM_OF_RISKS.search(words) and not re.search(
        r"\b(?:report|respond|reduce|mitigat|manage|assess|handle|deal|raise)", words
    ):
        return Judgement(False, "a list of risks")
    if _STEM_OF_PURPOSE.search(words):
        return Judgement(False, "a list of reasons")
    if _STEM.search(words):
        return Judgement(True, "says what is done or must be")
    return Judgement(False, "a list without a promise")


def _carries_itself(words: str) -> bool:
    """Tell whether a sentence that introduces a list already promises something by itself."""
    return re.search(
        r"\b(?:viewed|read) alongside|\bread (?:together|with)|development of|takes? (?:into )?account|technologies|reviewed|"
        r"(?:purpose|aim)s? of this policy|ability to|four c|4 c|three c|3 c|built on|linked to|based on|consulted|ratified|"
        r"content, contact|contact, content",
        words,
    ) is not None and not re.search(r"^(?:this is|these are|they are)\b", words)


def _alone(words: str, kind: Kind) -> Judgement:
    if len(words.split()) < SHORTEST_WORDS:
        return Judgement(False, "too short to promise anything")
    for cue in _DESCRIBES:
        if cue.pattern.search(words) and not (cue.why in _OUTWEIGHED and _OUTWEIGHS.search(words)):
            return Judgement(False, cue.why)
    for cue in _PROMISES:
        if cue.pattern.search(words):
            return Judgement(True, cue.why)
    if _OF_THE_WORLD.search(words):
        return Judgement(False, "speaks of the world in general")
    # What is left of whole sentences in a policy says, in plain words, how things are done here.
    if len(words.split()) >= WHOLE_WORDS and words.endswith((".", ";", "!")):
        return Judgement(True, "says how things are done here")
    if kind in {Kind.ITEM, Kind.CELL} and max(cues.scores(words, "", "").values(), default=0.0) >= STRONG_POINTS:
        return Judgement(True, _SPEAKS)
    return Judgement(False, "says nothing that anybody does or must do")
