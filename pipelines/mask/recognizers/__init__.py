"""The recognizers, one a file. A new one: write its class beside these and add it to ALL."""

from __future__ import annotations

from typing import Any

from pipelines.mask.recognizers.address_code_en import AddressCodeEn
from pipelines.mask.recognizers.address_en import AddressEn
from pipelines.mask.recognizers.address_zh import AddressZh
from pipelines.mask.recognizers.bank_account import BankAccount
from pipelines.mask.recognizers.bank_card import BankCard
from pipelines.mask.recognizers.birth_date import BirthDate
from pipelines.mask.recognizers.credit_code import CreditCode
from pipelines.mask.recognizers.cued_en import CuedEn
from pipelines.mask.recognizers.cued_zh import CuedZh
from pipelines.mask.recognizers.driving_licence import DrivingLicence
from pipelines.mask.recognizers.email import Email
from pipelines.mask.recognizers.email_said import EmailSaid
from pipelines.mask.recognizers.handle_en import HandleEn
from pipelines.mask.recognizers.iban import Iban
from pipelines.mask.recognizers.id_card import IdCard
from pipelines.mask.recognizers.ip import IP
from pipelines.mask.recognizers.landline import Landline
from pipelines.mask.recognizers.license_plate import LicensePlate
from pipelines.mask.recognizers.license_plate_en import LicensePlateEn
from pipelines.mask.recognizers.mobile import Mobile
from pipelines.mask.recognizers.name_beside import NameBeside
from pipelines.mask.recognizers.name_called_zh import NameCalledZh
from pipelines.mask.recognizers.name_cued import NameCued
from pipelines.mask.recognizers.name_en import NameEn
from pipelines.mask.recognizers.name_latin import NameLatin
from pipelines.mask.recognizers.name_lexicon import NameLexicon
from pipelines.mask.recognizers.name_slot_en import NameSlotEn
from pipelines.mask.recognizers.name_zh import NameZh
from pipelines.mask.recognizers.named_entity import NamedEntity
from pipelines.mask.recognizers.order_number import OrderNumber
from pipelines.mask.recognizers.otp import Otp
from pipelines.mask.recognizers.passport import Passport
from pipelines.mask.recognizers.password import Password
from pipelines.mask.recognizers.phone_abroad import PhoneAbroad
from pipelines.mask.recognizers.qq import QQ
from pipelines.mask.recognizers.read import Read
from pipelines.mask.recognizers.ssn import Ssn
from pipelines.mask.recognizers.tax_number import TaxNumber
from pipelines.mask.recognizers.tracking_number import TrackingNumber
from pipelines.mask.recognizers.travel_permit import TravelPermit
from pipelines.mask.recognizers.username import Username
from pipelines.mask.recognizers.wechat import WeChat
from pipelines.mask.recognizers.zip_code import ZipCode

ALL: tuple[Any, ...] = (
    NamedEntity, NameZh, NameCalledZh, NameCued, NameBeside, NameLatin, NameEn, NameLexicon, NameSlotEn, Mobile, Landline,
    PhoneAbroad, IdCard, BankCard, Passport, TravelPermit, LicensePlate, CreditCode, Email, EmailSaid, QQ, WeChat,
    BirthDate, AddressZh, AddressEn, AddressCodeEn, OrderNumber, TrackingNumber, Ssn, Iban, BankAccount,
    ZipCode, DrivingLicence, LicensePlateEn, TaxNumber, HandleEn, Username, Password, Otp, IP, CuedEn, CuedZh, Read,
)  # fmt: skip
