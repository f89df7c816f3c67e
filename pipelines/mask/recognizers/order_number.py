"""Order numbers: letters and a long number, or any long number beside a word for order."""

from pipelines.mask.recognizers.base import A, Recognizer, Z
from pipelines.mask.recognizers.house_number import NOT_OF_THE_SHOP

_CUE = r"(?:订单|定单|(?<![A-Za-z])order)(?:编号|号码|号|尾号| number| no\.?| id)?"


class OrderNumber(Recognizer):
    entity = "ORDER_NUMBER"
    gate = r"\d{6}|GPA|pnr|订座|预订号|确认号|记录编号"
    near = r"订单|单子|个单|查单|这单|那单|这笔|下单|拍的|order|流水号"
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
        ("date and number", rf"{A}2[0-4]\d(?:0\d|1[0-2])\d-\d{{15}}{Z}", 0.7),
    )
