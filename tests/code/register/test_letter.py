"""What the steward reads first: verdict and link, figures side by side, every point of the gate."""

import pytest

from pipelines.register.letter import MEASURES, letter
from pipelines.report.words import words

LINKS = {"report": "http://m/r", "version": "http://m/v", "docs": "http://m/d", "airflow": "http://a/r"}


def count(right, of):
    return {"right": right, "of": of, "share": right / of if of else None}


def figures(right):
    return {
        "key_facts": count(right, 40),
        "intent": count(35, 100),
        "hand_over_precision": count(0, 0),
        "pii_answers": 0,
        "latency": {"p50_s": 2.6, "p95_s": 3.4, "met": False} if right == 12 else None,
    }


PASSED = {
    "passed": True,
    "says": "enough",
    "code": "pii_answers",
    "values": {"found": 0, "of": 9, "limit": 0},
}
FAILED = {"passed": False, "says": "too little", "code": "unheard_of", "values": {}}


def summary(*models):
    gain = {"gain": 0.3, "low": 0.159, "high": 0.448, "n": 40}
    return {
        "verdict": "NOT BLESSED",
        "reasons": [PASSED, FAILED],
        "models": {model: figures(12 if model == "candidate" else 1) for model in ("candidate", *models)},
        "gain": dict.fromkeys(models, gain),
        "sample": {"n": 117},
    }


def rows(text):
    return [
        [cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if "|" in line
    ]


def test_it_starts_with_verdict_and_link():
    assert letter(summary("base"), LINKS).startswith(
        "**NOT BLESSED** · **[Read the report](http://m/r)**\n\n"
    )


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_models_stand_side_by_side_candidate_first(language):
    head, _, facts, *others = rows(letter(summary("base", "champion"), LINKS, language))
    assert len(head) == 4 and "117" in head[0]
    assert facts == [words()["measure.key_facts"][language], "12/40 (30%)", "1/40 (2%)", "1/40 (2%)"]
    assert others[-1][1:] == ["2.6 / 3.4", "–", "–"]


def test_without_a_champion_it_has_no_column_and_no_line():
    text = letter(summary("base"), LINKS)
    assert [len(row) for row in rows(text)] == [3] * 7 and "champion" not in text
    assert "+30.0 points over the base (95 % interval +15.9 to +44.8)" in text


def test_what_was_not_measured_has_no_row_and_nothing_asked_is_no_share():
    text = letter(summary("base"), LINKS)
    assert words()["measure.hand_over_recall"]["en"] not in text
    assert "| 0/0 | 0/0 |" in text


@pytest.mark.parametrize("name", MEASURES.values())
def test_every_measure_has_words_without_markup(name):
    assert not set("<>{|") & set("".join(words()[f"measure.{name}"].values()))


def test_a_gain_that_is_not_known_is_not_told():
    found = summary("base")
    found["gain"]["base"] = {"gain": None, "low": None, "high": None, "n": 0}
    assert "points over" not in letter(found, LINKS)


def test_every_point_of_the_gate_is_told_failed_ones_first():
    text = letter(summary("base"), LINKS)
    assert "The gate: 1 of 2 points passed" in text
    assert text.index("- ✗ too little") < text.index("- ✓ enough")


def test_in_chinese_the_gate_speaks_chinese_where_it_has_words():
    text = letter(summary("base"), LINKS, "zh")
    assert "- ✓ 9 条回答中 0 条含个人信息；最多允许 0 条" in text and "- ✗ too little" in text


def test_words_within_a_point_are_chinese_too():
    found = summary("base")
    note = "no version of kefu-instruction is champion yet"
    found["reasons"].append(
        {
            "passed": True,
            "says": f"not compared with a champion: {note}",
            "code": "no_champion",
            "values": {"note": note},
        }
    )
    assert "✓ 未与现任版本比较：kefu-instruction 尚无现任版本\n" in letter(found, LINKS, "zh")
    assert f"✓ not compared with a champion: {note}\n" in letter(found, LINKS)


def test_links_that_are_not_known_are_left_out():
    assert "(http://a/r)" in letter(summary(), LINKS)
    assert "[The run in Airflow]" not in letter(summary(), {**LINKS, "airflow": ""})
