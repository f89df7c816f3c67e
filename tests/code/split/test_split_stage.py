from itertools import islice

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.dedup.normalise import normalise
from pipelines.errors import KefuError
from pipelines.records import CORPUS, EXAMPLES
from pipelines.split.leaks import quoting
from pipelines.split.sides import SIDES, side_of
from pipelines.split.stage import run as split
from pipelines.stage import StageRun

SYLLABLES = "退货换款单查物流地址券票付会员积分快递"


def example(name, question, group=None, parents=None, origin="log", **fields):
    group = group or name
    return {
        "example_id": name,
        "parent_ids": parents if parents is not None else [group],
        "group_id": group,
        "origin": origin,
        "intent": "order/status",
        "intent_confidence": 1.0,
        "language": "zh",
        "customer_ref": "",
        "context": "{}",
        "hand_over": False,
        "asked": 1,
        "key_facts": [],
        "messages": [
            {"role": "user", "content": "您好呀"},
            {"role": "assistant", "content": "您好"},
            {"role": "user", "content": question},
            {"role": "assistant", "content": "好的,马上为您查询"},
        ],
    } | fields


def document(name, group, text="顾客和客服说了些话", origin="dialogue"):
    return {"doc_id": name, "group_id": group, "origin": origin, "language": "zh", "text": text}


def ids_on(params, side, count, prefix="c"):
    """The first ids whose hash puts them on `side`."""
    names = (f"{prefix}{number:04}" for number in range(100_000))
    return list(islice((name for name in names if side_of(name, params.split) == side), count))


def filler(params):
    """Unrelated examples, one or more on every side, so that no side is empty."""
    texts = [
        "今天能发货吗麻烦快一点",
        "电饭煲的内胆可以单独购买吗",
        "怎么修改收件人电话号码呢",
        "会员生日礼券发到哪里了",
    ]
    names = [*ids_on(params, "train", 2, "f"), *ids_on(params, "validation", 1, "f")]
    names += ids_on(params, "test", 1, "f")
    return [example(name, text) for name, text in zip(names, texts, strict=True)]


def outcome(root, params, examples, corpus=()):
    folder = root / "data/curated"
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(list(examples), EXAMPLES), folder / "examples.parquet")
    pq.write_table(pa.Table.from_pylist(list(corpus), CORPUS), folder / "corpus.parquet")
    run = StageRun("split", params, root)
    split(params, run)
    return run


def names(run, table):
    column = "doc_id" if table == "corpus" else "example_id"
    return run.tables[table].column(column).to_pylist()


def test_a_group_stays_together_on_the_side_of_its_hash(tmp_path, params):
    rows = [
        example(f"e{i}-{turn}", f"{'退换查付'[turn]}{i}号商品怎么办理", group=f"c{i}")
        for i in range(60)
        for turn in range(4)
    ]
    run = outcome(tmp_path, params, rows)
    for side in SIDES:
        groups = run.tables[side].column("group_id").to_pylist()
        assert {side_of(group, params.split) for group in groups} == {side}
    assert run.rows_out + run.dropped.total() == 240


@pytest.mark.parametrize(
    "repeat", ["我的订单怎么还没有发货呀", "我的订单,怎么还没有发货呀??", "我的订单怎么还没有发货"]
)
def test_a_trainable_repeat_of_a_test_question_goes(tmp_path, params, repeat):
    held, taught, tuned = (ids_on(params, side, 1)[0] for side in ("test", "train", "validation"))
    rows = [example(held, "我的订单怎么还没有发货呀"), example(taught, repeat), example(tuned, repeat)]
    run = outcome(
        tmp_path, params, rows + filler(params), [document("d", taught), document("p", "x", origin="policy")]
    )
    assert run.dropped == {"held_out_duplicate": 2, "corpus_held_out_duplicate": 1}
    assert held in names(run, "test")
    assert {taught, tuned}.isdisjoint(names(run, "train") + names(run, "validation"))
    assert names(run, "corpus") == ["p"]
    assert run.samples["held_out_duplicate"][0]["against"] == held


def test_a_validation_repeat_of_train_goes_and_train_stays(tmp_path, params):
    taught, tuned = ids_on(params, "train", 1)[0], ids_on(params, "validation", 1)[0]
    run = outcome(
        tmp_path,
        params,
        [example(taught, "请问运费怎么算呢"), example(tuned, "请问运费怎么算呢"), *filler(params)],
    )
    assert run.dropped == {"validation_duplicate": 1}
    assert taught in names(run, "train")


def test_what_descends_from_a_held_out_row_goes(tmp_path, params):
    held, one, two = ids_on(params, "test", 1)[0], *ids_on(params, "train", 2)
    rows = [
        example("held-example", "发票抬头写错了怎么改", group=held),
        example(one, "蓝色的还有没有货呢", parents=[one, held]),
        example(two, "降价了能不能补差价", parents=["held-example"]),
    ]
    run = outcome(tmp_path, params, rows + filler(params))
    assert run.dropped == {"held_out_group": 2}


def test_dialogues_of_held_out_groups_leave_the_corpus_and_quotes_too(tmp_path, params):
    held, tuned = (ids_on(params, side, 1)[0] for side in ("test", "validation"))
    taught, quoted = ids_on(params, "train", 2)
    corpus = [
        document("a", held),
        document("b", tuned),
        document("c", taught),
        document("d", quoted, "顾客:在吗,我想问【礼品卡,过期了】还能用吗? 客服:不能"),
        document("e", held, origin="policy"),
    ]
    run = outcome(tmp_path, params, [example(held, "礼品卡过期了还能用吗"), *filler(params)], corpus)
    assert "礼品卡过期了还能用吗" in normalise(corpus[3]["text"])
    assert names(run, "corpus") == ["c", "e"]
    assert run.dropped == {"corpus_held_out_group": 2, "corpus_held_out_duplicate": 1}


def test_an_faq_entry_has_wordings_on_both_sides(tmp_path, params):
    asked = ["运费多少", "满多少包邮", "寄到外地要加钱吗", "快递费谁来出呢"]
    rows = [example(f"s{i}", text, f"ship.zh#{i}", ["ship.zh"], "faq") for i, text in enumerate(asked)]
    rows += [example("one", "怎么开企业发票", "bill.zh#1", ["bill.zh"], "faq")]
    run = outcome(tmp_path, params, rows + filler(params))
    assert any(name.startswith("s") for name in names(run, "train"))
    assert any(name.startswith("s") for name in names(run, "test"))
    assert "one" in names(run, "train")
    assert run.metrics["faq_entries_tested_but_not_taught"] == []
    assert run.metrics["faq_entries_not_tested"] == ["bill.zh"]
    assert run.metrics["thin_intents"]["order/status (zh)"] < 3


def test_a_side_without_rows_is_an_error_that_names_it(tmp_path, params):
    with pytest.raises(KefuError, match="no example is left for test"):
        outcome(
            tmp_path, params, [r for r in filler(params) if side_of(r["group_id"], params.split) != "test"]
        )


def test_quoting_finds_whole_phrases_of_some_length():
    first = quoting(["怎么退货", "礼品卡过期了还能用吗", "礼品卡过期了还能换吗"])
    assert first("我想问礼品卡过期了还能换吗谢谢") == 2
    assert first("礼品卡过期了还能") is None
    assert first("怎么退货怎么退货") is None


texts = st.text(alphabet=SYLLABLES, min_size=2, max_size=7)
conversations = st.lists(texts, min_size=1, max_size=40)


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(conversations, st.data())
def test_any_order_of_rows_gives_the_same_bytes(tmp_path, params, questions, data):
    rows = [example(f"c{i}", text) for i, text in enumerate(questions)] + filler(params)
    corpus = [document(f"d{row['group_id']}", row["group_id"]) for row in rows]
    once = outcome(tmp_path, params, rows, corpus)
    written = {name: (once.out / f"{name}.parquet").read_bytes() for name in (*SIDES, "corpus")}
    again = outcome(tmp_path, params, data.draw(st.permutations(rows)), data.draw(st.permutations(corpus)))
    assert {name: (again.out / f"{name}.parquet").read_bytes() for name in written} == written
    assert (again.dropped, again.samples) == (once.dropped, once.samples)


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(conversations, conversations)
def test_more_data_changes_no_side(tmp_path, params, old, new):
    first = [example(f"old{i}", text) for i, text in enumerate(old)] + filler(params)
    before = outcome(tmp_path, params, first)
    held = {name: set(names(before, name)) for name in SIDES}
    after = outcome(tmp_path, params, first + [example(f"new{i}", text) for i, text in enumerate(new)])
    assert held["test"] <= set(names(after, "test"))
    assert not held["train"] & set(names(after, "validation") + names(after, "test"))


def near(one, other, threshold):
    a, b = ({t[i : i + 3] for i in range(max(len(t) - 2, 1))} for t in map(normalise, (one, other)))
    return len(a & b) >= threshold * len(a | b)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(conversations)
def test_nothing_trainable_is_near_what_is_held_out(tmp_path, params, questions):
    run = outcome(
        tmp_path, params, [example(f"c{i}", text) for i, text in enumerate(questions)] + filler(params)
    )
    asked = {
        side: [m[2]["content"] for m in run.tables[side].column("messages").to_pylist()] for side in SIDES
    }
    threshold = params.split.near_duplicate
    assert not [
        (a, b) for a in asked["train"] + asked["validation"] for b in asked["test"] if near(a, b, threshold)
    ]
    assert not [(a, b) for a in asked["validation"] for b in asked["train"] if near(a, b, threshold)]
