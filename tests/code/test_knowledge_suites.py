"""suites/*.yaml: the sample company's own, and every fault told at once with its place."""

import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.errors import KefuError
from pipelines.knowledge import load_asked, load_suites
from pipelines.knowledge.suites import contradictions
from tests.conftest import ROOT

KNOWLEDGE = ROOT / "data/knowledge"
HEAD = "suite: own\nversion: 1\nwhat: Own.\npasses: [right]\ncases:\n"


@pytest.fixture
def folder(tmp_path):
    """The sample company's knowledge without its suites."""
    shutil.copytree(KNOWLEDGE, tmp_path / "knowledge", ignore=shutil.ignore_patterns("suites"))
    (tmp_path / "knowledge/suites").mkdir()
    return tmp_path / "knowledge"


def write(folder, *cases, head=HEAD, name="own"):
    (folder / f"suites/{name}.yaml").write_text(head + "".join(f"  - {case}\n" for case in cases))


def refusal(folder):
    with pytest.raises(KefuError) as error:
        load_suites(folder)
    return str(error.value)


def test_the_sample_companys_suites_are_whole_in_both_languages():
    suites = load_suites(KNOWLEDGE)
    assert len(suites) == 13 and all(suite.version >= 1 for suite in suites)
    asked = load_asked(KNOWLEDGE)
    written = {suite.suite for suite in suites if suite.cases}
    assert {(one.suite, one.language) for one in asked} == {
        (s, lang) for s in written for lang in ("zh", "en")
    }
    assert len({one.name for one in asked}) == len(asked) > 140


def test_a_case_takes_its_answer_from_the_faq_the_rules_or_the_fallback(folder):
    write(
        folder,
        '{id: a.zh, faq: shipping_fee.zh, question: "甲"}',
        '{id: b.zh, rule: no_reason_return, n: 8, question: "{n}天了"}',
        '{id: c.zh, hand_over: true, question: "丙"}',
        '{id: d.zh, answer: "七天", key_facts: [[七天]], intent: order/place, question: "丁"}',
    )
    fee, rule, person, own = load_asked(folder)
    assert fee.key_facts and fee.intent == "logistics/domestic" and fee.source == "shipping_fee.zh"
    assert (
        rule.question == "8天了" and "已过7天" in rule.answer and rule.context == {"order_status": "signed"}
    )
    assert person.hand_over and person.intent == "other/out_of_scope" and not person.key_facts
    assert own.answer == "七天" and own.name == "suite/own/d.zh"


def test_variants_and_statuses_are_questions_of_one_case(folder):
    invariance = HEAD.replace("[right]", "[same]").replace("own", "same")
    write(
        folder,
        '{id: a.zh, faq: shipping_fee.zh, question: "甲", variants: {typo: "乙"}}',
        head=invariance,
        name="same",
    )
    direction = HEAD.replace("[right]", "[differs]").replace("own", "way")
    statuses = "{paid: order_cancel_paid.zh, shipped: order_cancel_shipped.zh}"
    write(folder, f'{{id: a.zh, question: "丙", statuses: {statuses}}}', head=direction, name="way")
    asked = {one.name: one for one in load_asked(folder)}
    assert list(asked) == [
        f"suite/{n}" for n in ("same/a.zh", "same/a.zh#typo", "way/a.zh#paid", "way/a.zh#shipped")
    ]
    assert asked["suite/same/a.zh#typo"].question == "乙"
    assert asked["suite/way/a.zh#shipped"].context == {"order_status": "shipped"}


@pytest.mark.parametrize(
    ("case", "says"),
    [
        ('{id: a.zh, question: "甲"}', "exactly one of"),
        ('{id: a.zh, question: "甲", faq: shipping_fee.zh, answer: "乙"}', "exactly one of"),
        ('{id: a.zh, question: "甲", faq: nothing.zh}', "no FAQ entry"),
        ('{id: a.zh, question: "甲", faq: shipping_fee.en}', "another language"),
        ('{id: a.zh, question: "甲", rule: nothing, n: 1}', "no rule"),
        ('{id: a.zh, question: "甲", rule: no_reason_return, n: 99}', "not a value"),
        ('{id: a.zh, question: "{m}", rule: no_reason_return, n: 8}', "does not know"),
        ('{id: a.zh, question: "甲", answer: "乙", key_facts: [[丙]]}', "all its key facts"),
        ('{id: a.zh, question: "甲", answer: "正在为您转接人工客服"}', "hands over where"),
        ('{id: a.zh, question: "甲", answer: "可以退", must_not: [可以退]}', "must not"),
        ('{id: a.zh, question: "甲", answer: "乙", intent: no/such}', "taxonomy"),
        ('{id: a.zh, question: "甲", answer: "乙", context: {order_status: lost}}', "not one of"),
        ('{id: a.zh, question: "甲", answer: "乙", history: [{role: user, content: x}]}', "in turn"),
        ('{id: a.zh, question: "甲", answer: "乙", variants: {typo: "丙"}}', "only there"),
        ('{id: a.zh, question: "甲", statuses: {paid: order_cancel_paid.zh}}', "only there"),
        ('{id: a.fr, question: "甲", answer: "乙"}', "pattern"),
        ('{id: a.zh, question: "", answer: "乙"}', "at least 1"),
        ('{id: a.zh, question: "甲", answer: "乙", reply: "丙"}', "Extra inputs"),
    ],
)
def test_a_faulty_case_is_refused_with_its_line(folder, case, says):
    write(folder, case)
    assert says in (said := refusal(folder)) and "own.yaml, line 6" in said


@pytest.mark.parametrize(
    ("head", "says"),
    [
        ("suite: other\nversion: 1\nwhat: x\npasses: [right]\nfrom: {table: test}\n", "not that of its file"),
        ("suite: own\nversion: 1\nwhat: x\npasses: [right]\n", "neither cases nor"),
        ("suite: own\nversion: 1\nwhat: x\npasses: [soothed]\nfrom: {table: test}\n", "opens_with"),
        ("suite: own\nversion: 0\nwhat: x\npasses: [wrong]\nfrom: {table: train}\n", "3 fault(s)"),
        ("suite: [\n", "not valid YAML"),
        ("- 1\n", "mapping"),
    ],
)
def test_a_faulty_head_is_refused(folder, head, says):
    write(folder, head=head)
    assert says in refusal(folder)


def test_the_faults_of_all_files_are_told_at_once(folder):
    write(folder, '{id: a.zh, question: "甲"}', '{id: b.zh, question: "乙", faq: x.zh}')
    other = HEAD.replace("own", "two")
    write(folder, '{id: a.zh, question: "甲", rule: nothing, n: 1}', head=other, name="two")
    said = refusal(folder)
    assert "3 fault(s)" in said and said.count("own.yaml") == 2 and said.count("two.yaml") == 1


def test_a_question_stands_once_in_all_suites(folder):
    write(folder, '{id: a.zh, question: "甲", answer: "乙"}')
    write(folder, '{id: b.zh, question: "甲", answer: "乙"}', head=HEAD.replace("own", "two"), name="two")
    assert "the question stands twice (first in suite/own/a.zh)" in refusal(folder)


def test_a_knowledge_base_without_suites_has_none(folder):
    assert load_suites(folder) == [] == load_asked(folder)


@pytest.mark.parametrize(
    ("phrases", "text", "found"),
    [
        (["支持退货"], "我们支持退货。", ["支持退货"]),
        (["支持退货"], "我们不支持退货。", []),
        (["30天"], "您有３０天时间", ["30天"]),
        (["we pay"], "Yes, We pay it.", ["we pay"]),
        (["supported"], "It isn’t supported. It's not supported.", []),
        (["pay"], "payment", []),
        ([], "anything", []),
    ],
)
def test_a_contradiction_is_stated_and_not_denied(phrases, text, found):
    assert contradictions(phrases, text) == found


@given(st.text(max_size=30))
def test_nothing_is_contradicted_by_no_phrase(text):
    assert contradictions([], text) == []
