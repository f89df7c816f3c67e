"""What speaks for a word being the name of a person where it stands, and what against.

A list of names alone proves little: `Dyson`, `Siena` and `Rachel` are in it. The words beside it decide.
"""

from __future__ import annotations

import unicodedata

import regex

from pipelines.mask import lexicon_en as lexicon
from pipelines.mask.words import words

_FLAGS = regex.IGNORECASE
_KIN = (
    r"(?:husband|wife|partner|son|daughter|mum|mom|dad|father|mother|brother|sister|friend|boss"
    r"|colleague|manager|assistant"
    r"|fianc[eé]e?|neighbou?r|parents?|roommate|flatmate|grandson|granddaughter|nephew|niece"
    r"|cousin|boyfriend|girlfriend|kid"
    r"|carer|caretaker|pa|helper|nanny|childminder|cleaner|flatmate|lodger|ex|aunty|nan|gran|landlord|tenant|housemate|secretary|solicitor|lawyer|accountant|agent)"
)
TITLE = (
    r"(?:mr|mrs|ms|miss|mx|dr|prof|professor|sir|dame|lady|lord|captain|officer|mister|missus|madam"
    r"|rev|sgt)\.?"
)
CUE = regex.compile(
    r"(?<![A-Za-z])(?:this is|i am|i'm|i’m|im|name is|name's|names|file is|name on (?:it|the"
    r" \w+)(?: is)?|hi|hello|hey|dear|thanks"
    r"|thank you|thx|thanx|tysm|ty|thanku|hiya|cheers|sorry|sure"
    r"|through to|speaking (?:to|with)|talk(?:ed|ing)? (?:to|with)"
    r"|call me|go by|goes by|named|called|(?:my|our|his|her|the) (?:late |older |younger |elderly )?"
    + _KIN
    + r"|grandma|grandpa|uncle|aunt(?:ie)?|last name"
    r"|first name|surname|family name|given(?: name)?|middle name|maiden name|account holder"
    r"|holder|sp(?:o|ea)ke? (?:to|with)|attention|attn|attorney for"
    r"|behalf of|guests?|passengers?|pax|travell?ers?|patient|recipient|addressee|beneficiary"
    r"|titular|contact(?: person)?|signed (?:by|for by)"
    r"|name of (?:the )?(?:guest|passenger|customer|holder)|(?:package|parcel|delivery|gift|order"
    r"|flowers|booking|reservation|prescription) for"
    r"|chat(?:ted|ting)? with|connected (?:to|with)|met|helped by|served by"
    r"|assisted by|c/o|care of|cc|regards"
    r"|sincerely)[,:]? +[\"']?$",
    _FLAGS,
)
WEAK_CUE = regex.compile(  # not enough for a name that is a word too
    r"(?<![A-Za-z])(?:its|it's|ask(?:ed)? for|agent|rep|driver|courier|technician|engineer"
    r"|advisor|operator|from your|guy|okay|ok|yes|yeah|alright|perfect|great|lovely"
    r"|right|morning|afternoon|evening|welcome(?: back)?|i see|got it|no)[,:]? +[\"']?$",
    _FLAGS,
)
_TITLED = regex.compile(rf"(?<![A-Za-z]){TITLE} $", _FLAGS)
# A person says, goes and is away; a month, a stone and an invoice don't.
ACTS = regex.compile(
    r" (?:(?:has |had |just |also |kindly |already )?(?:told|said|says|called|emailed|texted"
    r"|promised|helped|mentioned|asked|wrote|replied|confirmed"
    r"|advised|explained|offered|insisted|assured|apologi[sz]ed|here(?! [a-z])|speaking|calling"
    r"|lives|works|signed|picked|forgot|lost|wants|needs)"
    r"|(?:is|was|isn't|wasn't)(?: currently| still| also)? (?:on leave|out|off|away|in(?= today"
    r"|[?.!]|$)|here|my|our|your|the (?:one|person|manager|agent|account holder)|on holiday|not"
    r" in|unavailable|with me|sick|ill|busy)"
    r"|(?:is|will be) (?:looking after|handling|dealing with|helping|coming to|working on)"
    r"|(?:ring|call|e-?mail|text|contact|phone|message|visit) (?:me|us|him|her|them)"
    r"|will (?:call|email|contact|ring|text|help|look"
    r" after|be with|get back)|no longer works|from (?:your|the|our|customer|support|billing|sales|accounts"
    r"|tech|dispatch)|and i(?![a-z]))(?![A-Za-z])",
    _FLAGS,
)
SURELY_ACTS = regex.compile(
    r" (?:(?:from|in) (?:your (?:team|shop|store|office|company|fraud)|our|support|billing|sales"
    r"|accounts|dispatch)|told (?:me|us)|said (?:he|she|i|we|it|to)|promised|helped (?:me|us)|no"
    r" longer works)(?![A-Za-z])",
    _FLAGS,
)
_GOODS = rf"(?:{'|'.join(words('goods.en'))}|v\d+|\d+ ?ml|\d{{3,4}}(?! [A-Z])(?=[^,]*\?))"
_GOODS_AFTER = regex.compile(rf"['’]?s?\"?(?: [A-Za-z0-9'’-]+){{0,2}}? {_GOODS}(?![A-Za-z])", _FLAGS)
_STOCKED = regex.compile(
    r"(?<![A-Za-z])(?:do you (?:have|sell|stock|carry|ship)|in stock|back in|out of stock|on sale"
    r"|restock\w*|outlet|available in|for dry skin|is the"
    r"|are the|does the|do the|how much|price of|run (?:big|small|large|true))(?![A-Za-z])",
    _FLAGS,
)
_PLACE_HEAD = regex.compile(
    r"(?<![A-Za-z])(?:san|santa|santo|los|las|el|la|new|fort|port|mount|mt|lake|prince|princess"
    r"|saint|st\.?|puerto|costa|north|south|east|west|upper|lower|great|the|air)$",
    _FLAGS,
)
_BOT = regex.compile(
    r"(?:,| -| is)? (?:the|your|our|an?) (?:[a-z-]+ )?(?:(?:virtual|digital|automated|ai|chat) ?(?:assistant|agent|helper|bot)|(?:chat)?bot)(?![a-z])",
    _FLAGS,
)
_BOT_BEFORE = regex.compile(
    r"(?<![a-z])(?:chat)?bot(?:,| called| named)? $|(?:virtual|automated) (?:assistant|agent),? $", _FLAGS
)
_FIRM_BEFORE = regex.compile(
    r"(?<![a-z])(?:employer|insurer|insurance|insured|company|firm)(?: name)?(?: is|'s|:| with| by| called)+ $"
    r"|(?<![a-z])work(?:s|ed|ing)? for $",
    _FLAGS,
)
_OWNED = regex.compile(
    r"(?<![A-Za-z])(?:the|a|an|real|fake|genuine|new|on|via|with|through|using|at|in|near|to|&"
    r"|any|another|between|or in) $",
    _FLAGS,
)
_DATE_BESIDE = (regex.compile(r"\d(?:st|nd|rd|th)?(?: of)? $"), regex.compile(r",? \d"))
MONTHS = frozenset(words("months.en"))


def is_cued(before: str, weakly: bool = True) -> bool:
    near = before[-60:]
    return (
        CUE.search(near) is not None
        or _TITLED.search(near) is not None
        or (weakly and WEAK_CUE.search(near) is not None)
    )


def acts(after: str, surely: bool = False) -> bool:
    """Whether what follows is done by a person; `surely`: and by nothing else."""
    return (SURELY_ACTS if surely else ACTS).match(after) is not None


def is_brand(name: str) -> bool:
    """Whether a brand, a figure or a place named like a person stands within `name`."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    parts = [part.strip(".").removesuffix("'s").removesuffix("’s") for part in plain.lower().split()]
    return any(
        lexicon.is_famous(" ".join(parts[at : at + size]))
        for size in (1, 2, 3)
        for at in range(len(parts) - size + 1)
        if size > 1 or len(parts) == 1
    )


def is_goods(text: str, start: int, end: int) -> bool:
    """Whether what stands beside text[start:end] sells it."""
    after, before = text[end : end + 40], text[max(0, start - 60) : start]
    if _GOODS_AFTER.match(after):
        return True
    return bool(_STOCKED.search(before) or _STOCKED.search(after)) and not is_cued(before) and not acts(after)


def is_place_or_date(text: str, start: int, end: int) -> bool:
    before, value = text[max(0, start - 20) : start], text[start:end].lower().strip(".")
    if value in MONTHS and (_DATE_BESIDE[0].search(before) or _DATE_BESIDE[1].match(text[end : end + 3])):
        return True
    return value.startswith(("st ", "saint ", "mount ")) or _PLACE_HEAD.search(before.rstrip()) is not None


def is_bot_or_firm(text: str, start: int, end: int) -> bool:
    """`Nova, the virtual assistant`, `employer is Arnold Clark`."""
    before = text[max(0, start - 40) : start]
    return bool(_BOT.match(text, end) or _BOT_BEFORE.search(before) or _FIRM_BEFORE.search(before))


def is_thing_of_use(before: str) -> bool:
    """`my Dyson`, `with Klarna`: what one has or uses."""
    return _OWNED.search(before[-20:]) is not None
