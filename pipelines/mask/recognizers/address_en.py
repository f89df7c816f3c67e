"""Street addresses in Latin script as one span: number, street, unit, town, region, code."""

from pipelines.mask import spoken
from pipelines.mask.recognizers.base import A, Recognizer, Z

_SUFFIX = (
    r"(?:street|avenue|road|drive|lane|boulevard|court|place|terrace|circle|highway|parkway|square"
    r"|crescent|close|gardens?"
    r"|grove|mews|walk|way|hill|trail|alley|plaza|loop|path|ridge|rise|row|view|st|ave|rd|dr|ln|blvd|ct"
    r"|pl|ter|cir|hwy|pkwy|esplanade|parade|quay|embankment|broadway|circuit|promenade|arcade"
    r"|wharf|cct|pde|tce|esp"
    r"|sq|cres|trl|xing|cv|hts|holw|lndg|trce|vly|gln|grv|knl|crk|bnd|rdg|strt|str|brow|fold|croft|wynd|garth|cottages|villas)\.?"
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
    r"(?!(?:stars?|days?|hours?|minutes?|weeks?|months?|pieces?|items?|of|the|a|and|to|in|on|by|my|for|is"
    r"|are|yuan|or)(?![A-Za-z]))"
)
_WORD = rf"{_STOP}(?:[A-Za-z][\w.'’-]*|\d{{1,3}}(?:st|nd|rd|th))"
_CAPITAL = r"(?-i:[A-Z][\w.'’-]*|\d{1,3}(?:st|nd|rd|th))"
_UNIT = (
    r"(?:[, ]+(?:(?:apt|apartment|suite|ste|unit|flat|floor|fl|room|rm|building|bldg|block|blk|tower|dock"
    r"|bay|gate|level|lot|phase|ward|district"
    r"|box)\.?\s?#?"
    r"|#)\s?[A-Za-z0-9-]{1,8}(?:/F)?|[, ]+\d{1,3}(?:st|nd|rd|th)? floor|[, ]+\d{1,3}/F)"
)
_PLACE = r"(?:(?:St|Mt|Ft)\.|[A-Z][A-Za-z'’]+)"
_TOWN = rf"(?-i:{_PLACE}(?:[ -](?:{_PLACE}|upon|on|le|of|the)){{0,3}}(?: \d{{1,2}}W?(?![\w/:-]|\.\d))?(?![0-9A-Za-z]))"
_STATES = (
    r"(?:alabama|alaska|arizona|arkansas|california|colorado|connecticut|delaware|florida|georgia|hawaii"
    r"|idaho|illinois|indiana|iowa"
    r"|kansas|kentucky|louisiana|maine|maryland|massachusetts|michigan|minnesota|mississippi|missouri"
    r"|montana|nebraska|nevada"
    r"|new (?:hampshire|jersey|mexico|york)|north carolina|north dakota|ohio|oklahoma|oregon|pennsylvania"
    r"|rhode island|south carolina"
    r"|south dakota|tennessee|texas|utah|vermont|virginia|washington|west virginia|wisconsin|wyoming)"
)
_ABBREVIATED = (
    r"(?:a[klrz]|c[aot]|d[ce]|fl|ga|hi|i[adln]|k[sy]|la|m[adeinost]|n[cdehjmvy]|o[hkr]|pa|ri|s[cd]|t[nx]"
    r"|ut|v[at]|w[aivy])"
)
# A town and its state, however they are written.
_LOOSE = (
    rf"(?:[, ]+(?:[A-Za-z.'-]+ ?){{1,4}}?[, ]+(?:{_STATES}(?![a-z])(?:,? \d{{4,5}}(?:-\d{{4}})?(?!\d))?"
    rf"|{_ABBREVIATED},? \d{{4,5}}(?:-\d{{4}})?(?!\d)|(?-i:{{0}})(?![A-Za-z])(?:,? \d{{5}})?))"
).replace("{0}", _ABBREVIATED.upper())
_ABROAD = (
    r"(?:,? (?-i:[A-Z][a-z]+(?: [A-Z][a-z]+){0,2}),? (?-i:NSW|VIC|QLD|ACT|TAS|SA|WA|NT),? \d{4}"
    r"|(?: [a-z]+)?,? [a-z]+(?: [a-z]+)? (?-i:ON|QC|BC|AB|MB|SK|NS|NB|NL|PE),? [A-Z]\d[A-Z] ?\d[A-Z]\d)"
    r"(?![0-9A-Za-z])"
)
_CODE = r"(?-i:\d{5,6}(?:-\d{4})?(?![ -]\d{3})|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d)"
_TAIL = (
    rf"(?:{_UNIT}){{0,3}}(?:{_ABROAD}|{_LOOSE}|(?:[,\n]+ *{_TOWN}){{0,3}}(?:,? *(?-i:[A-Z]{{2}})"
    rf"(?![0-9A-Za-z]))?(?:,? *{_CODE})?)"
)
_BUILT = r"(?:House|Cottage|Court|Farm|Hall|Lodge|Mill|Tower|Apartments|Mansions|Centre|Point|Surgery|Clinic|School|Hotel)"
_LEAD = (
    rf"(?:(?-i:(?<=(?:at|is|address|in|on|:) )[A-Z][a-z]+(?: [A-Z][a-z]+){{0,2}}|(?<=(?:to|for|from) )(?:[A-Z][a-z]+ ){{1,2}}{_BUILT}), ?)?"
    r"(?:(?:flat|unit|apt|apartment|suite|room|rm|blk|block|house|lot|plot|villa|door|shop|bldg"
    r"|no)(?![A-Za-z])\.?(?: ?no\.?)?\s?#?(?=[A-Za-z-]*\d|[A-Za-z](?![A-Za-z]))[A-Za-z0-9-]{1,6},?\s+(?:of\s)?"
    r"|\d{1,3}/F,?\s+|\d{1,2}(?:st|nd|rd|th) floor,?\s+|(?:tower|building|block)\s[A-Za-z0-9]{1,3},?\s+){0,3}"
)
_LISTED = r"[A-Z0-9][A-Za-z0-9'’/-]*(?: [A-Z0-9][A-Za-z0-9'’]*){0,4}"  # one of a list of capitals
_NO = (
    r"(?:(?:no|blk|block|house|unit|lot|plot|flat|villa|door)\.?(?: no\.?)?\s?|#)?\d{1,"
    r"6}[A-Za-z]?(?:[-/]\d{1,4}[A-Za-z]?)?,?"
)


class AddressEn(Recognizer):
    entity = "ADDRESS"
    gate = (
        r"\d|(?:oh|zero|one|two|three|four|five|six|seven|eight|nine|double|ten|eleven|twelve|teen|ty"
        r"|hundred) [a-z]"
    )
    rules = (
        (
            "street",
            rf"{A}{_LEAD}{_NO} (?:{_CAPITAL} ){{1,4}}(?:{_SUFFIX}"
            rf"|{_RARE})(?![A-Za-z])(?: (?-i:[NSEW]{{1,2}})(?![A-Za-z'’])| East| West| North"
            rf"| South|(?-i: Upper| Lower| Great| Extension| Extn\.?| Ext\.))?(?: \d{{1,3}}(?![0-9A-Za-z]))?{_TAIL}",
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
        (
            "rural route",
            rf"{A}(?:rr|rural route|hc|route) ?#?\d{{1,3}},? box \d{{1,5}}[A-Za-z]?(?:,? [a-z]+){{0,3}}"
            rf"(?: [a-z]{{2}}(?![a-z]))?(?: \d{{5}})?",
            0.8,
        ),
        (
            "county road",
            rf"{A}\d{{1,6}} (?:county|state|farm to market|fm|us) (?:road|route|highway|hwy"
            rf"|rd) \d{{1,4}}{_TAIL}",
            0.8,
        ),
        (
            "list to a code",
            rf"{A}(?:(?:flat|unit|plot|door|house|h\.? ?no|shop|office|room|apt|villa|block|tower)\.?"
            rf"(?: no\.?)? ?#?)?[A-Z]?\d[\w/-]*(?-i:,? (?:[\w.'’/-]+ ){{0,3}}[A-Z][^,.\n;!?]{{1,40}})"
            rf"(?:, ?(?-i:(?:near|behind|opp\.?|opposite|next to"
            rf"|[A-Z0-9])[^,.\n;!?]{{1,40}})){{1,7}}?[ ,-]+\d{{5,6}}{Z}(?![ -]\d{{3}})",
            0.75,
        ),
        (
            "list to a place",
            rf"{A}(?:flat|unit|room|shop)\.? ?#?(?:\d+[A-Z]?|(?-i:[A-Z]\d?))(?:, ?(?-i:\d{{1,3}}/F|G/F"
            rf"|{_LISTED})){{2,6}}{Z}",
            0.75,
        ),
        (
            "said to be one",
            rf"(?:address(?: is|:)|(?:live|living|staying|stay|located|based) at|(?:deliver|ship|send|post)(?:ed)?(?: (?:it|them|this))? to)"
            rf"\s+\K\d{{1,5}}(?-i:[A-Z]?(?:[/-]\d{{1,4}})?,? {_LISTED}(?:, ?{_LISTED}){{1,6}}){Z}",
            0.75,
        ),
        (
            "unit alone",
            r"\A(?:(?:sorry|oh|and|also|its|it's|no)[, ]+){0,3}\K(?:apt|apartment|flat|unit)\.? ?#?(?=[A-Z-]*\d)[A-Z]?-?\d{1,5}[A-Z]?(?=\s*(?:$|[,.!]))",
            0.6,
        ),
        (
            "spoken",
            rf"(?:^|(?<![a-z])(?:live at|address is|deliver(?:ed)? to|ship(?:ped)? to|moved to|moving to"
            rf"|house is|it's|its|at) )\K(?:the [a-z]+ )?{spoken.ADDRESS.pattern}",
            0.7,
        ),
        (
            "one word",
            rf"{A}{_LEAD}{_NO} (?-i:[A-Z][a-z]{{2,}}(?:way|gate|street|side|bank|field|croft|wood"
            rf"|hill)|Piccadilly|Strand|Broadway"
            rf"|The [A-Z][a-z]+)(?=,){_TAIL}(?:, (?-i:[A-Z][a-z]+(?: [A-Z][a-z]+)?))?",
            0.65,
        ),
        (
            "county",
            r"(?<![A-Za-z])(?-i:[A-Z][a-z'’]+(?: [A-Z][a-z'’]+){0,2}, (?:[A-Z][a-z'’]+(?: "
            r"[A-Z][a-z'’]+){0,2}, ){0,3}"
            r"(?:Co\.?|County) [A-Z][a-z]+)(?:,? (?-i:[A-Z]\d[\dW] ?[A-Z\d]{4}))?(?![A-Za-z0-9])",
            0.7,
        ),
        (
            "lots of India",
            rf"{A}(?:house|h\.?|plot|door|flat|shop|quarter)\.? ?no\.? ?#?\d[\w/-]*,? "
            rf"(?:[a-z0-9.'’/-]+[ ,]+){{0,3}}?"
            rf"(?:gali|lane|sector|phase|block|cross|main|nagar|colony|vihar|enclave|layout|marg"
            rf"|road|street|floor|stage"
            rf"|society|apartments?)(?![a-z])(?:(?![ ,]+\+?\d[\d -]{{8,}}\d)[^.!?;\n]){{0,50}}",
            0.7,
        ),
        (
            "estate",
            rf"{A}{_LEAD}(?:(?:unit|bay|block|lot) \d{{1,4}}[A-Z]?,? (?:the )?)(?:{_CAPITAL} ){{1,4}}"
            rf"(?-i:Industrial Estate|Business Park|Retail Park|Trading Estate|Enterprise Park|Technology Park|Estate|Centre)(?![A-Za-z]){_TAIL}",
            0.8,
        ),
        (
            "block of Singapore",
            rf"{A}(?:blk|block) \d{{1,4}}[A-Z]?,? (?:[A-Za-z][a-z'’]+ ){{1,4}}(?:\d{{1,3}},? )?#\d{{2}}-\d{{1,4}}"
            rf"(?:,? (?:singapore|s)? ?\(?\d{{6}}\)?)?",
            0.85,
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
