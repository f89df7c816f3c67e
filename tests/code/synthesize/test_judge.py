import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.dedup.normalise import normalise
from pipelines.synthesize.judge import keeps_meaning, negations, similarity, verdict

SOURCE = "收到7天了还能无理由退货吗"


@pytest.mark.parametrize(
    ("candidate", "reason"),
    [
        ("收到7天了还可以无理由退吗", None),
        ("收到7天了，还能无理由退货吗？", "unchanged"),
        ("I got it 7 days ago, can I return it", "wrong_language"),
        ("收到7天了还可以退吗，电话13812345678", "personal_data"),
        ("收到17天了还可以无理由退吗", "meaning_lost"),
        ("收到了还可以无理由退吗", "meaning_lost"),
        ("收到7天了不可以无理由退吗", "meaning_lost"),
        ("这个月7号会下雨吗", "meaning_lost"),
        ("以下是几种不同的说法", "model_comment"),
        ("收到7天了，<PHONE_1>还可以退吗", "invented_placeholder"),
        ("收到7天了还可以无理由退吗" + "，我真的很着急很着急" * 10, "too_long"),
    ],
)
def test_verdict(candidate, reason):
    assert verdict(candidate, SOURCE, "zh") == reason


@pytest.mark.parametrize(
    ("candidate", "source", "language", "reason"),
    [
        ("顺丰的运费是多少", "发顺丰运费多少钱", "zh", None),
        ("运费是多少钱呢", "发顺丰运费多少钱", "zh", "fact_lost"),
        ("想问EMS大概几天能到", "EMS几天能到", "zh", None),
        ("大概几天能到", "EMS几天能到", "zh", "fact_lost"),
        ("Japan: how long is delivery?", "How long does delivery to Japan take?", "en", None),
        ("How long is delivery abroad?", "How long does delivery to Japan take?", "en", "fact_lost"),
        ("Can I return LM-B2308 please?", "Is it possible to return lm-b2308?", "en", None),
        ("Can I return this please?", "Is it possible to return LM-B2308?", "en", "fact_lost"),
        ("Can I return it?", "Hi, How can I return it?", "en", None),
    ],
)
def test_names_and_codes_stay(candidate, source, language, reason):
    assert verdict(candidate, source, language) == reason


@pytest.mark.parametrize(
    ("candidate", "by_model", "reason"),
    [
        ("订单<订单号1>，还能无理由退吗", False, None),
        ("订单<订单号1>，还能无理由退吗", True, "invented_placeholder"),
        ("订单<订单号2>，还能无理由退吗", False, "invented_placeholder"),
        ("<手机号1>，还能无理由退吗", False, "invented_placeholder"),
    ],
)
def test_only_a_rule_may_name_an_order_and_only_by_its_placeholder(candidate, by_model, reason):
    assert verdict(candidate, "还能无理由退货吗", "zh", by_model=by_model) == reason


def test_a_number_in_words_counts_wherever_it_stands():
    assert keeps_meaning("七天无理由退货你们支持不", "支持七天无理由退货吗")
    assert not keeps_meaning("八天无理由退货你们支持不", "支持七天无理由退货吗")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("能不能退", 0),
        ("不能退", 1),
        ("没收到", 1),
        ("可不可以不退", 1),
        ("七天无理由退货", 1),
        ("没库存，无货了", 1),
        ("I can't and won't", 2),
        ("is it noted", 0),
        ("", 0),
    ],
)
def test_negations(text, count):
    assert negations(text) == count


@given(st.text(alphabet="退货能吗7天不", min_size=2, max_size=20))
def test_a_text_keeps_its_own_meaning(text):
    assert keeps_meaning(text, text) or len(normalise(text)) < 2
    assert similarity(text, text) == 1
