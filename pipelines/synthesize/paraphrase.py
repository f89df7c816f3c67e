"""A question said in another way, by rules: one change of wording at least, and sometimes one of style.

The changes of wording are question forms, synonyms, the order of clauses, what the slots hold (goods, an
order's number, a day), and keywords made a sentence; those of style are politeness, terseness, dropped
subjects, typing slips and mixed-in words of the other language. What is said differently stands in the
lexicon files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import TypeVar

from pipelines.mask.labels import PLACEHOLDER
from pipelines.synthesize.lexicon import Lexicon, Rules, lexicon
from pipelines.synthesize.slots import (
    QUESTION_EN,
    QUESTION_ZH,
    Source,
    Step,
    asks,
    lower,
    name_day,
    name_goods,
    name_order,
)

ATTEMPTS = 12
ORDER_SHARE = 0.5  # of the candidates with other words also change their order
STYLE_SHARE = 0.45  # of the candidates also change their style
KEYWORD_CHARS = {"zh": 7, "en": 24}
ANAPHORA_ZH = re.compile(
    r"^(?:但|可是|却|所以|那|结果|不然|而|然后|这|它|其|都|又|就|只|再|才|请|麻烦|帮|快|给|.{1,4}的话|(?:可不可以|能不能|行不行|可以[吗不]|是真的)[？?]?$)"
)
NO_STORY_EN = re.compile(
    rf"{QUESTION_EN.pattern}|^(?:if|before|after|when|once|since|unless|sending|hope|please|i'd like to know"
    r"|i wonder)(?![a-z])",
    re.IGNORECASE,
)
POINTS_BACK_EN = re.compile(
    r"(?<![a-z])(?:it|its|he|she|his|her|they|them|their|that|this|these|those|one|there)(?![a-z])", re.I
)
NO_STORY_ZH = re.compile(r"^(?:如果|要是|万一|假如|等)|(?:后|时|时候|的话|之前|以前)$")
UPSET = re.compile(r"[!！]\s*$|[!！]{2}|讲不讲理|凭什么|凭啥|起诉|投诉|律师|unfair|ridiculous|lawyer", re.I)
ASKING_OPENER = re.compile(r"问|咨询|请教|question", re.I)
COURTESY = re.compile(
    r"请问|你好|您好|麻烦|谢|打扰|咨询|想问|想了解|能说说|帮忙看看|问下|请教|(?<![a-z])(?:hi|hey|pls|plz|cheers)(?![a-z])"
    r"|hello|excuse|please|thank|question|sorry",
    re.IGNORECASE,
)
NO_KEYWORD = re.compile(
    r"[吗么呢不没？?！!，,.…我你您咋怎啥哪几多谁]|什么|怎么|多少|有.*有|木有|[咩泥撒\s]|查询$|了$|[碎坏错]"
)

NO_KEYWORD_EN = re.compile(
    r"ed$|(?<![a-z])(?:which|how|what|my|i|to)(?![a-z])|^(?:out|view|modify|change|cancel|track|check|apply|use|get"
    r"|find|add|reset|delete|close|open|contact|talk|speak|see|merge|combine|join|redeem|buy|pay|split|report"
    r"|send|edit|update|remove|correct|fix|request|sign|log)(?![a-z])"
)


T = TypeVar("T")


def paraphrases(source: Source, rng: Random) -> Iterator[str]:
    """Different ways to say `source.question`, none of them the question itself; may be none at all."""
    words = lexicon(source.language)
    seen = {source.question}
    for _ in range(ATTEMPTS if source.question.strip() else 0):
        text = _attempt(source, words, rng)
        if text and text not in seen:
            seen.add(text)
            yield text


def _attempt(source: Source, words: Lexicon, rng: Random) -> str | None:
    """Other words, or another order, or both; then sometimes another style."""
    text = source.question
    wordings, orders = _shuffled(WORDING, rng), _shuffled(ORDER, rng)
    for step in wordings[: rng.choice((1, 1, 2))]:
        text = step(text, source, words, rng) or text
    if text == source.question or rng.random() < ORDER_SHARE:
        text = next((other for step in orders if (other := step(text, source, words, rng))), text)
    if text == source.question:
        return None
    if rng.random() < STYLE_SHARE:
        text = rng.choice(STYLE)(text, source, words, rng) or text
    return _tidy(text)


def reframe(text: str, source: Source, words: Lexicon, rng: Random) -> str | None:
    """Another form of the question: 能退吗 → 可不可以退, "How do I …" → "What do I have to do to …"."""
    return _apply_one(words.frames, text, rng)


def synonyms(text: str, source: Source, words: Lexicon, rng: Random) -> str | None:
    """One or two words exchanged for others."""
    first = _apply_one(words.synonyms, text, rng)
    if first and rng.random() < 0.6:
        return _apply_one(words.synonyms, first, rng, keep=text) or first
    return first


def swap_clauses(text: str, source: Source, words: Lexicon, rng: Random) -> str | None:
    """The question first, then the story that came before it."""
    if source.language == "zh":
        story, _, question = text.partition("，")
        apt = min(len(story), len(question)) >= 4 and not re.search("[，！!？?]", question[:-1])
        apt = apt and not NO_STORY_ZH.search(story) and not COURTESY.search(text)
        apt = apt and question.rstrip("？?")[-1:] != "是" and not QUESTION_ZH.search(story)
        if not apt or not QUESTION_ZH.search(question.rstrip("？?")):
            return None
        return None if ANAPHORA_ZH.match(question) else f"{question.rstrip('？?！!')}，{story}"
    parts = re.fullmatch(r"([^,.?!]{12,}?)(?:, |\. )([^,.?!]{12,})\?", text)
    if not parts or NO_STORY_EN.match(parts[1]) or not QUESTION_EN.match(parts[2]):
        return None
    if POINTS_BACK_EN.search(parts[2]) or COURTESY.search(text):
        return None
    return f"{_capital(parts[2])}? {_capital(parts[1])}."


def ask_keyword(text: str, source: Source, words: Lexicon, rng: Random) -> str | None:
    """A keyword made a sentence: 退货流程 → 想了解一下退货流程."""
    if not source.names_topic or not is_keyword(source.question, source.language):
        return None
    shown = text if source.language == "zh" else text[0].lower() + text[1:]
    return rng.choice(words.keyword_frames).format(text=shown)


def politely(text: str, source: Source, words: Lexicon, rng: Random) -> str | None:
    """Greeting before it, or thanks behind it; who is upset says neither."""
    if COURTESY.search(text) or UPSET.search(text):
        return None
    if rng.random() < 0.6:
        inquires = "?" in text or asks(text, source.language)
        asks_first = asks(text.partition("，")[0], source.language)
        fitting = [one for one in words.openers if inquires or not ASKING_OPENER.search(one)]
        opener = rng.choice([one for one in fitting if asks_first or not one.endswith("请问")])
        return opener + (text if source.language == "zh" else lower(text))
    closer = rng.choice(words.closers)
    if source.language == "zh":
        if closer[0] == "？" and not QUESTION_ZH.search(text.rpartition("，")[2]):
            return None
        return text.rstrip("？?！!") + closer
    return text + (closer if text[-1] in ".?!" else f",{closer.rstrip('.!').lower()}")


def tersely(text: str, source: Source, words: Lexicon, rng: Random) -> str | None:
    """Without courtesies, particles and question mark."""
    for pattern in words.fillers:
        text = pattern.sub("", text, count=1)
    return text.strip(" ，,") if source.language == "zh" else _small(text.strip(" ,"))


def drop_subject(text: str, source: Source, words: Lexicon, rng: Random) -> str | None:
    """Without the "I" or "you" that goes without saying."""
    for pattern in words.subjects:
        text = pattern.sub("", text, count=1)
    return text


def slip(text: str, source: Source, words: Lexicon, rng: Random) -> str | None:
    """One slip of the keyboard or the input method."""
    return _exchange(words.typos, text, source.language, rng)


def mix_languages(text: str, source: Source, words: Lexicon, rng: Random) -> str | None:
    """One word of the other language, as customers really mix them."""
    bare = is_keyword(source.question, source.language)
    return None if bare else _exchange(words.mixed, text, source.language, rng)


def is_keyword(text: str, language: str) -> bool:
    """A bare keyword such as 退货流程 or "return address"."""
    if language == "zh":
        return len(text) <= KEYWORD_CHARS["zh"] and not NO_KEYWORD.search(text)
    if NO_KEYWORD_EN.search(text):
        return False
    plain = len(text.split()) <= 4 and len(text) <= KEYWORD_CHARS["en"] and not re.search(r"[?!.,]", text)
    return plain and not QUESTION_EN.match(text) and text[0].islower()


WORDING: tuple[Step, ...] = (reframe, synonyms)
ORDER: tuple[Step, ...] = (swap_clauses, name_goods, name_order, name_day, ask_keyword)
STYLE: tuple[Step, ...] = (politely, politely, tersely, drop_subject, slip, mix_languages)


def _apply_one(rules: Rules, text: str, rng: Random, keep: str = "") -> str | None:
    """`text` after one of the rules that fit it, drawn; never back to `keep`."""
    fitting = [(pattern, others) for pattern, others in rules if pattern.search(text)]
    for pattern, others in _shuffled(fitting, rng):
        found = pattern.search(text)
        assert found is not None
        other = found.expand(rng.choice(others).replace("\\'", "'"))
        changed = text[: found.start()] + _like(other, found[0], text[: found.start()]) + text[found.end() :]
        if changed.lower() not in (text.lower(), keep.lower()):
            return changed
    return None


def _exchange(table: Mapping[str, str], text: str, language: str, rng: Random) -> str | None:
    for word in _shuffled(sorted(table), rng):
        edges = ("(?<!<)", "(?!号?<)") if language == "zh" else ("(?<![<_A-Za-z])", "(?![_A-Za-z])")
        pattern = edges[0] + re.escape(word) + edges[1]  # never within a placeholder
        if re.search(pattern, text, re.IGNORECASE):
            return re.sub(pattern, table[word], text, count=1, flags=re.IGNORECASE)
    return None


def _small(text: str) -> str:
    """In small letters, placeholders aside."""
    return re.sub(rf"({PLACEHOLDER.pattern})|[A-Z]", lambda found: found[1] or found[0].lower(), text)


def _like(other: str, found: str, before: str) -> str:
    """`other` with the case of what it takes the place of; a sentence's first word keeps its capital."""
    if found[:1].isupper() and re.search(r"(?:^|[.?!]\s*)$", before):
        return _capital(other)
    return lower(other) if found[:1].islower() else other


def _tidy(text: str) -> str:
    text = re.sub(r"\s{2,}", " ", text).strip()
    return re.sub(r"([，,？?])[，,]+", r"\1", text)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _shuffled(items: Sequence[T], rng: Random) -> list[T]:
    return rng.sample(list(items), len(items))
