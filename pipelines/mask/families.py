"""Other names of a person whom a conversation named in full: 暴玉珍, then 暴奶奶, 老暴, 玉珍 or 珍姐."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

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
_NAME = regex.compile(rf"(?P<family>{COMPOUND}|{SURNAME})(?:(?P<title>{TITLE})|(?P<given>{_HAN}{{1,2}}))?")
_NO_GIVEN = NOT_PERSONS | frozenset([*words("not_answers.zh"), *words("not_names.zh")])
_NOT_SMALL = frozenset("米麦白金包车方毛熊牛龙石马花鹿羊时红黄区路店票程件孩家公师板年乡心学雪")
_END = r"(?=$|[^\u4e00-\u9fff]|[的在说收会给让来今明上帮把那你您好叫和跟啊吧呢也就到打已没])"
_BEFORE = r"(?:(?<![\u4e00-\u9fff])|(?<=[叫是找给和跟让请问喊接寄]))"
_FORM = regex.compile(
    rf"(?<=姓)(?P<said>{SURNAME})(?![名氏])|(?:(?<=[叫找给跟让请问喊])|(?!{NO_FAMILY}))(?P<titled>{SURNAME}){TITLE}"
    rf"|[老小阿](?!{NO_FAMILY})(?P<small>{SURNAME}){_END}"
)
_ALONE_BEFORE, _ALONE_END = regex.compile(_BEFORE), regex.compile(_END)


class Known(NamedTuple):
    """What the names of one conversation are made of."""

    families: frozenset[str]
    short: frozenset[str]  # given names, and what is made of their last character


def of_families(
    texts: Sequence[str], findings: Sequence[list[Finding]], policy: Policy
) -> list[list[Finding]]:
    """`findings` of each text, and what else the persons whom any of them names are called."""
    named = zip(texts, findings, strict=True)
    known = _known({text[f.start : f.end] for text, own in named for f in own if f.type == "PERSON"})
    if not known.families:
        return list(findings)
    return [_with(text, own, known, policy) for text, own in zip(texts, findings, strict=True)]


def _known(names: set[str]) -> Known:
    matches = [match for name in names if (match := _NAME.fullmatch(name))]
    short = [form for match in matches if match["given"] for form in _short(match["given"])]
    return Known(frozenset(match["family"] for match in matches), frozenset(short))


def _short(given: str) -> Iterator[str]:
    last = given[-1]
    if len(given) == 2 and given not in _NO_GIVEN:
        yield given
    if last not in _NOT_SMALL:
        yield from (f"小{last}", f"阿{last}", f"{last}姐", f"{last}哥")


def _with(text: str, found: list[Finding], known: Known, policy: Policy) -> list[Finding]:
    plain = normalised(text)
    spans = [plain.span(*span) for span in _spans(plain.text, known)]
    spans = [span for span in spans if not any(f.start <= span[0] and span[1] <= f.end for f in found)]
    hidden = [match.span() for match in policy.placeholder.finditer(text)] if spans else []
    extra = [
        Finding(start, end, "PERSON", SCORE, SOURCE)
        for start, end in spans
        if not any(left <= start and end <= right for left, right in hidden)
    ]
    return resolve(text, [*found, *extra], policy) if extra else found


def _spans(text: str, known: Known) -> Iterator[tuple[int, int]]:
    if any(family in text for family in known.families):
        for match in _FORM.finditer(text):
            family = match["said"] or match["titled"] or match["small"]
            if family in known.families and not (match["small"] and family in _NOT_SMALL):
                yield match.span()
    for short in known.short:
        at = text.find(short)
        while at >= 0:
            if _ALONE_BEFORE.match(text, at) and _ALONE_END.match(text, at + len(short)):
                yield at, at + len(short)
            at = text.find(short, at + 1)
