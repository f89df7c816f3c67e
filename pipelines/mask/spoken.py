"""Numbers said in words, as a transcribed call has them: `oh double seven three one double four nine`."""

from __future__ import annotations

import regex

_DIGIT = r"(?:zero|oh|o|nought|one|two|three|four|five|six|seven|eight|nine)"
_TEEN = r"(?:ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen)"
_TENS = r"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
_SEP = r"[ ,-]{1,2}"
NUMBER = (
    rf"(?:(?:double|triple) {_DIGIT}|{_TENS}(?:[ -]{_DIGIT})?|{_TEEN}|{_DIGIT}|hundred|thousand)(?![A-Za-z])"
)
START = r"(?<![A-Za-z'-])"
LONG = regex.compile(rf"{START}{NUMBER}(?:{_SEP}(?:{NUMBER}|dash|dot))*", regex.IGNORECASE)
_ORDINAL = (
    rf"(?:(?:{_TENS}[ -])?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|tenth|eleventh"
    rf"|twelfth|thirteenth"
    r"|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth)"
)
_MONTH = r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
_YEAR = rf"(?:{_TEEN}|{_TENS})(?:[ -]{NUMBER}){{0,2}}"
DATE = regex.compile(
    rf"{START}(?:the )?(?:{_ORDINAL} (?:of )?(?:the )?(?:{_MONTH}|{_ORDINAL})|{_MONTH} "
    rf"(?:the )?{_ORDINAL})(?:,? {_YEAR})?(?![A-Za-z])",
    regex.IGNORECASE,
)
_STREET = (
    r"(?:street|avenue|road|drive|lane|boulevard|court|place|terrace|crescent|close|gardens|grove|way|square)"
)
ADDRESS = regex.compile(
    rf"{START}(?:flat |apartment |unit )?{NUMBER}(?:{_SEP}{NUMBER})* (?!(?:percent|dollars|pounds)(?![a-z]))"
    rf"(?:(?:(?!(?:and|are|is|on|by|all|this|no|any|either) )[a-z'-]+ ){{1,3}}"
    rf"{_STREET}|(?<=flat [a-z ]{{2,12}})[a-z'-]+ (?:court|house|lodge|mansions"
    rf"|point))(?![a-z])"
    r"(?: [a-z'-]+){0,12}",
    regex.IGNORECASE,
)
SPELLED = regex.compile(
    r"(?<![A-Za-z])[A-Za-z](?:[ -]{1,2}(?:double )?[A-Za-z](?![A-Za-z'])){3,}(?![A-Za-z0-9'])",
    regex.IGNORECASE,
)


def digits(text: str) -> int:
    """How many digits a spoken number has."""
    count = 0
    for word in regex.findall(r"[a-z]+", text.lower()):
        count += {"double": 1, "triple": 2, "dash": 0, "dot": 0}.get(word, 1)
    return count
