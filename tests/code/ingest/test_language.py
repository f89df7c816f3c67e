"""Language of a conversation, from the log's own tag or from its texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.ingest.language import detect, from_tag, word_counts
from pipelines.records import LANGUAGES


@pytest.mark.parametrize(
    ("texts", "language"),
    [
        (["收到的杯子碎了,怎么办?"], "zh"),
        (["where is my parcel?"], "en"),
        (["WHERE IS MY PARCEL"], "en"),
        (["ok"], "en"),
        (["我的订单LMJ260915004213到哪了", "单号SF1234567890123"], "zh"),
        (["发到 wang.li@mail.example 吧,网址 https://limuji.example/help"], "zh"),
        (["用VISA可以吗,或者PayPal"], "zh"),
        (["ok", "好的,谢谢您的帮助,我再看看订单状态"], "zh"),
        (["Hi, my parcel has not arrived", "您好,请提供一下您的订单号,我帮您查询"], "mixed"),
        (["这个pan can I use it on induction吗,会不会有问题"], "mixed"),
        (["my order is from 北京 and it has not arrived after ten whole days of waiting"], "en"),
        (["12345", "👍"], "zh"),
        ([], "zh"),
    ],
)
def test_detect(texts, language):
    assert detect(texts) == language


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("zh", "zh"), ("zh-CN", "zh"), ("zh_Hans_CN", "zh"), ("中文", "zh"), ("Chinese", "zh"), ("cmn", "zh"),
        ("EN", "en"), ("en-US", "en"), ("English (UK)", "en"),
        ("mixed", "mixed"), ("fr", None), ("zhang", None),
    ],
)  # fmt: skip
def test_from_tag(tag, language):
    assert from_tag(tag) == language


def test_codes_and_addresses_are_no_words():
    assert word_counts("订单LM-K1203,a_b/c x@y.z limuji.example 的don't worry") == (1.5, 2)


@given(st.lists(st.text(), max_size=4))
def test_every_text_has_a_language(texts):
    assert detect(texts) in LANGUAGES


def test_a_long_run_of_letters_is_counted_in_one_pass():
    assert word_counts("好" + "a" * 300_000 + "@") == (0.5, 0)  # a pattern that backtracks takes hours
