"""What the reader adds to the rules, and what it takes from them."""

import pytest

from pipelines.mask.engine import Analyzer
from pipelines.mask.policy import Denied, OwnPattern, Policy
from pipelines.mask.recognizers.read import SURE, Read
from pipelines.records import LANGUAGES


@pytest.fixture(scope="module")
def analyzer():
    return Analyzer(Policy())


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("收件人写我爸经海军", "PERSON", "经海军"),
        ("不是糟小北，是曹小北，打错了", "PERSON", "糟小北"),
        ("旗小军 6222606739979308348", "PERSON", "旗小军"),
        ("book viewing for the flat, me and my friend Xiulan", "PERSON", "Xiulan"),
        ("i need to pay for my son school lunch he is Tobenna in 4B", "PERSON", "Tobenna"),
    ],
)
def test_names_that_no_list_holds(analyzer, text, kind, value):
    [found] = analyzer.find([text])
    assert ("Read", kind, value) in [(f.source, f.type, text[f.start : f.end]) for f in found]


def test_a_title_is_not_doubted(analyzer):
    text = "Added, thank you Mr Ip."
    [found] = analyzer.find([text])
    assert [text[f.start : f.end] for f in found if f.type == "PERSON"] == ["Ip"]


@pytest.mark.parametrize(
    "text",
    [
        "You're chatting with Nova, the virtual assistant. What can I help with?",
        "张小泉的菜刀能砍骨头吗",
        "问一下 华莱士在你们商场几楼",
        "江小白100ml几度",
        "今天周几",
        "燃气户主要本人来",
        "Is Whitby branch open 24 December?",
        "Thank you, payout is 5 days after the event.",
        "your site says code SPRING25 expired",
        "does Dr. Oetker pizza contain soy",
    ],
)
def test_brands_places_and_words_are_left(analyzer, text):
    assert analyzer.find([text]) == [[]]


def test_a_rule_keeps_its_place(analyzer):
    text = "我叫王芳,电话13800138000"
    [found] = analyzer.find([text])
    assert "Read" not in {finding.source for finding in found}
    assert {finding.type for finding in found} >= {"PERSON", "PHONE"}


@pytest.mark.parametrize(
    ("text", "kind", "whole"),
    [("我Wendy Lao 要改地址", "PERSON", "Wendy Lao"), ("马进财是我", "PERSON", "马进财")],
)
def test_what_a_rule_found_half_is_found_whole(analyzer, text, kind, whole):
    [found] = analyzer.find([text])
    assert (kind, whole) in [(f.type, text[f.start : f.end]) for f in found]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("card no is 4929 1140 7728", "BANK_CARD", "4929 1140 7728"),
        ("my social security card? it's 402 81 7730", "SSN", "402 81 7730"),
        ("Send the quote to Harpreet in finance", "PERSON", "Harpreet"),
        ("我ID是爱吃糖的小野猫_0411", "USERNAME", "爱吃糖的小野猫_0411"),
    ],
)
def test_a_guess_of_a_rule_gives_way_to_what_is_sure(analyzer, text, kind, value):
    [found] = analyzer.find([text])
    best = max(found, key=lambda finding: (finding.end - finding.start, finding.score))
    assert (best.type, text[best.start : best.end]) == (kind, value)


def test_the_company_is_never_doubted():
    policy = Policy(
        deny=(Denied("周几", "PERSON"),),
        patterns=(OwnPattern("week", "PERSON", "几号", 0.9),),
    )
    [found] = Analyzer(policy).find(["今天周几,几号"])
    assert {finding.source for finding in found} == {"DenyList", "Own"}


def test_company_and_order_change_nothing(analyzer):
    texts = ["收件人写我爸经海军", "今天周几", "he is Tobenna in 4B", "ok", ""]
    together = analyzer.find(texts)
    assert together == [analyzer.find([text])[0] for text in texts]
    assert together == analyzer.find(texts[::-1])[::-1]


def test_every_language_has_its_thresholds():
    assert set(SURE) == set(LANGUAGES)
    assert all(score > 0 for kinds in SURE.values() for score in kinds.values())


def test_without_a_reading_nothing_is_found():
    assert Read("en").analyze("Tobenna", ["PERSON"], None) == []
