import json
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.curate.examples import out_of_scope_examples
from pipelines.curate.stage import without_conflicts
from pipelines.curate.tally import count_links
from pipelines.errors import KefuError
from pipelines.records import CORPUS, DEDUPED, EXAMPLES
from pipelines.stage import StageRun, execute, read_table

ROOT = Path(__file__).parents[3]
SENT = datetime(2026, 9, 7, tzinfo=UTC)


def conversation(name, *messages, intent=None, satisfaction=None, language="zh"):
    return {
        "conversation_id": name,
        "customer_ref": "ref",
        "channel": "app",
        "language": language,
        "started_at": SENT,
        "messages": [{"role": role, "content": text, "sent_at": SENT} for role, text in messages],
        "intent": intent,
        "resolved": None,
        "satisfaction": satisfaction,
        "source_file": "f",
        "source_row": 1,
        "cluster_id": name,
        "cluster_size": 1,
    }


GOOD = conversation(
    "good",
    ("customer", "怎么还不发货"),
    ("agent", "付款后48小时内发货的。"),
    ("customer", "那运费怎么算"),
    ("agent", "满99元包邮，不满收8元。"),
    ("customer", "好的谢谢"),
    ("agent", "不客气。"),
    intent="order/status",
)
BAD = conversation("bad", ("customer", "怎么还不发货"), ("agent", "等着"), satisfaction=1)
HUMAN = conversation("human", ("customer", "switch me to a human"), ("agent", "Ok."), language="en")


@pytest.fixture
def curated(tmp_path, params):
    def make(*rows):
        (tmp_path / "data/deduped").mkdir(parents=True)
        (tmp_path / "data/knowledge").symlink_to(ROOT / "data/knowledge")
        table = pa.Table.from_pylist(list(rows), DEDUPED)
        pq.write_table(table, tmp_path / "data/deduped/conversations.parquet")
        metrics = execute("curate", params, tmp_path, lambda *_: {})
        examples = read_table(tmp_path / "data/curated/examples.parquet", EXAMPLES).to_pylist()
        corpus = read_table(tmp_path / "data/curated/corpus.parquet", CORPUS).to_pylist()
        return metrics, {row["example_id"]: row for row in examples}, {row["doc_id"]: row for row in corpus}

    return make


def test_log_turns_become_examples_with_the_turns_before_them(curated):
    metrics, examples, corpus = curated(GOOD, BAD, HUMAN)
    second = examples["good#1"]
    assert [m["role"] for m in second["messages"]] == ["system", "user", "assistant", "user", "assistant"]
    assert (second["group_id"], second["parent_ids"], second["origin"]) == ("good", ["good"], "log")
    assert second["intent"] == "logistics/domestic"
    assert "good#2" not in examples
    assert examples["bad#0"]["messages"][-1]["content"].startswith("我们会在您付款后48小时内发货")
    assert examples["human#0"]["hand_over"]
    assert "like a colleague to help" in examples["human#0"]["messages"][-1]["content"]
    assert metrics["dropped"] == {
        "corrected_too_short": 1,
        "handed_over_asks_for_person": 1,
        "no_question": 1,
    }
    assert metrics["metrics"]["replies"] == {"corrected": 1, "dropped": 1, "handed_over": 1, "kept": 2}
    assert metrics["samples"]["corrected_too_short"][0]["reply"] == "等着"
    assert corpus["dialogue/good"]["text"].startswith("客：怎么还不发货\n服：付款后48小时内发货的。")
    assert "dialogue/bad" not in corpus


def test_each_wording_is_an_example_of_its_own_group(curated):
    _, examples, _ = curated(GOOD)
    rows = [row for row in examples.values() if row["parent_ids"] == ["order_reminder.zh"]]
    assert len(rows) == 22
    for row in rows:
        assert row["example_id"] == row["group_id"]
        assert json.loads(row["context"]) == {"order_status": "paid"}
        assert row["messages"][0]["content"].endswith("\n订单状态：已付款")
        assert not row["hand_over"]
    english = next(row for row in examples.values() if row["parent_ids"] == ["order_reminder.en"])
    assert english["messages"][0]["content"].endswith("\nOrder status: paid")


def test_out_of_scope_questions_hand_over(curated, brand):
    _, examples, _ = curated(GOOD)
    rows = [row for row in examples.values() if row["origin"] == "rule"]
    assert len(rows) == sum(len(set(brand.out_of_scope_questions.of(lang))) for lang in ("zh", "en"))
    assert all(row["hand_over"] and row["intent"] == "other/out_of_scope" for row in rows)


def test_a_wording_that_the_brand_hands_over_is_not_taught_another_answer(params, brand, tmp_path):
    outside = list(out_of_scope_examples(brand))
    asked = outside[0]["messages"][-2]["content"]
    run = StageRun("curate", params, tmp_path)
    rows = [
        {**outside[0], "example_id": "x"},
        {**outside[0], "example_id": "y", "messages": GOOD["messages"][:2]},
    ]
    assert [row["example_id"] for row in without_conflicts(run, rows, outside)] == ["y"]
    assert run.samples["wording_hands_over"] == [{"id": "x", "question": asked}]


def test_no_question_has_two_answers_in_one_context(curated):
    _, examples, _ = curated(GOOD)
    answers = {}
    for row in examples.values():
        if row["origin"] != "log":
            answers.setdefault((row["messages"][-2]["content"]), set()).add(row["messages"][-1]["content"])
    assert [question for question, given in answers.items() if len(given) > 1] == []


def test_corpus_holds_policies_and_products_in_both_languages(curated):
    _, _, corpus = curated(GOOD)
    kinds = {(row["origin"], row["language"]) for row in corpus.values()}
    assert {("policy", "zh"), ("policy", "en"), ("product", "zh"), ("product", "en")} <= kinds
    assert "退款政策 · 退款时间\n" in "".join(row["text"] for row in corpus.values())
    assert "\n" not in corpus["product/LM-K1203/en"]["text"]


def test_the_order_of_the_rows_does_not_matter(curated, tmp_path, params):
    curated(GOOD, BAD, HUMAN)
    first = (tmp_path / "data/curated/examples.parquet").read_bytes()
    table = pa.Table.from_pylist([HUMAN, BAD, GOOD], DEDUPED)
    pq.write_table(table, tmp_path / "data/deduped/conversations.parquet")
    execute("curate", params, tmp_path, lambda *_: {})
    assert (tmp_path / "data/curated/examples.parquet").read_bytes() == first


def test_ids_that_stand_twice_are_an_error(curated):
    with pytest.raises(KefuError, match="stand twice"):
        curated(GOOD, GOOD)


def test_no_conversation_at_all_leaves_the_knowledge(curated):
    _, examples, _ = curated()
    assert {row["origin"] for row in examples.values()} == {"faq", "rule"}


ANGRY = conversation("angry", ("customer", "气死我了，怎么还不发货"), ("agent", "付款后48小时内发货的。"))
ODD = conversation("odd", ("customer", "隔壁老王家的狗昨晚又叫了一整夜"), ("agent", "这个不归我管哦。"))


def test_examples_carry_emotion_and_entities_and_the_angry_are_soothed(curated, brand):
    order = conversation(
        "order", ("customer", "<订单号1>的锅怎么还不发货"), ("agent", "付款后48小时内发货的。")
    )
    metrics, examples, _ = curated(ANGRY, order)
    angry = examples["angry#0"]
    assert angry["emotion"] == "angry"
    assert angry["messages"][-1]["content"] == f"{brand.soothing.zh[0]}付款后48小时内发货的。"
    assert metrics["dropped"]["soothed"] == 1
    assert metrics["samples"]["soothed"][0]["answer"].startswith(brand.soothing.zh[0])
    assert (examples["order#0"]["emotion"], examples["order#0"]["entities"]) == (
        "anxious",
        [{"label": "order_number", "text": "<订单号1>"}, {"label": "product", "text": "锅"}],
    )
    assert metrics["metrics"]["entities"]["order_number"] == 1


def test_a_question_outside_the_taxonomy_is_handed_over_with_the_fallback_and_counted(curated, brand):
    metrics, examples, _ = curated(ODD)
    row = examples["odd#0"]
    assert (row["intent"], row["hand_over"]) == ("other/out_of_scope", True)
    assert row["messages"][-1]["content"] == brand.fallback_reply.zh
    assert metrics["dropped"] == {"handed_over_out_of_scope": 1}
    assert metrics["samples"]["handed_over_out_of_scope"][0]["reply"] == "这个不归我管哦。"


def test_entries_that_lack_a_language_are_listed(params, tmp_path, faq, capsys):
    run = StageRun("curate", params, tmp_path)
    count_links(run, [entry for entry in faq if entry.faq_id not in ("order_place.en", "order_reminder.zh")])
    assert run.metrics["faq"]["missing"] == {"zh": ["order_reminder"], "en": ["order_place"]}
    assert run.metrics["faq"]["linked"] == len(faq) / 2 - 2
    assert "1 FAQ entries lack en: order_place" in capsys.readouterr().out


def test_ten_samples_of_each_reason_are_kept(curated):
    rows = [conversation(f"c{n:02}", ("customer", f"怎么还不发货{n}"), ("agent", "等着")) for n in range(12)]
    metrics, _, _ = curated(*rows)
    assert metrics["dropped"]["corrected_too_short"] == 12
    assert len(metrics["samples"]["corrected_too_short"]) == 10
