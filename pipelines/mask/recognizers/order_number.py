"""Order numbers: letters and a long number, or any long number beside a word for order."""

from pipelines.mask.recognizers.base import A, Recognizer, Z

_CUE = r"(?:订单|单号|定单|(?<![A-Za-z])order)(?:编号|号码|号|尾号| number| no\.?| id)?"


class OrderNumber(Recognizer):
    entity = "ORDER_NUMBER"
    gate = r"\d{6}"
    rules = (
        ("letters and date", rf"{A}(?!JD|SF|YT|JT|ST|ZT|QQ|WX|VX|TEL)[A-Z]{{2,4}}\d{{10,18}}{Z}", 0.7),
        (
            "after the word",
            rf"{_CUE}\s*(?:[是为:#]|is|was)?\s*:?#?\s*\K(?=[\dA-Z-]*\d{{6}})[\dA-Z-]{{8,26}}{Z}",
            0.75,
        ),
        ("date and number", rf"{A}2[0-4]\d(?:0\d|1[0-2])\d-\d{{15}}{Z}", 0.7),
    )
