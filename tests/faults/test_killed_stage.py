"""A stage under `dvc repro` is killed with its process group at random moments, and run again."""

import os
import random
import signal
import subprocess
import time

import psutil
import pytest
import yaml

from tests.faults.conftest import SEED
from tests.faults.table import record
from tests.test_e2e import Checkout

KEPT_WEEKS = 1
KILLS = 2


class Weeks(Checkout):
    """A clone with the first weeks' logs, which has run nothing yet; keys are the test's."""

    def __init__(self, path):
        path.parent.mkdir()
        super().__init__(path)
        self.env |= {n: v for n, v in os.environ.items() if n.startswith("KEFU_") and n.endswith("_KEY")}
        self.env |= {"KEFU_HOME": str(path / ".kefu"), "KEFU_RUN": "killed"}
        for log in sorted((path / "data/raw").glob("2026-*.jsonl"))[KEPT_WEEKS:]:
            log.unlink()

    def start(self):
        command = ["dvc", "repro", "--single-item", "ingest"]
        return subprocess.Popen(
            command,
            cwd=self.path,
            env=self.env,
            start_new_session=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def finish(self):
        """Seconds that the stage took."""
        began, process = time.monotonic(), self.start()
        said, _ = process.communicate(timeout=600)
        assert process.returncode == 0, said
        return time.monotonic() - began

    def outputs(self):
        stages = yaml.safe_load((self.path / "dvc.lock").read_text())["stages"]
        partitions = {p.name for p in (self.path / ".kefu/restricted").rglob("*.parquet")}
        named = {out["path"]: out["md5"] for out in stages["ingest"]["outs"]}
        return named["data/ingested"], partitions


@pytest.mark.faults
def test_a_stage_that_is_killed_and_run_again_writes_what_an_undisturbed_one_does(tmp_path):
    undisturbed, killed = Weeks(tmp_path / "one/kefu"), Weeks(tmp_path / "two/kefu")
    seconds, chance = undisturbed.finish(), random.Random(SEED)
    for _ in range(KILLS):
        process = killed.start()
        time.sleep(chance.uniform(0.2, 0.9) * seconds)
        tree = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert psutil.wait_procs(tree, timeout=10)[1] == []
    killed.finish()
    assert killed.outputs() == undisturbed.outputs()
    assert list((killed.path / "data").glob(".*")) == [] and not list(tmp_path.rglob("*.partial"))


@pytest.mark.faults
@pytest.mark.parametrize("damage", ["cut", "noise"])
def test_a_damaged_source_is_counted_or_told(tmp_path, damage):
    """Cut in mid-row it loses that row under a reason; a file of noise stops the run with its name."""
    clone = Weeks(tmp_path / "one/kefu")
    [log] = sorted((clone.path / "data/raw").glob("2026-*.jsonl"))
    raw = log.read_bytes()
    log.write_bytes(raw[: len(raw) // 2] if damage == "cut" else random.Random(SEED).randbytes(len(raw)))
    process = clone.start()
    said, _ = process.communicate(timeout=600)
    if damage == "cut":
        assert process.returncode == 0 and "not_json 1" in said
        record("a source file is cut in mid-row", "that row is counted as `not_json`", "without that row")
    else:
        [told] = [line for line in said.splitlines() if line.startswith("error: ")]
        assert process.returncode != 0 and log.name in said
        assert not (clone.path / "data/ingested").exists()
        record("a source file is noise", f"the run stops: {told.removeprefix('error: ')}", "none")
