"""Chinese names in a field of their own beside a telephone, an address or a document.

`冉小川,重庆市…1707,159…`: nothing names the name there, and the NER, which
reads a list as a sentence, often misses it.
"""

from __future__ import annotations

import regex

from pipelines.mask.lac import Token
from pipelines.mask.presidio import LocalRecognizer, NlpArtifacts, RecognizerResult
from pipelines.mask.recognizers.named_zh import NOT_PERSONS
from pipelines.mask.recognizers.surnames import COMPOUND, NOT_FAMILY, SURE_SURNAME, SURNAME
from pipelines.mask.words import words

_FIELD = regex.compile(r"\d{3,6}(?: \d{2,6}){2,4}|[^,、;/|\s。]+")
_LEAD = (
    r"(?:(?:会员|客户|用户|业主|租客|住户|房客|家长|患者|乘客|旅客|联系人?|收件?人?|寄件人|姓名|是"
    r"|叫|我是|就写|找)[:是]?)?"
)
_NAME = regex.compile(
    rf"{_LEAD}(?P<name>(?!{NOT_FAMILY})(?:{COMPOUND}[\u4e00-\u9fff]{{1,2}}|{SURNAME}[\u4e00-\u9fff]{{1,2}}))(?:收|先生|女士|小姐)?"
)
_TELLING = regex.compile(
    r"(?<!\d)(?:\+?86)?1[3-9]\d{9}(?!\d)|\d{3}[ -]\d{4}[ -]\d{4}|(?<!\d)0\d{2,3}-?\d{7,8}"
    r"|\d{17}[\dX]|(?<!\d)(?:\d ?){16,19}(?!\d)"
    r"|(?:路|街|道|巷|弄|村|区|园|苑|城|院|厦)[^,\s]{0,12}\d+(?:-\d+)*(?:号|室|栋|幢|座|楼|单元|户)?|[省市][^,\s]{1,12}[区县市镇]"
    r"|\d(?:号楼?|室|栋|幢|座|单元)(?![\u4e00-\u9fff])|[栋幢座元]\d{3,4}(?!\d)|[A-Z]{1,2}\d{7,8}(?!\d)",
    regex.IGNORECASE,
)
_NOT = frozenset(words("not_answers.zh")) | frozenset(words("not_names.zh")) | NOT_PERSONS
_GRAMMAR = frozenset(["u", "xc", "r", "p", "c", "d", "q", "f", "TIME"])


class NameBeside(LocalRecognizer):
    languages = ("zh", "mixed")
    searches = (_TELLING.pattern,)

    def __init__(self, language: str = "zh") -> None:
        super().__init__(["PERSON"], name=type(self).__name__, supported_language=language)

    def load(self) -> None:
        """Nothing to load; Presidio asks."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        if not _TELLING.search(text):
            return []
        tokens = nlp_artifacts.tokens if nlp_artifacts else []
        fields = list(_FIELD.finditer(text))
        telling = [_TELLING.search(field.group()) is not None for field in fields]
        results = []
        for index, field in enumerate(fields):
            name = _NAME.fullmatch(text, *field.span())
            listed = (
                text[field.start() - 1 : field.start()] == "、" or text[field.end() : field.end() + 1] == "、"
            )
            near = any(telling[max(0, index - 1) : index] + telling[index + 1 : index + 2])
            if name and not listed and _can_be(name["name"], name.start("name"), tokens, near):
                results.append(RecognizerResult("PERSON", *name.span("name"), 0.65))
        return results


def _can_be(value: str, start: int, tokens: list[Token], near: bool) -> bool:
    """Whether LAC's words leave room for a name: a person, a family name by itself, or no word of grammar.

    Farther from what tells (`near` is False) the family name must be one that seldom begins a word.
    """
    inside = [token for token in tokens if start <= token.start < start + len(value)]
    if value in _NOT or not inside:
        return False
    if any(token.tag == "PER" for token in inside) or regex.match(COMPOUND, value):
        return True
    if not (near or regex.match(SURE_SURNAME, value)):
        return False
    if inside[0].end != start + 1:
        whole = inside[0].end == start + len(value) and inside[0].tag in ("nz", "nr", "nw")
        given = len(value) == 3 and inside[0].end == start + 2 and value[2] in "之一子儿"
        return given or (whole and len(value) == 3)
    return (near or len(value) == 3) and all(token.tag not in _GRAMMAR for token in inside[1:])
