"""Letters of other alphabets that pass for ours, and pictures that say a word.

A selection from Unicode's confusables (UTS 39) for whole letters; accents
are taken off by decomposition before this table is read.
"""

_PAIRS = (
    # Cyrillic
    "аa вb еe кk мm нh оo рp сc тt уy хx іi јj ѕs ԁd ԛq ԝw һh ӏl ьb гr пn иu яr ё\u0065 зз "
    # Greek
    "αa βb γy εe ζz ηn ιi κk μu νv οo ρp σo τt υu χx ωw ϲc "
    # Latin letters that decomposition leaves alone, small capitals and turned letters
    "ıi łl øo đd ħh ŧt ɑa ɡg ɩi ʟl ɪi ᴀa ʙb ᴄc ᴅd ᴇe ɢg ʜh ᴊj ᴋk ᴍm ɴn ᴏo ᴘp ʀr ᴛt ᴜu ᴠv ᴡw ʏy ᴢz ꜱs ǝe ɐa ʇt ɹr ʞk ʍw "
    # Armenian and Cherokee in common use as disguise
    "օo սu ոn հh"
)
LOOKALIKES: dict[str, str] = {pair[0]: pair[1] for pair in _PAIRS.split() if pair[0] != pair[1]}

# Only pictures whose meaning in these rules is plain; a rule asks for a word beside it.
EMOJI: dict[str, str] = {
    "\U0001f52a": "knife",
    "\U0001f5e1": "knife",
    "\U0001f52b": "gun",
    "\U0001f4a3": "bomb",
    "\U0001f480": "skull",
    "\U0001f48a": "pills",
    "\U0001f489": "needle",
    "\U0001fa78": "blood",
    "\U0001f346": "aubergine",
    "\U0001f351": "peach",
    "\U0001f51e": "18plus",
    "\U0001f343": "leafemoji",
    "\U0001f525": "fire",
    "\U0001f412": "monkey",
    "\U0001f435": "monkey",
    "\U0001f40d": "snake",
    "\U0001f921": "clown",
    "\U0001f414": "chickenemoji",
    "\U0001f3b0": "slots",
    "\U0001f92e": "sick",
    "\U0001f92b": "secret",
    "\U0001f910": "secret",
}
