import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.curate.entities import EntityFinder
from pipelines.knowledge import load_products, load_taxonomy
from tests.code.curate.conftest import KNOWLEDGE

FINDER = EntityFinder(load_taxonomy(KNOWLEDGE), load_products(KNOWLEDGE))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("订单<订单号1>里的锅坏了", [("order_number", "<订单号1>"), ("product", "锅")]),
        ("<ORDER_NUMBER_2> went by DHL", [("order_number", "<ORDER_NUMBER_2>"), ("carrier", "DHL")]),
        ("运单<运单号1>是顺丰吗", [("tracking_number", "<运单号1>"), ("carrier", "顺丰")]),
        ("LM-K1203有货吗", [("sku", "LM-K1203")]),
        ("xLM-K1203", []),
        ("two pillows and a fan", [("product", "pillows"), ("product", "fan")]),
        ("I am a fantastic panda", []),
        ("锅和锅盖，两个锅", [("product", "锅")]),
        ("昨天用了优惠券，<姓名1>", [("date", "昨天"), ("coupon", "优惠券")]),
        ("", []),
    ],
)
def test_find(text, found):
    assert [(entity["label"], entity["text"]) for entity in FINDER.find(text)] == found


def test_names_of_the_product_table_are_products_as_a_whole():
    for product in load_products(KNOWLEDGE):
        for name in (product.name_zh, product.name_en):
            assert {"label": "product", "text": name} in FINDER.find(f"请问 {name} 有货吗")


@given(st.text(alphabet="锅顺丰<订单号1>LM-K1203 pan¥8元", max_size=30))
def test_entities_stand_in_the_text_each_once(text):
    found = FINDER.find(text)
    assert all(entity["text"] in text for entity in found)
    assert len({(e["label"], e["text"]) for e in found}) == len(found)
