"""User names by their form alone: `zeldafan_tina`, `capt_flint_83`, not `user_id` or `ERR_TIMED_OUT`."""

from __future__ import annotations

import regex

from pipelines.mask import lexicon_en as lexicon
from pipelines.mask.presidio import LocalRecognizer, NlpArtifacts, RecognizerResult

SCORE = 0.6
OF_PLAYERS = 0.82  # surer than that the word is a name
_CAMELS = regex.compile(
    r"(?<![A-Za-z0-9@_./\\=&?%#<$*'’-])(?!Mc|Mac|De|La|Le|Van|Di|Du|Fitz|O[A-Z])(?:x?X)?[A-Z][a-z]{1,11}(?:[A-Z][a-z]{1,11}){1,3}"
    r"(?:\d{1,4}|Xx?)?(?![A-Za-z0-9@_/\\=(>*-]|\.[A-Za-z0-9])"
)
_PLAYS = regex.compile(
    r"(?<![a-z])(?:guild|clan|ranked|teammates?|match|game|gamer\w*|ign|players?|streamers?|banned|unban|cheat(?:er|ing)?|friend (?:list|code|request)"
    r"|(?:user|screen|display|old|new|in-?game|character|channel|profile) ?names?|renamed?|nick(?:name)?|my (?:account|profile|handle)"
    r"|followers?|subscribers?|lobby|raid|season pass|skins?|server|reviewer|seller)(?![a-z])",
    regex.IGNORECASE,
)
_JOINED = regex.compile(
    r"(?<![A-Za-z0-9@_./\\=&?%#<$*-])_{0,2}[A-Za-z][A-Za-z0-9]*(?:[_.]{1,2}[A-Za-z0-9]+)*_[A-Za-z0-9]+"
    r"(?:[_.][A-Za-z0-9]+)*_{0,2}(?![A-Za-z0-9@_/\\=(>*-]|\.[A-Za-z0-9])"
)
_NETWORK = regex.compile(r"(?:wi-?fi|ssid|network|hotspot|热点)[^,。.;\n]{0,12}$", regex.IGNORECASE)
_PARTS = regex.compile(r"[A-Za-z]+")
_FILE = regex.compile(r"\.(?:jpe?g|png|pdf|gif|docx?|xlsx?|csv|txt|zip|mp[34]|mov|heic|json|py|js|exe|apk)$")
_TECHNICAL = frozenset(
    ["img", "dsc", "vid", "id", "src", "url", "api", "err", "utm", "ssl", "http", "dns", "tmp", "db", "sql"]
)


class HandleEn(LocalRecognizer):
    languages = ("en", "mixed")

    def __init__(self, language: str = "en") -> None:
        super().__init__(["USERNAME"], name=type(self).__name__, supported_language=language)

    def load(self) -> None:
        """Nothing to load; Presidio asks."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        found = [match for match in _JOINED.finditer(text) if is_handle(match.group())] if "_" in text else []
        results = [
            RecognizerResult("USERNAME", *match.span(), SCORE)
            for match in found
            if not _NETWORK.search(text, 0, match.start())
        ]
        spans = camels(text)
        return [*results, *(RecognizerResult("USERNAME", start, end, OF_PLAYERS) for start, end in spans)]


def camels(text: str) -> list[tuple[int, int]]:
    """[start, end) of words written as one, where the talk is of players or accounts: `MamaBearTank`."""
    found = list(_CAMELS.finditer(text))
    if not found or not _PLAYS.search(text):
        return []
    return [match.span() for match in found if match.group().lower() not in lexicon.brands()]


def is_handle(token: str) -> bool:
    """Whether somebody made `token` up: it has digits, a name or an unknown word beside what is joined."""
    parts = [part.lower() for part in _PARTS.findall(token)]
    if token.upper() == token or _FILE.search(token) or any(part in _TECHNICAL for part in parts):
        return False
    if any(char.isdigit() for char in token):
        return True
    return any(
        part in lexicon.first_names() if _is_plain(part) else len(part) > 2 or part in lexicon.first_names()
        for part in parts
    )


def _is_plain(word: str) -> bool:
    return lexicon.is_word(word) or lexicon.is_chat(word)
