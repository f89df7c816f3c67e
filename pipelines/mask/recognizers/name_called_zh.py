"""What Chinese calls a person beside the full name: 沃工, Mr. 盘, 小名团团, 叫我小鹿就行."""

from __future__ import annotations

from types import MappingProxyType

from pipelines.mask.presidio import NlpArtifacts, RecognizerResult
from pipelines.mask.recognizers.base import Recognizer
from pipelines.mask.recognizers.named_zh import NOT_PERSONS
from pipelines.mask.recognizers.surnames import COMPOUND, NOT_FAMILY, SURE_SURNAME, SURNAME
from pipelines.mask.words import words

_HAN = r"[\u4e00-\u9fff]"
_AFTER_ONE = r"(?=$|[^\u4e00-\u9fff]|[的说在给让来今明上帮把那这电微联已刚您你好叫和跟啊吧呢也就到打发加回没不是他她要能])"
TITLE = (
    r"(?:先生|女士|小姐(?!姐)|太太|夫人|老师|师傅|总?经理|主任|主管|总监|店长|站长|队长|组长|院长|校长|园长|所长|处长|科长|局长|会长"
    r"|护士长?|医生|大夫|医师|药师|技师|律师|教授|教练|顾问|助理|秘书|会计|老板娘?|书记|导游|警官|管家|工程师|家长|同学|姑娘"
    r"|阿姨|叔叔?|姨|婶子?|伯伯?|嫂子?|大哥|大姐|大爷|大妈|大叔|大娘|奶奶|爷爷|外婆|外公|公公|婆婆|阿婆|阿公"
    rf"|爸爸?|妈妈?|[哥姐](?![们哥姐妹弟])|[工总导队所局太生]{_AFTER_ONE})"
)
_TITLES_BEGIN = "先女小太夫老师总经主店站队组院校园所处科局会护医大药技律教顾助秘书记导警管工家同姑阿叔姨婶伯嫂奶爷外公婆爸妈哥姐生"
_BEGINS = "".join((*words("surnames"), *words("surnames_compound")))  # characters of family names
_KIN = r"(?:女儿|儿子|闺女|孩子|宝宝|孙子|孙女|外孙女?|侄子|侄女|外甥女?|弟弟|妹妹|哥哥|姐姐|老婆|老公|爱人|媳妇|对象)"
NO_FAMILY = (
    r"[和都是那有全来可能就在为因与公前但要对老小大女男祝向由过后从应连代令员言候才种果相查单平时原应]"
)
_SMALL_NAME = r"(?:小名|乳名|花名|艺名|外号|绰号)"
_NOT = frozenset([*words("not_answers.zh"), *words("not_names.zh")])
_SURE = 0.97  # what surrounds it says that it is a name


class NameCalledZh(Recognizer):
    entity = "PERSON"
    languages = ("zh", "mixed")
    gate = _HAN
    needs = MappingProxyType(
        {
            "title in Latin letters": r"(?i:m[rsi]|dr|prof)",
            **dict.fromkeys(("small name", "is the small name"), "名|号"),
            "called so": "就|可",
            "engraved": "刻",
            "is mine": "是我",
            "family name and title": rf"[{_BEGINS}][{_TITLES_BEGIN}]",
        }
    )
    rules = (
        (
            "family name and title",
            rf"(?=[{_BEGINS}]{{1,2}}[{_TITLES_BEGIN}])(?={SURNAME}{TITLE})(?!{NOT_FAMILY}|{NO_FAMILY}|康师傅){SURNAME}{TITLE}",
            0.62,
        ),
        (
            "title in Latin letters",
            rf"(?<![A-Za-z])(?:mr|mrs|ms|miss|dr|prof)\.?\s?{SURNAME}(?:{_HAN}{{1,2}}(?!{_HAN}))?",
            _SURE,
        ),
        (
            "small name",
            rf"{_SMALL_NAME}[就是叫:\s]{{0,3}}\K{_HAN}{{2,3}}?(?=$|[^\u4e00-\u9fff]|[的,])",
            _SURE,
        ),
        ("is the small name", rf"(?:^|(?<=[,。\s]))\K{_HAN}{{2,3}}(?=是[我他她]?的?{_SMALL_NAME})", _SURE),
        (
            "called so",
            rf"(?:[叫喊][我他她]|称呼我)[为作]?\K(?![下上去来等接取拿看签出到回开付交改换爸妈]){_HAN}{{2,3}}?(?=就行|就好|就可以|即可|就成)",
            _SURE,
        ),
        (
            "engraved",
            rf"刻(?:字|上|名字?)?\s?[:\"“「]{{1,2}}\K(?:{COMPOUND}{_HAN}{{1,2}}|{SURE_SURNAME}{_HAN}{{2}}|({_HAN})\1)(?=[\"”」\s,])",
            _SURE,
        ),
        (
            "is mine",
            rf"(?:^|(?<=[,。!\s\"”」]))\K(?!{NOT_FAMILY})(?:{COMPOUND}{_HAN}{{1,2}}|{SURE_SURNAME}{_HAN}{{1,2}}|({_HAN})\1)(?=是我{_KIN})",
            _SURE,
        ),
    )

    def weigh(
        self, text: str, results: list[RecognizerResult], artifacts: NlpArtifacts | None
    ) -> list[RecognizerResult]:
        """Not what begins within a word of the NER, or with a longer word than the family name: 施工, 水管工."""
        others = [token for token in (artifacts.tokens if artifacts else []) if token.tag != "PER"]
        cut = {
            at for token in others for at in range(token.start + (token.end == token.start + 1), token.end)
        }
        return [
            result
            for result in results
            if (value := text[result.start : result.end]) not in _NOT
            and (result.score == _SURE or (value not in NOT_PERSONS and result.start not in cut))
        ]
