"""Labelled texts with other values in them: what is learned is what surrounds a value, and its form."""

from __future__ import annotations

import importlib
import re
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from random import Random

from bench.reader import called, things
from bench.reader.examples import NOTHING, Example
from bench.reader.forms import drawn
from pipelines.mask import lexicon_en as lexicon
from pipelines.mask.words import words

_HAN = re.compile(r"[\u3400-\u9fff]")
_TITLE = re.compile(
    r"(?:先生|女士|小姐|太太|老师|师傅|总|经理|主任|医生|大夫|教授|律师|同学|工|哥|姐|叔|姨|爷|奶|阿姨|叔叔|爷爷|奶奶|大爷|大妈|护士|警官|老板)$"
)
_SYLLABLES = (  # of names written in Chinese by sound
    "阿巴卡达迪尔法戈汉伊杰克拉莱马米娜诺奥帕里萨塔托乌维雅泽古丽买提次仁卓玛旺扎西多"
    "吉桑央宗艾力木江吐尔逊热合曼努斯其格图云布和那仁高娃其木"
)
_WORD = re.compile(r"[A-Za-zÀ-ɏ]+")
_PLACES = ("zh_CN", "zh_TW")
_EN_TITLES = frozenset(
    {"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "de", "da", "van", "der", "al", "bin", "of", "la"}
)
_KEPT = frozenset(
    {"ADDRESS", "BIRTH_DATE", "IP", "LICENSE_PLATE"}
)  # a digit for a digit would break their form
CALLED, RETITLED = 0.12, 0.4  # shares of the Chinese names that are changed so
FORMED = 0.3  # share of the values in whose place one of another form stands
_LOOSE_NUMBER = re.compile(r"(?<![0-9A-Za-z.,:/])\d{4,}(?![0-9A-Za-z.,:/年])")


class Varied:
    """Draws variants of examples; the same seed, the same variants."""

    def __init__(self, examples: Sequence[Example], seed: int) -> None:
        self._random = Random(seed)
        self._values: dict[str, list[str]] = defaultdict(list)
        for text, spans in examples:
            for start, end, kind in spans:
                self._values[kind].append(text[start:end])
        self._chars = "".join(char for text, _ in examples for char in text if _HAN.match(char))

    def __call__(self, example: Example) -> Example:
        """The example with most of its values changed, sometimes its signs and capitals too."""
        parts, spans, at, length = [], [], 0, 0
        for start, end, kind in example.spans:
            between = self._between(example.text[at:start])
            value = example.text[start:end]
            if self._random.random() < 0.8:
                value = self._value(value, kind)
            begin = length + len(between)
            length = begin + len(value)
            spans.append((begin, length, kind))
            parts += [between, value]
            at = end
        text = "".join([*parts, self._between(example.text[at:])])
        if (
            self._random.random() < 0.15
            and not _HAN.search(text)
            and len(lowered := text.lower()) == len(text)
        ):
            text = lowered
        return Example(text, tuple(spans))

    def _between(self, text: str) -> str:
        if self._random.random() < 0.5:
            text = things.KNOWN.sub(lambda match: self._thing(match.group()), text)
        if self._random.random() < 0.5:
            text = _LOOSE_NUMBER.sub(lambda match: self._redrawn(match.group(), 0), text)
        draw = self._random.random()
        if draw < 0.08:
            text = re.sub(r"[,，。!！:：]", " ", text)
        elif draw < 0.12:
            text = re.sub(r"[,，。!！:： ]", "", text) if _HAN.search(text) else re.sub(r"[.,!?]", "", text)
        return text

    def _value(self, value: str, kind: str) -> str:
        if kind == NOTHING:
            return self._thing(value)
        if kind == "PERSON":
            return self._chinese(value) if _HAN.search(value) else self._latin(value)
        if (
            not _HAN.search(value)
            and self._random.random() < FORMED
            and (formed := drawn(kind, value, self._random))
        ):
            return formed
        others = self._values[kind]
        if others and self._random.random() < (0.5 if kind in _KEPT else 0.25):
            other = self._random.choice(others)
            if bool(_HAN.search(other)) == bool(_HAN.search(value)):
                value = other
        if kind == "ADDRESS":
            return re.sub(
                r"\d",
                lambda match: match.group() if match.group() == "0" else str(self._random.randint(1, 9)),
                value,
            )
        if kind in _KEPT:
            return value
        return self._redrawn(
            value, self._random.choice((0, 1, 2, 3)) if kind in ("PHONE", "ID_CARD", "BANK_CARD") else 0
        )

    def _thing(self, value: str) -> str:
        """What is no person's, in place of a brand, a place, a hero or a pet: some bear names of persons."""
        han = _HAN.search(value) is not None
        draw = self._random.random()
        if draw < 0.4 and (alike := [one for one in self._values[NOTHING] if bool(_HAN.search(one)) == han]):
            return self._random.choice(alike)
        if not han:
            return things.latin(value, self._random)
        if draw < 0.7:
            return self._family() + self._given(self._random.choice((1, 2, 2)))
        return self._by_sound(dotted=False) if draw < 0.8 else self._random.choice(things.HEROES)

    def _redrawn(self, value: str, kept: int) -> str:
        """Digits for digits behind the first `kept`; half of the time letters for letters."""
        letters = self._random.random() < 0.4
        drawn = []
        for at, char in enumerate(value):
            if "0" <= char <= "9" and at >= kept:
                char = str(self._random.randint(0, 9))
            elif letters and char.isascii() and char.isalpha():
                char = chr(self._random.randint(0, 25) + ord("a" if char.islower() else "A"))
            drawn.append(char)
        return "".join(drawn)

    def _chinese(self, value: str) -> str:
        title = _TITLE.search(value)
        if not re.fullmatch(r"[\u3400-\u9fff·]+", value):
            return value
        if title and len(value) - len(title.group()) in (1, 2):
            given = self._given(1) if len(value) - len(title.group()) == 2 else ""
            retitled = self._random.random() < RETITLED
            return (
                self._family() + given + (self._random.choice(called.TITLES) if retitled else title.group())
            )
        if self._random.random() < CALLED:
            return called.called(lambda: self._given(1), self._random)
        if value[0] in "老小阿" and len(value) in (2, 3):
            return value[0] + (self._family() if len(value) == 2 else self._given(2))
        if self._random.random() < (0.6 if "·" in value or len(value) > 4 else 0.12):
            return self._by_sound("·" in value)
        if len(value) == 2 and value[0] == value[1]:
            return self._given(1) * 2
        return self._family() + self._given(self._random.choice((1, 2, 2, 2)) if len(value) < 4 else 2)

    def _by_sound(self, dotted: bool) -> str:
        """A name of another people of China or from abroad, as Chinese writes it."""
        if self._random.random() < 0.2:
            return "".join(self._random.choice(_SYLLABLES) for _ in range(self._random.choice((3, 4, 5))))
        given, last = _sounds()
        name = self._random.choice(given)
        dotted = dotted or self._random.random() < 0.15
        return f"{name}·{self._random.choice(last)}" if dotted else name

    def _family(self) -> str:
        draw = self._random.random()
        if draw < 0.35:
            return self._random.choice(_faker_names("last_names"))
        if draw < 0.8:
            return self._random.choice("".join(words("surnames")))
        if draw < 0.9:
            return self._random.choice(words("surnames_compound"))
        return self._random.choice(self._chars)

    def _given(self, length: int) -> str:
        draw = self._random.random()
        if draw < 0.5:
            fitting = [name for name in _faker_names("first_names") if len(name) == length]
            return self._random.choice(fitting)
        pool = "".join(_faker_names("first_names")) if draw < 0.75 else self._chars
        return "".join(self._random.choice(pool) for _ in range(length))

    def _latin(self, value: str) -> str:
        count = len(_WORD.findall(value))
        seen = iter(range(count))
        return _WORD.sub(
            lambda match: self._latin_word(match.group(), next(seen) == count - 1 and count > 1), value
        )

    def _latin_word(self, word: str, last: bool) -> str:
        if len(word) < 3 or word.lower() in _EN_TITLES:
            return word
        names = _latin_names()[1 if last or self._random.random() < 0.25 else 0]
        name = self._random.choice(names)
        if self._random.random() < 0.3:  # a name that no list has
            other = self._random.choice(names)
            name = name[: (len(name) + 1) // 2] + other[len(other) // 2 :]
        return name.upper() if word.isupper() else name if word.islower() else name.capitalize()


@lru_cache
def _sounds() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(given names, what follows the dot) of sounds.zh.txt."""
    lines = (Path(__file__).parent / "sounds.zh.txt").read_text(encoding="utf-8").splitlines()
    given, last = "\n".join(lines[1:]).split("·")
    return tuple(given.split()), tuple(last.split())


@lru_cache
def _faker_names(kind: str) -> tuple[str, ...]:
    providers = [importlib.import_module(f"faker.providers.person.{place}").Provider for place in _PLACES]
    return tuple(sorted({name for provider in providers for name in getattr(provider, kind)}))


@lru_cache
def _latin_names() -> tuple[tuple[str, ...], tuple[str, ...]]:
    first, last = lexicon.first_names(), lexicon.last_names()
    return tuple(sorted(n for n in first if len(n) > 2)), tuple(sorted(n for n in last if len(n) > 2))
