"""Postal codes: beside the word, after a US state, and the UK's by their form."""

from pipelines.mask.recognizers.base import A, Recognizer, Z

_STATE = (
    r"(?-i:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|PR|RI|S[CD]"
    r"|T[NX]|UT"
    r"|V[AT]|W[AIVY])"
)


class ZipCode(Recognizer):
    entity = "ZIP"
    gate = r"\d{3}|[A-Z]\d"
    rules = (
        (
            "English",
            r"(?<![A-Za-z])(?:zip(?:[ -]?code)?|post(?:al)?[ -]?code|postcode|pin[ -]?code)s?\s*(?:[:#?]|is"
            r"|was|of)?\s*:?\s*(?:it'?s |its |mine'?s |mine is |i'?m (?:in|at) |(?:my|the|our) one is )?"
            rf"\K(?:\d{{4}}(?= ?(?:,|\.|$|is|and))|\d{{5}}(?:-\d{{4}})?|\d{{3}} ?\d{{3}}"
            rf"|[A-Z]\d[A-Z] ?\d[A-Z]\d"
            rf"|[A-Z]{{1,2}}\d[A-Z\d]? ?\d[A-Z]{{2}}){Z}",
            0.85,
        ),
        ("abroad", rf"{A}(?-i:PLZ|CAP|CEP|NPA|C\.?P\.?)(?: is|:)? \K\d{{4,5}}(?:-\d{{3}})?{Z}", 0.7),
        ("Chinese", rf"(?:邮编|邮政编码|邮递区号|邮区)[^0-9A-Za-z。?\n]{{0,6}}\K\d{{5,6}}{Z}", 0.85),
        (
            "corrected",
            rf"(?:邮编|邮政编码)[^0-9A-Za-z。?\n]{{0,6}}\d{{6}}[^0-9A-Za-z。?\n]{{0,4}}\K\d{{6}}{Z}",
            0.8,
        ),
        ("after a Chinese address", r"(?<=[省市县区镇乡村路街组号室栋楼][ ,]{1,3})\d{6}(?=[ ,\n]|$)", 0.6),
        ("state", rf"(?<![A-Za-z]){_STATE},? \K\d{{5}}(?:-\d{{4}})?{Z}", 0.7),
        ("ZIP+4", rf"{A}(?<![\u4e00-\u9fff])\d{{5}}-\d{{4}}{Z}", 0.55),
        ("Canada", rf"{A}(?-i:[ABCEGHJ-NPRSTVXY]\d[A-Z] \d[A-Z]\d){Z}", 0.7),
        (
            "where it goes",
            rf"(?:deliver\w*|ship\w*|availab\w+|servic\w+|cover\w*|collection|pick-?up"
            rf"|installation|technician)[^.?!\d\n]{{0,30}}"
            rf" (?:to|at|in|for|cover|covers|serve|service) (?:pin |zip )?\K\d{{5,6}}{Z}(?! ?(?:items|units|people|pieces|rs"
            rf"|usd|dollars))",
            0.6,
        ),
        (
            "served",
            rf"(?<![A-Za-z])(?:servic(?:e|ing)|serv(?:e|ing)|cover(?:ing)?|deliver(?:ing)?|ship(?:ping)?|live in|based in)"
            rf"(?: to| in)? \K\d{{5}}{Z}(?=[?.,!]|$| (?:area|zip|and|on|yet|too|or))",
            0.6,
        ),
        ("UK", rf"{A}(?-i:[A-Z]{{1,2}}\d[A-Z\d]? \d[A-Z]{{2}}){Z}", 0.7),
    )
