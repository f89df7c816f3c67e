"""kill -9 at any moment, run again: the same bytes as an undisturbed run, and no process left behind."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime

import psutil
import pyarrow as pa
import pytest

from pipelines.ingest.restricted import write_partition
from pipelines.records import CONVERSATIONS
from tests.conftest import ROOT

TIMEOUT_S = 300
AT = datetime(2026, 9, 7, tzinfo=UTC)
DIES = """
import os, signal, sys
from pathlib import Path
import pyarrow.parquet as pq
import pipelines.checks.run as checks
import pipelines.stage as stage

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

def dies_in_the_middle_of(place, nth):
    whole, count = pq.write_table, 0
    def write(table, path, **options):
        nonlocal count
        whole(table, path, **options)
        count += place in str(path)
        if count == nth and place in str(path):
            os.truncate(path, Path(path).stat().st_size // 2)
            die()
    pq.write_table = write

MOMENT
from pipelines.__main__ import main
sys.exit(main(["mask"]))
"""
MOMENTS = {
    "remembering the second partition": "dies_in_the_middle_of('/store/', 2)",
    "writing the second table": "dies_in_the_middle_of('.masked.partial/', 2)",
    "checking": "checks.check_tables = die",
    "publishing, the old tables moved away": (
        "Path.rename = lambda self, to, rename=Path.rename: "
        "die() if self.name == '.masked.partial' else rename(self, to)"
    ),
    "telling": "stage._write_metrics = die",
}


def conversations(number, count):
    rows = []
    for n in range(count):
        said = (f"第{n % 50}单，我叫张建国，电话1380013{n % 50:04d}", f"mail me: a{n % 50}@example.com")
        messages = [{"role": "customer", "content": text, "sent_at": AT} for text in said]
        row = dict.fromkeys(CONVERSATIONS.names) | {"conversation_id": f"c{number}-{n:04}", "language": "zh"}
        rows.append(row | {"started_at": AT, "messages": messages, "source_row": n, "source_file": "a"})
    return pa.Table.from_pylist(rows, CONVERSATIONS)


class Checkout:
    """The code in a folder of its own, with three ingested partitions."""

    def __init__(self, root, monkeypatch, rows, processes=1):
        self.root, self.home = root, root / "home"
        monkeypatch.setenv("KEFU_HOME", str(self.home))
        shutil.copytree(ROOT / "pipelines", root / "pipelines", ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copytree(ROOT / "data/knowledge", root / "data/knowledge")
        shutil.copy(ROOT / "dvc.yaml", root / "dvc.yaml")
        params = (ROOT / "params.yaml").read_text().splitlines()
        params = [f"  processes: {processes}" if x.startswith("  processes: 2 ") else x for x in params]
        (root / "params.yaml").write_text("\n".join(params).replace("  batch_size: ", "  batch_size: 16 # "))
        partitions = []
        for number in range(3):
            write_partition(f"{number}" * 64, conversations(number, rows))
            name = f"shop/{number}.jsonl"
            partitions.append({"partition": name, "key": f"{number}" * 64, "rows": rows, "rejected": 0})
        (root / "data/ingested").mkdir()
        (root / "data/ingested/manifest.json").write_text(json.dumps({"partitions": partitions}))

    def start(self, *command):
        env = {**os.environ, "PYTHONPATH": str(self.root), "KEFU_HOME": str(self.home)}
        return subprocess.Popen(
            [sys.executable, *command],
            cwd=self.root,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def run(self):
        process = self.start("-m", "pipelines", "mask")
        said, _ = process.communicate(timeout=TIMEOUT_S)
        assert process.returncode == 0, said.decode()

    def written(self):
        """{path: bytes} of tables, remembered partitions and metrics, the time taken aside."""
        files = [*self.root.glob("data/masked/*"), *self.home.glob("store/masked/*.parquet")]
        found = {str(path.relative_to(self.root)): path.read_bytes() for path in files}
        metrics = json.loads((self.root / "data/metrics/mask.json").read_text())
        del metrics["seconds"], metrics["metrics"]["partitions"]["reused"]
        return found | {"metrics": json.dumps(metrics).encode()}


@pytest.fixture
def make(tmp_path, monkeypatch):
    made = []

    def checkout(rows, processes=1):
        root = tmp_path / f"checkout{len(made)}"
        root.mkdir()
        made.append(root)
        return Checkout(root, monkeypatch, rows, processes)

    return checkout


def test_killed_while_it_writes_and_run_again_gives_the_same_bytes(make):
    undisturbed = make(40)
    undisturbed.run()
    wanted = undisturbed.written()
    assert len(wanted) == 7
    killed = make(40)
    for moment, code in MOMENTS.items():
        process = killed.start("-c", DIES.replace("MOMENT", code))
        said, _ = process.communicate(timeout=TIMEOUT_S)
        assert process.returncode == -signal.SIGKILL, f"{moment}: {said.decode()}"
        assert not list(killed.root.glob("data/masked/*")) or moment == "telling", moment
    killed.run()
    assert killed.written() == wanted
    assert sorted(p.name for p in (killed.root / "data").iterdir() if p.name.startswith(".")) == []


def test_killed_with_two_processes_leaves_none_and_gives_the_bytes_of_one(make):
    one, two = make(501), make(501, processes=2)
    one.run()
    process = two.start("-m", "pipelines", "mask")
    started = workers_of(process, at_least=2)
    while not list(two.home.glob("store/masked/*.parquet")) and process.poll() is None:
        time.sleep(0.01)
    process.kill()
    process.communicate(timeout=TIMEOUT_S)
    assert process.returncode == -signal.SIGKILL, "it was done before it could be killed"
    _, alive = psutil.wait_procs(started, timeout=20)
    assert [p for p in alive if p.status() != psutil.STATUS_ZOMBIE] == []
    two.run()
    assert two.written() == one.written()


def workers_of(process, at_least):
    """The processes that the stage has started, once there are so many workers."""
    deadline = time.monotonic() + TIMEOUT_S
    while time.monotonic() < deadline and process.poll() is None:
        children = psutil.Process(process.pid).children(recursive=True)
        if sum("spawn_main" in " ".join(child.cmdline()) for child in children) >= at_least:
            return children
        time.sleep(0.05)
    pytest.fail(f"no {at_least} workers were seen")
