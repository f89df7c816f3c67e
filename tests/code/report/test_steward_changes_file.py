"""The steward changes pii.yaml, the mask stage runs again, and the report shows what that changed."""

import json
import shutil
from datetime import UTC, datetime

import pyarrow as pa
import pytest
from mlflow import MlflowClient

from pipelines.ingest.restricted import write_partition
from pipelines.records import CONVERSATIONS
from pipelines.register import tracking
from pipelines.report.masking import masking
from pipelines.report.page import render
from pipelines.report.previous import previous_run
from pipelines.stage import execute
from tests.code.report.made import made_facts
from tests.code.report.reading import seen
from tests.conftest import ROOT

NOW = datetime(2026, 9, 7, tzinfo=UTC)
SAID = ("我叫张建国,手机号1380013{:04}", "会员号C1000{:04},帮我查下积分", "货在栗子仓{}号架")


def ingested(root, weeks):
    """A checkout whose logs have so many weeks, a partition each."""
    partitions = []
    for week in range(weeks):
        rows = [
            dict.fromkeys(CONVERSATIONS.names)
            | {"conversation_id": f"c{week}-{n}", "customer_ref": "", "channel": "web", "language": "zh"}
            | {"started_at": NOW, "source_file": "a", "source_row": n}
            | {"messages": [{"role": "customer", "content": text.format(week * 20 + n), "sent_at": NOW}]}
            for n, text in enumerate(SAID * 4)
        ]
        write_partition(f"{week}" * 64, pa.Table.from_pylist(rows, CONVERSATIONS))
        name = f"shop/w{week}.jsonl"
        partitions.append({"partition": name, "key": f"{week}" * 64, "rows": len(rows), "rejected": 0})
    manifest = root / "data/ingested/manifest.json"
    manifest.parent.mkdir(parents=True, exist_ok=True)
    manifest.write_text(json.dumps({"partitions": partitions}))


@pytest.fixture
def weekly(tmp_path, own_home, monkeypatch, params):
    """weekly(name, weeks, pii): masks and registers as a run does; what the report says of it."""
    monkeypatch.chdir(tmp_path)
    client = MlflowClient(tracking_uri=f"sqlite:///{tmp_path / 'mlflow.db'}")
    experiment = client.create_experiment("kefu")
    path = tmp_path / params.knowledge / "pii.yaml"
    path.parent.mkdir(parents=True)

    def run(name, weeks, pii):
        ingested(tmp_path, weeks)
        path.write_text(pii)
        execute("mask", params, tmp_path, checker=lambda *_: {})
        parent = tracking.parent_run(client, experiment, name)
        tracking.log_params(client, parent, params)
        tracking.log_stage(client, parent, "mask", tmp_path)
        tracking.log_file(client, parent, path)
        found = json.loads((tmp_path / "data/metrics/mask.json").read_text())
        return masking(params, tmp_path, found, previous_run(client, parent.info.run_id))

    yield run
    shutil.rmtree(tmp_path / "mlruns", ignore_errors=True)


def test_a_changed_file_is_told_from_a_new_week(weekly, tmp_path):
    shipped = (ROOT / "data/knowledge/pii.yaml").read_text()
    first = weekly("r1", 1, shipped)
    assert [group["type"] for group in first["samples"]] == [""]
    denied = shipped.replace("deny: []", "deny: [{text: 栗子仓, type: USERNAME}]")
    second = weekly("r2", 1, denied.replace("MEMBER: {mask: true}", "MEMBER: {mask: false}"))
    rows = {row["type"]: row for row in second["types"]}
    assert {type_ for type_, row in rows.items() if row["rule"]} == {"USERNAME", "MEMBER"}
    assert (rows["USERNAME"]["before"], rows["USERNAME"]["n"]) == (0, 4)
    assert (rows["MEMBER"]["before"], rows["MEMBER"]["n"]) == (4, 0)
    assert rows["PHONE"]["n"] == rows["PHONE"]["before"] and rows["PHONE"]["rate"] == 1000 / 3
    groups = {group["type"]: group["samples"] for group in second["samples"]}
    assert [len(groups["USERNAME"]), groups["MEMBER"]] == [4, []] and "PHONE" not in groups
    page = render({**made_facts(tmp_path / "made"), "masking": second})
    assert "货在<mark>&lt;用户名1&gt;</mark>" in page and "栗子仓" not in page.partition('class="diff"')[0]
    assert "会员号: 4 → 0" in " ".join(seen(page, "zh").split())
    third = weekly("r3", 2, (tmp_path / "data/knowledge/pii.yaml").read_text())
    rows = {row["type"]: row for row in third["types"]}
    assert not any(row["rule"] for row in rows.values())
    assert (rows["PHONE"]["before"], rows["PHONE"]["n"]) == (4, 8)
    assert rows["PHONE"]["rate"] == rows["PHONE"]["rate_before"]
    assert {group["type"] for group in third["samples"]} == {"PERSON", "PHONE", "USERNAME"}
