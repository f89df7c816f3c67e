"""A checkout with files of the test's own, and ingest run on it."""

import json
from pathlib import Path

import pytest
import yaml

from pipelines.ingest.restricted import read_partition
from pipelines.params import check
from pipelines.stage import execute

ROOT = Path(__file__).resolve().parents[3]


class Checkout:
    """An empty checkout; `logs/` is where the sources of the tests lie."""

    def __init__(self, root: Path) -> None:
        self.root, self.logs = root, root / "logs"
        self.logs.mkdir(parents=True)
        self.sources = [{"name": "shop", "path": "logs"}]
        self.settings = {"max_rejected_share": 0.5}
        self.tables = {}
        self.metrics = {}

    def put(self, name, content, encoding="utf-8"):
        path = self.logs / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    def jsonl(self, name, rows):
        return self.put(name, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))

    def source(self, **values):
        self.sources = [{"name": "shop", "path": "logs", **values}]

    def run(self):
        """Runs ingest; returns its table of conversations as rows."""
        raw = yaml.safe_load((ROOT / "params.yaml").read_text())
        params = check({**raw, "sources": self.sources, "ingest": {"since": None, **self.settings}})
        self.metrics = execute("ingest", params, self.root, checker=self._keep)
        return self.tables["conversations"].to_pylist()

    def _keep(self, stage, tables, docs):
        self.tables = tables
        return {}

    def output(self, name):
        return json.loads((self.root / "data/ingested" / name).read_text())

    @property
    def manifest(self):
        return self.output("manifest.json")["partitions"]

    @property
    def rejected(self):
        return [(row["file"], row["line"], row["reason"]) for row in self.output("rejected.json")["rows"]]

    def stored(self):
        return {part["partition"]: read_partition(part["key"]) for part in self.manifest}


@pytest.fixture
def checkout(tmp_path, own_home):
    return Checkout(tmp_path / "checkout")


def message(conversation, role, text, **more):
    return {"conversation_id": conversation, "role": role, "text": text, **more}
