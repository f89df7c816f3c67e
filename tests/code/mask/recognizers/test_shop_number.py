import pytest
import regex

from pipelines.mask.recognizers.shop_number import NOT_OF_THE_SHOP

NUMBER = regex.compile(rf"(?<!\d){NOT_OF_THE_SHOP}\d{{8,}}", regex.IGNORECASE)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("工单编号：20240115000123", False),
        ("SKU 100012043978", False),
        ("条码6901234567892", False),
        ("单号20240115000123", True),
        ("工单没人理,电话13800138000", True),
        ("我的工单是昨天提的 快递20240115000123", True),
    ],
)
def test_a_number_of_the_shop_is_no_persons(text, found):
    assert (NUMBER.search(text) is not None) is found
