import json
from pathlib import Path

import pytest

from pipelines.curate.emotion import emotion_of, soothed, soothes, unsoothed
from pipelines.curate.examples import example, relabelled

MESSAGES = Path(__file__).parents[3] / "bench/emotion/messages.jsonl"
LEAST = {"dev": 1.0, "held": 0.9}  # as measured, in docs/training-data.md
ANSWER = {"zh": "付款后48小时内发货。", "en": "It ships within 48 hours."}


@pytest.mark.parametrize("split", LEAST)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_emotions_are_told_as_well_as_the_docs_say(split, language):
    rows = [json.loads(line) for line in MESSAGES.read_text(encoding="utf-8").splitlines()]
    held = [row for row in rows if (row["split"], row["language"]) == (split, language)]
    right = sum(emotion_of(row["text"]) == row["emotion"] for row in held)
    assert len(held) >= 36 and right / len(held) >= LEAST[split]


@pytest.mark.parametrize(
    ("message", "emotion"),
    [
        ("想把账号关联的手机换成我妈的", "calm"),
        ("快捷酒店在哪", "calm"),
        ("不着急，慢慢来", "calm"),
        ("投诉渠道在哪里", "calm"),
        ("麻烦快点发，急用", "anxious"),
        ("WHERE IS MY PARCEL NOW", "angry"),
        ("<姓名1>你们这帮骗子", "angry"),
        ("", "calm"),
    ],
)
def test_near_misses(message, emotion):
    assert emotion_of(message) == emotion


@pytest.mark.parametrize("language", ["zh", "en"])
def test_only_an_angry_customer_is_soothed_and_only_once(brand, language):
    answer = ANSWER[language]
    assert soothed(answer, "anxious", language, brand) == answer
    calmed = soothed(answer, "angry", language, brand)
    assert calmed.startswith(brand.soothing.of(language)[0]) and calmed.endswith(answer)
    assert soothes(calmed) and not soothes(answer)
    assert soothed(calmed, "angry", language, brand) == calmed
    assert unsoothed(calmed, language, brand) == answer


def test_an_apology_at_the_end_comes_too_late():
    assert not soothes("付款后48小时内发货。请看订单页。还有一事。抱歉。")


def test_every_phrase_of_the_brand_soothes(brand):
    for language in ("zh", "en"):
        assert [phrase for phrase in brand.soothing.of(language) if not soothes(phrase)] == []


ANGRY, CALM = "气死我了，怎么还不发", "怎么还不发"


@pytest.mark.parametrize(("before", "after"), [(ANGRY, CALM), (CALM, ANGRY)])
def test_a_reworded_question_is_soothed_by_its_own_emotion(brand, finder, before, after):
    def row(question, **more):
        return example(
            brand,
            example_id="e",
            group_id="e",
            intent="order/status",
            language="zh",
            question=question,
            answer=ANSWER["zh"],
            **more,
        )

    source = row(before, origin="faq")
    source["messages"][-2]["content"] = after
    assert relabelled(source, brand, finder)["messages"] == row(after, origin="faq")["messages"]
    assert row("气死我了", origin="golden")["messages"][-1]["content"] == ANSWER["zh"]
