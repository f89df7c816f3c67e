"""Chinese addresses from the province down to the room as one span.

A regular expression finds what only an address has (a numbered house, building, unit or room); from there
the span grows to the left over LAC's words as long as they name places, and to the right over further
numbers of building, unit and room. A city, district or landmark alone is no address.
"""

from __future__ import annotations

import regex

from pipelines.mask.lac import Token
from pipelines.mask.presidio import LocalRecognizer, NlpArtifacts, RecognizerResult

_N = r"(?:\d{1,5}[A-Za-z]?|[A-Za-z]\d{0,4}|[一二三四五六七八九十百零]{1,4}|[东南西北甲乙丙丁])"
_UNIT = r"(?:号楼|号院|号门|号|弄|栋|幢|座|单元|楼层|层|楼|室|房间|房|户|门|组|队|区|期|支弄)"
_NUMBER = r"(?:\d{1,5}[A-Za-z]?|[A-Za-z]\d{0,4})"
_NEXT = rf"(?:-?{_NUMBER}(?!\d){_UNIT}?|[ ,]{{0,2}}第?{_N}{_UNIT})"
_STREET = r"(?:路|街|大道|道|巷|弄|胡同|里|村|屯|庄|镇|乡|街道|大街|横街|坊|桥头)"
_ESTATE = (
    r"(?:小区|花园|公寓|大厦|广场|家园|新村|新城|名城|国际|中心|商务楼|写字楼|宿舍|公馆|山庄|豪庭|园区"
    r"|软件园|科技园|产业园|工业园|苑|园|府|庭|轩|阁"
    r"|居|邸|湾|城|大学|学院|学校|中学|小学|医院|酒店|宾馆|江南|春江|里|坊|世家|名邸|别墅|社区)"
)
# The part that only an address has.
_ANCHOR = regex.compile(
    rf"(?:{_STREET}\s?(?:\d{{1,5}}(?:-\d{{1,4}})?|[一二三四五六七八九十百]{{1,4}})\s?(?:号|弄|巷)"
    rf"|{_ESTATE}[ ,]?(?:[一二三四五六七八九十东南西北A-Za-z]区"
    rf"|[一二三四五]期)?[ ,]?{_N}[ ]?(?:-{_N})*(?:号楼|栋|幢|座|单元|号|楼|室)"
    rf"|{_ESTATE}[ ,]?\d{{1,3}}-\d{{1,3}}(?:-\d{{1,4}})?(?![0-9A-Za-z-])"
    rf"|(?<![0-9A-Za-z]){_N}\s?(?:栋|幢|号楼)\s?(?:{_N}\s?单元)?\s?{_N}"
    rf"|{_N}\s?单元\s?{_N}"
    rf"|(?:村|屯|镇|乡)\s?\d{{1,3}}\s?(?:组|队|号)"
    rf"|(?<=区|县|市|镇|乡|街道)[\u4e00-\u9fff]{{1,7}}(?:{_STREET})(?=$|[^\u4e00-\u9fff0-9]|的|附近)"
    rf"|(?<=区|县|市|镇|乡|街道)[\u4e00-\u9fff]{{1,9}}(?:{_ESTATE})\s?\d{{1,5}}(?![0-9])(?!元|个|件|块|天))"
)
_RIGHT = regex.compile(
    rf"{_UNIT}?(?:{_NEXT}|[ ,]?[\u4e00-\u9fff]{{1,10}}{_ESTATE}(?=[ ,]?{_N}|$|[^\u4e00-\u9fff]))*"
    rf"(?:[\u4e00-\u9fff]{{2,6}}(?:驿站|门卫|传达室|物业|快递柜|丰巢|超市|便利店)|[\(][^()]{{1,12}}[)])?"
)
# Words at the left end that are no part of an address though LAC may tag them so.
_CUE = regex.compile(
    r".*(?:地址|住址|住在|家在|寄到|送到|发到|寄往|寄给|送至|寄至|改到|改成|改为|换成|换到|位于|家住"
    r"|搬到|搬去|收货|快递到|邮寄|配送到|到|在|是|为"
    r"|往|给|至|住|:)\s?(?=[\u4e00-\u9fff])",
    regex.DOTALL,
)
_PLACE = regex.compile(
    rf"[\u4e00-\u9fff]*(?:省|市|区|县|旗|州|盟|镇|乡|村|街道|自治区|地区|{_STREET}|{_ESTATE})$"
    rf"|{_N}{_UNIT}?$|{_UNIT}$"
)
_LONG_NUMBER = regex.compile(r"\d{5}|[A-Za-z]{3}")
_TAGS = {"LOC", "ORG", "nz", "ns", "nt", "s", "m", "f"}
_NEVER = {"v", "p", "c", "r", "u", "d", "vd", "xc", "t", "TIME"}


class AddressZh(LocalRecognizer):
    def __init__(self, language: str = "zh") -> None:
        super().__init__(["ADDRESS"], name=type(self).__name__, supported_language=language)

    languages = ("zh", "mixed")

    def load(self) -> None:
        """Nothing to load; Presidio asks."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        tokens = nlp_artifacts.tokens if nlp_artifacts else []
        results: list[RecognizerResult] = []
        end = 0
        for anchor in _ANCHOR.finditer(text):
            if anchor.end() <= end:
                continue
            start = grow_left(text, tokens, anchor.start(), end)
            match = _RIGHT.match(text, anchor.end())
            end = max(anchor.end(), match.end() if match else 0)
            end = start + len(text[start:end].rstrip(" ,-"))
            results.append(RecognizerResult("ADDRESS", start, end, _score(text[start:end])))
        return _joined(results, text)


def grow_left(text: str, tokens: list[Token], anchor: int, floor: int) -> int:
    """Where the address that holds `anchor` begins: over LAC's words that name places, not before `floor`."""
    start = anchor
    for token in reversed([token for token in tokens if token.start < anchor]):
        if token.start < floor or not _belongs(text[token.start : min(token.end, anchor)], token, anchor):
            break
        start = min(start, token.start)
    cue = _CUE.match(text, start, anchor)
    start = cue.end() if cue and cue.end() <= anchor else start
    while start < anchor and text[start] in " ,:-":
        start += 1
    return start


def _belongs(word: str, token: Token, anchor: int) -> bool:
    if token.end > anchor:  # the word that the anchor cuts
        return token.tag not in ("p", "r", "u", "c")
    if word in (" ", "-") or _LONG_NUMBER.search(word):
        return word in (" ", "-")
    return token.tag in _TAGS or (token.tag not in _NEVER and _PLACE.match(word) is not None) or _region(word)


def _region(word: str) -> bool:
    return len(word) > 1 and word[-1] in "省市区县镇乡村路街"


def _score(value: str) -> float:
    return 0.9 if len(value) >= 8 else 0.7


def _joined(results: list[RecognizerResult], text: str) -> list[RecognizerResult]:
    """Neighbours with nothing but a comma or a space between them are one address."""
    joined: list[RecognizerResult] = []
    for result in results:
        if joined and not text[joined[-1].end : result.start].strip(" ,"):
            joined[-1].end, joined[-1].score = result.end, max(joined[-1].score, result.score)
        else:
            joined.append(result)
    return joined
