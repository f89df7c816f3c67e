"""Other names of a person whom a conversation named in full: 暴玉珍, then 暴奶奶, 老暴, 玉珍 or 珍姐."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

import regex

from pipelines.mask.labels import Finding
from pipelines.mask.normalise import normalised
from pipelines.mask.policy import Policy
from pipelines.mask.recognizers.name_called_zh import NO_FAMILY, TITLE
from pipelines.mask.recognizers.named_zh import NOT_PERSONS
from pipelines.mask.recognizers.surnames import COMPOUND, SURNAME
from pipelines.mask.resolve import resolve
from pipelines.mask.words import words

SOURCE = "Families"
SCORE = 0.6
_HAN = r"[\u4e00-\u9fff]"
_NAME = regex.compile(
    rf"(?P<family>{COMPOUND}|{SURNAME})(?:(?P<given>{_HAN}{{1,2}})|(?:{TITLE}))?(?!{_HAN})", regex.IGNORECASE
)
_TITLED = regex.compile(rf"(?:{COMPOUND}|{SURNAME}){TITLE}")
_NO_GIVEN = NOT_PERSONS | frozenset([*words("not_answers.zh"), *words("not_names.zh")])
_NOT_SMALL = frozenset("米麦白金包车方毛熊牛龙石马花鹿羊时红黄区路店票程件孩家公师板年乡心学雪")
_END = r"(?=$|[^\u4e00-\u9fff]|[的在说收会给让来今明上帮把那你您好叫和跟啊吧呢也就到打已没])"
_CALLED_BY = r"(?<=[叫找给跟让请问喊])"
_BEFORE = r"(?:(?<![\u4e00-\u9fff])|(?<=[叫是找给和跟让请问喊接寄]))"


def of_families(
    texts: Sequence[str], findings: Sequence[list[Finding]], policy: Policy
) -> list[list[Finding]]:
    """`findings` of each text, and what else the persons whom any of them names are called."""
    found = zip(texts, findings, strict=True)
    names = {text[f.start : f.end] for text, own in found for f in own if f.type == "PERSON"}
    forms = sorted({form for name in names for form in _forms(name)})
    if not forms:
        return list(findings)
    pattern = _compiled(tuple(forms))
    return [_with(text, own, pattern, policy) for text, own in zip(texts, findings, strict=True)]


def _with(text: str, found: list[Finding], pattern: regex.Pattern[str], policy: Policy) -> list[Finding]:
    plain = normalised(text)
    spans = [plain.span(*match.span()) for match in pattern.finditer(plain.text)]
    hidden = [match.span() for match in policy.placeholder.finditer(text)] if spans else []
    hidden += [(finding.start, finding.end) for finding in found]
    extra = [
        Finding(start, end, "PERSON", SCORE, SOURCE)
        for start, end in spans
        if not any(left <= start and end <= right for left, right in hidden)
    ]
    return resolve(text, [*found, *extra], policy) if extra else found


@lru_cache(maxsize=4096)
def _forms(name: str) -> tuple[str, ...]:
    """The patterns of what the person of this name is called."""
    match = _NAME.fullmatch(name)
    return tuple(_called(match["family"], match["given"] or "")) if match else ()


def _called(family: str, given: str) -> Iterator[str]:
    before = _CALLED_BY if regex.fullmatch(NO_FAMILY, family) else ""
    yield rf"{before}{family}{TITLE}"
    yield rf"(?<=姓){family}(?![名氏])"
    if family not in _NOT_SMALL and not before:
        yield rf"[老小阿]{family}{_END}"
    if len(given) == 2 and given not in _NO_GIVEN and not _TITLED.fullmatch(family + given):
        yield rf"{_BEFORE}{given}{_END}"
    if given and (last := given[-1]) not in _NOT_SMALL:
        yield rf"{_BEFORE}(?:[小阿]{last}|{last}[姐哥]){_END}"


@lru_cache(maxsize=256)
def _compiled(forms: tuple[str, ...]) -> regex.Pattern[str]:
    return regex.compile("|".join(forms))
