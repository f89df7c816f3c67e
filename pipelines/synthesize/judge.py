"""Is a candidate fit for training? The reason code if not."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from pipelines.curate.language import is_other_language
from pipelines.dedup.normalise import normalise
from pipelines.mask.detect import find_simple
from pipelines.mask.labels import PLACEHOLDER
from pipelines.mask.policy import DEFAULT, Policy
from pipelines.synthesize.slots import ORDER_NUMBERS

MAX_SIMILARITY = 0.95  # above it the wording is hardly another
MIN_SHARED = 0.12  # of the bigrams of the shorter text; below it the meaning is hardly kept
MAX_GROWTH = (3, 40)  # times as long as the source, and characters more
COMMENT = re.compile(
    r"以下是|如下|[:：]$|种(?:不同的?)?(?:说法|表达|问法)|改写"
    r"|^(?:sure|certainly|of course|here (?:are|is))[,!: ]|paraphras|rephras|different ways",
    re.IGNORECASE,
)
NAME_EN = re.compile(  # Japan, UnionPay: no word that opens a sentence after a greeting
    r"(?<=[a-z,] )(?!(?:How|What|Where|When|Which|Who|Why|Can|Could|Do|Does|Did|Is|Are|Am|Will|Would|Has|Have"
    r"|The|My|Your|It|If|Item|Order|Product|Parcel|Package|Please|Thanks|Hi|Hello|Any|There|This|I)(?![a-z]))"
    r"[A-Z][A-Za-z]+"
)
CODE = re.compile(r"(?<![0-9A-Za-z])(?=[A-Za-z-]*\d)[0-9A-Za-z][0-9A-Za-z-]{2,}(?![0-9A-Za-z])")
NAME_ZH = re.compile(
    r"顺丰|圆通|中通|韵达|申通|极兔|京东|邮政|支付宝|微信|花呗|信用卡|银行卡|银联|云闪付|货到付款|专票|普票"
    r"|(?<=[一-鿿])[A-Z][0-9A-Za-z]+|(?<![0-9A-Za-z])[A-Z][0-9A-Za-z]+(?=[一-鿿])"
)
NUMBER = re.compile(r"\d+(?:\.\d+)?|[一二三四五六七八九十两]+(?=[天次个元块件岁月年])")
NEGATION = re.compile(
    r"[不没未](?=[一-鿿])(?!不)|无(?=理由|需|须|法)"
    r"|(?<![a-z])(?:not|never|no longer|cannot)(?![a-z])|n't(?![a-z])",
    re.IGNORECASE,
)
TAG_QUESTION = re.compile(
    r"([一-鿿])不\1|[一-鿿]没[一-鿿]?$|是否|可不可以|能不能|会不会|要不要|有没有|用不用|行不行|需不需要|能否"
)


def verdict(
    candidate: str,
    source: str,
    language: str,
    policy: Policy = DEFAULT,
    by_model: bool = False,
) -> str | None:
    """None for a good candidate, else why not.

    A model may add no number: only the rules do, with the name of goods that exist, the placeholder of an
    order's number, or a day.
    """
    plain, original = normalise(candidate), normalise(source)
    if similarity(plain, original) > MAX_SIMILARITY:
        return "unchanged"
    if is_other_language(candidate, language):
        return "wrong_language"
    if find_simple(candidate, policy):
        return "personal_data"
    known = PLACEHOLDER.findall(source) + [ORDER_NUMBERS[language]] * (not by_model)
    if set(PLACEHOLDER.findall(candidate)) - set(known):
        return "invented_placeholder"
    if COMMENT.search(candidate) and not COMMENT.search(source):
        return "model_comment"
    if len(candidate) > MAX_GROWTH[0] * len(source) + MAX_GROWTH[1]:
        return "too_long"
    if by_model and set(NUMBER.findall(candidate)) - set(NUMBER.findall(source)):
        return "added_number"
    if key_facts(source) - key_facts(candidate, anywhere=True):
        return "fact_lost"
    return None if keeps_meaning(candidate, source) else "meaning_lost"


def key_facts(question: str, anywhere: bool = False) -> set[str]:
    """What a paraphrase must name too, in small letters: carriers, ways to pay, places, brands and codes.

    With `anywhere`, every word that could be one, since a name may open the sentence or lose its capital.
    """
    if anywhere:
        words = re.findall(r"[0-9A-Za-z][0-9A-Za-z-]*", question)
        return {word.lower() for word in words} | set(NAME_ZH.findall(question))
    found = [word for form in (NAME_EN, CODE, NAME_ZH) for word in form.findall(question)]
    return {word.lower() for word in found}


def keeps_meaning(candidate: str, source: str) -> bool:
    """The same numbers, as many negations, and enough of the same characters."""
    if set(NUMBER.findall(source)) - set(NUMBER.findall(candidate)):
        return False
    if negations(candidate) != negations(source):
        return False
    return _shared_bigrams(normalise(candidate), normalise(source)) >= MIN_SHARED


def negations(text: str) -> int:
    """How many words negate; "能不能" and its like ask and do not."""
    return len(NEGATION.findall(TAG_QUESTION.sub("", text.replace("’", "'"))))


def similarity(a: str, b: str) -> float:
    """0 to 1, over the characters in order (Ratcliff and Obershelp 1988)."""
    return SequenceMatcher(None, a, b, autojunk=False).ratio()


def _shared_bigrams(a: str, b: str) -> float:
    left, right = ({text[i : i + 2] for i in range(len(text) - 1)} for text in (a, b))
    return len(left & right) / max(min(len(left), len(right)), 1)
