"""Invented customers: one person's stable data, right by form and check digit, some of it mistyped."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from random import Random
from typing import Any

from faker import Faker
from pypinyin import lazy_pinyin

from pipelines.sample import identifiers as ids
from pipelines.sample.bank import phrases

HANZI_DIGITS = str.maketrans("0123456789", "零幺二三四五六七八九")
BROKEN_SHARE = 0.15  # of identifiers with a check digit, mistyped


class Person:
    """A customer of the sample shop. The same number and seed give the same person in every week."""

    def __init__(self, seed: int, number: int, language: str) -> None:
        self.number, self.language = number, language
        self._rng = rng = Random(f"{seed}:customer:{number}")
        chinese = language != "en"
        names = _faker("zh_CN" if chinese else "en_US", rng)
        self.female = rng.random() < 0.55
        self.name = names.name_female() if chinese and self.female else _plain_name(names, chinese)
        self.name2 = _plain_name(names, chinese)
        self.place = rng.choice(phrases("places")["districts"])
        self.abroad = rng.choice(phrases("places")["abroad"])
        self.birth = ids.birth_date(rng)
        self.fixed = {slot: make(self) for slot, make in (_CHINESE if chinese else _ENGLISH).items()}

    @property
    def rng(self) -> Random:
        """Draws in the order in which the person is built, never later."""
        return self._rng

    @property
    def customer_id(self) -> str:
        return f"C{10_000_000 + self.number * 7919 % 90_000_000}"


def wechat(rng: Random) -> str:
    stem = rng.choice(("wx_", "lily", "xiaobai", "tina_", "cc", "momo", "kk-", "sunny", "zz"))
    return f"{stem}{rng.choice(('', 'love', 'home', 'shop'))}{rng.randrange(100, 99999)}"


def qq(rng: Random) -> str:
    return str(rng.randrange(1, 10)) + ids.digits(rng, rng.choice((7, 8, 9)))


def _plain_name(names: Faker, chinese: bool) -> str:
    return names.name() if chinese else f"{names.first_name()} {names.last_name()}"


@cache
def _shared_faker(locale: str) -> Faker:
    return Faker(locale)


def _faker(locale: str, rng: Random) -> Faker:
    faker = _shared_faker(locale)
    faker.seed_instance(rng.getrandbits(64))
    return faker


MAILS = {
    "zh": ("qq.com", "163.com", "126.com", "foxmail.com", "sina.com", "outlook.com"),
    "en": ("gmail.com", "outlook.com", "yahoo.com", "icloud.com", "hotmail.co.uk", "example.com"),
}
_COMPOUND = ("欧阳", "司马", "上官", "诸葛", "夏侯")


def _surname(person: Person) -> str:
    return person.name[: 2 if person.name.startswith(_COMPOUND) else 1]


def _title_name(person: Person) -> str:
    titles = ("女士", "小姐", "女士", "姐") if person.female else ("先生", "先生", "老师", "总")
    return _surname(person) + person.rng.choice(titles)


def _pinyin(person: Person, upper: bool = True) -> str:
    family, given = _surname(person), person.name[len(_surname(person)) :]
    parts = ["".join(lazy_pinyin(family)), "".join(lazy_pinyin(given))]
    return " ".join(part.upper() if upper else part for part in parts)


def _valid(person: Person) -> bool:
    return person.rng.random() >= BROKEN_SHARE


def _id_card(person: Person) -> str:
    code = person.place["code"]
    found = ids.resident_id(person.rng, code, person.birth, _valid(person))
    if person.rng.random() < 0.25:  # the check character X is one in eleven: make it common enough to see
        while ids.id_check(found[:17]) != "X":
            found = ids.resident_id(person.rng, code, person.birth)
    return found.lower() if person.rng.random() < 0.5 else found


def _zh_address(person: Person) -> str:
    places, rng = phrases("places"), person.rng
    prefix = person.place["prefix"]
    return rng.choice(places["forms"]).format(
        prefix=prefix,
        short=re.sub(r"^.*?(?:省|自治区)", "", prefix),
        road=rng.choice(places["roads"]),
        estate=rng.choice(places["estates"]),
        office=rng.choice(places["offices"]),
        letter=rng.choice("ABC"),
        n=rng.randrange(1, 900),
        b=rng.randrange(1, 30),
        u=rng.randrange(1, 5),
        room=f"{rng.randrange(1, 28)}{rng.randrange(1, 7):02d}",
    )


def _foreign_address(person: Person, place: dict[str, Any]) -> str:
    rng = person.rng
    return place["form"].format(
        n=rng.randrange(1, 250),
        street=rng.choice(place["streets"]),
        town=rng.choice(place["towns"]),
        floor=f"{rng.randrange(1, 30):02d}",
        room=f"{rng.randrange(1, 99):02d}",
        letter=rng.choice("ABCDEF"),
        u=rng.randrange(1, 9),
    )


def _hk_address(person: Person) -> str:
    return _foreign_address(person, next(p for p in phrases("places")["abroad"] if p["country"] == "hk"))


def _us_address(person: Person) -> str:
    faker = _faker("en_US", person.rng)
    return f"{faker.street_address()}, {faker.city()}, {faker.state_abbr()}"


def _us_phone(person: Person) -> str:
    area, line = person.rng.randrange(201, 990), ids.digits(person.rng, 4)
    middle = person.rng.randrange(200, 1000)
    forms = ("({}) {}-{}", "{}-{}-{}", "+1 {}-{}-{}", "{}.{}.{}", "+1 ({}) {}-{}")
    return person.rng.choice(forms).format(area, middle, line)


def _abroad_phone(person: Person) -> str:
    rng, country = person.rng, person.abroad["country"]
    if country == "uk":
        return f"{rng.choice(('+44 7', '07'))}{ids.digits(rng, 3)} {ids.digits(rng, 6)}"
    code = {"sg": "+65 9", "hk": "+852 6", "my": "+60 12-3"}[country]
    return f"{code}{ids.digits(rng, 3)} {ids.digits(rng, 4)}"


def _zh_birth(person: Person) -> str:
    b = person.birth
    forms = (f"{b.year}年{b.month}月{b.day}日", f"{b:%Y-%m-%d}", f"{b.year}.{b.month}.{b.day}")
    return person.rng.choice((*forms, f"{b:%y}年{b.month}月{b.day}号", f"{b:%Y%m%d}"))


def _en_birth(person: Person) -> str:
    b = person.birth
    forms = (
        f"{b:%B} {b.day}, {b.year}",
        f"{b:%d/%m/%Y}",
        f"{b.day} {b:%b} {b.year}",
        f"{b:%m/%d/%Y}",
        f"{b:%Y-%m-%d}",
    )
    return person.rng.choice(forms)


def _handle(person: Person) -> str:
    rng = person.rng
    stem = _pinyin(person, False) if person.language != "en" else person.name.lower()
    first, *_, last = stem.split()
    return rng.choice((f"{first}_{last}", f"{first}{last[:1]}", f"{first}.{last}")) + str(
        rng.randrange(1, 2010)
    )


def _email(person: Person) -> str:
    domains = MAILS["en" if person.language == "en" else "zh"]
    return f"{_handle(person)}@{person.rng.choice(domains)}"


def _password(person: Person) -> str:
    word = person.rng.choice(("Abc", "Limu", "qwe", "Happy", "sunshine", "Home", "aa"))
    return f"{word}{person.rng.choice(('@', '#', '', '_', '!'))}{person.rng.randrange(100, 999999)}"


def _western_licence(person: Person) -> str:
    rng, last = person.rng, person.name.split()[-1].upper().replace("'", "")
    if person.abroad["country"] == "uk":  # family name, birth date mixed with the decade, initials, checks
        b = person.birth
        return (
            f"{last[:5]:9<5}{b:%y}"[:6]
            + f"{b:%m%d}"
            + f"{b:%y}"[1]
            + f"{person.name[0]}9{ids.digits(rng, 1)}AB"
        )
    return rng.choice("BCDFHKS") + ids.digits(rng, 7)


_COMMON: dict[str, Callable[[Person], str]] = {
    "email": _email,
    "wechat": lambda p: p.rng.choice((wechat(p.rng), _handle(p))),
    "username": _handle,
    "password": _password,
    "passport": lambda p: ids.passport(p.rng) if p.language != "en" else str(p.rng.randrange(10**8, 10**9)),
    "credit_code": lambda p: ids.credit_code(p.rng, p.place["code"], _valid(p)),
    "company": lambda p: p.rng.choice(phrases("places")["companies"]),
    "iban": lambda p: ids.iban(p.rng, _valid(p)),
    "account": lambda p: ids.digits(p.rng, p.rng.choice((10, 12)) if p.language == "en" else 17),
    "address_hk": _hk_address,
    "phone_hk": lambda p: f"+852 {p.rng.choice('5679')}{ids.digits(p.rng, 3)} {ids.digits(p.rng, 4)}",
    "name2": lambda p: p.name2,
    "name": lambda p: p.name,
}
_CHINESE: dict[str, Callable[[Person], str]] = {
    **_COMMON,
    "surname": _surname,
    "title_name": _title_name,
    "name_pinyin": _pinyin,
    "phone": lambda p: ids.mobile(p.rng),
    "phone2": lambda p: ids.mobile(p.rng),
    "phone_hanzi": lambda p: ids.mobile(p.rng).translate(HANZI_DIGITS),
    "landline": lambda p: ids.landline(p.rng, p.place["dial"]),
    "id_card": _id_card,
    "id_card_15": lambda p: ids.resident_id_15(p.rng, p.place["code"], p.birth),
    "bank_card": lambda p: _grouped(p, ids.bank_card(p.rng, valid=_valid(p))),
    "permit": lambda p: ids.home_return_permit(p.rng),
    "travel": lambda p: ids.exit_permit(p.rng),
    "tw_permit": lambda p: ids.taiwan_permit(p.rng),
    "plate": lambda p: ids.licence_plate(p.rng, p.place["plate"]),
    "address": _zh_address,
    "address2": _zh_address,
    "qq": lambda p: qq(p.rng),
    "birth_date": _zh_birth,
    "zip": lambda p: p.place["zip"],
    "licence": lambda p: p.place["code"][:4] + ids.digits(p.rng, 8),  # file number of the licence,
}
_ENGLISH: dict[str, Callable[[Person], str]] = {
    **_COMMON,
    "first_name": lambda p: p.name.split()[0],
    "last_name": lambda p: p.name.split()[-1],
    "name_bare": lambda p: p.name.split()[0].lower(),
    "phone": _us_phone,
    "phone2": _us_phone,
    "phone_abroad": _abroad_phone,
    "bank_card": lambda p: _grouped(p, ids.bank_card(p.rng, ids.WESTERN_BINS, _valid(p))),
    "address": _us_address,
    "zip": lambda p: _faker("en_US", p.rng).zipcode(),
    "address_abroad": lambda p: _foreign_address(p, p.abroad),
    "zip_abroad": lambda p: p.rng.choice(p.abroad["zips"] or ["999077"]),
    "birth_date": _en_birth,
    "ssn": lambda p: ids.ssn(p.rng),
    "licence": _western_licence,
}


def _grouped(person: Person, number: str) -> str:
    """In groups of four, as on the card, at times."""
    return " ".join(re.findall(".{1,4}", number)) if person.rng.random() < 0.3 else number
