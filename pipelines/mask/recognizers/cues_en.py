"""Which English words name a value, and what a value of each type looks like.

`CUES` by type; those of OTHER take a value away from every type: what stands beside them is the shop's own.
`STRONG` is what a value looks like by itself: it may stand some words away from its cue. `PLAIN` is what
counts as the value when it stands right at its cue (`password is sunflower`), `SAID` how it is dictated.
"""

from __future__ import annotations

from pipelines.mask import spoken
from pipelines.mask.words import words

OTHER = "OTHER"
NUMBER = r"(?:'s)?(?: ?(?:code|number|no\.|num|id|ref|#)(?![a-z]))*"
START, END = r"(?<![A-Z0-9_@.-])", r"(?![A-Z0-9_@])"

CUES: dict[str, str] = {
    OTHER: (
        r"invoices?|models?|versions?|ver|firmware|build"
        r"|sku|parts?|serial|s/n|upc|ean|isbn"
        r"|items?|products?|articles?|styles?|sizes?|rooms?|gates?|flights?|seats?|platforms?"
        r"|trains?|lanes?|prices?|totals?"
        r"|amounts?|balance|ext(?:ension)?|errors?|status|promo(?:tion)?|coupons?|vouchers?"
        r"|discounts?|referral|country|area"
        r"|dial(?:ling|ing)?|source|dress|qr|bar|colou?r|gift|points?|port|channel|page|step|bus"
        r"|exit|lot|batch|imei|mac"
        r"|activation|product key|licen[cs]e key|swift|bic|http|response|sic|naics|hs|tax(?! (?:file|id)(?![a-z]))"
        r"|extension|hotline|helpline|customer service"
        r"|cards?|dob|birth\w*|born|ask"
    ),
    "ORDER_NUMBER": (
        r"(?:purchase |sales |work )?orders?|p/?o|bookings?|reservations?|confirmation|conf"
        r"|references?|ref|pnr|(?:record )?locator"
        r"|polic(?:y|ies)|(?:rental )?agreements?|complaints?|e-?tickets?|appointments?|service "
        r"requests?|contracts?|quotes?"
        r"|claims?|itinerary|(?:support |help ?desk )?tickets?|(?<!in )cases?|incidents?|rma|receipt|transaction|txn|rental|prescription|rx|refunds?|returns?"
        r"|purchase|repair|trip|stay|disputes?|vide|dockets?"
        r"|customers?(?= ?(?:id|number|no|ref|#)(?![a-z]))"
    ),
    "TRACKING_NUMBER": (
        r"track(?:ing|ed)?|parcels?|packages?|shipments?|awb|waybill|consignment|fedex|ups|dhl"
        r"|usps|royal mail|evri|hermes"
        r"|yodel|dpd|gls|tnt|aramex|courier|canada post|auspost|australia post|india post"
        r"|delhivery|blue ?dart|ems"
    ),
    "PHONE": (
        r"phones?|call(?:ing)?(?: me| us| him| her| back)*(?: (?:on|at))?|mob(?:ile)?|cell(?:phone)?|tel(?:e?phone)?"
        r"|hand ?phone|landline|whatsapp|text(?: me)?(?: (?:on|at))?|contact|ph|hp|did|fax|ring(?: me)?(?: (?:on|at))?"
        r"|reach(?:able)?(?: me| us| him| her)?(?: (?:on|at))?|sms|(?:my|his|her|our|their|new|old|alt\w*|best|good"
        r"|other|second|correct)"
        r" (?:number|numbr|num|nbr|no)"
    ),
    "OTP": (
        r"otp(?! [a-z ]{0,24}(?:whatsapp|text|sms|mail|phone|mobile|app)(?![a-z]))|one[- ]time (?:code|pass(?:word|code)|pin)|(?:verification|confirm(?:ation)?|sms"
        r"|text|login|sign[- ]?in|auth\w*|access"
        r"|security|2fa|two[- ]factor|mfa|recovery|back[- ]?up|reset|unlock|collection|pick[-"
        r" ]?up|locker|delivery|temporary"
        r"|\w+[- ]digit) (?:codes?|tokens?)"
        r"|(?:otp|passcode|pin|codes?)(?: (?!is|was|are)[a-z]+){0,3} (?:in|from|by|via|on|to|over) (?:the |my |your |an? )?"
        r"(?:text|sms|e-?mail|message|whatsapp|app|phone|mobile|cell)(?: message)?"
        r"|(?:pin|codes?) (?:for|of|to|from) (?:the |my |your |an? )?(?:[a-z]+ )?(?:lockers?|delivery|collection|driver|courier|rider)"
        r"|(?:verification|authentication) (?:no|num|number|pin|digits)|(?:collection|locker|pick[- ]?up|delivery) pin|2fa|authenticator"
        r"|passcodes?|codes?"
    ),
    "PASSWORD": (
        r"pass ?w[a-z]{1,3}d?s?|passphrase|pass(?:word)? ?phrase|pass|pwd|pw|passcode(?! (?:from"
        r"|in|we|i|sent|that))|pin|cvv2?|cvc2?|csc|cid|security (?:code|word|answer)"
        r"|memorable (?:word|information|place)|secret (?:word|answer)|maiden name|(?:gate|door"
        r"|alarm|lock ?box|entry|building"
        r"|buzzer|garage|keypad|safe|wi-?fi|lock|gym|shed|concierge|lobby) (?:code|key|password|pin)|puk|safe ?word"
        r"|(?:network|router|wpa2?|security|access|encryption|admin) key|pass ?key|combination|combo"
        r"|key(?<=(?:wi-?fi|network|ssid|router)[^.\n]{0,40}key)|(?:3|4|three"
        r"|four)[- ]digits?(?: security)? code"
        r"|(?:code|number|digits|three|four) on the (?:back|front)|four digits"
    ),
    "USERNAME": (
        r"user ?n?ame?s?|(?:user|portal|agent|member|account|seller|host|student|staff|uni(?:versity)?|school"
        r"|college|library|campus|work|employee|emp|payroll|player|profile|client|net ?banking|upi)"
        r" ?ids?|(?:student|employee|staff|payroll|personnel|membership|loyalty|frequent flyer) (?:number|no)"
        r"|i go by|known as|(?:log(?:ged|ging)?|sign(?:ed|ing)?)[- ]?(?:in|up|on) (?:as|name|with|under)"
        r"|registered (?:as|under)|users?|members?|players?|streamers?|(?:sso|domain|ad|email|chat) user|buyer"
        r"|seller|login(?: ?(?:name|id))?|handle|screen ?name|account name"
        r"|gamer ?tag|nick(?:name)?|(?:in-?game|player|character|channel) name|(?:account|profile|subscription|channel|page)"
        r" (?:(?:is|was) )?(?:under|called|named|as)"
        r"|ign|profile(?: name)?|(?:insta(?:gram)?|ig|twitter|facebook|fb|tik ?tok|reddit|discord"
        r"|telegram|skype|snap(?:chat)?|steam"
        r"|psn|xbox|twitch|youtube|linkedin)(?: (?:user(?: ?name)?|name|id|account|handle|profile))?"
    ),
    "WECHAT": r"we ?chat|weixin",
    "QQ": r"qq",
    "TRAVEL_PERMIT": (
        r"(?:(?:home|mainland|china|taiwan(?:ese)?|compatriots?|macau|macao|hong ?kong|hk|exit|entry|travell?|return|two[- ]way|re-?entry)"
        r"[ -](?:(?:and|travel|visit(?:ing)?|return|entry|exit|compatriots?|residents?|resident'?s)[ -]){0,4}(?:permits?|pass(?:es)?)"
        r"|(?:home|mainland|taiwan|hong ?kong|hk)(?: (?:return|visit))? card|(?:tai ?bao|hui ?xiang|tong ?xing)(?: ?zheng)|mtp)"
    ),
    "PASSPORT": r"passports?|(?:travel )?document(?= (?:number|no|#))",
    "LICENSE_PLATE": (
        r"(?:licen[cs]e|number|car|vehicle|reg(?:istration)?|licen[cs]e)[ -]?plates?|plates?"
        r"|regos?|reg|registration|vrm|vrn|licen[cs]e tag"
        r"|registered as|(?:car|van|truck|vehicle|bike) reg(?:istration)?"
    ),
    "DRIVING_LICENCE": (
        r"(?:driver'?s?'?|driving|learner'?s?|provisional)?[- ]?(?:licen[cs]es?|licen[cs]e card)"
        r"|dl|driver id|driver'?s? permit"
    ),
    "ZIP": r"zip(?:[ -]?codes?)?|post(?:al)?[ -]?codes?|pin[ -]?code|eircode|suburb",
    "SSN": (
        r"ssn|social(?: (?:security|insurance|number))?|itin|national insurance|nino|ni(?= ?(?:number|no\.?|num|#)(?![a-z]))|sin|tfn|tax"
        r" file|ppsn?"
    ),
    "ID_CARD": (
        r"a+d+h?aa?r|adhaa?r|nric|fin|hkid|pan(?: card)?|national id|id card|identity card|emirates id|medicare|nhs|dni|nie|cpf|bsn|nin(?= ?(?:is|number|no|:|slip)?)|bvn|cnic|my ?kad|ic(?= (?:number|no|is))|ghana card|voter(?:'?s)? id"
        r"|curp|pesel|nid"
    ),
    "CREDIT_CODE": (
        r"vat|gst(?:in)?|ein|fein|abn|acn|uen|crn|company (?:reg(?:istration)?|number|no)|tax id|tin"
        r"|ust-?id(?:nr)?|btw|tva|rfc|p\.? ?iva|company"
        r" registration"
    ),
    "BANK_ACCOUNT": r"account|acct|a/c|acc|routing|sort ?code|aba|bsb|ifsc|transit|institution",
}  # fmt: skip

_MIXED = r"(?=[A-Z0-9./-]*\d)(?=[0-9./-]*[A-Z])"
_UNIT = (
    r"(?! ?(?:%|days?|hours?|hrs?|min(?:ute)?s?|weeks?|months?|years?|gb|mb|kg|lbs?|miles?|km"
    r"|items?|pieces?|pcs|people|adults?"
    r"|nights?|times|dollars|euros?|pounds|quid|bucks|usd|eur|cm|mm|inch(?:es)?|ml|am|pm|rs|th|st"
    r"|nd|rd|points|x(?![A-Z]))(?![A-Z]))"
)
_NOT_DATE = (
    r"(?!\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d\d)(?![\d.-]))(?!(?:19"
    r"|20)\d\d(?:[-/.]\d\d?){0,2}(?![\dA-Z-]))(?!\d+[.,]\d\d(?![\d.-]))"
)
_LETTER = rf"(?:[A-Z](?![A-Z0-9'’])|(?:{'|'.join(words('nato.en'))})(?![A-Z]))"


def _digits(least: int) -> str:
    """At least so many digits, said in words."""
    return (
        rf"{spoken.NUMBER}(?:[ ,-]{{1,2}}(?:{spoken.NUMBER}|dash|star|hash|pound)){{{least - 1},18}}(?![A-Z])"
    )


def _dictated(least: int) -> str:
    """At least so many letters and digits, each said."""
    one = rf"(?:{_LETTER}|{spoken.NUMBER}|\d{{1,4}}(?![A-Z0-9])|dash)"
    return rf"(?=[^.!?]*(?:{spoken.NUMBER}|\d)){one}(?:[ ,-]{{1,2}}{one}){{{least - 1},16}}"


CODE = (
    rf"{_NOT_DATE}(?:{_MIXED}(?-i:[A-Z0-9]{{5,12}})|(?-i:[A-Z]{{1,5}}["
    rf" -]?)?\d[\d./-]{{3,20}}\d(?:-?(?-i:[A-Z0-9]{{1,6}}))?"
    rf"|{_MIXED}[A-Z0-9]{{1,8}}(?:[-_/][A-Z0-9]{{1,10}}){{1,4}}|[A-Z]{{2,4}}\d{{4,12}}){_UNIT}"
)
_HANDLE = r"(?:[a-z]{1,4}/)?@?[A-Z_][A-Z0-9_.-]{1,30}[A-Z0-9_]"
_TOKEN = r"[^\s,;\"'“”<>()]{3,40}(?<![.!?:])"
_PASSLIKE = rf"(?=[^\s,;]*[A-Z])(?=[^\s,;]*[\d!@#$%^&*_+])(?![^\s]*[@][^\s]*\.)(?:{_TOKEN})"

STRONG: dict[str, str] = {
    "ORDER_NUMBER": rf"(?:{CODE}|(?-i:[A-Z]{{2,4}})(?: \d{{2,5}}){{2,4}}(?![ -]?\d))",
    "TRACKING_NUMBER": (
        r"(?:(?=[A-Z]*\d)[A-Z0-9]{9,24}(?<!\D{9})|[A-Z]{2} ?\d{3,4} \d{4}"
        r" \d{1,4}[A-Z]{2}|\d{3,5}(?:[ -]\d{3,5}){2,5})"
    ),
    "OTP": (
        rf"(?:\d{{3}}[ -]\d{{3,4}}|\d(?: \d){{3,7}}(?! ?\d)|\d\d(?:[ -]\d\d){{2,3}}|(?!(?:19"
        rf"|20)\d\d(?!\d))\d{{4,8}}"
        rf"|(?-i:[A-Z]-)\d{{4,8}}|{_MIXED}(?-i:[A-Z0-9]{{2,6}}(?:-[A-Z0-9]{{2,6}}){{1,4}})"
        rf"|{_MIXED}(?-i:[A-Z0-9]{{6,8}})){_UNIT}"
    ),
    "PASSWORD": rf"(?:{_PASSLIKE}|\d(?: \d){{2,7}}(?! ?\d)|\d{{3}} \d{{3}}(?! ?\d)|\d{{3,8}}#?){_UNIT}",
    "PHONE": (
        r"(?!(?:\+?1[ .-]?)?\(?8(?:00|33|44|55|66|77|88)(?!\d{6}))(?!0?800|0808|1[38]00|0845|0870|03[03]0)"
        rf"{_NOT_DATE}(?=(?:[ .()+/-]*\d){{7,15}}(?![ .-]?\d))"
        rf"(?:\+|00)?\(?\d{{1,5}}\)?(?:[ ./-]{{0,2}}\(?\d{{2,12}}\)?){{1,6}}{_UNIT}"
    ),
    "USERNAME": (
        r"(?:[A-Z0-9_.]{2,32}#\d{4}|[A-Z0-9][A-Z0-9._-]+@(?:ok\w+|ybl|upi|paytm|apl|ibl|axl|icici|sbi)(?![.A-Z])|u/[A-Z0-9_-]{3,24}|(?=[A-Z0-9._-]*[0-9_]|[A-Z]+\.[A-Z]+\.[A-Z]"
        r"|(?-i:[A-Z]?[a-z]+[A-Z][a-z]))@?[A-Z][A-Z0-9_.-]{2,30}(?<=[A-Z0-9_]))"
    ),
    "WECHAT": r"(?![A-Z]+-[a-z]+(?:ing|ed)(?![A-Z0-9_-]))(?=[A-Z0-9]*[0-9_-]|(?-i:[A-Z][a-z]+[A-Z]))[A-Z][A-Z0-9_-]{4,24}",
    "QQ": r"(?:[1-9]\d{4,10}|(?=(?:[ -]?\d){6,11}(?![ -]?\d))[1-9]\d{1,4}(?:[ -]\d{2,4}){1,3})",
    "PASSPORT": (
        rf"(?:(?-i:[A-Z]{{1,2}}) ?\d\d(?: ?\d{{2,3}}){{2,3}}(?: ?(?-i:[A-Z]))?(?! ?\d)|[A-Z]{{1,3}} ?\d{{5,8}}[A-Z]?|\d{{8,9}}|\d{{2}}[A-Z]{{2}}\d{{5}}"
        rf"|{_MIXED}(?-i:[A-Z0-9]{{8,9}}))"
    ),
    "DRIVING_LICENCE": (
        r"(?:(?-i:[A-Z][A-Z9]{4}) ?\d{6} ?(?-i:[A-Z][A-Z9]\d[A-Z]{2}))|"
        rf"{_NOT_DATE}(?:(?-i:[A-Z]{{1,3}})[- ]?\d{{2,4}}(?:[- ]\d{{1,5}}){{1,4}}"
        rf"|(?:(?-i:[A-Z]{{1,2}} ?))?\d{{6,14}}|{_MIXED}[A-Z0-9]{{7,18}}|\d{{2,3}}(?:["
        rf" -]\d{{3}}){{2}})"
    ),
    "LICENSE_PLATE": (
        r"(?-i:(?=[A-Z -]*\d)(?=[\d -]*[A-Z])(?:[A-Z0-9]{2,4}[ -][A-Z0-9]{2,4}(?:["
        r" -][A-Z0-9]{1,4})?|[A-Z0-9]{5,8}))"
    ),
    "ZIP": (
        r"(?:\d{5}(?:-\d{4})?|\d{6}|\d{3} \d{3}|\d{4}|[A-Z]\d[A-Z] ?\d[A-Z]\d|[A-Z]{1,2}\d[A-Z\d]?"
        r" ?\d[A-Z]{2}|[A-Z]\d\d ?[A-Z0-9]{4})"
    ),
    "SSN": (
        r"(?:\d{9}|\d[A-Z][A-Z0-9]\d-?[A-Z][A-Z0-9]\d-?[A-Z]{2}\d\d|\d{3}[ -]\d{2}[ -]\d{4}|\d{3}[ -]\d{3}[ -]\d{3,4}|\d{4}[ -]\d{4}[ -]\d{4}|\d{12}"
        r"|[A-Z]{2}[ -]?\d\d[ -]?\d\d[ -]?\d\d[ -]?[A-Z]|[A-Z]\d{7}[A-Z]|\d{7}[A-Z]{1,2}|\d{10})"
    ),
    "TRAVEL_PERMIT": r"(?:(?-i:[A-Z]{1,2})(?:[ -]?\d){7,10}(?! ?\d)|(?<!\d )\d(?: ?\d){7}(?: ?\d\d)?(?! ?\d))",
    "ID_CARD": (
        r"(?:\d{11}|\d{6}-\d\d-\d{4}|\d{5}-\d{7}-\d|\d{9}|784-?\d{4}-?\d{7}-?\d|[A-Z]\d{6}\([0-9A]\)|[A-Z]{5}\d{4}[A-Z]|[A-Z]{2}\d{5}[A-Z]{2}|\d{8}-?[A-Z]|\d{3}\.\d{3}\.\d{3}-\d\d|\d{13}|\d[A-Z][A-Z0-9]\d-?[A-Z][A-Z0-9]\d-?[A-Z]{2}\d\d|\d{3}[ -]\d{2}[ -]\d{4}|\d{3}[ -]\d{3}[ -]\d{3,4}|\d{4}[ -]\d{4}[ -]\d{4}|\d{12}"
        r"|[A-Z]{2}[ -]?\d\d[ -]?\d\d[ -]?\d\d[ -]?[A-Z]|[A-Z]\d{7}[A-Z]|\d{7}[A-Z]{1,2}|\d{10})"
    ),
    "CREDIT_CODE": (
        r"(?:\d{8,9}[A-Z]?(?![A-Z0-9])|(?-i:[A-Z]{2})\d{6}(?![A-Z0-9])|[A-Z]{0,3} ?\d{2,"
        r"3}(?:[ .-]?\d{2,4}){2,4}|[A-Z]{2}[A-Z0-9]{8,12})"
    ),
}  # fmt: skip
PLAIN: dict[str, str] = {
    "PASSWORD": rf"(?:[\"“'](?:[^\"”'\n]{{3,40}})(?=[\"”'])|{_TOKEN})",
    "USERNAME": _HANDLE,
    "WECHAT": r"[A-Z][A-Z0-9_-]{5,19}",
    "OTP": r"\d{3,8}",
    "DRIVING_LICENCE": r"[A-Z]?\d{4,8}",
    "LICENSE_PLATE": r"(?=[A-Z]*\d)[A-Z0-9]{4,8}",
}
SAID: dict[str, str] = {
    "ORDER_NUMBER": _dictated(4), "TRACKING_NUMBER": _dictated(8), "OTP": _digits(4), "PASSWORD": _digits(3),
    "QQ": _digits(5), "PASSPORT": _dictated(6), "DRIVING_LICENCE": _dictated(6), 
    "LICENSE_PLATE": _dictated(4), "ZIP": _digits(4), "SSN": _digits(4),
}  # fmt: skip
FORMS = (STRONG, PLAIN, SAID)


def is_word_like(value: str) -> bool:
    """Whether `value` has no sign of being one: neither digit nor number word nor signs within a word."""
    return value.isalpha() and (value.islower() or value.istitle())
