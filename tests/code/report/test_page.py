"""The page as a whole: nothing in it can run or leave it, and it holds what a steward needs."""

import base64
import hashlib
import re
from pathlib import Path

import pytest

from pipelines.report.masking import masking
from pipelines.report.page import lead, render
from pipelines.report.questions import questions
from tests.code.evaluate.checkout import tiny_params
from tests.code.report.reading import Elements


def test_hostile_text_is_shown_and_never_an_element(facts):
    page = Elements(render(facts))
    assert [tag for tag, _ in page.found].count("script") == 1
    assert "img" not in {tag for tag, _ in page.found}
    assert not [name for _, attributes in page.found for name in attributes if name.startswith("on")]
    assert "".join(page.text).count("<script>alert(1)</script>") >= 4


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
        against=None,
        questions=questions(Path("/nowhere"), None),
        costs={},
        history=[],
        sources=[],
        composition={},
        curves={},
        training={},
    )
    page = render(empty)
    assert "Nothing was removed" in page and "No find was counted" in page
    assert "every type is masked" in page


def test_the_lead_of_a_blocked_candidate_counts_what_failed(facts):
    blocked = {"verdict": "NOT BLESSED", "reasons": [{"passed": False}, {"passed": True}]}
    assert "failed 1 of 2" in lead(blocked) and "2 项准入检查中有 1 项未通过" in lead(blocked)
    assert "every point" in lead({"verdict": "BLESSED"})
