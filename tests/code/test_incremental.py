"""Incremental equals full: weeks come, change, are renamed, vanish; the tables are an empty start's."""

import json
import os
import secrets
import shutil
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
import yaml

from pipelines.mask import store
from pipelines.mask.policy import DEFAULT
from pipelines.params import check
from pipelines.sample.bank import load_knowledge
from pipelines.sample.generate import make_week, message_rows
from pipelines.stage import OUTPUTS, execute
from tests.conftest import ROOT

STAGES = ("ingest", "mask", "dedup", "curate", "split", "synthesize")
WEEKS, PER_WEEK, SEED = 4, 5, 20260907
HOW_MUCH = {"seconds", "checks"}  # of metrics: told by every run of itself
REUSED = {"partitions_reused", "partitions", "conversations", "sources", "arrivals"}

KINDS = ("add", "rename", "add", "change", "remove")
# At its end a renamed, a changed and a late file are there: 1w2, w1 and w0; w3 is gone.
LATE = (
    (("add", 3), ("add", 2)),
    (("remove", 2), ("rename", 1), ("change", 1), ("add", 0)),
)


def drawn(seed):
    """Each kind of change in a random order, each to a random week; what comes between two runs."""
    random = Random(seed)
    changes = [(kind, random.randrange(WEEKS)) for kind in random.sample(KINDS, len(KINDS))]
    return changes[:3], changes[3:]


SEEDS = [secrets.randbits(32) for _ in range(10)] if os.environ.get("KEFU_EXPLORE") else [1, 2]
ORDERS = {
    "late": LATE,
    **{f"seed {seed}": drawn(seed) for seed in SEEDS},
}  # one costs three runs of all stages


@pytest.fixture(scope="module")
def logs():
    """The rows of some weeks, conversation by conversation."""
    known = load_knowledge(ROOT / "data/knowledge")
    mondays = [date(2026, 9, 7) + timedelta(weeks=week) for week in range(WEEKS)]
    return [
        [
            [json.dumps(row) for row in message_rows(record)]
            for record in make_week(known, day, PER_WEEK, SEED)
        ]
        for day in mondays
    ]


class Checkout:
    """A checkout whose only source is the folder `logs`, with a store of its own."""

    def __init__(self, root, monkeypatch):
        self.root, self.monkeypatch = root, monkeypatch
        (root / "data").mkdir(parents=True)
        (root / "data/knowledge").symlink_to(ROOT / "data/knowledge")
        raw = yaml.safe_load((ROOT / "params.yaml").read_text())
        raw["sources"] = [raw["sources"][0] | {"path": "logs"}]
        raw["synthesize"] |= {"boundary_cases": 12}
        self.params = check(raw)

    def run(self, files, stages=STAGES):
        """The bytes of all tables, and what the stages say of themselves but for the work that it took."""
        self.monkeypatch.setenv("KEFU_HOME", str(self.root / "home"))
        shutil.rmtree(self.root / "logs", ignore_errors=True)
        (self.root / "logs").mkdir()
        for name, content in files.items():
            (self.root / "logs" / name).write_text(content, encoding="utf-8")
        told = {stage: _told(execute(stage, self.params, self.root, lambda *_: {})) for stage in stages}
        return self._written(), told

    def _written(self):
        folders = [self.root / OUTPUTS[stage] for stage in STAGES]
        files = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
        return {str(path.relative_to(self.root)): path.read_bytes() for path in files}


def _told(metrics):
    own = {name: value for name, value in metrics["metrics"].items() if name not in REUSED}
    return {name: value for name, value in metrics.items() if name not in HOW_MUCH} | {"metrics": own}


def content(week):
    return "".join(f"{row}\n" for conversation in week for row in conversation)


def apply(files, kind, week, logs):
    """`files` (name: content) after one change; at least one file stays."""
    names = sorted(files)
    name = names[week % len(names)]
    if kind == "add":
        files[f"w{week}.jsonl"] = content(logs[week])
    elif kind == "change":
        files[name] = content(logs[week][1:])
    elif kind == "rename":
        files[f"{week}{name}"] = files.pop(name)
    elif len(files) > 1:
        del files[name]


@pytest.mark.parametrize("order", ORDERS)
def test_weeks_in_any_order_leave_what_an_empty_start_gives(tmp_path_factory, monkeypatch, logs, order):
    checkout = Checkout(tmp_path_factory.mktemp("incremental") / "checkout", monkeypatch)
    files = {"w1.jsonl": content(logs[1])}
    for changes in ORDERS[order]:
        for kind, week in changes:
            apply(files, kind, week, logs)
        again = checkout.run(files)
    if order == "late":
        renamed, changed, late = content(logs[2]), content(logs[1][1:]), content(logs[0])
        assert files == {"1w2.jsonl": renamed, "w1.jsonl": changed, "w0.jsonl": late}
    empty = Checkout(tmp_path_factory.mktemp("empty") / "checkout", monkeypatch).run(files)
    assert again[1] == empty[1]
    assert again[0].keys() == empty[0].keys()
    assert [name for name, held in again[0].items() if held != empty[0][name]] == []


def test_a_renamed_week_is_not_masked_again(tmp_path, monkeypatch, logs):
    checkout = Checkout(tmp_path / "checkout", monkeypatch)
    week = content(logs[0])
    for name in ("a.jsonl", "b.jsonl"):
        checkout.run({name: week}, ("ingest", "mask"))
    metrics = json.loads((checkout.root / "data/metrics/mask.json").read_text())["metrics"]
    assert metrics["partitions"] == {"all": 1, "reused": 1}


def test_a_change_of_a_recognizer_masks_all_anew(tmp_path, monkeypatch, params):
    pipelines = tmp_path / "pipelines"
    shutil.copytree(ROOT / "pipelines/mask", pipelines / "mask", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pipelines/records.py", pipelines)
    monkeypatch.setattr(store, "ROOM", pipelines / "mask")

    def key():
        return store.partition_key("0" * 64, params.mask, DEFAULT)

    before = key()
    assert key() == before
    with (pipelines / "mask/recognizers/qq.py").open("a") as file:
        file.write("# changed\n")
    assert key() != before


@pytest.mark.parametrize(
    ("changed", "redone"),
    [
        ("pipelines/report/page.py", set()),
        ("pipelines/register/run.py", set()),
        ("pipelines/mask/recognizers/qq.py", {"ingest", "mask", "curate", "split", "synthesize", "evaluate"}),
        ("pipelines/memo.py", {"curate", "synthesize"}),
        ("pipelines/dedup/near.py", {"dedup", "curate", "split", "synthesize"}),
        ("pipelines/split/sides.py", {"split"}),
    ],
)
def test_what_a_change_of_code_does_anew(changed, redone):
    """The stages that name the file, or a folder above it, as what they depend on."""
    stages = yaml.safe_load((ROOT / "dvc.yaml").read_text())["stages"]
    above = {changed, *map(str, Path(changed).parents)}
    assert {name for name, stage in stages.items() if above & set(stage["deps"])} == redone
