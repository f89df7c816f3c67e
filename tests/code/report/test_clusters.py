"""Groups of questions that are new."""

from hypothesis import given
from hypothesis import strategies as st

from pipelines.report.clusters import LOOKED_AT, SAMPLES, Asked, new_groups

GIFT = ("可以送礼品卡吗", "可以送礼品卡吗，急", "请问可以送礼品卡吗")
TEXTS = st.lists(st.text(max_size=12), max_size=8)


def test_alike_questions_stand_together_the_most_asked_first():
    asked = [Asked(text, "zh", times) for text, times in zip(GIFT, (1, 4, 2), strict=True)]
    groups = new_groups([*asked, Asked("Do you sell tents?", "en", 5, "product/stock")], [])
    assert [(g["questions"], g["asked"], g["languages"]) for g in groups] == [(3, 7, ["zh"]), (1, 5, ["en"])]
    assert groups[0]["samples"] == [GIFT[1], GIFT[2], GIFT[0]] and groups[1]["intent"] == "product/stock"


def test_a_question_like_a_known_one_is_not_new():
    asked = [Asked(GIFT[0], "zh"), Asked("Do you sell tents?", "en")]
    assert [g["samples"] for g in new_groups(asked, [GIFT[2], "怎么退款"])] == [["Do you sell tents?"]]
    assert new_groups(asked, ["do you sell TENTS", *GIFT]) == []


def test_a_known_question_does_not_tie_two_new_ones_together():
    asked = [Asked("怎么退款到银行卡", "zh"), Asked("会员生日有礼物吗", "zh")]
    assert len(new_groups(asked, ["今天天气很好"])) == 2


def test_a_group_is_certain_only_if_all_of_it_is():
    mixed = [Asked(GIFT[0], "zh"), Asked(GIFT[1], "zh", certain=False)]
    assert [group["certain"] for group in new_groups(mixed, [])] == [False]


def test_few_samples_are_shown_and_the_least_asked_are_left_out():
    many = [Asked(f"{GIFT[0]} {n}", "zh", times=1 + n) for n in range(LOOKED_AT + 5)]
    groups = new_groups(many, [])
    assert sum(group["questions"] for group in groups) == LOOKED_AT
    assert all(len(group["samples"]) <= SAMPLES for group in groups)


def test_nothing_asked_is_no_group():
    assert new_groups([], ["怎么退款"]) == []


@given(TEXTS, TEXTS)
def test_every_question_stands_in_one_group_or_is_known(texts, known):
    groups = new_groups([Asked(text, "zh") for text in texts], known)
    found = sum(group["questions"] for group in groups)
    assert found == len(set(texts)) if not known else found <= len(set(texts))
