"""The sections on data, questions and masking."""

from dataclasses import replace

import pytest

from pipelines.report.page import in_order, render
from tests.code.report.made import HOSTILE, PREVIOUS, made_masking, made_questions
from tests.code.report.reading import seen


def test_the_page_names_entries_without_a_language_and_what_is_to_decide(facts):
    page = render(facts)
    assert "order_place" in page and "no English" in page and "9 questions have an uncertain intent" in page


def test_intents_that_too_little_is_held_out_of_are_named(facts):
    for name in ("refund/time (zh)", "product/stock (en)"):
        assert name in seen(render(facts), "en")
    assert "product/stock" not in render(facts | {"thin_validation": {}})


def test_the_synthetic_share_of_each_intent_stands_in_both_languages(facts):
    page = render(facts)
    for language, head in (("en", "Synthetic share of each intent"), ("zh", "各意图的合成数据占比")):
        shown = " ".join(seen(page, language).split())
        assert head in shown
        assert shown.index("refund/time 55 %") < shown.index("order/place 40 %")
    limit = facts["params"].synthesize.share_per_intent
    assert f"no intent may have more than {limit:.0%}".replace("%", " %") in " ".join(
        seen(page, "en").split()
    )
    assert "Synthetic share" not in seen(render(facts | {"synthetic_by_intent": {}}), "en")


def test_masking_stands_against_the_run_before(facts):
    shown = seen(render(facts), "en")
    for said in (
        "5 of 40 messages and 3 of 9 conversations",
        "weekly-1",
        "+3",
        "-3",
        "1 of 5 masked messages",
    ):
        assert said in shown
    assert "“上次”指运行 weekly-1" in seen(render(facts), "zh")
    page = render(facts)
    assert "<code>mask.score_threshold</code>: <code>0.8</code> → <code>0.5</code>" in page
    assert '<span class="gone">-- 旧名' in page and '<span class="added">+- &lt;script&gt;' in page
    assert "打<mark>&lt;手机号1&gt;</mark>找我" in page and "+++" not in page


def test_a_new_week_and_a_changed_rule_are_told_apart(facts, tmp_path):
    def shown(language, **previous):
        masking = made_masking(tmp_path, replace(PREVIOUS, **previous))
        return " ".join(seen(render({**facts, "masking": masking}), language).split())

    ruled = shown("en", pii_file="types: {PHONE: {mask: true, threshold: 0.8}}")
    assert "PHONE rule changed" in ruled and "PERSON rule changed" not in ruled
    assert "PHONE: 1 → 4 (10.0 → 100.0 per 1,000 messages)" in ruled  # 1 of 100 messages, 4 of 40
    week = shown("zh")
    assert "手机号: 1 → 4 (10.0 → 100.0 每千条消息)" in week and "规则已变更" not in week


@pytest.mark.parametrize(
    ("language", "placeholders", "surrogates"),
    [("en", "typed placeholders", "surrogates"), ("zh", "占位符", "仿真值")],
)
def test_the_page_says_what_stands_in_the_place(facts, language, placeholders, surrogates):
    def section(**masking):
        return seen(render({**facts, "masking": {**facts["masking"], **masking}}), language)

    assert placeholders in section() and surrogates not in section()
    assert surrogates in section(surrogates=True)
    assert ("shifted" if language == "en" else "平移") in section(shifted=True)


@pytest.mark.parametrize(
    ("previous", "said"),
    [
        (None, "no earlier run to compare with"),
        (replace(PREVIOUS, pii_file=f"allow:\n- 小栗\n- {HOSTILE}\n"), "as it was in the previous run"),
        (replace(PREVIOUS, pii_file=None), "the previous run had none"),
    ],
)
def test_what_there_is_to_compare_with_is_said(facts, tmp_path, previous, said):
    assert said in seen(render({**facts, "masking": made_masking(tmp_path, previous)}), "en")


def test_a_sample_is_read_from_question_to_correction_and_loses_no_field():
    fields = [name for name, _ in in_order({"answer": "c", "new": "d", "question": "a", "reply": "b"})]
    assert fields == ["question", "reply", "answer", "new"]


def test_drift_is_told_with_what_chance_explains(facts):
    shown = " ".join(seen(render(facts), "en").split())
    assert "Drift of intent: 0.091 of 1, more than chance (up to 0.050)" in shown
    assert "+35.0" in shown and "Jensen-Shannon" in shown


@pytest.mark.parametrize(
    ("state", "said"), [("nothing", "no earlier run to compare with"), ("gone", "is no longer stored here")]
)
def test_without_other_data_there_is_no_drift(facts, state, said):
    shown = seen(render({**facts, "questions": made_questions(state)}), "en")
    assert said in shown and "Jensen-Shannon" not in shown


def test_new_groups_of_questions_show_masked_samples(facts):
    page = render(facts)
    shown = " ".join(seen(page, "en").split())
    assert "asked 5 times" in shown and "2 wordings" in shown and "left out: no intent likely enough" in shown
    assert "能开<mark>&lt;卡号1&gt;</mark>吗" in page
    none = {**made_questions(), "groups": [], "groups_total": 0}
    assert "There is none." in seen(render({**facts, "questions": none}), "en")


def test_plots_speak_both_languages(facts):
    page = render(facts)
    assert "9 examples (3 left out)" in seen(page, "en") and "9 条样本（剔除 3）" in seen(page, "zh")
    assert "整理" in seen(page, "zh") and "关键事实完整" in seen(page, "zh")


def test_files_that_came_and_went_are_told(facts):
    arrivals = {
        "new": ["shop/<b>.jsonl"],
        "changed": [],
        "renamed": {"b": "a"},
        "vanished": {"shop/<i>.jsonl": 1234},
    }
    metrics = facts["metrics"] | {"ingest": {"dropped": {}, "metrics": {"arrivals": {"shop": arrivals}}}}
    page = render(facts | {"metrics": metrics})
    shown = seen(page, "en")
    assert "Files of shop since the last run: 1 new, 0 changed, 1 renamed, 1 vanished." in shown
    assert "no longer there, so its 1,234 conversations are in no table any more" in shown
    assert "<code>shop/&lt;i&gt;.jsonl</code>" in page
    assert "消失 1 个" in seen(page, "zh")
    assert "since the last run:" not in seen(render(facts), "en")
