import re
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.dedup.near import near_clusters
from pipelines.dedup.normalise import normalise
from pipelines.errors import KefuError
from pipelines.params import load
from pipelines.records import CORPUS, EXAMPLES
from pipelines.split.leaks import leaking
from pipelines.stage import execute, read_table
from tests.code.synthesize.test_endpoint import section, serve  # noqa: F401

ROOT = Path(__file__).parents[3]
TRAIN = ["支持七天无理由退货吗", "不喜欢可以退吗，没用过", "退货条件", "收到货了，几天内能退货呢"]
HELD = ["过了五天才想退，晚没晚"]
ASKED = "收货地址写错了还能不能修改一下呢"


@pytest.fixture
def synthesized(tmp_path, params, row):
    (tmp_path / "data").mkdir()
    (tmp_path / "data/knowledge").symlink_to(ROOT / "data/knowledge")

    def make(train=TRAIN, extra=(), held=None, corpus=(), **section):
        shutil.rmtree(tmp_path / "data/split", ignore_errors=True)
        (tmp_path / "data/split").mkdir()
        tables = {
            "train": [*map(row, train), *extra],
            "validation": [],
            "test": list(map(row, HELD)),
            "golden": [],
        }
        tables |= held or {}
        for name, rows in tables.items():
            pq.write_table(pa.Table.from_pylist(rows, EXAMPLES), tmp_path / f"data/split/{name}.parquet")
        documents = pa.Table.from_pylist(list(corpus), CORPUS)
        pq.write_table(documents, tmp_path / "data/split/corpus.parquet")
        changed = params.model_copy(update={"synthesize": params.synthesize.model_copy(update=section)})
        metrics = execute("synthesize", changed, tmp_path, lambda *_: {})
        return metrics, read_table(tmp_path / "data/synthesized/train.parquet", EXAMPLES).to_pylist()

    return make


def test_train_comes_back_whole_with_paraphrases_that_name_their_source(synthesized):
    _, rows = synthesized(boundary_cases=0, share=0.8, share_per_intent=0.8)
    by_id = {row["example_id"]: row for row in rows}
    made = [row for row in rows if row["origin"] == "paraphrase"]
    assert sum(row["origin"] == "faq" for row in rows) == len(TRAIN)
    assert len(made) >= 3
    assert [row["example_id"] for row in rows] == sorted(by_id)
    for row in made:
        source = by_id[row["parent_ids"][0]]
        assert row["group_id"] == source["group_id"]
        assert row["messages"][-1] == source["messages"][-1]
        assert row["messages"][-2] != source["messages"][-2]


def test_the_share_is_kept_and_what_is_over_counted(synthesized):
    metrics, rows = synthesized(boundary_cases=60, share=0.5, share_per_intent=0.99)
    assert len(rows) == 2 * len(TRAIN)
    assert metrics["dropped"]["over_share"] > 0
    assert metrics["metrics"]["share"] == 0.5


def test_no_paraphrase_nearly_repeats_a_row(synthesized, params):
    long = "我上周买的那个电饭煲内胆掉漆了，这种情况大概多久能给换新的呢"
    metrics, rows = synthesized(
        [*TRAIN, long], boundary_cases=0, share=0.9, share_per_intent=0.9, per_example=9
    )
    assert metrics["dropped"]["near_copy"] > 0
    plain = [normalise(r["messages"][-2]["content"]) for r in rows]
    found = near_clusters(plain, 3, params.dedup.jaccard, params.dedup.bands, params.dedup.rows)
    assert found == list(range(len(rows)))


def test_no_share_leaves_train_as_it_is(synthesized):
    _, rows = synthesized(share=0.0)
    assert {row["origin"] for row in rows} == {"faq"}


def test_the_same_bytes_each_time(synthesized, tmp_path):
    out = tmp_path / "data/synthesized"
    synthesized()
    first = {path.name: path.read_bytes() for path in out.iterdir()}
    synthesized()
    assert {path.name: path.read_bytes() for path in out.iterdir()} == first


@pytest.mark.parametrize("side", ["validation", "test", "golden"])
@pytest.mark.parametrize(
    ("kind", "planted"),
    [
        ("group", lambda held: {"group_id": held["group_id"]}),
        ("group", lambda held: {"parent_ids": [held["example_id"]]}),
        ("duplicate", lambda _: {"question": f"{ASKED}呀"}),
        ("quote", lambda _: {"question": f"前几天买的咖啡机和四件套都收到了，{ASKED}，麻烦尽快告诉我一下"}),
    ],
)
def test_a_planted_leak_of_each_kind_fails_the_run_by_name(synthesized, row, side, kind, planted):
    held = row(ASKED)
    leak = row(**{"question": "运费怎么算", "example_id": "planted", **planted(held)})
    with pytest.raises(KefuError, match=f"- planted: {kind} of {re.escape(held['example_id'])}"):
        synthesized(extra=[leak], held={side: [held]})


def test_a_planted_leak_in_the_corpus_fails_the_run_by_name(synthesized, row):
    text = f"Customer: 客服在吗\nAgent: 您好\nCustomer: {ASKED}？\nAgent: 可以"
    dialogue = {"doc_id": "dialogue/c9", "group_id": "c9", "origin": "dialogue", "text": text}
    with pytest.raises(KefuError, match="- dialogue/c9: duplicate of"):
        synthesized(held={"golden": [row(ASKED)]}, corpus=[dialogue])


@pytest.mark.parametrize("side", ["validation", "test", "golden"])
def test_no_paraphrase_or_boundary_case_is_near_what_is_held_out(synthesized, row, side):
    section = {"boundary_cases": 60, "share": 0.98, "per_example": 3}
    _, rows = synthesized(**section)
    made = [r for r in rows if r["origin"] in ("paraphrase", "rule")]
    assert {r["origin"] for r in made} == {"paraphrase", "rule"}
    held = [row(r["messages"][-2]["content"], of=f"held{i}") for i, r in enumerate(made[:: len(made) // 6])]
    held = [h for h in held if not leaking(TRAIN, [h], load(ROOT / "params.yaml"))]
    metrics, rows = synthesized(held={side: held}, **section)
    assert len(held) >= 3 and metrics["dropped"]["near_held_out"] >= len(held)
    asked = {r["messages"][-2]["content"] for r in rows}
    assert not asked & {h["messages"][-2]["content"] for h in held}


def test_the_export_loads_as_chat_messages(synthesized, tmp_path, monkeypatch):
    monkeypatch.setenv("HF_DATASETS_CACHE", str(tmp_path / "cache"))
    _, rows = synthesized()
    from datasets import load_dataset

    path = str(tmp_path / "data/synthesized/train.jsonl")
    loaded = load_dataset("json", data_files=path, cache_dir=str(tmp_path / "cache"))["train"]
    assert [list(example["messages"]) for example in loaded] == [row["messages"] for row in rows]


def test_an_endpoint_adds_its_wordings_but_none_near_what_is_held_out(synthesized, serve):  # noqa: F811
    server = serve(
        answer=f"七天之内退货要理由不\n{HELD[0]}\n七天退货 电话13812345678\n七天无理由退货支不支持"
    )
    metrics, rows = synthesized(
        TRAIN[:1],
        boundary_cases=0,
        share=0.9,
        share_per_intent=0.9,
        per_example=3,
        endpoint=section(server.url),
    )
    asked = {row["messages"][-2]["content"] for row in rows}
    assert "七天之内退货要理由不" not in asked  # the negation is gone: no reason needed became needed or not
    assert "七天无理由退货支不支持" in asked
    assert not asked & {HELD[0], "七天退货 电话13812345678"}
    assert metrics["dropped"]["personal_data"] == 1
    assert "13812345678" not in str(metrics)
    assert metrics["metrics"]["endpoint"]["asked"] == 1
    assert metrics["metrics"]["by_model"] == {"candidates": 3, "accepted": 1, "spare": 0}


def test_a_name_that_a_model_makes_up_is_personal_data(synthesized, serve):  # noqa: F811
    server = serve(answer="我叫王建国，七天无理由退货支不支持")
    metrics, rows = synthesized(TRAIN[:1], boundary_cases=0, share=0.9, endpoint=section(server.url))
    assert metrics["dropped"]["personal_data"] == 1
    assert "王建国" not in str(metrics) + str(rows)


def test_a_spent_budget_is_told_in_the_metrics_and_the_log(synthesized, serve, capsys):  # noqa: F811
    server = serve(usage=(900, 100))
    metrics, rows = synthesized(endpoint=section(server.url, max_tokens=1500, concurrency=1))
    told = metrics["metrics"]["endpoint"]
    assert (told["asked"], told["unanswered"], told["budget_ended_by"]) == (1, 3, "tokens")
    assert len(rows) > len(TRAIN)
    assert "the budget in tokens is spent after 1 answers" in capsys.readouterr().out


def test_a_real_model_may_answer_nonsense_and_none_of_it_is_trained_on(synthesized, model_server, own_home):
    _, rows = synthesized(boundary_cases=0)
    metrics, with_model = synthesized(boundary_cases=0, endpoint=section(model_server.url, model="tiny"))
    assert metrics["metrics"]["endpoint"]["asked"] == len(TRAIN)
    assert with_model == rows
    again, _ = synthesized(boundary_cases=0, endpoint=section(model_server.url, model="tiny"))
    assert again["metrics"]["endpoint"]["from_cache"] == len(TRAIN)
    assert again["dropped"] == metrics["dropped"]


def test_an_intent_has_a_limit_of_its_own(synthesized):
    metrics, rows = synthesized(boundary_cases=0, share=0.9, share_per_intent=0.25)
    assert len(rows) == len(TRAIN) + 1
    assert metrics["dropped"]["over_intent_share"] > 0
    assert metrics["metrics"]["share_by_intent"] == {"return/policy": 0.2}
