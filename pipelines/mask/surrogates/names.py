"""Names from Faker's lists, part by part: family name, given name, first name, last name, title.

A part always becomes the same part within a conversation, so that `张建国`, `张先生` and `建国` stay one
person, and `Sarah Miller`, `Ms Miller` and `sarah` too. Kept are the number of characters (in Latin script
the length class: to 4, 6, or more), the title, initials, capitals, spaces and signs; and the gender, where a
title or the given name tells it. No part becomes one that the conversation's own names have.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from random import Random
from typing import NamedTuple

from faker.providers.person.en_US import Provider as English
from faker.providers.person.zh_CN import Provider as Chinese

from pipelines.mask.surrogates.draw import Draw, redraw_digits
from pipelines.mask.words import words

ATTEMPTS = 200
_MALE_ZH, _FEMALE_ZH = ("先生", "叔叔", "大哥", "哥"), ("女士", "小姐", "太太", "阿姨", "大姐", "姐")
_OTHER_ZH = (
    "老师",
    "师傅",
    "总经理",
    "经理",
    "主管",
    "主任",
    "总监",
    "总",
    "医生",
    "律师",
    "教授",
    "同学",
    "工",
)
_TITLE_ZH = re.compile(
    rf"(?:{'|'.join(sorted((*_MALE_ZH, *_FEMALE_ZH, *_OTHER_ZH), key=len, reverse=True))})$"
)
_TITLE_EN = re.compile(r"(?<![A-Za-z])(mr|mrs|ms|miss|mx|dr|prof)\.?\s*$", re.IGNORECASE)
_TITLE_WORD = re.compile(r"(?:mr|mrs|ms|miss|mx|dr|prof)\.?", re.IGNORECASE)
_NICK = re.compile(r"^[小老阿]")
_RUN = re.compile(r"[㐀-鿿](?: ?[㐀-鿿])*|[A-Za-zÀ-ÿ]+(?:['’-][A-Za-zÀ-ÿ]+)*")
_DOTTED = re.compile(r"[㐀-鿿][·•・][㐀-鿿]")
_SOUNDS = "阿巴卡达迪尔法戈汉伊杰克拉莱马米娜诺奥帕里萨塔托乌维雅泽"  # of names written in Chinese by sound

Gender = str  # m | f | "" if nothing tells it


class Part(NamedTuple):
    start: int  # in the value
    text: str  # without spaces
    kind: str  # family | given | sounds | first | last | pinyin_family | pinyin_given | initial


class Seen(NamedTuple):
    """A name as it stands in a text, with what stands before it there."""

    value: str
    before: str = ""


class Names:
    """The names of one conversation."""

    def __init__(self, draw: Draw, names: Iterable[Seen]) -> None:
        self._draw = draw
        self._roles: dict[str, str] = {}
        self._genders: dict[str, Gender] = {}
        self._made: dict[tuple[str, str], str | None] = {}
        seen = list(names)
        for name in sorted(seen, key=lambda name: -len(name.value.split())):  # full names tell what a word is
            self._learn(name)
        self._taken = {part.text.lower() for name in seen for part in self._parts(name.value)}

    def __call__(self, value: str) -> str | None:
        """`value` with other names, or None where it holds what the lists have no match for."""
        parts = self._parts(value)
        gender = self._gender(value, parts)
        text = list(value)
        for part in reversed(parts):
            made = self._make(part, gender)
            if made is None:
                return None
            text[part.start : part.start + _width(value, part)] = _spaced(made, value, part)
        known = {at for part in parts for at in range(part.start, part.start + _width(value, part))}
        left = "".join(char for at, char in enumerate(value) if at not in known)
        if not parts or any(
            char.isalpha() for char in _TITLE_WORD.sub("", _NICK.sub("", _TITLE_ZH.sub("", left.strip())))
        ):
            return None
        return redraw_digits("".join(text), self._draw.rng("digits", value))

    def _learn(self, name: Seen) -> None:
        parts = self._parts(name.value)
        if title := _TITLE_EN.search(name.before):
            if len(parts) == 1 and parts[0].kind == "first":
                self._roles.setdefault(parts[0].text.lower(), "last")
            self._tell(self._parts(name.value), _gender_en(title.group(1)))
        elif title := _TITLE_ZH.search(name.value):
            self._tell(
                parts, "m" if title.group() in _MALE_ZH else "f" if title.group() in _FEMALE_ZH else ""
            )
        if len(parts) > 1:
            for part in parts:
                self._roles.setdefault(part.text.lower(), part.kind)

    def _tell(self, parts: Sequence[Part], gender: Gender) -> None:
        for part in parts:
            if gender and part.kind in ("family", "last"):
                self._genders.setdefault(part.text.lower(), gender)

    def _parts(self, value: str) -> list[Part]:
        runs = [(match.start(), match.group()) for match in _RUN.finditer(value)]
        if _DOTTED.search(value):
            return [Part(at, run, "sounds" if "㐀" <= run[0] <= "鿿" else "first") for at, run in runs]
        latin = [(at, run) for at, run in runs if run[0] < "㐀" and not _TITLE_WORD.fullmatch(run)]
        chinese = [part for at, run in runs if run[0] >= "㐀" for part in self._chinese(at, run)]
        return sorted([*chinese, *self._latin(latin)])

    def _chinese(self, at: int, run: str) -> list[Part]:
        name = _TITLE_ZH.sub("", run.replace(" ", ""))
        if len(name) == 2 and name[0] in "小老阿" and name[1] in _families():
            return [Part(at + run.index(name[1], 1), name[1], "family")]
        if self._roles.get(name) == "given" or not name:
            return [Part(at, name, "given")] if name else []
        compound = next((n for n in (4, 2) if name[:n] in words("surnames_compound")), 0)
        family = compound or (1 if name[0] in _families() or len(name) in (1, 3) else 0)
        parts = [Part(at, name[:family], "family")] if family else []
        if name[family:]:
            parts.append(Part(at + _offset(run, family), name[family:], "given"))
        return parts

    def _latin(self, runs: Sequence[tuple[int, str]]) -> list[Part]:
        pinyin = _english()["pinyin"]
        first, last = (runs[0][1].lower(), runs[-1][1].lower()) if runs else ("", "")
        asian = len(runs) > 1 and first in pinyin and first not in _english()["first"]
        parts = []
        for place, (at, run) in enumerate(runs):
            alone = self._roles.get(run.lower(), "last" if _only_last(run) else "first")
            kind = alone if len(runs) == 1 else "last" if place == len(runs) - 1 else "first"
            if asian:
                kind = "pinyin_family" if place == 0 else "pinyin_given"
            elif len(runs) > 1 and last in pinyin and kind == "last":
                kind = "pinyin_family"
            parts.append(Part(at, run, "initial" if len(run) == 1 else kind))
        return parts

    def _gender(self, value: str, parts: Sequence[Part]) -> Gender:
        """Of its title, else of an English first name, else of a title that the conversation gives the same
        family name, else of a Chinese given name."""
        title = _TITLE_ZH.search(value)
        if title and title.group() in (*_MALE_ZH, *_FEMALE_ZH):
            return "m" if title.group() in _MALE_ZH else "f"
        first = [_usual(part) for part in parts if part.kind == "first"]
        told = [self._genders.get(part.text.lower(), "") for part in parts]
        return next(filter(None, (*first, *told, *map(_usual, parts))), "")

    def _make(self, part: Part, gender: Gender) -> str | None:
        """The same for a part whatever its case; the first gender that is known for it decides."""
        key = (part.kind, part.text.lower())
        if key not in self._made:
            self._made[key] = self._choose(part, gender)
        made = self._made[key]
        if made is None or not part.text.isascii():
            return made
        return made.upper() if part.text.isupper() else made.lower() if part.text.islower() else made

    def _choose(self, part: Part, gender: Gender) -> str | None:
        for attempt in range(ATTEMPTS):
            drawn = _draw(part, gender, self._draw.rng("name", part.kind, part.text.lower(), gender, attempt))
            if drawn.lower() not in self._taken:
                self._taken.add(drawn.lower())
                return drawn
        return None


def _compounds(count: int) -> list[str]:
    """Family names of `count` characters."""
    return [name for name in words("surnames_compound") if len(name) == count]


def _draw(part: Part, gender: Gender, rng: Random) -> str:
    count = len(part.text.replace(" ", ""))
    if part.kind == "family":
        return rng.choice(_compounds(count) if count > 1 else _safe_families())
    if part.kind == "given":
        return _given(count, gender, rng)
    if part.kind == "sounds":
        return "".join(rng.choice(_SOUNDS) for _ in range(count))
    if part.kind == "initial":
        return rng.choice("ABCDEFGHJKLMNPRSTW")
    if part.kind == "pinyin_family":
        return rng.choice(Chinese.last_romanized_names)
    if part.kind == "pinyin_given":
        syllables = [rng.choice(Chinese.first_romanized_names) for _ in range(1 + (count > 5))]
        return "".join(syllables).capitalize()
    return rng.choice(
        _latin_pool(part.kind, gender if part.kind == "first" else "", _length_class(part.text))
    )


def _given(count: int, gender: Gender, rng: Random) -> str:
    pool = _single(gender)
    if count == 2 and gender != "m" and rng.random() < 0.3:
        return rng.choice([name for name in Chinese.first_names_female if len(name) == 2])
    return "".join(rng.sample(pool, count)) if count <= len(pool) else ""


def _usual(part: Part) -> Gender:
    """What Faker's lists say of a given name: m or f if only one of them has it, or its characters."""
    if part.kind == "first":
        sides = [
            g for g, names in (("m", _english()["m"]), ("f", _english()["f"])) if part.text.lower() in names
        ]
    elif part.kind == "given":
        sides = [g for g in ("m", "f") if set(part.text) & set(_single(g))]
    else:
        sides = []
    return sides[0] if len(sides) == 1 else ""


@lru_cache
def _single(gender: Gender) -> list[str]:
    """Given names of one character."""
    male = [name for name in Chinese.first_names_male if len(name) == 1]
    female = [name for name in Chinese.first_names_female if len(name) == 1]
    return {"m": male, "f": female}.get(gender, male + female)


@lru_cache
def _families() -> frozenset[str]:
    return frozenset(Chinese.last_names) | frozenset(words("surnames"))


@lru_cache
def _safe_families() -> list[str]:
    """Frequent family names that are no ordinary word."""
    return [name for name in words("surnames")[:150] if name not in words("surnames_words")]


@lru_cache
def _english() -> dict[str, frozenset[str]]:
    sides = {
        "m": English.first_names_male, "f": English.first_names_female, "last": English.last_names
    }  # fmt: skip
    known = {side: frozenset(name.lower() for name in names) for side, names in sides.items()}
    pinyin = frozenset(name.lower() for name in words("surnames_pinyin"))
    return known | {"first": known["m"] | known["f"], "pinyin": pinyin}


@lru_cache
def _latin_pool(kind: str, gender: Gender, length: int) -> list[str]:
    firsts = {"m": English.first_names_male, "f": English.first_names_female}
    chosen = English.last_names if kind == "last" else firsts.get(gender) or {**firsts["m"], **firsts["f"]}
    return sorted(name for name in chosen if name.isalpha() and _length_class(name) == length)


def _length_class(name: str) -> int:
    return (len(name) > 4) + (len(name) > 6)


def _only_last(word: str) -> bool:
    return word.lower() in _english()["last"] and word.lower() not in _english()["first"]


def _gender_en(title: str) -> Gender:
    return {"mr": "m", "mrs": "f", "ms": "f", "miss": "f"}.get(title.lower(), "")


def _offset(run: str, chars: int) -> int:
    """Where the character number `chars` of `run` stands, spaces not counted."""
    return [at for at, char in enumerate(run) if char != " "][chars]


def _width(value: str, part: Part) -> int:
    """How far `part` reaches in `value`, spaces between its characters included."""
    width = count = 0
    while count < len(part.text):
        count += part.text[count] == value[part.start + width]
        width += 1
    return width


def _spaced(made: str, value: str, part: Part) -> str:
    """`made` with the spaces that `value` has between the characters of `part`; Latin text has none."""
    if part.text.isascii() or len(made) != len(part.text):
        return made
    chars = iter(made)
    return "".join(
        " " if char == " " else next(chars) for char in value[part.start : part.start + _width(value, part)]
    )
