"""Number plates outside China: by the forms of the UK and India, others beside the word."""

from pipelines.mask import lexicon_en as lexicon
from pipelines.mask.presidio import RecognizerResult
from pipelines.mask.recognizers.base import A, Recognizer, Z

_WORD = (
    r"(?<![A-Za-z])(?:(?:licen[cs]e|number|car|vehicle) ?plates?|plates?|rego?|registration|vehicle|car)"
    r"(?: (?:number|no\.?|num|plate|reg(?:istration)?))*"
)
_INDIA = r"(?:A[NPRS]|BR|C[GH]|D[DLN]|G[AJ]|H[PR]|J[HK]|K[AL]|L[AD]|M[HLNPZ]|NL|O[DR]|P[BY]|RJ|SK|T[GNRS]|U[KP]|WB)"


class LicensePlateEn(Recognizer):
    entity = "LICENSE_PLATE"
    gate = r"\d{2}"
    near = (
        r"plate|(?<![a-z])reg(?![a-z])|rego|registration|vehicle|(?<![a-z])car(?![a-z])|driver|van"
        r"|parking|toll"
    )
    before = 40
    languages = ("en", "mixed")
    rules = (
        ("UK", rf"{A}(?-i:[A-Z]{{2}}\d{{2}} ?[A-Z]{{3}}){Z}", 0.6),
        ("Ireland", rf"{A}(?-i:\d{{2,3}}-[CDGKLMOSTW][A-Z]?-\d{{2,6}}){Z}(?!-)", 0.6),
        ("India", rf"{A}(?-i:{_INDIA}[ -]?\d{{1,2}}[ -]?[A-Z]{{1,3}}[ -]?\d{{4}}){Z}", 0.65),
        ("India, one letter", rf"{A}(?-i:{_INDIA}[ -]?\d[A-Z]?[ -][A-Z]{{1,3}}[ -]\d{{4}}){Z}", 0.65),
        ("Singapore", rf"{A}(?-i:S[A-Z]{{1,2}} ?\d{{1,4}} ?[A-Z]){Z}", 0.4),
        ("Nigeria", rf"{A}(?-i:[A-Z]{{3}}[- ]\d{{3}}[- ]?[A-Z]{{2}}){Z}", 0.5),
        ("Malaysia", rf"{A}(?-i:[A-Z]{{2,3}} \d{{4}}(?: [A-Z])?){Z}", 0.2),
        (
            "after the word",
            rf"{_WORD}(?: (?:is|was))?[:#]?\s*\K(?-i:(?=[A-Z -]*\d)"
            rf"(?=[\d -]*[A-Z])[A-Z0-9]{{1,4}}[ -]?[A-Z0-9]{{2,4}}"
            rf"(?:[ -]?[A-Z0-9]{{1,4}})?){Z}",
            0.7,
        ),
    )

    def is_other(self, text: str, result: RecognizerResult) -> bool:
        """`RTX 4070`."""
        return text[result.start : result.end].split(" ")[0].lower() in lexicon.brands()
