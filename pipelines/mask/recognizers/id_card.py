"""Chinese resident identity numbers: 18 characters (GB 11643-1999), and the 15 digits before 1999."""

from pipelines.mask.recognizers.base import A, Recognizer, Z

_AREA = r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91)\d{4}"
_MONTH_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


class IdCard(Recognizer):
    entity = "ID_CARD"
    gate = r"\d{6}"
    near = r"身份证|证件|身份号|实名|\bid\b|identity"
    rules = (
        ("18", rf"{A}{_AREA}(?:18|19|20)\d{{2}}{_MONTH_DAY}\d{{3}}[\dX]{Z}", 0.85),
        ("18 in groups", rf"{A}{_AREA}([- ])(?:18|19|20)\d{{2}}\1?{_MONTH_DAY}\1?\d{{3}}[\dX]{Z}", 0.85),
        ("18 of any date", rf"{A}[1-9](?:[- ]?\d){{16}}[- ]?[\dX]{Z}", 0.3),
        ("17 and x", rf"{A}[1-9]\d{{16}}X{Z}", 0.6),
        ("15", rf"{A}{_AREA}\d{{2}}{_MONTH_DAY}\d{{3}}{Z}", 0.55),
        ("stars", rf"{A}[1-9]\d{{2,5}}\*{{6,14}}[\dX]{{2,4}}{Z}", 0.6),
    )

    def checksum(self, value: str) -> bool:
        """ISO 7064 MOD 11-2 over the first 17 digits."""
        plain = [char for char in value if char.isalnum()]
        if len(plain) != 18 or not all(char.isdigit() for char in plain[:17]):
            return False
        total = sum(int(char) * weight for char, weight in zip(plain[:17], _WEIGHTS, strict=True))
        return "10X98765432"[total % 11] == plain[17].upper()
