"""The plots as parts of a page."""

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.report import plots

SHARE = {"right": 3, "of": 10, "share": 0.3}
MODELS = {m: dict.fromkeys(plots.SHARES, SHARE) for m in ("base", "candidate")}
FLOW = [{"stage": "mask", "rows_out": 10, "left_out": 2, "unit": "conversations"}]
DRAWN = {
    "shares": lambda: plots.shares(MODELS),
    "flow": lambda: plots.flow(FLOW),
    "losses": lambda: plots.losses({"Answers": [{"step": 1, "loss": 2.0}, {"step": 2, "eval_loss": None}]}),
    "composition": lambda: plots.composition({"train": {"faq/zh": 3}, "test": {"faq/en": 1, "other/xx": 2}}),
}


def test_a_plot_of_its_own_needs_no_page():
    svg = plots.standalone(DRAWN["losses"]())
    assert ET.fromstring(svg).attrib["style"].startswith("background")
    assert "var(--" not in svg and plots.ON_WHITE["var(--muted)"] in svg
    assert set(plots.COLOURS.values()) == plots.ON_WHITE.keys()


@pytest.mark.parametrize("name", DRAWN)
def test_a_plot_is_one_svg_in_the_pages_colours_with_ids_of_its_own(name):
    svg = DRAWN[name]()
    root = ET.fromstring(svg)
    assert root.tag.endswith("svg") and "viewBox" in root.attrib and "width" not in root.attrib
    ids = [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
    assert all(one.startswith(f"{name}-") for one in ids)
    assert "var(--" in svg and not any(drawn in svg for drawn in plots.COLOURS)


def test_the_same_figures_give_the_same_picture():
    assert plots.flow(FLOW) == plots.flow(FLOW)


def test_counts_stand_in_the_flow():
    text = "".join(ET.fromstring(plots.flow(FLOW)).itertext())
    assert "10 conversations" in text and "2 left out" in text


@given(st.integers(1, 500).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_wilsons_interval_holds_the_share_and_stays_in_bounds(pair):
    right, of = pair
    low, high = plots.wilson(right, of)
    assert -1e-9 <= low <= right / of + 1e-9 and right / of - 1e-9 <= high <= 1 + 1e-9


def test_wilsons_interval_is_the_published_one():
    low, high = plots.wilson(8, 10)
    assert (low, high) == (pytest.approx(0.4902, abs=1e-4), pytest.approx(0.9433, abs=1e-4))
