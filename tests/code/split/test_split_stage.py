"""What goes and what stays, on tables made for it; and that no order and no growth changes it."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.dedup.normalise import normalise
from pipelines.errors import KefuError
from pipelines.split.apart import REASONS
from pipelines.split.sides import SIDES, side_of
from pipelines.stage import execute
from tests.code.split.rows import document, example, filler, golden_line, ids_on, lay, names, outcome

SYLLABLES = "退货换款单查物流地址"
TABLES = (*SIDES, "golden", "corpus")


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
        document("policy/zh/gifts#0", "policy/zh/gifts#0", "礼品卡一年内有效。", origin="policy"),
    ]
    run = outcome(tmp_path, params, [example(held, "礼品卡过期了还能用吗"), *filler(params)], corpus)
    assert "礼品卡过期了还能用吗" in normalise(corpus[3]["text"])
    assert names(run, "corpus") == ["c", "policy/zh/gifts#0"]
    assert run.dropped == {"corpus_held_out_group": 2, "corpus_held_out_quote": 1}


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


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("礼品卡到期了还可以用么，请问", "duplicate"),
        ("在吗，新年好，礼品卡到期了还可以用么，另外问下发票", "quote"),
    ],
)
@pytest.mark.parametrize("side", ["train", "validation"])
def test_what_is_near_a_golden_question_goes_from_train_validation_and_corpus(
    tmp_path, params, side, said, kind
):
    one, other = ids_on(params, side, 1)[0], ids_on(params, "train", 2)[1]
    run = outcome(
        tmp_path,
        params,
        [example(one, said), *filler(params)],
        [document("d", other, f"客：{said}\n服：可以"), document("p", "p", "礼品卡。", "policy")],
        [golden_line("gift_card", "礼品卡到期了还可以用么")],
    )
    assert run.dropped == {f"golden_{kind}": 1, f"corpus_golden_{kind}": 1}
    assert run.samples[f"golden_{kind}"] == [{"id": one, "text": said, "against": "golden/gift_card.zh"}]
    assert names(run, "golden") == ["golden/gift_card.zh"]
    assert names(run, "corpus") == ["p"]


def test_the_golden_set_is_a_side_of_its_own_and_its_digest_is_told(tmp_path, params):
    asked = [golden_line("b", "礼品卡到期了还可以用么"), golden_line("a", "积分怎么换成现金券")]
    talk = [{"role": "user", "content": "你好"}, {"role": "assistant", "content": "您好，请讲"}]
    run = outcome(tmp_path, params, filler(params), golden=[asked[0] | {"history": talk}, asked[1]])
    rows = run.tables["golden"].to_pylist()
    assert [row["example_id"] for row in rows] == ["golden/a.zh", "golden/b.zh"]
    assert {(row["origin"], *row["parent_ids"]) for row in rows} == {("golden", "order_reminder.zh")}
    assert [m["role"] for m in rows[1]["messages"]] == ["system", "user", "assistant", "user", "assistant"]
    other = outcome(tmp_path, params, filler(params))
    assert other.metrics["golden_sha256"] != run.metrics["golden_sha256"]
    assert names(other, "golden") == []


def test_what_was_said_before_gives_a_test_question_away_too(tmp_path, params):
    held, taught = ids_on(params, "test", 1)[0], ids_on(params, "train", 1)[0]
    rows = [
        example(held, "礼品卡过期了还能用吗"),
        example(taught, "那要几天呢", before="礼品卡过期了还能用吗?"),
    ]
    run = outcome(tmp_path, params, rows + filler(params))
    assert run.dropped == {"held_out_duplicate": 1}


def test_every_validation_question_that_train_quotes_goes(tmp_path, params):
    taught, tuned = ids_on(params, "train", 1)[0], ids_on(params, "validation", 2)
    asked = ["礼品卡过期了还能用吗", "积分可以换成现金券吗"]
    rows = [example(taught, f"在吗，想问一下{asked[0]}，还有{asked[1]}，谢谢您")]
    rows += [example(name, text) for name, text in zip(tuned, asked, strict=True)]
    run = outcome(tmp_path, params, rows + filler(params))
    assert run.dropped == {"validation_quote": 2}
    assert taught in names(run, "train")


def test_of_the_same_question_and_answer_a_side_keeps_one(tmp_path, params):
    ids = ids_on(params, "train", 5)
    asked = {"question": "礼品卡过期了还能用吗", "answer": "很抱歉，过期以后不能再用"}
    rows = [
        example(ids[0], **asked),
        example(
            ids[1], "礼品卡过期了，还能用吗？", answer="很抱歉，过期以后不能再用了", key_facts=[["不能"]]
        ),
        example(ids[2], **asked | {"answer": "请您在一年之内使用它"}),
        example(ids[3], **asked, context='{"order_status": "paid"}'),
        example(ids[4], **asked, before="我有一张别人送我的卡"),
    ]
    run = outcome(tmp_path, params, rows + filler(params))
    assert run.dropped == {"side_duplicate": 1}
    assert run.samples["side_duplicate"][0]["id"] == ids[0]
    assert run.samples["side_duplicate"][0]["against"] == ids[1]


def test_intents_that_a_side_hardly_asks_about_are_told(tmp_path, params):
    rows = [example("x", "怎么开企业发票", intent="payment/invoice")]
    metrics = outcome(tmp_path, params, rows + filler(params)).metrics
    assert metrics["thin_intents"] == {"order/status (zh)": 1, "payment/invoice (zh)": 0}
    assert metrics["thin_validation_intents"] == {"payment/invoice (zh)": 0}


ASKED = ["退货换款单查物流地址", "物流的单子在哪查呀", "换一款要几天", "退的款到哪了", "地址单写错了换得了吗"]
questions = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "", "您好，", "在吗，我想问一下"]),
    st.sampled_from(ASKED) | st.text(alphabet=SYLLABLES, min_size=2, max_size=11),
    st.sampled_from(["", "", "呢", "，谢谢，另外优惠券怎么领"]),
)
conversations = st.lists(
    st.tuples(questions, st.sampled_from(["", "您好", "我要退货", "您看看，退货换款单查物流地址"])),
    min_size=1,
    max_size=25,
)
slow = settings(deadline=None, max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])


def talks(said, prefix="c"):
    """A conversation a question: the question, what was said before it, its dialogue."""
    rows = [example(f"{prefix}{i}", text, before=before) for i, (text, before) in enumerate(said)]
    corpus = [
        document(f"d{prefix}{i}", f"{prefix}{i}", f"客：{before}\n服：好\n客：{text}\n服：好的")
        for i, (text, before) in enumerate(said)
    ]
    return rows, corpus


def written(root):
    return {name: (root / f"data/split/{name}.parquet").read_bytes() for name in TABLES}


@slow
@given(conversations, st.randoms(), st.data())
def test_any_order_and_any_grouping_of_the_same_weeks_into_runs_gives_the_same_bytes(
    tmp_path, params, said, rng, data
):
    rows, corpus = talks(said)
    golden = [golden_line("g", "退货换款单查物流地址")]
    lay(tmp_path, rows + filler(params), corpus, golden)
    first = execute("split", params, tmp_path, lambda *_: {})
    whole = written(tmp_path)
    weeks = rng.sample(list(zip(rows, corpus, strict=True)), len(rows))
    runs = [*sorted(data.draw(st.sets(st.integers(1, len(weeks)), max_size=3))), len(weeks)]
    for arrived in runs:
        examples = [*(row for row, _ in weeks[:arrived]), *filler(params)]
        documents = [document for _, document in weeks[:arrived]]
        lay(tmp_path, rng.sample(examples, len(examples)), rng.sample(documents, arrived), golden)
        last = execute("split", params, tmp_path, lambda *_: {})
    assert written(tmp_path) == whole
    assert all(last[part] == first[part] for part in ("dropped", "samples", "metrics"))


@slow
@given(conversations, conversations)
def test_no_side_changes_as_data_grows_and_the_test_loses_only_repeats(tmp_path, params, old, new):
    rows = talks(old, "old")[0] + filler(params)
    before = outcome(tmp_path, params, rows)
    held = {side: set(names(before, side)) for side in SIDES}
    after = outcome(tmp_path, params, rows + talks(new, "new")[0])
    now = {side: set(names(after, side)) for side in SIDES}
    for side in SIDES:
        assert not held[side] & set().union(*(now[other] for other in SIDES if other != side))
    assert len(held["test"] - now["test"]) <= after.dropped["side_duplicate"]


def near(one, other, threshold):
    """Exact Jaccard similarity of the character 3-grams of two texts, as the stage is to find it."""
    a, b = ({t[i : i + 3] for i in range(max(len(t) - 2, 1))} for t in map(normalise, (one, other)))
    return len(a & b) >= threshold * len(a | b)


def quotes(text, asked):
    """Does a text hold 13 characters and four fifths of a question, or a shorter one of 8 or more whole?"""
    text, asked = normalise(text), normalise(asked)
    run = max(min(13, len(asked)), -(-4 * len(asked) // 5))
    return len(asked) >= 8 and any(asked[i : i + run] in text for i in range(len(asked) - run + 1))


def asked_in(table):
    return [
        [m["content"] for m in row if m["role"] == "user"] for row in table.column("messages").to_pylist()
    ]


@slow
@given(conversations)
def test_nothing_trainable_is_connected_to_what_is_held_out(tmp_path, params, said):
    golden = [golden_line("g", "退货换款单查物流地址")]
    run = outcome(
        tmp_path, params, *(a + b for a, b in zip(talks(said), (filler(params), []), strict=True)), golden
    )
    asked = {side: asked_in(run.tables[side]) for side in (*SIDES, "golden")}
    held = {side: [user[-1] for user in asked[side]] for side in ("validation", "test", "golden")}
    pairs = [(user, one) for user in asked["train"] for side in held for one in held[side]]
    pairs += [(user, one) for user in asked["validation"] for one in held["test"] + held["golden"]]
    for user, one in pairs:
        lines = [user[-1], *(line for line in user[:-1] if len(line) >= 8)]
        assert not [line for line in lines if near(line, one, params.split.near_duplicate)]
        assert not quotes("".join(user), one)
    for text in run.tables["corpus"].column("text").to_pylist():
        for one in (question for side in held.values() for question in side):
            lines = [line.partition("：")[2] for line in text.splitlines()]
            assert not [x for x in lines if len(x) >= 8 and near(x, one, params.split.near_duplicate)]
            assert not quotes(text, one)
    groups = {side: set(run.tables[side].column("group_id").to_pylist()) for side in TABLES}
    assert not groups["corpus"] & (groups["validation"] | groups["test"])


@slow
@given(conversations)
def test_no_row_stands_twice_on_a_side(tmp_path, params, said):
    run = outcome(tmp_path, params, talks(said)[0] + filler(params))
    for side in SIDES:
        asked = ["".join(user) for user in asked_in(run.tables[side])]
        assert not [
            (a, b) for i, a in enumerate(asked) for b in asked[:i] if near(a, b, params.dedup.jaccard)
        ]


def test_reason_codes_are_those_of_all_kinds_of_leaks():
    assert set(REASONS.values()) == {f"{what}_{kind}" for what, kind in REASONS}
