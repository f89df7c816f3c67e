"""Each reader sees one language, all of it and no other."""

import re
from pathlib import Path

import pytest

from pipelines.params.sections import Report
from pipelines.report.masking import masking
from pipelines.report.page import SECTIONS, render
from tests.code.evaluate.checkout import tiny_params
from tests.code.report.reading import Elements, seen


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
    customers = (
        "退款多久",
        "3个工作日",
        "中文",
        "打",
        "手机号",
        "找我",
        "小栗",
        "旧名",
        "能开",
        "卡号",
        "吗",
    )
    assert not re.search("[一-鿿]", re.sub("|".join(customers), "", shown))
    assert "How well it answers" in shown and "no version of kefu is champion yet" in shown


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_opens_in_the_language_of_the_parameter_and_never_in_both(facts, language):
    params = facts["params"].model_copy(update={"report": Report(language=language)})
    page = render({**facts, "params": params})
    assert Elements(page).found[0] == ("html", {"lang": language})
    rule = re.search(
        r'html\[lang="en"\] \.t\[lang="zh"\], html\[lang="zh"\] \.t\[lang="en"\] \{ (.*?) \}', page
    )
    assert rule.group(1) == "display: none !important;"
    assert page.index(rule.group(0)) < page.index("@media print")


def test_a_section_has_a_place_in_each_language_so_that_a_link_keeps_it(facts):
    places = {a["id"] for _, a in Elements(render(facts)).found if "id" in a}
    sections = {name.removeprefix("zh-") for name in places if name.startswith("zh-")}
    assert sections == set(SECTIONS) and {f"en-{name}" for name in sections} <= places
