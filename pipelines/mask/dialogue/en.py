"""How English asks for personal data, announces it and answers with it."""

from __future__ import annotations

from collections.abc import Sequence

import regex

from pipelines.mask.recognizers.name_en import NOT_NAMES
from pipelines.mask.words import words

_FLAGS = regex.IGNORECASE

ASKS = (
    r"what|when|where|enter (?:the|your)|read (?:me|it|that|out)|can you|will you|may we|did you "
    r"(?:get|receive)"
    r"|is there|is that (?:right|correct)|may i|can i|could"
    r"|would you|please|provide|confirm|share|tell|give|need your|have your|whose"
    r"|which|send|i need|i'll need|i will need|do you have|last one|^(?:.{0,24}(?<![a-z]))?and (?:the"
    r"|your|a|an|routing"
    r"|account|date|last|first|sort)(?![a-z])|^who(?![a-z])|(?<![a-z])who (?:am i|i am|is|will|should)"
    r"|number\?|^(?:dob|otp|surname|username)"
)
ASKED = {
    "PERSON": (
        r"(?<!user)(?<!user )(?<!house )(?<!street )(?<!building )(?<!road )(?<!maiden )(?<!(?:sign"
        r"|log)[- ]?in )"
        r"(?<!screen )(?<!display )(?<!account )(?<!profile )(?<!company )(?<!game )(?<!player )(?<!character )(?<!channel )(?<!business )(?<!product "
        r")\bname\b(?! (?:of"
        r"|for) (?:the|your|a|this)"
        r" (?:product|item|company|business|shop|store|city|town|street|hotel|bank|file"
        r"|app|game|movie|pet|school|plan|device|model))|\bsurname\b|who (?:am i"
        r"|i am) (?:speaking|chatting|talking)"
        r"|^who |(?<![a-z])who (?:is|will|should) |who(?:'s| is) calling|who do i have|spell (?:that|it|your)"
    ),
    "PHONE": (
        r"number i see|number (?:do )?(?:we|i) have|your number\b|"
        r"\bphone|mobile|contact (?:number|no)|\bcell|area code|reach you|call you (?:back )?on"
        r"|callback|landline|"
        r"number to (?:call|reach)|call ?back (?:number|no)|"
        r"(?:best|good) number"
        r"|number (?:linked|on file|we can)|telephone|whatsapp number"
    ),
    "ID_CARD": r"identity (?:card|number)|\baadhaar\b|\bnric\b|\bhkid\b|emirates id|national id|\bid (?:card )?number",
    "BANK_CARD": r"card number|credit card|debit card|long number|number on (?:the|your) (?:front"
    r"|card)|the card$"
    r"|need the card",
    "BANK_ACCOUNT": (
        r"bank account|account (?:number|no)|routing|sort code|(?:digits|four) of (?:the|your) "
        r"(?:bank |savings |current |checking )?(?:account|acct)|which account should|\bbsb\b"
        r"|\biban\b"
    ),
    "ADDRESS": (
        r"address|which (?:property|building|house|flat|location|site|premises)|where (?:should|do|are|shall|can|is) (?:we|i|you|the (?:engineer|driver|technician"
        r"|courier|rider|crew))"
        r"(?: to)?(?: (?:ship|send|deliver|come|go|live|located|staying|based|collect|pick (?:it|you) up)| be (?:sent|delivered))"
    ),
    "EMAIL": r"e-?mail",
    "ORDER_NUMBER": (
        r"order (?:number|no|id)|customer (?:number|no\b|id)|(?:policy|claim|complaint|agreement|e-?ticket|appointment|contract|itinerary|quote|prescription|docket)"
        r" (?:number|no|id|ref)|(?:booking|reservation|confirmation) (?:ref|code|number|no|id)"
        r"|\breference\b|\bpnr\b|\blocator\b"
        r"|calling about order"
    ),
    "TRACKING_NUMBER": r"tracking",
    "USERNAME": r"user ?name|login(?: name| id|\?|$)|(?:user|net ?banking|online banking|client|member(?:ship)?|loyalty|staff|employee|student|portal)"
    r" ?(?:id|login|number|no)\b|student (?:number|no\b)|(?:sign|log)[- ]?in (?:name|id)|(?:screen|display|profile|account) name|\bhandle\b|gamer ?tag|(?:game|player|character|channel) name|\b(?:psn|xbox|steam|epic|discord|uplay) (?:id|name|tag)|which user\b|nickname",
    "ZIP": r"zip|postal code|post ?code|eircode|pincode|pin code (?:of|for|at|there|in)|area pin|delivery pin ?code|location pin",
    "PASSWORD": (
        r"password|passcode|(?<!delivery )\bpin\b(?! ?code (?:of|for|at|there|in)|\W+(?:by|via|in|from) (?:the )?(?:sms|text))|\bcvv2?\b|\bcvc\b|security (?:code|word|answer)"
        r"|code on the (?:front|back)"
    ),
    "OTP": (
        r"verification code|one[- ]time|otp|authenticator|\bpin (?:by|via|in|from) (?:the )?(?:sms|text)|delivery pin(?! ?code)"
        r"|(?:text|sms|message)(?! message)[^.?]{0,40} (?:number|digits|code|say)|(?<![a-z] )\bcode\?$|(?:the|that|your) code\?$|code (?:we|i) (?:sent|texted)|\bthe code\b(?! on)|digits (?:that )?(?:we|i|just)|(?:\d|six|four"
        r"|five|eight)[- ]digits? code"
    ),
    "BIRTH_DATE": r"birth(?! certificate)|\bborn\b|\bdob\b|d\.o\.b|month and (?:day|year)|day and month|which date should it be",
    "WECHAT": r"wechat",
    "SSN": (
        r"social (?:security|insurance)|ssn|\bsin\b|national insurance"
        r"|\btfn\b|tax file number"
    ),
    "PASSPORT": r"passport",
    "DRIVING_LICENCE": r"licen[cs]e (?:number|no)|driv\w+ licen[cs]e",
    "LICENSE_PLATE": r"\bregistration\b|\breg\b|\brego\b|number plate|licen[cs]e plate|\bplate\b",
    "CREDIT_CODE": r"\bvat\b|\bein\b|\buen\b|\bcrn\b|\bacn\b|(?:company|business|charity) (?:reg\w*(?: number| no)?|number)|tax (?:id|number|no)|\bgstin?\b|\babn\b",
    "IP": r"\bip\b",
    "SECRET": (
        r"maiden name|memorable (?:word|name|place|date|answer)|(?:secret|security|verbal|pass) ?(?:word|phrase|answer)\b"
        r"|security question|passphrase|password\b(?! (?:reset|change|email|link))|(?<!time )passcode|(?:name|breed) of your (?:first|childhood|pet|favou?rite)"
        r"|(?:your )?(?:first|childhood) (?:pet|school|car|teacher|job|street|best friend)|favou?rite (?:teacher|film|movie|book|colou?r|food|team|place|singer|band)"
        r"|place of birth|(?:city|town|place) (?:were|was) (?:you|your \w+) born|(?:city|town) of birth|pet'?s name"
    ),
    "ADDRESS_PART": (
        r"(?:house|door|flat|apartment|apt|unit|block|building|street|plot|villa|road)(?: and (?:unit|street|house|flat|road))?"
        r" (?:number|no\b|name)|house name|first line of|(?:^|and |the |your )(?:street|block|unit|apartment|flat|house)(?: number)?\s*\??$"
        r"|street address|street name|number and street"
    ),
}
_SENTENCES = regex.compile(r"[.!?\n]+\s*")
_SENTENCE = regex.compile(r"[^.!?\n]+(?:[.!?]+(?!\s|$)[^.!?\n]+)*[.!?]*")
_PHRASE = regex.compile(r"[^.!?]{3,60}", _FLAGS)
_STATES_IT = regex.compile(
    r"(?<![a-z])(?:i've|i have|we've|we have|has|is|was|are|were|will|updated|added"
    r"|corrected|changed|sent|received|got|thanks?|sorry|done|can't|cannot"
    r"|shows?|found|see)(?![a-z])",
    _FLAGS,
)
_SENT = regex.compile(
    r"(?<![a-z])(?:sent|send|texted|emailed|messaged|sending|texting|pushed)[^.?!]{0,40}"
    r"(?<![a-z])(?:codes?|passcode|otp|pin|digits)(?![a-z])",
    _FLAGS,
)
_SENT_HERE = regex.compile(
    r"(?<![a-z])(?:sms|text(?:ed| message| we| i)?|(?:we|i|just|been|was)(?:'ve| have)?(?: just)? (?:sent|emailed)|sent (?:to|you)"
    r"|authenticator)(?![a-z])",
    _FLAGS,
)
_REAL_PASSWORD = regex.compile(r"password|maiden|memorable|question", _FLAGS)
# What a value is wanted for is not asked for: `your phone number so that I can find the order`.
_PURPOSE = regex.compile(
    r"(?<![a-z])(?:so (?:that )?(?:i|we)|(?:in order )?to (?:verify|confirm|check|pull|find|look|access|locate|proceed"
    r"|create|process|track|see|open|help|send|complete|set up|arrange|book|go ahead|get)|for (?:verification|security|the refund|your refund|this (?:order|booking|claim)))"
    r"(?![a-z])[^.?!]*",
    _FLAGS,
)


def sentences(text: str) -> list[str]:
    return [match.group() for match in _SENTENCE.finditer(text)]


def without_purpose(text: str) -> str:
    return _PURPOSE.sub("", text)


def asks_shortly(text: str) -> bool:
    """`zip code for the card`, `email address ma'am`: a turn ends in what it wants; or a code was sent."""
    last = _SENTENCES.split(text.strip(" .!?"))[-1]
    phrase = _PHRASE.fullmatch(last) and len(last.split()) <= 8 and not _STATES_IT.search(last)
    return bool(phrase) or bool(_SENT.search(text))


_WITH_DIGITS = ("PHONE", "BANK_ACCOUNT", "BANK_CARD", "SSN")
GOES_ON = regex.compile(r"(?<![a-z])(?:the rest|rest of|go on|go ahead|continue|next)(?![a-z])", _FLAGS)


def settled(text: str, kinds: Sequence[str], named: Sequence[str]) -> list[str]:
    """What a turn asks for, of the types that its question (`kinds`) and its words (`named`) show."""
    if (
        _SENT_HERE.search(text)
        and {"OTP", "PASSWORD", "SECRET"} & {*kinds, *named}
        and not _REAL_PASSWORD.search(text)
    ):
        return ["OTP"]
    if "SECRET" in kinds and not {"USERNAME", "EMAIL", "BANK_ACCOUNT", "PHONE", "ORDER_NUMBER"} & {*kinds}:
        return ["SECRET", "PASSWORD"]
    both = list(dict.fromkeys([*kinds, *named]))
    if any(
        kind in kinds for kind in _WITH_DIGITS
    ):  # `last four digits of your phone`, `account for the refund`
        both = [kind for kind in both if kind in kinds or kind not in ("PASSWORD", "ORDER_NUMBER")]
    if "ADDRESS" in kinds:  # `the address for the order`
        both = [kind for kind in both if kind in kinds or kind not in ("ORDER_NUMBER", "TRACKING_NUMBER")]
    if "ZIP" in kinds or "OTP" in kinds:  # `pin code of your area`, `the PIN by SMS`
        both = [kind for kind in both if kind != "PASSWORD" or kind in kinds]
    return both


# What ends a turn whose value comes in the next.
IS = r"is|are"
NUMBER_FOLLOWS = r"number is"

NOT = NOT_NAMES | frozenset(words("not_answers.en"))
_ADDRESS = regex.compile(
    r"(?<![A-Za-z0-9])(?!\d{1,2}(?:[:.]\d\d)? ?[ap]m(?![a-z]))(?:flat|apt|unit|room|blk|#)?\s?\d[^?!\n]*[^?!\n\s.]",
    _FLAGS,
)
_SAID_BEHIND = r"(?:ish|o'?clock|mins?|pls|please|thanks|ta)"
_HOURS = regex.compile(
    rf"[\d:. ]+(?:(?:and|to|or|till?|-) [\d:. ]+{_SAID_BEHIND}?|{_SAID_BEHIND})", _FLAGS
)  # `between 8 and 10 pls`


def address(text: str) -> tuple[int, int] | None:
    """[start, end) of the address that `text` answers with."""
    match = _ADDRESS.search(text)
    said = match and len(match.group()) > 3 and not _HOURS.fullmatch(match.group().strip())
    return match.span() if match and said else None
