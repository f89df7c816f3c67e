"""Identity numbers: of the mainland (GB 11643-1999, and the 15 digits before), Hong Kong, Macau, Taiwan; abroad
those with a form of their own: Aadhaar and PAN, the Emirates', Singapore's, Spain's and others'.

The last digits alone are masked where the text says that they are of an identity card: banks and schools set
them as a first password.
"""

from pipelines.mask.recognizers.base import A, Recognizer, Z

_AREA = r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91)\d{4}"
_MONTH_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_SHORT_DATE = rf"\d\d{_MONTH_DAY}"
_LAST = r"(?:身份证|证件)(?:号码|号)?的?(?:最后|后|末|尾)(?:[四五六八4-8]位|号)?[^0-9A-Za-z。?]{0,4}"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


class IdCard(Recognizer):
    entity = "ID_CARD"
    gate = (
        r"\d{6}|\d(?:[ -]\d){5}|\d{6}[.,]|\d{4} \d{4}|证|784-|[A-Z]{5}\d{4}|[A-Z]{6}\d\d|\.\d{3}[.-]|\d{5}-"
    )
    near = r"身份证|证件|身份号|证号|实名|居住证|\bid\b|identity|hkid"
    rules = (
        ("18", rf"{A}{_AREA}(?:18|19|20)\d{{2}}{_MONTH_DAY}\d{{3}}[\dX]{Z}", 0.85),
        ("18 in groups", rf"{A}{_AREA}([- .,])(?:18|19|20)\d{{2}}\1?{_MONTH_DAY}\1?\d{{3}}[\dX]{Z}", 0.85),
        ("18 of any date", rf"{A}[1-9](?:[- ]?\d){{16}}[- ]?[\dX]{Z}(?!/\d)", 0.3),
        (
            "every digit apart",
            rf"{A}[1-9](?:[ -]\d){{5}}[ -](?:1[ -][89]|2[ -]0)(?:[ -]\d){{9}}[ -][\dX]{Z}",
            0.85,
        ),
        ("17 and x", rf"{A}[1-9]\d{{16}}(?:X{Z}| ?[×叉查差])", 0.6),
        ("18 in fours", rf"{A}{_AREA[:-5]}\d\d([- ])\d{{4}}\1\d{{4}}\1\d{{4}}\1\d[\dX]{Z}(?!/\d)", 0.8),
        ("a letter for a digit", rf"{A}(?=\d*[Ol])(?=(?:[Ol]*\d){{14}})[1-9l][0-9Ol]{{16}}[\dXO]{Z}", 0.6),
        ("15", rf"{A}{_AREA}\d{{2}}{_MONTH_DAY}\d{{3}}{Z}", 0.55),
        (
            "a digit too few or many",
            rf"(?:身份证|证件号|证号)[^0-9A-Za-z。?]{{0,8}}\K[1-9]\d{{15,18}}[\dX]?{Z}",
            0.7,
        ),
        ("last digits before", rf"[后末][四六]位[是为:]?\s?\K\d{{3,5}}[\dX]{Z}(?=[^0-9]{{0,4}}身份证)", 0.7),
        ("last digits", rf"{_LAST}\K\d{{3,7}}[\dX]{Z}", 0.7),
        ("Hong Kong", rf"{A}[A-Z]{{1,2}}\d{{6}}\s?\([\dA]\)", 0.7),
        ("Hong Kong, joined", rf"{A}[A-Z]{{1,2}}\d{{6}}[\dA]{Z}", 0.2),
        ("Macau", rf"{A}[1578]\d{{6}}\s?\(\d\)", 0.6),
        ("Taiwan", rf"{A}[A-Z][1289]\d{{8}}{Z}", 0.3),
        ("Emirates", rf"{A}784-?(?:19|20)\d{{2}}-?\d{{7}}-?\d{Z}", 0.85),
        ("Aadhaar", rf"(?:a+d+h?aa?r|adhaa?r|uid)[^.\n\d]{{0,16}}\K\d{{4}}[ -]?\d{{4}}[ -]?\d{{4}}{Z}", 0.9),
        ("PAN", rf"{A}(?-i:[A-Z]{{3}}[ABCFGHLJPT][A-Z]\d{{4}}[A-Z]){Z}", 0.75),
        ("Singapore", rf"{A}(?-i:[STFGM])\d{{7}}(?-i:[A-Z]){Z}", 0.7),
        ("Spain", rf"{A}(?-i:(?:\d{{8}}|[XYZ]-?\d{{7}})-?[A-HJ-NP-TV-Z]){Z}", 0.5),
        ("Italy", rf"{A}(?-i:[A-Z]{{6}}\d\d[A-EHLMPRST]\d\d[A-Z]\d{{3}}[A-Z]){Z}", 0.85),
        ("Mexico", rf"{A}(?-i:[A-Z]{{4}}{_SHORT_DATE}[HM][A-Z]{{5}}[A-Z0-9]\d){Z}", 0.85),
        ("Brazil", rf"{A}\d{{3}}\.\d{{3}}\.\d{{3}}-\d\d{Z}", 0.8),
        ("Chile", rf"{A}\d{{1,2}}\.\d{{3}}\.\d{{3}}-[\dK]{Z}", 0.8),
        ("Thailand", rf"{A}\d-\d{{4}}-\d{{5}}-\d\d-\d{Z}", 0.85),
        ("Pakistan", rf"{A}\d{{5}}-\d{{7}}-\d{Z}", 0.8),
        ("Korea", rf"{A}{_SHORT_DATE}-[1-4]\d{{6}}{Z}", 0.75),
        ("Malaysia", rf"{A}{_SHORT_DATE}-\d\d-\d{{4}}{Z}", 0.7),
        (
            "after the word",
            rf"(?<![A-Za-z])(?:id|ic)(?: (?:number|no\.?|card))?(?: ?[:#]| is| was)? ?\K"
            rf"(?:\d{{11,13}}|\d{{6}}-\d\d-\d{{4}}|\d{{5}}-\d{{7}}-\d){Z}",
            0.65,
        ),
        ("stars", rf"{A}[1-9]\d{{2,5}}\*{{6,14}}[\dX]{{2,4}}{Z}", 0.6),
    )

    def checksum(self, value: str) -> bool:
        """ISO 7064 MOD 11-2 over the first 17 digits."""
        plain = [char for char in value if char.isalnum()]
        if len(plain) != 18 or not all(char.isdigit() for char in plain[:17]):
            return False
        total = sum(int(char) * weight for char, weight in zip(plain[:17], _WEIGHTS, strict=True))
        return "10X98765432"[total % 11] == plain[17].upper()
