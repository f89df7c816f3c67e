"""The stage as a whole on the tiny base."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.errors import KefuError
from pipelines.evaluate import champion as registry
from pipelines.evaluate import generate
from pipelines.records import EXAMPLES, SAMPLES
from pipelines.stage import execute, read_table
from tests.code.evaluate.checkout import NO_CHAMPION


def no_checks(*_):
    return {}


def evaluate(root, params):
    metrics = execute("evaluate", params, root, checker=no_checks)
    return metrics, json.loads((root / "data/evaluation/summary.json").read_text())


def test_base_and_candidate_answer_the_same_questions(here):
    root, params = here
    metrics, summary = evaluate(root, params)
    rows = read_table(root / "data/evaluation/samples.parquet", SAMPLES).to_pylist()
    asked = {m: [r["example_id"] for r in rows if r["model"] == m] for m in ("base", "candidate")}
    assert asked["base"] == asked["candidate"] and len(asked["base"]) == summary["sample"]["n"] > 20
    assert any(r["hand_over_expected"] for r in rows)
    assert sum(r["latency_s"] is not None for r in rows) == params.evaluate.latency_examples
    assert summary["verdict"] in ("BLESSED", "NOT BLESSED") and len(summary["reasons"]) >= 5
    assert summary["champion"] is None and "looked for" in summary["champion_note"]
    assert metrics["metrics"]["candidate.loss"] != metrics["metrics"]["base.loss"]


def test_the_summary_holds_suites_intervals_slices_changes_and_the_return(here):
    root, params = here
    metrics, summary = evaluate(root, params)
    assert len(summary["suites"]) >= 12 and all(one["version"] >= 1 for one in summary["suites"].values())
    assert {s["kind"] for s in summary["suites"].values()} == {"function", "invariance", "direction"}
    assert set(summary["gains"]["base"]) >= {"key_facts", "right", "loss", "rouge_l", "hand_over_recall"}
    assert {one["by"] for one in summary["slices"]} >= {"language", "intent", "suite", "turn", "emotion"}
    assert summary["changed_most"]["against"] == "base"
    assert summary["automation"]["line"].count("CNY") >= 2
    assert summary["models"]["candidate"]["repeats"]["pass_all"]["of"] == params.evaluate.repeats.examples
    assert summary["models"]["base"]["repeats"] is None
    assert metrics["metrics"]["candidate.suite.faq"] is not None
    text = json.dumps(summary, ensure_ascii=False)
    assert "鱼缸" not in text


def test_suites_that_params_names_and_that_are_not_there_are_all_told(here):
    root, params = here
    settings = params.evaluate.model_copy(update={"suites": {"nothing": 1, "faq": 2}})
    gate = params.gate.model_copy(update={"suites": {"nowhere": 0.5}})
    wrong = params.model_copy(update={"evaluate": settings, "gate": gate})
    with pytest.raises(KefuError) as error:
        execute("evaluate", wrong, root, checker=no_checks)
    assert "2 fault(s)" in str(error.value) and "evaluate.suites.nothing" in str(error.value)
    assert "gate.suites.nowhere" in str(error.value)


def test_a_second_evaluation_loads_no_model_and_says_the_same(here, monkeypatch):
    root, params = here
    _, first = evaluate(root, params)
    bytes_of = (root / "data/evaluation/samples.parquet").read_bytes()
    for name in ("answer", "answer_losses", "timed_answer"):
        monkeypatch.setattr(generate, name, lambda *_: pytest.fail("asked again"))
    _, second = evaluate(root, params)
    assert second == first
    assert (root / "data/evaluation/samples.parquet").read_bytes() == bytes_of


def test_a_champion_is_compared_with(here, monkeypatch):
    from pipelines.base.load import resolve

    root, params = here
    folder = root / "data/adapters/domain"
    champion = registry.Champion("kefu-instruction", "3", resolve(params.model).sha256, "c" * 64)
    monkeypatch.setattr(registry.Champion, "adapter", lambda _: folder)
    (root / registry.PINNED).write_text(json.dumps({"champion": vars(champion), "note": "it is version 3"}))
    try:
        _, summary = evaluate(root, params)
    finally:
        (root / registry.PINNED).write_text(NO_CHAMPION)
    assert summary["champion"]["version"] == "3"
    assert set(summary["models"]) == {"base", "champion", "candidate"}
    assert summary["gain"]["champion"]["n"] > 0


def test_a_champion_on_another_base_is_not_compared_with(tmp_path):
    there = {"name": "m", "version": "1", "base_sha256": "x", "adapter_sha256": "y"}
    (tmp_path / "data").mkdir()
    (tmp_path / registry.PINNED).write_text(json.dumps({"champion": there, "note": "m is it"}))
    found, note = registry.pinned(tmp_path, "other")
    assert found is None and "another base" in note
    assert registry.pinned(tmp_path, "x")[0].version == "1"


@pytest.mark.parametrize("content", [None, "", "{}", '{"champion": {"name": "m"}, "note": ""}', "[1]"])
def test_an_unreadable_pin_says_what_to_run(tmp_path, content):
    (tmp_path / "data").mkdir()
    if content is not None:
        (tmp_path / registry.PINNED).write_text(content)
    with pytest.raises(KefuError, match="pin-champion"):
        registry.pinned(tmp_path, "x")


def test_an_empty_test_split_is_an_error(here, tmp_path):
    (tmp_path / "data/split").mkdir(parents=True)
    pq.write_table(pa.Table.from_pylist([], schema=EXAMPLES), tmp_path / "data/split/test.parquet")
    with pytest.raises(KefuError, match="empty"):
        execute("evaluate", here[1], tmp_path, checker=no_checks)


def test_a_missing_adapter_is_an_error_that_says_what_to_run(here, tmp_path):
    from pipelines.evaluate.adapter import adapter_sha256

    with pytest.raises(KefuError, match="dvc repro"):
        adapter_sha256(tmp_path)
