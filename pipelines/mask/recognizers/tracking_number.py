"""Tracking numbers of the large carriers by their forms; plain digits only beside a word for parcel."""

from pipelines.mask.recognizers.base import A, Recognizer, Z
from pipelines.mask.recognizers.shop_number import NOT_OF_THE_SHOP

_A = rf"{A}{NOT_OF_THE_SHOP}"


class TrackingNumber(Recognizer):
    entity = "TRACKING_NUMBER"
    gate = r"\d{7}|\d{4} \d{4}|\d \d{2,4} \d|[A-Z]{2}\s?\d{3,4}[ -]\d|1Z "
    near = (
        r"快递|运单|物流|单号|包裹|件|签收|百世|德邦|丹鸟|菜鸟|跨越|安能|天天|优速|面单|顺丰|中通|圆通|韵达"
        r"|申通|极兔|京东|邮政|track|parcel|shipment|waybill|package|courier|delivery|post(?![a-z])"
        r"|hermes|evri|royal mail"
        r"|dhl|fedex|ups|usps|ems|zto|awb"
    )
    before = 20
    rules = (
        (
            "letters",
            rf"{A}(?:SF|YT|JT|JD[A-Z]{{0,2}}|ST|DPK|ZT|YD|LP|CNSF|KY|ANE|UC|TT)"
            rf"\s?\d(?:[ -]?\d){{10,15}}(?:-\d(?:-\d)?-?)?{Z}",
            0.9,
        ),
        ("postal", rf"(?:(?<=EMS)|{A})[A-Z]{{2}}\d{{9}}[A-Z]{{2}}{Z}", 0.85),
        ("UPS", rf"{A}1Z(?: ?[0-9A-Z]){{16}}{Z}", 0.9),
        ("ZTO", rf"{A}7\d{{14}}{Z}", 0.6),
        ("Evri", rf"{A}(?-i:[A-Z]\d\d[A-Z]{{2}}) ?(?-i:[A-Z])\d{{3}} ?\d{{4}} ?\d{{4}}{Z}", 0.85),
        ("Amazon", rf"{A}TB[ABCM]\d{{12}}{Z}", 0.85),
        ("USPS", rf"{A}9[1-5]\d\d ?\d{{4}} ?\d{{4}} ?\d{{4}} ?\d{{4}} ?\d{{2}}{Z}", 0.8),
        (
            "postal in groups",
            rf"{A}[A-Z]{{2}} (?:\d{{3}} \d{{3}} \d{{3}}|\d{{4}} \d{{4}} \d|\d{{9}}) ?[A-Z]{{2}}{Z}",
            0.85,
        ),
        ("other 12 to 15", rf"{_A}[1-9]\d{{11,14}}{Z}", 0.4),
        (
            "in groups behind its carrier",
            rf"(?<![a-z])(?:dpd|evri|yodel|gls|dhl|ups|fedex|usps|tnt|hermes|aramex|auspost|parcelforce|royal mail|an ?post"
            rf"|postnl|correos)[^.!?\n\d]{{0,24}}\K(?=(?: ?\d){{10}})\d{{2,5}}(?: \d{{2,5}}){{2,5}}{Z}",
            0.8,
        ),
        (
            "in fours",
            rf"(?:fedex|usps|ups|dhl|track\w*|parcel|package)[^.!?\n\d]{{0,24}}\K\d{{4}}"
            rf"(?: \d{{4}}){{2,4}}(?: \d{{2}})?{Z}",
            0.85,
        ),
        (
            "letters within",
            rf"{_A}(?=[A-Z]*\d)(?=\d*[A-Z])(?:\d{{2}}[A-Z]{{2,5}}\d{{7,12}}"
            rf"|[A-Z]{{1,3}}\d{{8,14}}[A-Z]{{0,2}}){Z}",
            0.3,
        ),
        ("16 digits", rf"{A}\d{{16}}(?:\d{{4,6}})?{Z}", 0.35),
        ("DHL", rf"{A}[1-9]\d{{9}}{Z}", 0.3),
    )
