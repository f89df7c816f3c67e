"""Addresses that a postal code ends: whatever the street is called, the code says what stands before it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from pipelines.mask.recognizers.base import A, Recognizer, Z

_UK = r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}"
_CANADA = r"[A-Z]\d[A-Z] ?\d[A-Z]\d"
_IRELAND = r"[A-Z]\d[\dW] ?[A-Z\d]{4}"
_COUNTRY = (
    r"(?:,? ?\n? ?(?-i:United Kingdom|UK|England|Scotland|Wales|Ireland|Canada|USA?|United States"
    r"|India|Australia|New Zealand|Singapore|Malaysia"
    r"|Philippines|Germany|France|Spain|Portugal|Italy|Netherlands|The Netherlands|Belgium|Sweden"
    r"|Norway|Denmark|Finland|Austria|Switzerland"
    r"|Poland|Mexico|Brazil|Japan|South Africa|UAE|Hong Kong))?"
)
_STOP = (
    r"(?!(?:is|are|was|were|the|a|an|my|your|to|for|and|but|or|on|in|it|its|it's|please|order"
    r"|ordered|orders|items?|days?|hours?|minutes?|weeks?|from"
    r"|with|has|have|not|no|code|number|phone|tel|call|at|by|so|that|this|post ?code|zip|eircode|dob|born)(?![a-z]))"
)
_SMALL = (
    r"(?:of|the|on|upon|le|la|de|du|da|do|dos|near|opp|opposite|behind|floor|side|under|by|rue|apt"
    r"|unit|flat|next to|st|end|and)"
)
_WORD = rf"(?:(?-i:[A-ZÀ-ÞĆČĐİŁŘŚŞŠŻŽ0-9#][\w.'’/&-]*|{_SMALL}))"
_NO = (
    r"(?:(?:flat|unit|apt|apartment|suite|room|house|plot|lot|door|shop|level|lvl|suite|no|blk|block)\.? ?(?:no\.?"
    r" ?)?#?)?#?[A-Z]{0,2}-?\d{1,5}[A-Za-z]?(?:[-/]\d{1,5}[A-Za-z]?)?"
)
_HOUSE = (
    r"(?-i:(?:The )?(?:[A-Z][a-z'’]+ ){0,2}(?:House|Cottage|Farm|Farmhouse|Lodge|Court|Barn|Mill"
    r"|Hall|Forge|Rectory|Vicarage|School House|Bungalow"
    r"|Manor|Grange|Stables|Granary|Laurels|Villa|Chalet|Croft|Gables|Tower|Towers|Apartments"
    r"|Mansions|Residency|Heights|Residence|Surgery|Clinic|Practice|Pharmacy|School|Primary|College|Hospital|Hospice"
    r"|Nursery|Studios|Works|Yard|Wharf|Hotel|Inn))"
)
_REST = rf"(?:[, \n]+{_WORD}){{1,14}}?"
_LOWER = rf"(?:[, ]+{_STOP}[a-z0-9#][a-z0-9.'’/-]*){{1,10}}?"


class AddressCodeEn(Recognizer):
    entity = "ADDRESS"
    gate = r"\d[A-Z]{2}(?![A-Z])|[A-Z]\d[A-Z]|\d{4}|[A-Z]\d\d ?[A-Z]|\d{3} \d\d|singapore|(?-i:[a-z], [A-Z])"
    needs: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "to a code with letters": r"(?-i:\d[A-Z]{2}(?![A-Za-z0-9])|[A-Z]\d[A-Z] ?\d"
            r"|[A-Z]\d[\dW] ?[A-Z\d]{4})",
            "in small letters": r"(?i)\d[A-Z]{2}(?![A-Z0-9])|[A-Z]\d[A-Z] ?\d[A-Z]\d",
            "to a code of six digits": r",[^\n]*(?<!\d)\d{3} ?\d{3}(?!\d)",
            "to a state of Australia": r"(?-i:NSW|VIC|QLD|ACT|TAS|SA|WA|NT|Vic|Qld|Tas),? \d{4}",
            "to a code of four digits": r",[^,\n]*[ ,]\d{4}(?!\d)",
            "Singapore": r"(?i)singapore|s ?\(\d",
            "number after the street": r"\d[^\n,]{0,6}[,\n][^\n]*\d{2}",
            "route and town": r"(?-i:R\.?D)",
            "kind first, code and town": r"(?i)(?:rue|avenue|boulevard|bd|place|chemin|quai|allée|impasse|cours|route|via"
            r"|viale|piazza|calle|rua|passeig) ",
            "house without a number": r", [A-Z][^\n]*\d",
            "named house and road": r"(?:House|Cottage|Farm|Lodge|Court|Barn|Mill|Hall|Forge|Rectory|Vicarage|Bungalow|Manor"
            r"|Grange|Stables|Granary|Laurels|Villa|Chalet|Croft|Gables|Towers?|Apartments|Mansions|Residency|Heights"
            r"|Residence),",
        }
    )
    languages = ("en", "mixed")
    rules = (
        (
            "to a code with letters",
            rf"{A}(?:{_HOUSE}(?:, {_NO})?|{_NO}){_REST}[, \n-]+(?-i:{_UK}|{_CANADA}|{_IRELAND}){Z}{_COUNTRY}",
            0.8,
        ),
        ("in small letters", rf"(?<!\d[./-]){A}{_NO}{_LOWER}[, ]+(?:{_UK}|{_CANADA}){Z}{_COUNTRY}", 0.7),
        (
            "to a code of six digits",
            rf"(?<![+\d] ){A}{_NO}(?:, ?| )(?=[^,\n]*[A-Za-z]{{3}}"
            rf"|[^,\n]*,[^,\n]*[A-Za-z]{{3}})(?=[^.!?;]{{8}})(?:[^,.!?;\n\d]{{2,40}}"
            rf"|\d{{1,3}}(?:st|nd|rd|th)[^,.!?;\n\d]{{2,40}}|[^,.!?;\n]{{2,30}})"
            rf"(?:, ?[^,.!?;\n]{{2,40}}?){{1,8}}[ ,–-]+(?<!\d[ -])"
            rf"(?<!(?:order|number|no|ref|booking|ticket"
            rf"|invoice)[ #:]{{1,2}})\d{{3}} ?\d{{3}}{Z}(?!  ?\d){_COUNTRY}",
            0.7,
        ),
        (
            "to a state of Australia",
            rf"{A}{_NO}{_REST}[, \n]+(?-i:NSW|VIC|QLD|ACT|TAS|SA|WA|NT|Vic|Qld|Tas),? \d{{4}}{Z}{_COUNTRY}",
            0.8,
        ),
        (
            "to a code of four digits",
            rf"{A}{_NO}{_REST}, ?(?-i:[A-Z][A-Za-z]+(?: [A-Z][a-z]+)?),? \d{{4}}{Z}(?!-){_COUNTRY}",
            0.6,
        ),
        (
            "Singapore",
            rf"{A}(?:blk |block )?\d{{1,4}}[A-Z]?{_REST}[, ]+(?:singapore|s)[ (]{{1,2}}\d{{6}}\)?",
            0.85,
        ),
        (
            "number after the street",
            r"(?-i:(?<![A-Za-z])(?!(?:Order|Box|Room|Model|Case|Ticket|Flight)["
            r" \d])[A-ZÀ-ÞĆČĐİŁŘŚŞŠŻŽ][a-zà-ɏß]{2,}(?:[ -][A-ZÀ-ÞĆČĐİŁŘŚŞŠŻŽa-zà-ɏß]+){0,3}\.? \d{1,4}"
            r" ?[A-Za-z]?(?:[-/][A-Z0-9]+)?"
            r"(?:,? (?:\d{1,2}[a-zº°ª.]{0,3}(?:[ -](?:[A-Z]|\d[aª]|[A-Za-zé]{2,5}\.?))?"
            r"|[A-Za-z]{1,8}\.? ?\d+)){0,2}[,\n]+ ?(?:[A-Z]{1,2}-)?"
            r"(?:\d{4,5}|\d{3} \d{2}|\d{2}-\d{3}|\d{4}-\d{3})(?: [A-Z]{2})?"
            r" [A-ZÀ-ÞĆČĐİŁŘŚŞŠŻŽ][a-zà-ɏß]+(?:[ -][A-ZÀ-ÞĆČĐİŁŘŚŞŠŻŽ][a-zà-ɏ]+){0,2})"
            rf"{_COUNTRY}",
            0.8,
        ),
        (
            "kind first, code and town",
            rf"{A}(?-i:\d{{1,4}}(?: ?(?:bis|ter|[A-Z]))?,? (?:[Rr]ue|[Aa]venue|[Bb]oulevard|[Bb]d|[Pp]lace|[Cc]hemin"
            rf"|[Qq]uai|[Aa]llée|[Ii]mpasse|[Cc]ours|[Rr]oute|[Vv]ia|[Vv]iale|[Pp]iazza|[Cc]alle|[Rr]ua|[Pp]asseig)"
            rf"(?: (?:d'|l')?[A-Za-zÀ-ɏ'’-]+){{1,6}}),?[ \n](?:[A-Z]{{1,2}}-)?\d{{4,5}}"
            rf" (?-i:[A-ZÀ-ÞĆČĐİŁŘŚŞŠŻŽ][A-Za-zÀ-ɏ-]+)(?: \d{{1,2}}(?!\d))?{_COUNTRY}",
            0.8,
        ),
        (
            "house without a number",
            rf"(?<![A-Za-z])(?:c/o )?(?-i:(?:The )?[A-Z][a-z'’]+(?: [A-Z][a-z'’]+){{0,2}}, (?:[A-Z][a-z'’]+ ){{1,3}}"
            rf"(?:Road|Street|Lane|Avenue|Drive|Close|Way|Hill|Terrace|Place|Square|Row|Green|Rd|St|Ln|Ave)"
            rf"(?:, [A-Z][a-z'’-]+(?: [A-Z][a-z]+){{0,2}}){{0,2}}),?[ \n-]+(?-i:{_UK}|{_IRELAND}){Z}{_COUNTRY}",
            0.8,
        ),
        (
            "named house and road",
            rf"(?<![A-Za-z]){_HOUSE}, (?-i:(?:[A-Z][a-z'’]+ ){{1,3}}(?:Road|Street|Lane|Avenue|Drive|Close|Way|Hill"
            rf"|Terrace|Place|Square|Row|Green|Rd|St|Ln|Ave)(?![a-z])(?:, [A-Z][a-z'’-]+(?: [A-Z][a-z]+){{0,2}}){{0,3}})",
            0.7,
        ),
        (
            "route and town",
            rf"{A}(?-i:R\.?D\.?) ?\d{{1,2}}[,\n]+ ?(?-i:[A-Z][a-z]+(?: [A-Z][a-z]+){{0,2}}),?"
            rf" \d{{4}}{Z}{_COUNTRY}",
            0.85,
        ),
    )
