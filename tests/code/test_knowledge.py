import json
import shutil
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pipelines.errors import KefuError
from pipelines.knowledge import (
    facts_found,
    load_brand,
    load_faq,
    load_golden,
    load_policies,
    load_products,
    load_rules,
    load_taxonomy,
)
from pipelines.knowledge.arithmetic import evaluate

KNOWLEDGE = Path(__file__).parents[2] / "data/knowledge"
FIRST = json.loads((KNOWLEDGE / "golden.jsonl").read_text(encoding="utf-8").splitlines()[0])["question"]


@pytest.fixture
def folder(tmp_path):
    return Path(shutil.copytree(KNOWLEDGE, tmp_path / "knowledge"))


@pytest.mark.parametrize(
    ("answer", "forms", "found"),
    [
        ("请在7天内申请", ["7天"], 1),
        ("请在17天内申请", ["7天"], 0),
        ("请在 7 天 内申请", ["7天"], 1),
        ("７天内", ["7天"], 1),
        ("十五天内", ["五天"], 0),
        ("五天内", ["5天", "五天"], 1),
        ("13个工作日", ["3个工作日"], 0),
        ("满999元", ["满99"], 0),
        ("运费1.8元", ["8元"], 0),
        ("Below 99, 8 yuan is due", ["8 yuan"], 1),
        ("2,100 yuan", ["100 yuan"], 0),
        ("15 days", ["5 days"], 0),
        ("15Days", ["15 days"], 1),
        ("within 24 hours.", ["24 h"], 1),
        ("They are merged", ["merge"], 1),
        ("it's fine", ["SF"], 0),
        ("发SF快递", ["SF"], 1),
        ("a login code", ["cod"], 0),
        ("it isn’t possible", ["isn't possible"], 1),
        ("400-820-6655 转 1", ["400-820-6655"], 1),
        ("", ["7天"], 0),
    ],
)
def test_facts_found_keeps_to_whole_numbers_and_words(answer, forms, found):
    assert facts_found(answer, [forms]) == found


def test_facts_found_counts_each_fact_once():
    assert facts_found("3个工作日内退，三个工作日", [["3个工作日", "三个工作日"], ["原路"]]) == 1


@given(st.integers(1, 999), st.integers(1, 999), st.sampled_from(["天", "元", " yuan", " days", "小时"]))
def test_a_number_is_found_only_as_itself(said, wanted, unit):
    assert facts_found(f"需要{said}{unit}", [[f"{wanted}{unit}"]]) == (said == wanted)


@given(st.text(max_size=30), st.lists(st.lists(st.text(max_size=8), max_size=3), max_size=3))
def test_facts_found_takes_any_text(answer, facts):
    assert 0 <= facts_found(answer, facts) <= len(facts)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda e: e.pop("answer"), "answer: the field is missing"),
        (lambda e: e.update(intent="order/dance"), "'order/dance' is not in taxonomy.yaml"),
        (lambda e: e.update(key_facts=[["77天"]]), "does not state the key fact"),
        (lambda e: e.update(faq_id="shipping_fee.zh", link_id="shipping_fee"), "the id stands twice"),
        (lambda e: e.update(faq_id="x.en"), "faq_id is not link_id.language"),
        (lambda e: e.update(questions=["同一句", "同一句"]), "a wording stands twice"),
        (lambda e: e.update(questions=[]), "questions"),
        (lambda e: e.update(context={"order_status": "lost"}), "order_status 'lost'"),
        (lambda e: e.update(colour="red"), "colour"),
    ],
)
def test_a_fault_in_the_faq_names_file_and_line(folder, change, fault):
    lines = (folder / "faq.jsonl").read_text(encoding="utf-8").splitlines()
    entry = json.loads(lines[2])
    change(entry)
    lines[2] = json.dumps(entry, ensure_ascii=False)
    (folder / "faq.jsonl").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(KefuError, match=r"faq\.jsonl, line \d+") as caught:
        load_faq(folder)
    assert fault in str(caught.value)


def test_all_faults_of_the_faq_are_one_error(folder):
    path = folder / "faq.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(["{not json", *lines[1:], "[]"]), encoding="utf-8")
    with pytest.raises(KefuError) as caught:
        load_faq(folder)
    assert "2 fault(s)" in str(caught.value)
    assert "line 1: not a JSON object" in str(caught.value)
    assert f"line {len(lines) + 1}:" in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00"])
def test_an_empty_or_undecodable_faq_is_refused(folder, content):
    (folder / "faq.jsonl").write_bytes(content)
    with pytest.raises(KefuError, match=r"faq\.jsonl"):
        load_faq(folder)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda g: g.pop("source"), "source: the field is missing"),
        (lambda g: g.update(golden_id="basket_of_86.zh"), "the id stands twice (first on line 2)"),
        (lambda g: g.update(golden_id="x.en"), "golden_id does not end with its language"),
        (lambda g: g.update(question=FIRST), "the question stands twice (first on line 1)"),
        (lambda g: g.update(intent="order/dance"), "'order/dance' is not in taxonomy.yaml"),
        (lambda g: g.update(context={"order_status": "lost"}), "order_status 'lost'"),
        (lambda g: g.update(key_facts=[["77天"]]), "does not state the key fact '77天'"),
        (lambda g: g.update(key_facts=[]), "no key fact to judge an answer by"),
        (lambda g: g.update(hand_over=True), "hand_over is true, and the answer says otherwise"),
        (lambda g: g.update(history=[{"role": "user", "content": "在吗"}]), "not user and assistant in turn"),
        (lambda g: g.update(history=[{"role": "agent", "content": "在"}]), "history.0.role"),
        (lambda g: g.update(colour="red"), "colour"),
    ],
)
def test_a_fault_in_the_golden_set_names_its_line(folder, change, fault):
    lines = (folder / "golden.jsonl").read_text(encoding="utf-8").splitlines()
    one = json.loads(lines[2])
    change(one)
    lines[2] = json.dumps(one, ensure_ascii=False)
    (folder / "golden.jsonl").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(KefuError, match=r"golden\.jsonl, line 3") as caught:
        load_golden(folder)
    assert fault in str(caught.value)


def test_all_faults_of_the_golden_set_are_one_error_and_an_empty_one_holds_none(folder):
    path = folder / "golden.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(["{not json", *lines[1:], "[]", lines[4]]), encoding="utf-8")
    with pytest.raises(KefuError, match=r"4 fault\(s\)"):
        load_golden(folder)
    path.write_text("\n", encoding="utf-8")
    assert load_golden(folder) == []


def test_a_missing_file_says_so(tmp_path):
    with pytest.raises(KefuError, match="missing"):
        load_brand(tmp_path)


def damaged(folder, name, change):
    path = folder / name
    value = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(value)
    path.write_text(yaml.safe_dump(value, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("load", "name", "change", "fault"),
    [
        (load_brand, "brand.yaml", lambda b: b.pop("tone"), "tone: the field is missing"),
        (
            load_brand,
            "brand.yaml",
            lambda b: b["fallback_reply"].update(zh="亲，请稍候"),
            "forbidden words: 亲",
        ),
        (
            load_brand,
            "brand.yaml",
            lambda b: b["hand_over_markers"].update(en=["xyz"]),
            "hand_over_markers.en",
        ),
        (
            load_taxonomy,
            "taxonomy.yaml",
            lambda t: t["intents"].pop("other"),
            "other/out_of_scope is missing",
        ),
        (
            load_taxonomy,
            "taxonomy.yaml",
            lambda t: t["entities"]["sku"].update(pattern="("),
            "not a regular expression",
        ),
        (load_rules, "rules.yaml", lambda r: r[0].update(intent="a/b"), "'a/b' is not in taxonomy"),
        (load_rules, "rules.yaml", lambda r: r[0].update(compute={"left": "n ** 2"}), "is not allowed"),
        (load_rules, "rules.yaml", lambda r: r[0]["cases"][0]["when"].update(min=5), "0 cases hold n = 4"),
        (
            load_rules,
            "rules.yaml",
            lambda r: r[0]["cases"][0].update(answer_zh="好"),
            "answer_zh does not state",
        ),
        (load_rules, "rules.yaml", lambda r: r[0]["questions_en"].append("{who}"), "cannot be filled in"),
        (load_rules, "rules.yaml", lambda r: r[1].update(id=r[0]["id"]), "stands twice"),
    ],
)
def test_a_fault_in_a_yaml_file_names_file_and_line(folder, load, name, change, fault):
    with pytest.raises(KefuError, match=rf"{name}, line \d+") as caught:
        load(damaged(folder, name, change))
    assert fault in str(caught.value)


def test_broken_yaml_names_its_line(folder):
    (folder / "brand.yaml").write_text("name: {zh: 栗\ntone: [", encoding="utf-8")
    with pytest.raises(KefuError, match=r"brand\.yaml, line 2: not valid YAML"):
        load_brand(folder)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("LM-K1202,", "LM-K1201,", "the SKU LM-K1201 stands twice"),
        (",329,", ",-1,", "price_yuan"),
        ("price_yuan", "price", "price_yuan: the field is missing"),
    ],
)
def test_a_fault_in_the_products_names_its_line(folder, old, new, fault):
    path = folder / "products.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(KefuError, match=r"products\.csv, line \d+") as caught:
        load_products(folder)
    assert fault in str(caught.value)


def test_policies_need_a_title_and_text(folder):
    (folder / "policies/zh/refunds.md").write_text("没有标题", encoding="utf-8")
    with pytest.raises(KefuError, match=r"refunds\.md, line 1"):
        load_policies(folder)
    shutil.rmtree(folder / "policies")
    with pytest.raises(KefuError, match="no policy"):
        load_policies(folder)


@pytest.mark.parametrize(
    ("expression", "value"), [("48 - n", 36), ("n * 30 // 100", 3), ("-(n + 2) * 2", -28), ("7", 7)]
)
def test_arithmetic(expression, value):
    assert evaluate(expression, {"n": 12}) == value


@pytest.mark.parametrize("expression", ["n ** 2", "m + 1", "n // 0", "open('x')", "1.5", "n +", "True"])
def test_arithmetic_refuses_all_else(expression):
    with pytest.raises(ValueError):
        evaluate(expression, {"n": 12})


def test_brand_finds_words_and_reasons():
    brand = load_brand(KNOWLEDGE)
    assert brand.forbidden("亲，Obviously 这是最好的") == ["obviously", "亲", "最好"]
    assert brand.hands_over("好的，正在为您转接人工客服")
    assert brand.hand_over_code("叫你们经理来") == "asks_for_person"
    assert brand.hand_over_code("怎么退货") is None
