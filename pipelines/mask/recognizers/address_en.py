"""Street addresses in Latin script as one span: number, street, unit, town, region, code."""

from pipelines.mask.recognizers.base import A, Recognizer, Z

_SUFFIX = (
    r"(?:street|avenue|road|drive|lane|boulevard|court|place|terrace|circle|highway|parkway|square"
    r"|crescent|close|gardens?"
    r"|grove|mews|walk|way|hill|trail|alley|plaza|loop|path|ridge|rise|row|view|st|ave|rd|dr|ln|blvd|ct"
    r"|pl|ter|cir|hwy|pkwy"
    r"|sq|cres)\.?"
)
_RARE = (  # the rest of the USPS street suffixes; as capitalised words only
    r"(?-i:Bayou|Beach|Bend|Bluffs?|Bottom|Branch|Bridge|Brooks?|Burgs?|Bypass|Camp|Canyon|Cape|Causeway"
    r"|Centers?|Circles"
    r"|Cliffs?|Club|Common|Corners?|Course|Courts|Coves?|Creek|Crest|Crossing|Crossroad|Curve|Dale|Dam"
    r"|Divide|Drives"
    r"|Estates?|Expressway|Extensions?|Falls?|Ferry|Fields?|Flats?|Fords?|Forest|Forges?|Forks?|Fort"
    r"|Freeway|Gateway"
    r"|Glens?|Greens?|Groves|Harbors?|Haven|Heights|Highway|Hills|Hollow|Inlet|Islands?|Isle|Junctions?"
    r"|Keys?|Knolls?"
    r"|Lakes?|Land|Landing|Lights?|Loaf|Locks?|Lodge|Mall|Manors?|Meadows?|Mills?|Mission|Motorway|Mount"
    r"|Mountains?|Neck"
    r"|Orchard|Oval|Overpass|Parks?|Parkways|Pass|Passage|Pike|Pines?|Plains?|Points?|Ports?|Prairie"
    r"|Radial|Ramp|Ranch"
    r"|Rapids?|Rest|Ridges|River|Roads|Route|Rue|Run|Shoals?|Shores?|Skyway|Springs?|Spurs?|Squares"
    r"|Station|Stravenue"
    r"|Stream|Streets|Summit|Throughway|Trace|Track|Trafficway|Tunnel|Turnpike|Underpass|Unions?"
    r"|Valleys?|Via|Viaduct"
    r"|Views|Villages?|Ville|Vista|Walks|Walls?|Wells?)"
)
_STOP = (
    r"(?!(?:days?|hours?|minutes?|weeks?|months?|pieces?|items?|of|the|a|and|to|in|on|by|my|for|is"
    r"|are|yuan|or)(?![A-Za-z]))"
)
_WORD = rf"{_STOP}(?:[A-Za-z][\w.'’-]*|\d{{1,3}}(?:st|nd|rd|th))"
_CAPITAL = r"(?-i:[A-Z][\w.'’-]*|\d{1,3}(?:st|nd|rd|th))"
_UNIT = (
    r"(?:[, ]+(?:(?:apt|apartment|suite|ste|unit|flat|floor|fl|room|rm|building|bldg|block|blk|tower"
    r"|box)\.?\s?#?"
    r"|#)\s?[A-Za-z0-9-]{1,8}(?:/F)?|[, ]+\d{1,3}(?:st|nd|rd|th)? floor|[, ]+\d{1,3}/F)"
)
_PLACE = r"(?:(?:St|Mt|Ft)\.|[A-Z][A-Za-z'’]+)"
_TOWN = rf"(?-i:{_PLACE}(?:[ -](?:{_PLACE}|upon|on|le|of|the)){{0,3}}(?![0-9A-Za-z]))"
_CODE = r"(?-i:\d{5,6}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d)"
_TAIL = (
    rf"(?:{_UNIT}){{0,3}}(?:[,\n]+ *{_TOWN}){{0,3}}(?:,? *(?-i:[A-Z]{{2}})(?![0-9A-Za-z]))?(?:,? *{_CODE})?"
)
_LEAD = (
    r"(?:(?:flat|unit|apt|apartment|suite|room|rm|blk|block|house"
    r"|no)(?![A-Za-z])\.?\s?#?[A-Za-z0-9-]{1,6},?\s+(?:of\s)?"
    r"|\d{1,3}/F,?\s+|(?:tower|building|block)\s[A-Za-z0-9]{1,3},?\s+){0,3}"
)
_NO = r"(?:(?:no|blk|block|house)\.?\s?|#)?\d{1,6}[A-Za-z]?(?:[-/]\d{1,4}[A-Za-z]?)?,?"


class AddressEn(Recognizer):
    entity = "ADDRESS"
    gate = r"\d"
    rules = (
        (
            "street",
            rf"{A}{_LEAD}{_NO} (?:{_CAPITAL} ){{1,4}}(?:{_SUFFIX}"
            rf"|{_RARE})(?![A-Za-z])(?: [NSEW]{{1,2}}(?![A-Za-z])| East| West| North"
            rf"| South)?(?: \d{{1,3}}(?![0-9A-Za-z]))?{_TAIL}",
            0.8,
        ),
        ("lower case", rf"{A}{_LEAD}{_NO} (?:{_WORD} ){{1,3}}(?:{_SUFFIX})(?![A-Za-z]){_TAIL}", 0.55),
        (
            "kind first",
            rf"{A}{_LEAD}{_NO} (?:Jalan|Jln|Lorong|Persiaran|Rue|Via|Calle|Avenida"
            rf"|Rua) (?:{_CAPITAL}(?:[ /]\d+)?[ ]?){{1,4}}{_TAIL}",
            0.75,
        ),
        (
            "state and code",
            rf"{A}\d{{1,6}}(?: [A-Z0-9#][\w.'’-]*){{1,7}}[,\n]+ *{_TOWN},? *(?-i:[A-Z]{{2}})"
            rf",? \d{{5}}(?:-\d{{4}})?{Z}",
            0.8,
        ),
        (
            "number, name, town, state",
            rf"{A}\d{{1,6}}(?: {_CAPITAL}){{1,4}}(?:{_UNIT})*, *{_TOWN}, *(?-i:[A-Z]{{2}}){Z}"
            rf"(?:,? *{_CODE})?",
            0.7,
        ),
        ("box", rf"{A}P\.?\s?O\.? box \d{{1,6}}{_TAIL}", 0.8),
        (
            "military",
            rf"{A}(?-i:PSC \d+,? Box \d+|Unit \d+ Box \d+|US(?:S|NS|NV"
            rf"|CGC) [A-Z][a-z]+)[,\s]+(?-i:[AFD]PO,? A[AEP])(?: \d{{5}})?{Z}",
            0.9,
        ),
        (
            "unit of a building",
            rf"{A}(?:apt|apartment|suite|flat"
            rf"|unit)\.?\s?#?\d{{1,5}}[A-Za-z]?, *{_CAPITAL}(?: {_CAPITAL}){{0,4}}"
            rf"(?:, *{_TOWN}){{1,2}}(?:,? *{_CODE})?",
            0.6,
        ),
    )
