"""What only the dialogue makes personal: a bare answer to a question, a value split over two turns.

"What is your name?" / "viswa"; 请提供您的电话 / 1380013 / 8000. The words that a message cannot show are in
the turn before it, so the search goes over a conversation and not over a text. `zh` and `en` hold how either
language asks, announces and answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

import regex

from pipelines.mask.choice import Choice
from pipelines.mask.dialogue import answers_en, answers_zh, by_form, en, names_zh, parts_en, zh
from pipelines.mask.dialogue.bare import alone
from pipelines.mask.dialogue.pieces import Turn, in_pieces
from pipelines.mask.dialogue.tokens import kind_of
from pipelines.mask.dialogue.topics import on_topic
from pipelines.mask.labels import TYPED_PLACEHOLDER, Finding
from pipelines.mask.language import HAN, is_chinese
from pipelines.mask.normalise import Normalised, normalised
from pipelines.mask.recognizers import cued_en
from pipelines.mask.recognizers.cued_en import CuedEn
from pipelines.mask.recognizers.handle_en import HandleEn
from pipelines.mask.required import required

SOURCE = "Dialogue"
ALONE = "AnswersAlone"
SCORE = 0.6
SURE = 0.9
MAX_BARE_CHARS = 60
WHOLE = 7  # digits of a number that is an answer beside another one
MAX_MENTION = 14  # characters of a turn that only says what comes
_PIECE = regex.compile(
    r"(?<![a-z])(?:num(?:ber)?|no|phone|mobile|cell|ph)\.?(?: is|:)? (\d[\d -]{1,8}\d)\s*[.…]*\s*$",
    regex.IGNORECASE,
)
_REST = regex.compile(r"\s*\d[\d -]{2,10}\s*[.!]?\s*")
_ROOM = regex.compile(r"\s*((?:\d{1,3}-)*\d{1,4}[A-Za-z]?(?:室|号|房|户)?)\s*[,。]?\s*")
_UNSURE = regex.compile(r"\s*([0-9A-Za-z@._#/-]+)\s*[?]+\s*")
_VALUE_KINDS = ("digits", "code", "name", "maybe", "mail")
_FLAGS = regex.IGNORECASE
_BOT_ASKS = regex.compile(r"[?？请]|please|enter|provide|tell", _FLAGS)

_ASKS = regex.compile(rf"[?]|{zh.ASKS}|{en.ASKS}", _FLAGS)
_ANNOUNCES = regex.compile(rf"(?:[:]|{zh.IS}|{en.IS})\s*[.…]*\s*$|^(?:{zh.ANNOUNCED})$", _FLAGS)
_NUMBER_FOLLOWS = regex.compile(rf"(?:{zh.NUMBER_FOLLOWS}|{en.NUMBER_FOLLOWS})\s*$", _FLAGS)
_ASKED: dict[str, regex.Pattern[str]] = {
    kind: regex.compile("|".join(filter(None, (zh.ASKED.get(kind), en.ASKED.get(kind)))), _FLAGS)
    for kind in dict.fromkeys([*zh.ASKED, *en.ASKED])
}
_SAYS_MORE = regex.compile(r"[0-9A-Za-z?]|吗|怎么|什么")
_KINDS = tuple(_ASKED)
_CHOICE = Choice([required(pattern.pattern, _FLAGS) for pattern in _ASKED.values()])
_CARRIED = frozenset({"PHONE", "ID_CARD", "BANK_CARD", "BIRTH_DATE", "BANK_ACCOUNT"})
_FORMLESS = frozenset(
    {"BANK_ACCOUNT", "USERNAME", "PASSWORD", "OTP", "ADDRESS", "ORDER_NUMBER", "LICENSE_PLATE", "PASSPORT"}
    | {"DRIVING_LICENCE", "SSN", "TRACKING_NUMBER", "WECHAT"}
)
_GUESSED = frozenset({"PHONE", "ORDER_NUMBER", "ID_CARD", "ZIP", "BANK_ACCOUNT", "OTP", "PASSWORD", "PERSON"})


def from_dialogue(
    messages: Sequence[tuple[str, str]], found: Mapping[int, Sequence[Finding]]
) -> dict[int, list[Finding]]:
    """Findings by index of `messages` (role, text); `found` is what the texts show by themselves."""
    if any(
        role == "agent" or is_chinese(text) or (role == "system" and bot_asks(text))
        for role, text in messages
    ):
        more = _answered(messages, found)
    else:
        more = _alone(messages)
    for index, finding in _in_pieces(messages):
        more.setdefault(index, []).append(finding)
    return more


def _answered(
    messages: Sequence[tuple[str, str]], found: Mapping[int, Sequence[Finding]]
) -> dict[int, list[Finding]]:
    """The customer's answers to questions and to what the turn before announced."""
    more: dict[int, list[Finding]] = {}
    expected: list[str] = []
    for index, (role, text) in enumerate(messages):
        plain = normalised(text)
        if role == "agent":
            expected = asked(plain.text) or (_still(expected) if _goes_on(plain.text) else [])
        elif role == "system":
            expected = bot_asks(plain.text) or expected
        elif role == "customer":
            spans = answers(plain.text, expected)
            more[index] = [
                Finding(*plain.span(start, end), kind, _score(kind, expected), SOURCE)
                for start, end, kind in spans
                if not _covered(plain.span(start, end), kind, found.get(index, ()), expected)
            ]
            if piece := _first_piece(plain.text, messages[index + 1 : index + 2]):
                more[index].append(Finding(*plain.span(*piece), "PHONE", SCORE, SOURCE))
                expected = ["PHONE"]
                continue
            expected = (
                announced(plain.text)
                or _mentioned(plain.text)
                or _begun(text, found.get(index, ()))
                or expected
            )
            if not spans and index and messages[index - 1][0] == role:
                more[index] += _room(plain, messages[index - 1][1], found.get(index - 1, ()))
    for index, finding in _on_topic(messages):
        more.setdefault(index, []).append(finding)
    return more


def _on_topic(messages: Sequence[tuple[str, str]]) -> Iterator[tuple[int, Finding]]:
    """The accounts and permits of customers whose word stands in a turn before."""
    plain = [normalised(text) for _, text in messages]
    for index, start, end, kind in on_topic([text.text for text in plain]):
        if messages[index][0] == "customer":
            yield index, Finding(*plain[index].span(start, end), kind, SURE, SOURCE)


def _in_pieces(messages: Sequence[tuple[str, str]]) -> Iterator[tuple[int, Finding]]:
    """The pieces of values that are given in several turns."""
    plain = [normalised(text) for _, text in messages]
    turns = [Turn(role, text.text) for (role, _), text in zip(messages, plain, strict=True)]
    for index, spans in in_pieces(turns).items():
        for start, end, kind in spans:
            yield index, Finding(*plain[index].span(start, end), kind, SURE, SOURCE)


def _mentioned(text: str) -> list[str]:
    """What a short turn without a value names: 手机号打给我就行, before the number comes in the next."""
    if len(text) > MAX_MENTION or _SAYS_MORE.search(text):
        return []
    return [kind for kind in _CARRIED if _ASKED[kind].search(text)]


def _first_piece(text: str, then: Sequence[tuple[str, str]]) -> tuple[int, int] | None:
    """The digits of a number whose rest is the next turn: `my number is 0433` / `817 092`."""
    match = _PIECE.search(text)
    goes_on = match and then and then[0][0] == "customer" and _REST.fullmatch(then[0][1])
    return match.span(1) if match and goes_on else None


def _begun(text: str, found: Sequence[Finding]) -> list[str]:
    """A mobile number that lacks its last digits at the end of the turn: they come in the next."""
    last = max(found, key=lambda finding: finding.end, default=None)
    ends = last is not None and last.type == "PHONE" and last.end == len(text.rstrip())
    said = text[last.start : last.end] if last and ends else ""
    return ["PHONE"] if 0 < sum(map(str.isdigit, said)) < (9 if said.startswith("0") else 7) else []


def _room(plain: Normalised, before: str, found: Sequence[Finding]) -> list[Finding]:
    """The room, or town and code, in a turn of its own after one that ends with the address: 17号楼 / 620B."""
    room = _ROOM.fullmatch(plain.text) or answers_en.TOWN_AND_CODE.fullmatch(plain.text)
    ended = any(other.type == "ADDRESS" and len(before) - other.end < 3 for other in found)
    return [Finding(*plain.span(*room.span(1)), "ADDRESS", SCORE, SOURCE)] if room and ended else []


def _still(expected: Sequence[str]) -> list[str]:
    """What is awaited after an agent's turn that asks for nothing: `嗯` between the parts of a number."""
    return [kind for kind in expected if kind in _CARRIED or kind == "OTP"]


@lru_cache(maxsize=4096)
def _goes_on(text: str) -> bool:
    """Whether an agent's turn leaves open what was asked before."""
    return en.GOES_ON.search(text) is not None or _ASKS.search(text) is None


def _alone(messages: Sequence[tuple[str, str]]) -> dict[int, list[Finding]]:
    """What the customer's half of an English log shows by itself (bare.py)."""
    plain = [Normalised(text if role == "customer" else "") for role, text in messages]
    spans = alone([text.text for text in plain])
    return {
        index: [Finding(*plain[index].span(start, end), kind, SCORE, ALONE) for start, end, kind in found]
        for index, found in spans.items()
    }


def asked(text: str) -> list[str]:
    """The types that an agent's turn asks for."""
    return list(_asked(text))


def bot_asks(text: str) -> list[str]:
    """The types that a system's turn asks for; what it tells of the chat (`from the order page`) is none."""
    return asked(text) if _BOT_ASKS.search(text) else []


@lru_cache(maxsize=4096)  # agents repeat themselves
def _asked(text: str) -> Sequence[str]:
    if not (_ASKS.search(text) or en.asks_shortly(text)):
        return []
    if not HAN.search(text):
        return _asked_in_english(en.without_purpose(text)) or _asked_in_english(text)
    return _named(text)


def _asked_in_english(text: str) -> list[str]:
    """What the sentences that ask name, else what the turn names."""
    asking = " ".join(part for part in en.sentences(text) if _ASKS.search(part) or en.asks_shortly(part))
    for part in (asking, text):
        if kinds := en.settled(part, _named(part), cued_en.named(part)):
            return kinds
    return []


def _named(text: str) -> list[str]:
    kinds = [_KINDS[at] for at in _CHOICE.possible(text)]
    return [kind for kind in kinds if _ASKED[kind].search(text)]


def announced(text: str) -> list[str]:
    """The types that a customer's turn announces without giving them: `my number is`."""
    if len(text) > MAX_BARE_CHARS or not _ANNOUNCES.search(text):
        return []
    kinds = _named(text)
    return kinds or (["PHONE"] if _NUMBER_FOLLOWS.search(text) else [])


def answers(text: str, expected: Sequence[str]) -> list[tuple[int, int, str]]:
    """(start, end, type) of what `text` answers to a question for `expected`."""
    if not expected or _is_question(text) or TYPED_PLACEHOLDER.search(text):
        return []
    if len(text) > MAX_BARE_CHARS:
        return [] if is_chinese(text) else _in_english(text, expected)
    span = by_form.mail(text, expected) or by_form.in_groups(text, expected)
    spans = [span] if span else []
    spans = spans or (answers_zh.answers(text, expected) if is_chinese(text) else _in_english(text, expected))
    for answer in (by_form.number, by_form.mixed, by_form.address):
        if spans:
            break
        spans = [span] if (span := answer(text, expected)) else []
    more = _beside(text, expected, spans)
    return sorted([*spans, *(span for span in more if not _meets(span, spans))])


def _is_question(text: str) -> bool:
    """Whether something is asked; `48213 ?` answers as `48213` does."""
    if "?" not in text:
        return False
    value = _UNSURE.fullmatch(text)
    return not value or kind_of(value[1].lower()) not in _VALUE_KINDS


def _beside(
    text: str, expected: Sequence[str], spans: Sequence[tuple[int, int, str]]
) -> Iterator[tuple[int, int, str]]:
    """What stands beside the first answer: a name, a whole number."""
    if is_chinese(text):
        yield from names_zh.beside(text, expected)
    elif (
        spans
        and (span := by_form.number(text, expected))
        and sum(map(str.isdigit, text[span[0] : span[1]])) >= WHOLE
    ):
        yield span


def _in_english(text: str, expected: Sequence[str]) -> list[tuple[int, int, str]]:
    spans = parts_en.parts(text, expected)
    more = [] if "SECRET" in expected and spans else answers_en.answers(text, expected)
    return sorted([*spans, *(span for span in more if not _meets(span, spans))])


def _meets(span: tuple[int, int, str], spans: Sequence[tuple[int, int, str]]) -> bool:
    return any(start < span[1] and span[0] < end for start, end, _ in spans)


def _score(kind: str, expected: Sequence[str]) -> float:
    """What was asked for and nothing else is surer than the form of what was said."""
    return SURE if kind in _FORMLESS and len(expected) <= 2 else SCORE


def _covered(span: tuple[int, int], kind: str, found: Sequence[Finding], expected: Sequence[str]) -> bool:
    """Whether the text itself shows what `span` is; a guess by form gives way to the question."""
    met = [other for other in found if other.start < span[1] and span[0] < other.end]
    if kind == "EMAIL":  # its domain alone may have been found
        return any(other.start <= span[0] and span[1] <= other.end for other in met)
    if not met or _score(kind, expected) < SURE:
        return bool(met)
    within = all(span[0] <= other.start and other.end <= span[1] for other in met)
    guessed = all(_is_guess(other) and other.type not in expected for other in met)
    return not (within and guessed)


def _is_guess(finding: Finding) -> bool:
    """Whether the form alone made it one, and no word beside it."""
    if finding.source == HandleEn.__name__:
        return True
    return finding.type in _GUESSED and finding.source != CuedEn.__name__
