"""Order numbers: letters and a long number, or any long number beside a word for order."""

from pipelines.mask.recognizers.base import A, Recognizer, Z
from pipelines.mask.recognizers.shop_number import NOT_OF_THE_SHOP

_CUE = r"(?:订单|定单|(?<![A-Za-z])order)(?:编号|号码|号|尾号| number| no\.?| id)?"


_EN = (
    r"(?<![A-Za-z])(?:(?:booking|reservation|confirmation|conf|reference|ref|pnr|record locator|locator"
    r"|order|purchase order|po|claim|policy|agreement|complaint|e-?ticket|appointment|contract)(?! "
    r"(?:date|status|page|in|on|for))(?:\.? ?(?:ref(?:erence)?"
    r"|code|number|no"
    r"|num|id))?(?![a-z])|booked under)"
)
_LINK = r"\.?\s*(?:(?:[:#=(]|is|was|are|says|on)\s*){0,3}"
_CODE = (
    r"(?=[A-Z0-9-]*\d)(?:(?-i:[A-Z0-9]{5,8})|(?-i:[A-Z]{1,4})-?\d{4,12}(?:-(?-i:[A-Z0-9]{1,4}))?|\d{2,6}"
    r"(?:-\d{3,8}){1,2})"
)
# No name of a model has letters and digits in turn so, and none has such long numbers.
_LOCATOR = (
    r"(?=[A-Z]*\d)(?=[A-Z0-9]{6}(?![A-Z0-9]))(?=(?:\d*[A-Z]){3})(?![A-Z]+\d+[A-Z]?(?![A-Z0-9]))"
    r"(?!\d+[A-Z]+(?![A-Z0-9]))(?![A-Z]{2}\d\d)(?!(?:[A-Z]\d){3})[A-Z0-9]{6}"
)
_LONG_CODE = (
    r"(?=(?:[A-Z-]*\d){6})(?:[A-Z]{1,4}-\d{5,12}(?:-[A-Z0-9]{1,5})?|[A-Z]{1,4}-\d{2,6}-\d{2,6}"
    r"|\d{3,6}-[A-Z]{1,4}-\d{3,8}|\d?[A-Z]{1,3}\d?-\d{3,6}-\d{2,6}|\d{3}-\d{7}-\d{7}|\d{2}-\d{5}-\d{5})"
)
_SHOPS_OWN = (
    r"(?<!(?:ticket|case|invoice|model|part|serial|sku|s/n|item|product|version|error|incident|style"
    r"|article|size|coupon|promo|code|voucher)(?:[ :#]{0,2}(?:number|no\.?|id|is))?[ :#]{0,3})"
    r"(?!(?:SKU|ISO|CVE|KB|INC|REQ|TKT|CASE|INV|ERR|RFC|FAQ|PN|SN|COVID|UTC|GMT)-)"
)


class OrderNumber(Recognizer):
    entity = "ORDER_NUMBER"
    near = (
        r"订单|单子|个单|查单|这单|那单|这笔|下单|拍的|流水号"
        r"|booking|reservation|flight|pnr|refund|ticket|passenger|fixed on|locator|order"
        r"|boarding|check(?:ed|ing)?[- ]?in|baggage|luggage"
    )
    before = 30
    gate = (
        r"\d{6}|\d{2,}-\d{3}|(?-i:[A-Z0-9]{5})|[A-Z]-\d{3}|(?:order|booking|reservation)[^\n]{0,10}\d{4}|(?:confirmation|booking|reservation|reference|pnr)"
        r"|GPA|订座|预订号|确认号|记录编号|单号?\s?[0-9A-Z]"
    )
    rules = (
        (
            "letters and date",
            rf"{A}{NOT_OF_THE_SHOP}(?!WO|GD|JD|SF|YT|JT|ST|ZT|QQ|WX|VX|TEL)[A-Z]{{2,4}}\d{{10,18}}{Z}",
            0.7,
        ),
        (
            "after the word",
            rf"{_CUE}\s*(?:[是为:#]|is|was)?\s*:?#?\s*\K(?=[\dA-Z-]*\d{{6}})[\dA-Z-]{{8,32}}{Z}",
            0.75,
        ),
        (
            "after 单号",
            rf"单号\s*[是为:#]?\s*#?\s*\K{NOT_OF_THE_SHOP}(?=[\dA-Z-]*\d{{6}})[\dA-Z-]{{8,32}}{Z}",
            0.6,
        ),
        ("long", rf"{A}{NOT_OF_THE_SHOP}\d{{16,20}}{Z}", 0.3),
        (
            "booking code",
            rf"(?:pnr|订座记录|订座编码|预订号|确认号|记录编号)\s*[是为:]?\s*\K(?=[A-Z]*\d)[A-Z0-9]{{5,12}}{Z}",
            0.75,
        ),
        ("two", rf"{A}\d{{9,15}}(?=、\d{{9,15}}{Z})|(?<=\d{{9,15}}、)\d{{9,15}}{Z}", 0.35),
        ("letters, date, number", rf"单\s?(?:号|:)?\s?\K[A-Z]{{1,4}}\d{{6}}-\d{{3,8}}{Z}", 0.7),
        ("date, dash", rf"{A}\d{{6}}-\d{{15}}{Z}", 0.7),
        ("in groups", rf"{_CUE}\s*[是为:#]?\s*\K\d{{4}}(?: \d{{3,4}}){{2,5}}(?: \d{{1,3}})?{Z}", 0.8),
        ("ticket", rf"票号\s*[是为:]?\s*\K\d{{3}}-?\d{{10}}{Z}", 0.8),
        ("Google Play", rf"{A}GPA\.\d{{4}}-\d{{4}}-\d{{4}}-\d{{5}}", 0.9),
        ("reference", rf"{_EN}{_LINK}\K{_CODE}{Z}(?!\s?(?:items?|pieces?|days?|%))", 0.7),
        ("long reference", rf"{_EN}{_LINK}\K\d{{7,14}}{Z}", 0.7),
        ("letters, number", rf"{_SHOPS_OWN}{A}(?-i:{_LONG_CODE}){Z}(?!-)", 0.55),
        (
            "short",
            rf"(?<![A-Za-z])(?<!(?:to|can i|could i|we|would|will|and) )(?:order|booking|reservation)(?: (?:number|no\.?|id))?"
            rf" ?#?\K(?!19\d\d|20\d\d)\d{{4}}{Z}(?= ?(?:$|[,.?!;)]|(?:from|is|was|has|hasn|not|never|still|arrived|for"
            rf"|placed|came|and|with|please|pls|wrong|missing|late|but)(?![a-z])))",
            0.6,
        ),
        ("hash", rf"{_SHOPS_OWN}(?<![0-9A-Za-z#])#\K\d{{5,12}}{Z}", 0.55),
        ("locator of a booking", rf"{_SHOPS_OWN}{A}(?<![#-])(?-i:{_LOCATOR}){Z}(?!-)", 0.5),
        (
            "locator",
            r"(?-i:(?<![0-9A-Za-z#-])(?=[A-Z]*\d[A-Z0-9]*[A-Z])"
            r"(?=[A-Z0-9]*[A-Z]\d?[A-Z0-9]*\d)[A-Z0-9]{6}(?![0-9A-Za-z-]))",
            0.3,
        ),
        (
            "in pieces",
            rf"(?:confirmation|booking|reservation|reference|pnr)(?: (?:number|no|num|code|id))?"
            rf"(?: is)? \K(?!says|shows|for|is|has|was|with|at|on|in|of|to)(?=[a-z ]*\d)(?=[\d ]*[a-z])"
            rf"(?:[a-z]{{1,4}} \d{{1,5}}|\d{{1,5}} [a-z]{{1,4}})(?: (?:[a-z]{{1,3}}|\d{{1,5}})"
            rf"(?![0-9A-Za-z])){{0,6}}{Z}",
            0.6,
        ),
        ("date and number", rf"{A}2[0-4]\d(?:0\d|1[0-2])\d-\d{{15}}{Z}", 0.7),
    )
