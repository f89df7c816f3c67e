"""The models' figures as the page shows them."""

import pytest

from pipelines.report.figures import gain, rows, slices
from tests.code.report.made import FIGURES, GAIN, made_slice


@pytest.mark.parametrize(
    ("name", "found", "text", "sign"),
    [
        ("key_facts", {"gain": 0.2, "low": 0.1, "high": 0.3, "n": 9}, "+20.0", 1),
        ("key_facts", {"gain": 0.2, "low": -0.1, "high": 0.3, "n": 9}, "+20.0", 0),
        ("loss", {"gain": -0.5, "low": -0.7, "high": -0.2, "n": 9}, "-0.500", 1),
        ("pii_rate", {"gain": 0.1, "low": 0.05, "high": 0.2, "n": 9}, "+10.0", -1),
        ("reply_chars", {"gain": -80, "low": -90, "high": -70, "n": 9}, "-80", 0),
        ("chrf", {"gain": -0.01, "low": -0.02, "high": 0.0, "n": 9}, "0.0", 0),
    ],
)
def test_a_change_has_its_unit_and_says_which_way_is_better(name, found, text, sign):
    shown = gain(found, name)
    assert (shown["text"], shown["sign"]) == (text, sign)


def test_an_interval_runs_from_low_to_high_whichever_way_is_better():
    shown = gain({"gain": -0.5, "low": -0.7, "high": -0.2, "n": 9}, "loss")
    assert (shown["low"], shown["high"]) == ("-0.700", "-0.200")
    assert gain({"gain": None, "low": None, "high": None, "n": 0}, "loss") is None


def test_a_measure_that_no_model_has_is_left_out():
    summary = {"models": {"candidate": FIGURES, "base": FIGURES}, "gains": {"base": {"key_facts": GAIN}}}
    found = {row["name"]: row for row in rows(summary)}
    assert "rouge_l" not in found and "hand_over_precision" not in found
    assert (
        found["key_facts"]["values"]["candidate"] == "60 %" and found["key_facts"]["counts"]["base"] == "6/10"
    )
    assert found["loss"]["values"]["base"] == "1.250" and found["in_style"]["values"]["base"] == "90 %"
    assert found["intent"]["gains"] == {} and found["key_facts"]["gains"]["base"]["sign"] == 1


def test_slices_stand_by_what_they_are_cut_by_and_empty_ones_go():
    empty = made_slice("channel", "app")
    empty["models"]["candidate"] = {**FIGURES, "n": 0}
    cut = [made_slice("language", "zh"), made_slice("language", "en"), empty]
    found = slices({"models": {"base": FIGURES, "candidate": FIGURES}, "slices": cut})
    assert [(one["by"], [row["value"] for row in one["rows"]]) for one in found] == [
        ("language", ["zh", "en"])
    ]
    assert found[0]["rows"][0]["shares"] == {"base": 0.6, "candidate": 0.6}
    assert found[0]["rows"][0]["gain"]["text"] == "+50.0"
