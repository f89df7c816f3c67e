"""The data stages on real public logs: a message table, a question-answer table, nested dialogues."""

import csv
import json
import shutil
from pathlib import Path

import pytest
import yaml

from pipelines.params import check
from pipelines.records import CONVERSATIONS, EXAMPLES
from pipelines.stage import execute, read_table
from tests.conftest import ROOT

STAGES = ("ingest", "mask", "dedup", "curate", "split", "synthesize")
SETS = {
    "multidogo": {"rows": 19_416, "conversations": 2_404, "languages": {"en"}},
    "bitext": {"rows": 800, "conversations": 800, "languages": {"en"}},
    "crosswoz": {"rows": 8_458, "conversations": 500, "languages": {"zh"}},
}


def some_rows(file, into, count):
    """The first `count` records of a CSV file, for the time that its long answers take."""
    with file.open(newline="", encoding="utf-8") as whole, into.open("w", newline="") as part:
        rows = csv.reader(whole)
        csv.writer(part).writerows(row for row, _ in zip(rows, range(count + 1), strict=False))


def params_of(name, shared_data, root):
    raw = yaml.safe_load((ROOT / "params.yaml").read_text())
    raw["sources"] = yaml.safe_load((ROOT / f"docs/sources/{name}.yaml").read_text())["sources"]
    for source in raw["sources"]:
        source["path"] = str(shared_data / source["path"])
        if name == "multidogo":  # one of its four domains, for the time it takes
            source["path"], source["glob"] = source["path"] + "/airline", "*.tsv"
        if name == "bitext":
            some_rows(next(Path(source["path"]).glob("*.csv")), root / "some.csv", SETS[name]["rows"])
            source["path"] = str(root)
    raw["curate"]["max_answer_chars"] = 2000
    return check(raw)


@pytest.fixture(scope="module", params=SETS)
def ran(request, shared_data, tmp_path_factory):
    """(expected, root, metrics by stage) of the data stages on one public set."""
    root = tmp_path_factory.mktemp(request.param)
    shutil.copytree(ROOT / "data/knowledge", root / "data/knowledge")
    params = params_of(request.param, shared_data, root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KEFU_HOME", str(root / "home"))
        patch.setenv("KEFU_REF_KEY", "1f" * 32)
        patch.setenv("KEFU_RESTRICTED_KEY", "2e" * 32)
        yield SETS[request.param], root, {name: execute(name, params, root) for name in STAGES}


def test_every_row_is_there_or_counted(ran):
    expected, _, metrics = ran
    ingest = metrics["ingest"]
    assert ingest["rows_in"] == expected["rows"]
    assert ingest["rows_out"] == expected["conversations"]
    for name in ("mask", "dedup"):
        dropped = sum(metrics[name]["dropped"].values())
        assert metrics[name]["rows_in"] == metrics[name]["rows_out"] + dropped


def test_every_table_passed_its_checks(ran):
    _, root, metrics = ran
    for name in STAGES:
        assert metrics[name]["checks"]["success"], name
        assert (root / f"data/checks/{name}/index.html").exists()


def test_what_leaves_mask_is_masked(ran):
    expected, root, _ = ran
    from pipelines.mask.detect import find_simple

    rows = read_table(root / "data/masked", CONVERSATIONS).to_pylist()
    assert not [m for r in rows for m in r["messages"] if find_simple(m["content"])]
    seen = {r["language"] for r in rows}
    assert expected["languages"] <= seen


def test_no_held_out_example_is_trainable(ran):
    _, root, _ = ran
    sides = {
        side: read_table(root / f"data/split/{side}.parquet", EXAMPLES).to_pylist()
        for side in ("train", "validation", "test")
    }
    groups = {side: {row["group_id"] for row in rows} for side, rows in sides.items()}
    assert groups["test"] and not groups["test"] & (groups["train"] | groups["validation"])


def test_the_export_is_messages_that_end_with_the_answer(ran):
    _, root, metrics = ran
    lines = (root / "data/synthesized/train.jsonl").read_text().splitlines()
    assert len(lines) == metrics["synthesize"]["rows_out"]
    assert all(json.loads(line)["messages"][-1]["role"] == "assistant" for line in lines)
