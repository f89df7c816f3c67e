import pytest

from pipelines.curate.corpus import dialogue_rows
from pipelines.curate.judge import Verdict
from pipelines.curate.turns import Turn
from pipelines.dedup.normalise import normalise
from pipelines.errors import KefuError
from pipelines.split.leaks import find_leaks, leaking, of_document, of_example, refuse_leaks, sharing
from tests.code.split.rows import document, example

HELD = "收货地址写错了还能不能修改一下呢"
LONG = f"您好，我上个月买的被子，{HELD}，谢谢，还想问优惠券的事"
CLEAN = [example("clean", "支持七天无理由退货吗")]
CLEAN_TEXT = [document("policy/zh/returns#0", "policy/zh/returns#0", "签收后七天内可以退货。", "policy")]


@pytest.fixture
def held():
    return [example("h1", "有没有货"), example("h2#0", HELD, group="h2", parents=["h2", "source"])]


def test_clean_data_passes(held, params):
    assert refuse_leaks(CLEAN, CLEAN_TEXT, held, params) is None


@pytest.mark.parametrize(
    ("planted", "kind"),
    [
        (example("x", "别的问题", group="h2"), "group"),
        (example("x", "别的问题", parents=["h2#0"]), "group"),
        (example("x", "别的问题", parents=["y", "h2"]), "group"),
        (example("source", "别的问题"), "group"),
        (example("x", HELD), "duplicate"),
        (example("x", f"{HELD}呀??"), "duplicate"),
        (example("x", "别的问题", before=f"{HELD}呀"), "duplicate"),
        (example("x", LONG), "quote"),
        (example("x", "别的问题", before=LONG), "quote"),
        (example("x~1", f"{HELD}呀", origin="paraphrase", parents=["clean"]), "duplicate"),
        (example("rule/x.zh#3.0", LONG, origin="rule", parents=["rule/x"]), "quote"),
        (document("x", "h2"), "group"),
        (document("x", "x", f"客：在吗\n服：您好\n客：{HELD}呀\n服：可以"), "duplicate"),
        (document("x", "x", f"Customer: {HELD}?\nAgent: 可以"), "duplicate"),
        (document("x", "x", f"客：{LONG}\n服：可以"), "quote"),
        (document("x", "x", f"常见问题\n{HELD}？发货前可以。", "policy"), "quote"),
        (document("x", "x", f"被子：{HELD}", "product"), "quote"),
    ],
)
def test_a_planted_leak_of_each_kind_is_refused_by_name(held, params, planted, kind):
    rows, corpus = ([], [planted]) if "doc_id" in planted else ([planted], [])
    with pytest.raises(KefuError) as caught:
        refuse_leaks([*CLEAN, *rows], [*CLEAN_TEXT, *corpus], held, params)
    name = planted.get("doc_id") or planted["example_id"]
    assert f"1 trainable row(s) give away what is held out\n  - {name}: {kind} of h2#0\n" in str(caught.value)
    assert HELD not in str(caught.value)


def test_many_leaks_are_counted_and_ten_are_named(held, params):
    with pytest.raises(KefuError, match=r"(?s)12 trainable row.*x9: .*and 2 more"):
        refuse_leaks([example(f"x{i}", HELD) for i in range(12)], [], held, params)


@pytest.mark.parametrize(
    "text",
    [
        "顾客：有没有货\n客服：有",  # a question of three characters stands anywhere
        f"客：{HELD[:9]}\n服：可以",
        "客：地址怎么改\n服：在我的订单里",
        "",
    ],
)
def test_what_stands_anywhere_is_no_leak(held, params, text):
    assert find_leaks([of_document(document("x", "x", text))], held, params) == []


def test_a_short_question_is_compared_with_questions_and_not_with_what_was_said_before(held, params):
    asked, before = example("x", "有没有货?"), example("y", "别的问题", before="有没有货")
    assert [leak.row for leak in find_leaks([of_example(asked), of_example(before)], held, params)] == [0]


def test_siblings_do_not_give_each_other_away(params):
    """Wordings of one FAQ entry stand on both sides."""
    held = [example("ship.zh#1", "运费怎么算", parents=["ship.zh"], origin="faq")]
    other = example("ship.zh#2", "寄到外地要加钱吗", parents=["ship.zh"], origin="faq")
    assert find_leaks([of_example(other)], held, params) == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_dialogue_is_parted_where_curate_puts_its_speakers(language):
    turn = Turn("c", 0, "我的地址写错了能改吗", "可以的，您在订单里改", language)
    [row] = dialogue_rows([turn], [Verdict("kept", "", turn.reply)])
    assert of_document(row).lines == (normalise(turn.question), normalise(turn.reply))


@pytest.mark.parametrize(
    ("text", "found"),
    [(LONG, True), (f"您好，{HELD[:13]}，谢谢", True), (f"您好，{HELD[:9]}，谢谢", False), ("", False)],
)
def test_a_long_run_counts_among_other_words(params, text, found):
    assert bool(leaking([text], [example("h", HELD)], params)) is found


def test_leaking_names_what_each_question_is_near(held, params):
    assert leaking(["有货", HELD, LONG, HELD], held, params) == {HELD: "h2#0", LONG: "h2#0"}


def test_a_short_question_counts_only_whole():
    shares = sharing(["收货地址写错了能改", "退货"], 13)
    assert shares("你好收货地址写错了能改吗") == 0
    assert shares("收货地址写错了") is None
    assert shares("退货退货退货退货") is None


def test_nothing_held_out_nothing_leaks(params):
    texts = [of_example(example("x", HELD)), of_document(document("d", "d", LONG))]
    assert find_leaks(texts, [], params) == [] == find_leaks([], [example("h", HELD)], params)
