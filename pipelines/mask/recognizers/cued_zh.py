"""Values that a Chinese word names: `订单号是…`, `改成…`, `483920这个验证码不对`.

Every run of letters and digits is a candidate. The nearest word that names a value (cues_zh) before it in the
clause, or right behind it, gives the type if the run has a form of that type; a word for a thing of the shop
(工单, 型号, ¥) or a unit behind it takes it away. What follows in a list or as a correction (`不是…是…`) has
the type of what it follows. A long number that nothing names is taken for an order's.
"""

from __future__ import annotations

from collections.abc import Sequence

import regex

from pipelines.mask.presidio import LocalRecognizer, NlpArtifacts, RecognizerResult
from pipelines.mask.recognizers.cues_zh import ALSO, CUE, FORMS, KINDS, SPELLED

BEFORE, BEHIND = 16, 6  # characters between a cue and its value, at most
OWN_FORM, SURE, NEAR, LIST, BARE = 0.96, 0.8, 0.7, 0.68, 0.5
_OWN = frozenset(
    ["TRAVEL_PERMIT", "PASSPORT", "CREDIT_CODE", "DRIVING_LICENCE", "ZIP"]
)  # forms that mislead others

_VALUE = regex.compile(
    r"(?<![0-9A-Za-z@./])(?!(?i:qq|wx|vx|tel) ?\d)(?:"
    r"[0-9A-Za-z](?: [0-9A-Za-z]){3,}(?: ?#)?(?![0-9A-Za-z])"
    r"|[0-9]{2,}(?:[ -]{1,2}[0-9]{2,})+(?:-?[A-Za-z0-9]{1,4}|(?<=[0-9]{3} [0-9]{3,6}) [0-9](?! ?[0-9]))?"
    r"|[A-Z]{1,5}[0-9]? [0-9]{3,}(?: [0-9]+)*"
    r"|[(]0[0-9]{2,3}[)] ?[0-9][0-9 -]+[0-9]"
    r"|[#*]?[0-9A-Za-z_](?:[-0-9A-Za-z_.!@#$%^&*+]*[0-9A-Za-z_!@#$%^&*+])?"
    r")(?![0-9A-Za-z@])"
)
_STOP = regex.compile(r"[。?!;\n`]|(?:^|[,])[^,]*[,][^,]*[,]")
_LINK = regex.compile(
    r"(?:[\s:=,的号码编是为叫写填报发输成我您你这那个应该就呢]|号码|编号|改成|改为|换成|收到|尾号|应该|如下|报你|名字|账号|现在|不对|一直)*"
)
_SAID = regex.compile(r"[:=是为叫成]\s*$|改成|设成|改过|试[了过]|输的?|写的?|填的?")
_HAS_ITS_OWN = regex.compile(r"[\s:是为改成号码编]{0,4}[0-9A-Za-z#]{3}")
_BEHIND = regex.compile(r"[\s的]*(?:这|那|是|就是|我的|此)?(?:个|串|条|一)?(?:是|的|我的)?\s*")
_UNIT = regex.compile(
    r"\s?(?:元|块|件|个|天|米|斤|公斤|折|分钟?|小时|点|月|年|日|号楼|栋|幢|座|单元|室|楼|层|次|人|位|瓶|盒|箱|包|条|双|套|片|粒|台|款|版|寸|万|%"
    r"|kg|ml|g(?![a-z])|cm|mm|mb|gb|w(?![a-z])|mah)",
    regex.IGNORECASE,
)
_TRIED = regex.compile(r"(?:改过|改成|改为|试[了过]|设成|设为|设的?|输的?是?|输入|换成)\s*$")
_NEW = regex.compile(
    r"(?:新的?|现在的?|正确的?|后来|对的)(?:号码?|账号)?(?:应该)?(?:是|为|:)\s*$|(?:改成|换成|改为)了?\s*$"
)
_NEXT = regex.compile(r"[^。\n0-9A-Za-z]{1,12}")
_LONG = regex.compile(r"(?!69\d{11}$)\d{12,20}")
_PHONE = regex.compile(r"1[3-9]\d{9}|95\d{3}|1(?:00|1[02]|2[0-3])\d{0,2}")  # somebody's, or a hotline
_WORDS = regex.compile(
    r"(?:wifi|app|vip|qq|id|ok|pc|ios|usb|sku|pdf|excel|admin|email|iphone.*|android|hello|new|pro|max|plus|login|password|wrong|order|asap)",
    regex.IGNORECASE,
)
_THREE = regex.compile(r"[0-9A-Za-z]{3}")
_GATE = regex.compile(r"[0-9A-Za-z][^\n]?[0-9A-Za-z][^\n]?[0-9A-Za-z]")


class Cue:
    __slots__ = ("end", "kind", "start")

    def __init__(self, match: regex.Match[str]) -> None:
        self.start, self.end = match.span()
        self.kind = str(match.lastgroup)


def _forms(kind: str) -> str:
    kinds = [KINDS[each] for each in (kind, *ALSO.get(kind, ()))]
    return "|".join(form for each in kinds for form in (each.form, each.spelled) if form)


_TWELVE = r"(?:\d[ -]*){12}"  # _LONG, however it is written


class CuedZh(LocalRecognizer):
    languages = ("zh", "mixed")
    searches = (
        *(f"(?={KINDS[kind].cue})(?={_forms(kind)})" for kind in KINDS),
        _TWELVE,
    )

    def __init__(self, language: str = "zh") -> None:
        super().__init__(list(FORMS), name=type(self).__name__, supported_language=language)

    def load(self) -> None:
        """Nothing to load; Presidio asks."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        if not _GATE.search(text):
            return []
        cues = [Cue(match) for match in CUE.finditer(text)]
        results: list[RecognizerResult] = []
        for value in _VALUE.finditer(text):
            found = _typed(text, value, cues) or _after(text, value, results) or _bare(text, value, cues)
            if found:
                results.append(RecognizerResult(found[0], *value.span(), found[1]))
        return results


Typed = tuple[str, float]


def _typed(text: str, value: regex.Match[str], cues: Sequence[Cue]) -> Typed | None:
    """The type and score that the nearest cue gives `value`; None where none does or a thing's is nearer."""
    if _UNIT.match(text, value.end()) or _PHONE.fullmatch(value.group()):
        return None
    ranked = sorted((distance, cue.kind, gap) for cue in cues for distance, gap in _gap(text, value, cue))
    for distance, kind, gap in ranked:
        if kind == "NONE":
            return None
        for each in (kind, *ALSO.get(kind, ())):
            if _has_form(each, value.group(), text[: value.start()]):
                beside = OWN_FORM if each in _OWN and len(gap) < 3 else SURE
                return each, beside if distance <= 4 or _LINK.fullmatch(gap) else NEAR
    return _tried(text, value, cues) or _renewed(text, value, cues)


def _gap(text: str, value: regex.Match[str], cue: Cue) -> list[tuple[int, str]]:
    """How far `cue` is from `value` and what stands between them; [] where it does not reach so far."""
    if cue.end <= value.start() <= cue.end + BEFORE:
        gap = text[cue.end : value.start()]
        limit = 6 if cue.kind == "NONE" else BEFORE
        if len(gap) <= limit and not _STOP.search(gap) and not _THREE.search(gap):
            return [(len(gap) + 3 * gap.count(","), gap)]
    if value.end() <= cue.start <= value.end() + BEHIND and cue.kind != "NONE":
        gap = text[value.end() : cue.start]
        if _BEHIND.fullmatch(gap) and not _HAS_ITS_OWN.match(text, cue.end):
            return [(len(gap) + 3, gap)]
    return []


def _has_form(kind: str, value: str, before: str) -> bool:
    if FORMS[kind].fullmatch(value):
        return True
    spelled = SPELLED.get(kind)
    return bool(
        spelled and _SAID.search(before[-8:]) and spelled.fullmatch(value) and not _WORDS.fullmatch(value)
    )


def _tried(text: str, value: regex.Match[str], cues: Sequence[Cue]) -> Typed | None:
    """`路由器后台密码admin不对,我改过lzy20120303也不对`: a password that was tried or set, in any clause."""
    named = any(cue.kind == "PASSWORD" for cue in cues)
    form = regex.fullmatch(r"(?=.*[0-9])\S{5,32}", value.group())
    return (
        ("PASSWORD", NEAR)
        if named and form and _TRIED.search(text, max(0, value.start() - 16), value.start())
        else None
    )


def _renewed(text: str, value: regex.Match[str], cues: Sequence[Cue]) -> Typed | None:
    """`微信号换了,原来那个登不上,新的是JQ-0917-hz`: of the type that was named last, however far before."""
    if not _NEW.search(text, max(0, value.start() - 16), value.start()):
        return None
    kind = next((cue.kind for cue in reversed(cues) if cue.end <= value.start()), "NONE")
    if kind == "NONE":
        return None
    return (kind, NEAR) if _has_form(kind, value.group(), text[: value.start()]) else None


def _after(text: str, value: regex.Match[str], results: Sequence[RecognizerResult]) -> Typed | None:
    """The type of the value before in a list, or that this one corrects, if both have one form."""
    if not results or _UNIT.match(text, value.end()):
        return None
    last = results[-1]
    if not _NEXT.fullmatch(text, last.end, value.start()) or not _alike(
        text[last.start : last.end], value.group()
    ):
        return None
    return (last.entity_type, LIST) if last.score > BARE else (last.entity_type, BARE)


def _alike(one: str, other: str) -> bool:
    """Of one length and one make: digits and letters at the same places, but for one."""
    if len(one) != len(other) or len(one) < 4:
        return False
    return sum(a.isdigit() != b.isdigit() for a, b in zip(one, other, strict=True)) <= 1


def _bare(text: str, value: regex.Match[str], cues: Sequence[Cue]) -> Typed | None:
    plain = value.group().replace(" ", "").replace("-", "")
    if not _LONG.fullmatch(plain) or _UNIT.match(text, value.end()):
        return None
    if max(map(len, regex.split("[ -]", value.group()))) not in (len(plain), 1, 2, 3, 4, 5, 6):
        return None  # two numbers beside each other
    near = [cue for cue in cues if cue.kind == "NONE" and _gap(text, value, cue)]
    return None if near else ("ORDER_NUMBER", BARE)
