"""Values for the {slots} of the phrase banks, for one conversation of one customer."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from pipelines.sample import identifiers as ids
from pipelines.sample.bank import Product
from pipelines.sample.people import MAILS, Person, qq, wechat
from pipelines.sample.script import Segment

TYPES = {  # slot -> type of its span; other slots are not personal data
    **dict.fromkeys(("name", "name2", "title_name", "surname", "first_name", "last_name"), "PERSON"),
    **dict.fromkeys(("name_bare", "name_pinyin"), "PERSON"),
    **dict.fromkeys(("phone", "phone2", "phone_hanzi", "phone_hk", "phone_abroad", "landline"), "PHONE"),
    **dict.fromkeys(("agent_phone", "spam_phone"), "PHONE"),
    **dict.fromkeys(("id_card", "id_card_15"), "ID_CARD"),
    **dict.fromkeys(("permit", "travel", "tw_permit"), "TRAVEL_PERMIT"),
    **dict.fromkeys(("address", "address2", "address_hk", "address_abroad"), "ADDRESS"),
    **dict.fromkeys(("wechat", "agent_wechat", "spam_wechat"), "WECHAT"),
    **dict.fromkeys(("qq", "agent_qq", "spam_qq"), "QQ"),
    **dict.fromkeys(("email", "spam_email"), "EMAIL"),
    **dict.fromkeys(("order", "order2"), "ORDER_NUMBER"),
    **dict.fromkeys(("tracking", "dhl"), "TRACKING_NUMBER"),
    **dict.fromkeys(("zip", "zip_abroad"), "ZIP"),
    "bank_card": "BANK_CARD",
    "passport": "PASSPORT",
    "plate": "LICENSE_PLATE",
    "credit_code": "CREDIT_CODE",
    "birth_date": "BIRTH_DATE",
    "ip": "IP",
    "username": "USERNAME",
    "password": "PASSWORD",
    "otp": "OTP",
    "ssn": "SSN",
    "iban": "IBAN",
    "account": "BANK_ACCOUNT",
    "licence": "DRIVING_LICENCE",
}
PHONE_FORMS = (
    "{0}{1}{2}",
    "{0}{1}{2}",
    "{0}{1}{2}",
    "{0} {1} {2}",
    "{0}-{1}-{2}",
    "+86 {0}{1}{2}",
    "+86-{0}-{1}-{2}",
)


class Values:
    """Fills slots for one conversation: the person's data, and its own order, products and numbers."""

    def __init__(self, rng: Random, person: Person, products: tuple[Product, ...], day: date) -> None:
        self.rng, self.person, self.day = rng, person, day
        self.product = rng.choice(products)
        ordered = day - timedelta(days=rng.randrange(1, 12))
        self._own: dict[str, str] = {
            "order": ids.order_number(rng, ordered),
            "order2": ids.order_number(rng, ordered),
            "tracking": ids.tracking_number(rng),
            "dhl": ids.dhl_number(rng),
            "ip": ".".join(str(rng.randrange(1, 255)) for _ in range(4)),
            "otp": ids.digits(rng, rng.choice((4, 6, 6))),
            "agent_no": str(rng.randrange(101, 140)),
            **self._plain(ordered),
        }

    def _plain(self, ordered: date) -> dict[str, str]:
        rng, price, zh = self.rng, self.product.price, self.person.language != "en"
        return {
            "product": self.product.zh if zh else _in_sentence(self.product.en),
            "sku": self.product.sku,
            "price": str(price),
            "price_low": str(max(1, price - rng.choice((5, 10, 20, 30)))),
            "amount": f"{rng.randrange(30, 900)}{rng.choice(('', '', '.5', '.90'))}",
            "amount_small": str(rng.randrange(120, 299)),
            "big_amount": str(rng.randrange(21, 90) * 100),
            "count": str(rng.randrange(2, 6)),
            "days": str(rng.randrange(3, 10)),
            "late": str(rng.randrange(8, 13)),
            "date": f"{ordered.month}月{ordered.day}号" if zh else f"{ordered:%B} {ordered.day}",
            "city": self.person.place["city"],
            "city_en": rng.choice(("Singapore", "Penang", "Shanghai", "Tokyo", "Macau", "Shenzhen")),
            "company": self.person.fixed["company"],
            "tail": self.person.fixed["bank_card"][-4:],
        }

    def __call__(self, slot: str) -> Segment:
        """The segment of `slot`; a KeyError means that a phrase bank names a slot that does not exist."""
        if slot.startswith(("agent_", "spam_")) and slot != "agent_no":
            text = _stranger(self.rng, slot.split("_")[1])
        else:
            text = self._own.get(slot) or self.person.fixed[slot]
        if slot in ("phone", "phone2") and self.person.language != "en":
            text = _phone_form(self.rng, text)
        return Segment(text, TYPES.get(slot), fixed=True)


def _in_sentence(name: str) -> str:
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


def _phone_form(rng: Random, number: str) -> str:
    return rng.choice(PHONE_FORMS).format(number[:3], number[3:7], number[7:])


def _stranger(rng: Random, kind: str) -> str:
    return {"wechat": wechat, "qq": qq, "phone": ids.mobile, "email": _stranger_mail}[kind](rng)


def _stranger_mail(rng: Random) -> str:
    stem = rng.choice(("promo", "loan", "bestdeal", "vip"))
    return f"{stem}{rng.randrange(10, 999)}@{rng.choice(MAILS['en'])}"
