"""The page, from made-up facts: what it shows, and that nothing in it can run."""

import copy
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markupsafe import escape

from pipelines.evaluate.summary import INTENT_METHOD
from pipelines.report.facts import compare
from pipelines.report.masking import masking
from pipelines.report.page import in_order, lead, render
from pipelines.report.previous import Previous
from tests.code.evaluate.checkout import tiny_params

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)> \" onmouseover='x' 退款"
COUNT = {"right": 6, "of": 10, "share": 0.6}
NONE = {"right": 0, "of": 0, "share": None}
FIGURES = {
    "n": 12,
    "key_facts": COUNT,
    "key_facts_all": COUNT,
    "intent": COUNT,
    "hand_over_precision": NONE,
    "hand_over_recall": COUNT,
    "forbidden_answers": 0,
    "pii_answers": 0,
    "chrf": 31.5,
    "loss": {"loss": 1.25, "tokens": 90},
    "latency": None,
}
PREVIOUS = Previous(
    "weekly-1",
    "2026-09-07 04:00 UTC",
    {"PHONE": 1, "QQ": 3},
    {"mask.score_threshold": "0.8"},
    "allow:\n- 小栗\n- 旧名\n",
)
LATENCY = {"n": 2, "p50_s": 1.0, "p95_s": 2.0, "target_s": 1.5, "met": False, "tokens_per_s": 20.0}


def sample(model, number=1, **changed):
    return {
        "example_id": f"e{number}",
        "model": model,
        "origin": "faq",
        "intent": "refund/time",
        "language": "zh",
        "prompt": "退款多久",
        "reference": "3个工作日",
        "answer": "3个工作日",
        "facts_found": 1,
        "facts_total": 1,
        "hand_over_expected": False,
        "hand_over_given": False,
        "predicted_intent": "refund/time",
        "forbidden": 0,
        "pii": 0,
        "chrf": 90.0,
        "latency_s": None,
        **changed,
    }


def spoken(**more):
    place = {"conversation_id": "c7", "turn": 3, "role": "customer", "before": HOSTILE}
    return place | {"text": f"打<手机号1>找我{HOSTILE}"} | more


def made_masking(root, previous=PREVIOUS):
    """The section's facts where the steward has changed the file since the run before."""
    path = root / tiny_params().knowledge / "pii.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"allow:\n- 小栗\n- {HOSTILE}\n")
    found = {
        "metrics": {
            "masked_by_type": {"PHONE": 4, "PERSON": 2},
            "masked_by_recognizer": {"Mobile": {"PHONE": 4}, "NamedEntity": {"PERSON": 2}},
            "conversations": {"all": 9, "masked": 3},
            "messages": {"all": 40, "masked": 5, "mostly_masked": 1},
        },
        "samples": {
            "masked": [spoken(type="PHONE", recognizer="Mobile")],
            "mostly_masked": [spoken(share=0.6)],
        },
    }
    return masking(tiny_params(), root, found, previous)


@pytest.fixture
def facts(tmp_path):
    """All that the template reads, with hostile text wherever a customer's could stand."""
    candidate = sample("candidate", answer=HOSTILE, prompt=HOSTILE)
    summary = {
        "verdict": "BLESSED",
        "reasons": [{"check": "c", "passed": True, "found": 1, "limit": 0, "says": "all is well"}],
        "models": {"base": FIGURES, "candidate": {**FIGURES, "latency": LATENCY}},
        "gain": {"base": {"gain": 0.5, "low": 0.4, "high": 0.6, "n": 10}},
        "slices": [{"by": "language", "value": "zh", "models": {"base": FIGURES, "candidate": FIGURES}}],
        "sample": {"n": 12, "by_kind": {"faq": 10, "hand_over": 2}},
        "champion_note": "no version of kefu is champion yet",
        "intent_method": INTENT_METHOD,
        "base": {"name": "tiny"},
    }
    stage = {"dropped": {"too_short": 3}, "rows_out": 9}
    return {
        "params": tiny_params(),
        "summary": summary,
        "metrics": {"curate": stage},
        "stages": [{"stage": "curate", "seconds": 1.0, "rows_in": 12, "rows_out": 9}],
        "flow": [{"stage": "curate", "rows_out": 9, "left_out": 3, "unit": "examples"}],
        "removed": [{"stage": "curate", "reason": "too_short", "count": 3, "samples": [{"text": HOSTILE}]}],
        "masking": made_masking(tmp_path),
        "composition": {"train": {"faq/zh": 5, "log/en": 2}},
        "synthetic_share": 0.25,
        "faq": {"linked": 71, "missing": {"zh": [], "en": ["order_place"]}},
        "review": {"to_decide": 5, "uncertain": 9, "decided": 2},
        "thin": {"refund/time (zh)": 1},
        "thin_validation": {"product/stock (en)": 0},
        "checks": [{"stage": "curate", "expectations": 4, "failed": 0, "tables": "examples"}],
        "curves": {"pretrain": [{"step": 1, "loss": 2.0}, {"step": 2, "eval_loss": 1.5}], "tune": []},
        "training": {"pretrain": {"steps": 2, "seconds": 3.25}, "tune": {}},
        "answers": compare([sample("base", facts_found=0), candidate]),
        "registered": {"name": "kefu-instruction", "version": "7", "dag_run_id": HOSTILE},
        "lineage": [("git_sha", "a" * 40), ("airflow_url", "http://127.0.0.1:8080/x"), ("none", "")],
        "docs_url": "http://127.0.0.1:5000/#/docs",
        "approve_url": "",
        "made_at": "2026-09-14 04:00 UTC",
    }


class Elements(HTMLParser):
    """Every element with its attributes, and the text outside of script and style."""

    def __init__(self, page):
        super().__init__()
        self.found, self.text, self.inside = [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))
        if tag in ("script", "style"):
            self.inside.append(tag)

    def handle_endtag(self, tag):
        if self.inside and tag == self.inside[-1]:
            self.inside.pop()

    def handle_data(self, data):
        if not self.inside:
            self.text.append(data)


def test_hostile_text_is_shown_and_never_an_element(facts):
    page = Elements(render(facts))
    assert [tag for tag, _ in page.found].count("script") == 1
    assert "img" not in {tag for tag, _ in page.found}
    assert not [name for _, attributes in page.found for name in attributes if name.startswith("on")]
    assert "".join(page.text).count("<script>alert(1)</script>") >= 4


def test_the_page_names_entries_without_a_language_and_what_is_to_decide(facts):
    page = render(facts)
    assert "order_place" in page and "no English" in page and "9 questions have an uncertain intent" in page


def test_the_page_asks_nothing_of_the_network(facts):
    page = Elements(render(facts))
    loading = [
        value
        for tag, attributes in page.found
        for name, value in attributes.items()
        if name in ("src", "srcset", "data", "poster") or (tag in ("link", "use", "image") and "href" in name)
    ]
    assert [value for value in loading if not value.startswith("#")] == []
    assert "@import" not in render(facts)


def test_only_the_pages_own_script_may_run(facts):
    import base64
    import hashlib

    page = render(facts)
    script = re.search(r"<script>(.*)</script>", page, re.S).group(1)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = next(a["content"] for t, a in Elements(page).found if a.get("http-equiv"))
    assert f"script-src 'sha256-{digest}'" in policy and "default-src 'none'" in policy


def test_every_link_within_the_page_has_its_place(facts):
    page = Elements(render(facts))
    places = [attributes["id"] for _, attributes in page.found if "id" in attributes]
    targets = [a["href"][1:] for t, a in page.found if t == "a" and a.get("href", "").startswith("#")]
    assert targets and set(targets) <= set(places)
    assert len(places) == len(set(places))


@pytest.mark.parametrize(
    "said", ["BLESSED", "all is well", "6/10", "+50.0", "too_short", "PHONE", "refund/time (zh)", "a" * 40]
)
def test_what_the_steward_needs_is_there(facts, said):
    assert said in "".join(Elements(render(facts)).text)


def test_a_champion_gets_its_column(facts):
    with_champion = copy.deepcopy({k: v for k, v in facts.items() if k != "params"}) | {
        "params": facts["params"]
    }
    with_champion["summary"]["models"]["champion"] = FIGURES
    with_champion["summary"]["slices"][0]["models"]["champion"] = FIGURES
    assert "key facts, champion" in seen(render(with_champion), "en")
    assert "关键事实（现任）" in seen(render(with_champion), "zh")
    assert "champion" not in [a.get("class") for _, a in Elements(render(facts)).found]
    assert "key facts, champion" not in seen(render(facts), "en")


def test_intents_that_too_little_is_held_out_of_are_named(facts):
    for name in ("refund/time (zh)", "product/stock (en)"):
        assert name in seen(render(facts), "en")
    assert "product/stock" not in render(facts | {"thin_validation": {}})


def test_an_empty_run_is_still_a_page(facts):
    nothing = masking(tiny_params(), Path("/nowhere"), {}, None)
    empty = dict(
        facts,
        removed=[],
        masking=nothing,
        faq={},
        review={},
        thin={},
        thin_validation={},
        answers=[],
        flow=[],
        composition={},
        curves={},
        training={},
    )
    page = render(empty)
    assert "Nothing was removed" in page and "No find was counted" in page
    assert "every type is masked" in page


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


def test_the_lead_of_a_blocked_candidate_counts_what_failed(facts):
    blocked = {"verdict": "NOT BLESSED", "reasons": [{"passed": False}, {"passed": True}]}
    assert "failed 1 of 2" in lead(blocked) and "2 项准入检查中有 1 项未通过" in lead(blocked)
    assert "every point" in lead({"verdict": "BLESSED"})


class Seen(Elements):
    """The text that a reader of one language sees; code and plots, which speak none, aside."""

    def __init__(self, page, language):
        self.hidden, self.language = [], language
        super().__init__(page)

    def handle_starttag(self, tag, attributes):
        held = dict(attributes)
        other = held.get("class") == "t" and held["lang"] != self.language
        if self.hidden or other or tag in ("script", "style", "svg", "code", "title"):
            self.hidden += [tag] if tag not in ("br", "meta", "use", "path") else []

    def handle_startendtag(self, tag, attributes):
        pass

    def handle_endtag(self, tag):
        if self.hidden:
            self.hidden.pop()

    def handle_data(self, data):
        if not self.hidden:
            self.text.append(data)


def seen(page, language):
    return "".join(Seen(page.replace(str(escape(HOSTILE)), ""), language).text)


def complete(facts, **changed):
    """The facts with a reason of the gate as it is today, and nothing that a customer or a clock said."""
    reason = {"passed": False, "code": "no_champion", "says": "not compared with a champion: no version"}
    reason["values"] = {"note": "no version of kefu is champion yet"}
    return {**facts, "summary": {**facts["summary"], "reasons": [reason]}, **changed}


SENTENCE = re.compile(r"[A-Za-z]+(?: [a-z]+){2,}")


@pytest.mark.parametrize("empty", [False, True])
def test_the_chinese_view_has_no_english_sentence(facts, empty):
    nothing = masking(tiny_params(), Path("/nowhere"), {}, None)
    changed = {"removed": [], "masking": nothing} if empty else {}
    shown = seen(render(complete(facts, **changed)), "zh")
    assert SENTENCE.findall(shown) == []
    assert "未与现任版本比较：kefu 尚无现任版本" in shown and "回答质量" in shown


def test_the_english_view_has_no_chinese_but_the_customers(facts):
    shown = seen(render(complete(facts)), "en")
    customers = ("退款多久", "3个工作日", "中文", "打", "手机号", "找我", "小栗", "旧名")
    assert not re.search("[一-鿿]", re.sub("|".join(customers), "", shown))
    assert "How well it answers" in shown and "no version of kefu is champion yet" in shown


def test_without_javascript_the_page_is_english_and_never_both(facts):
    page = render(facts)
    assert Elements(page).found[0] == ("html", {"lang": "en"})
    rule = re.search(
        r'html\[lang="en"\] \.t\[lang="zh"\], html\[lang="zh"\] \.t\[lang="en"\] \{ (.*?) \}', page
    )
    assert rule.group(1) == "display: none !important;"
    assert page.index(rule.group(0)) < page.index("@media print")


def test_a_section_has_a_place_in_each_language_so_that_a_link_keeps_it(facts):
    places = {a["id"] for _, a in Elements(render(facts)).found if "id" in a}
    sections = {name.removeprefix("zh-") for name in places if name.startswith("zh-")}
    assert len(sections) == 7 and {f"en-{name}" for name in sections} <= places


def test_a_sample_is_read_from_question_to_correction_and_loses_no_field():
    fields = [name for name, _ in in_order({"answer": "c", "new": "d", "question": "a", "reply": "b"})]
    assert fields == ["question", "reply", "answer", "new"]
