"""Addresses of the same depth: every name another, every number another of as many digits, every unit kept.

Province, city and district belong together (words/places.zh.txt); roads, estates and buildings are made up,
so that the whole is a place that very likely does not exist, and whose it is says nothing about the customer.
"""

from __future__ import annotations

import re
from functools import lru_cache
from random import Random

from faker.providers.address.en_US import Provider as English
from faker.providers.person.en_US import Provider as People

from pipelines.mask.surrogates.draw import any_letter, redraw, redraw_digits
from pipelines.mask.words import words

_ADMIN = "特别行政区|自治区|自治州|自治县|地区|省|市|区|县|旗|盟|州"
_NAMED = (
    "街道|大道|大街|横街|胡同|路|街|道|巷|坊|镇|乡|村|屯|庄|小区|花园|公寓|大厦|广场|家园|新村|新城|名城|国际|中心"
    "|商务楼|写字楼|宿舍|公馆|山庄|豪庭|园区|软件园|科技园|产业园|工业园|大学|学院|学校|中学|小学|医院|酒店|宾馆"
    "|别墅|社区|驿站|门卫|传达室|物业|快递柜|超市|便利店|苑|园|府|庭|轩|阁|居|邸|湾|城|里"
)
_COUNTED = "号楼|号院|号门|支弄|单元|楼层|房间|号|弄|栋|幢|座|层|楼|室|房|户|门|组|队|区|期"
_ADMIN_PART = re.compile(rf"([㐀-鿿]{{2,8}}?)({_ADMIN})")
_NAMED_PART = re.compile(rf"([㐀-鿿]{{1,10}}?)((?:{_NAMED})+)")
_LAST_KIND = re.compile(rf"(?:{_NAMED})$")  # 学院路 is a road
_COUNTED_PART = re.compile(rf"([一二三四五六七八九十百零〇]{{1,4}}|[东南西北]|[甲乙丙丁])({_COUNTED})")
_UNIT = re.compile(_COUNTED)
_HAN = re.compile(r"[㐀-鿿]+")
_WORD = re.compile(r"[A-Za-zÀ-ÿ]+(?:['’-][A-Za-zÀ-ÿ]+)*")
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)(?![A-Za-z])", re.IGNORECASE)
_TOKENS = (_ORDINAL, _WORD, re.compile(r"\d+|.", re.DOTALL))
_CODE = re.compile(
    r"(?<![A-Za-z0-9])(?:[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d)(?![A-Za-z0-9])"
)
_KEPT_EN = frozenset(words("address_words.en"))


def address(value: str, rng: Random, place: Random) -> str:
    """`place` draws the province, city and district: the same for two addresses of one city."""
    if _HAN.search(value):
        return _Chinese(value, rng, place).text()
    return _english(value, rng)


def city_of(value: str) -> str:
    """What `place` should depend on: the city, else the first administrative name, else nothing."""
    found = [match.group() for match in _ADMIN_PART.finditer(value)]
    return next((name for name in found if name.endswith("市")), found[0] if found else "")


class _Chinese:
    def __init__(self, value: str, rng: Random, place: Random) -> None:
        self._value, self._rng = value, rng
        whole = re.search("省|自治区", value) is not None
        fitting = [triple for triple in _places() if not (whole and triple[0] == "-")]
        known = [triple for triple in fitting if not any(_shortened(name) in value for name in triple)]
        self._place = place.choice(known or fitting)
        self._stems = [stem for stem in words("place_names.zh") if stem not in value]
        self._level = 0  # of _place, used up so far

    def text(self) -> str:
        parts: list[str] = []
        at = 0
        while at < len(self._value):
            old, new = self._next(at)
            parts.append(new)
            at += len(old)
        return "".join(parts)

    def _next(self, at: int) -> tuple[str, str]:
        value, rng = self._value, self._rng
        if match := _COUNTED_PART.match(value, at):
            return match.group(), _counted(match.group(1), rng) + match.group(2)
        if (match := _UNIT.match(value, at)) and at and not _HAN.match(value[at - 1]):
            return match.group(), match.group()
        short = next((name for name in _short_names() if value.startswith(name, at)), "")
        if short and not re.match(_ADMIN, value[at + len(short) :]):
            return short, self._admin("省" if short in _provinces() else "市", short=True)
        admin, named = _ADMIN_PART.match(value, at), _NAMED_PART.match(value, at)
        if admin and (not named or len(admin.group()) <= len(named.group())) and not self._estate(admin):
            return admin.group(), self._admin(admin.group(2))
        if named:
            kind = _LAST_KIND.search(named.group(2))
            assert kind
            return named.group(), self._stem(named.group().removesuffix(kind.group())) + kind.group()
        if match := _HAN.match(value, at):
            return match.group()[0], self._stem(match.group()[0])
        return self._latin(at)

    def _stem(self, like: str) -> str:
        """A made-up name of as many characters, none of them at its place before."""
        drawn = "".join(self._rng.choice(self._stems) for _ in range(len(like) // 2 + 1))[: len(like)]
        return "".join(new if new != old else "禾" for new, old in zip(drawn, like, strict=True))

    def _estate(self, admin: re.Match[str]) -> bool:
        """Whether the unit is the end of `小区` or the like and not a district's."""
        return self._value[admin.end() - 2 : admin.end()] in ("小区", "社区", "园区")

    def _latin(self, at: int) -> tuple[str, str]:
        match = re.compile(r"[A-Za-z]{3,}|[A-Za-z]{1,2}|\d+|.", re.DOTALL).match(self._value, at)
        assert match
        old = match.group()
        return old, redraw(old, self._rng, None if len(old) > 2 else any_letter)

    def _admin(self, unit: str, short: bool = False) -> str:
        level = 0 if unit in ("省", "自治区") else 2 if unit in ("区", "县", "旗") or self._level > 1 else 1
        self._level = max(self._level, level + 1)
        name = self._place[level] if self._place[level] != "-" else self._place[1]
        return _shortened(name) if short else name


@lru_cache
def _places() -> list[tuple[str, str, str]]:
    """(province, city, district) of words/places.zh.txt."""
    flat = words("places.zh")
    return list(zip(flat[::3], flat[1::3], flat[2::3], strict=True))


@lru_cache
def _provinces() -> frozenset[str]:
    return frozenset(_shortened(province) for province, _, _ in _places() if province != "-")


@lru_cache
def _short_names() -> list[str]:
    """Provinces and cities as they are said without their unit, the longest first."""
    cities = {_shortened(city) for _, city, _ in _places()}
    return sorted(_provinces() | cities, key=lambda name: (-len(name), name))


def _shortened(name: str) -> str:
    return re.sub(r"(?:壮族|回族|维吾尔)?自治区$|(?<=..)[省市区]$", "", name)


def _counted(numerals: str, rng: Random) -> str:
    if numerals in "东南西北":
        return rng.choice([side for side in "东南西北" if side != numerals])
    if numerals in "甲乙丙丁":
        return rng.choice([sign for sign in "甲乙丙丁" if sign != numerals])
    return "".join(char if char in "十百" else rng.choice("一二三四五六七八九") for char in numerals)


def _english(value: str, rng: Random) -> str:
    codes = {match.start(): match.group() for match in _CODE.finditer(value)}
    parts: list[str] = []
    at = 0
    while at < len(value):
        old = codes.get(at) or next(match.group() for form in _TOKENS if (match := form.match(value, at)))
        parts.append(redraw(old, rng, any_letter) if at in codes else _english_word(old, rng))
        at += len(old)
    return "".join(parts)


def _english_word(word: str, rng: Random) -> str:
    if _ORDINAL.fullmatch(word):
        return _ordinal(rng.randrange(1, 10 ** (len(word) - 2)))
    if not _WORD.fullmatch(word):
        return redraw_digits(word, rng)
    if word.lower() in _KEPT_EN:
        return word
    if len(word) <= 2:
        return rng.choice(English.states_abbr) if word.isupper() and len(word) == 2 else any_letter(word, rng)
    drawn = rng.choice([name for name in _surnames(len(word) > 6) if name.lower() != word.lower()])
    return drawn.upper() if word.isupper() else drawn.lower() if word.islower() else drawn


def _ordinal(number: int) -> str:
    ending = "th" if 11 <= number % 100 <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


@lru_cache
def _surnames(long: bool) -> list[str]:
    return [name for name in People.last_names if name.isalpha() and (len(name) > 6) == long]
