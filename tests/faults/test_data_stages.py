"""The data stages on a disk that fills up, with a read-only cache, under a wrong clock, without a remote."""

import shutil
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import yaml

from pipelines.stage import OUTPUTS
from tests.faults.disks import disk
from tests.faults.table import record
from tests.faults.test_killed_stage import Weeks

pytestmark = pytest.mark.faults
LAST = "split"
DATA = [OUTPUTS[stage] for stage in ("ingest", "mask", "dedup", "curate", "split")]
FAKETIME = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1")
JUMPS, JUMPS_EVERY_S = ("+400", "-400", "+0", "-1", "+1"), 3
TOLD = ("the disk is full", "No space left on device", "read-only", "Read-only file system")


class Clone(Weeks):
    def repro(self, **env):
        """(exit status, what it said) of the data stages."""
        done = subprocess.run(
            ["dvc", "repro", LAST], cwd=self.path, env=self.env | env, capture_output=True, text=True
        )
        return done.returncode, done.stdout + done.stderr

    def made(self):
        stages = yaml.safe_load((self.path / "dvc.lock").read_text())["stages"].values()
        return {out["path"]: out["md5"] for stage in stages for out in stage["outs"] if out["path"] in DATA}


@pytest.fixture(scope="module")
def keys():
    """The same for all, so that their outputs can be compared."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("KEFU_REF_KEY", "KEFU_RESTRICTED_KEY", "KEFU_VAULT_KEY", "KEFU_SIGN_KEY"):
            patch.setenv(name, "5a" * 32)
        yield


@pytest.fixture(scope="module")
def wanted(keys, tmp_path_factory):
    undisturbed = Clone(tmp_path_factory.mktemp("undisturbed") / "one/kefu")
    code, said = undisturbed.repro()
    assert code == 0, said
    return undisturbed.made()


@pytest.mark.parametrize("folder", [".kefu", "data"])
def test_the_disk_fills_up_again_and_again(tmp_path, wanted, folder):
    clone, kilobytes, failures = Clone(tmp_path / "one/kefu"), 400, 0
    kept = tmp_path / "kept"
    if (clone.path / folder).exists():
        shutil.copytree(clone.path / folder, kept)
        shutil.rmtree(clone.path / folder)
        kilobytes += sum(p.stat().st_size for p in kept.rglob("*") if p.is_file()) // 1000 * 11 // 10
    with disk(clone.path / folder, kilobytes) as small:
        if kept.exists():
            shutil.copytree(kept, clone.path / folder, dirs_exist_ok=True)
        while (found := clone.repro())[0] != 0:
            assert any(words in found[1] for words in TOLD), found[1]
            assert not list(clone.path.glob("data/.*.partial")), "half an output is left"
            failures, kilobytes = failures + 1, kilobytes * 2
            small.resize(kilobytes)
        assert clone.made() == wanted and failures
    record(f"the disk of `{folder}` is full, {failures} times over", "each time a clear error", "the same")


def test_a_read_only_cache(tmp_path, wanted):
    clone = Clone(tmp_path / "one/kefu")
    with disk(clone.path / ".kefu/dvc-cache", 100_000) as cache:
        cache.lock()
        code, said = clone.repro()
        assert code != 0 and any(words in said for words in TOLD), said
        cache.unlock()
        code, said = clone.repro()
        assert code == 0 and clone.made() == wanted, said
    record("DVC's cache is read-only", "a clear error; the next attempt goes on", "the same")


@pytest.mark.parametrize(("days", "way"), [("+400", "400 days ahead"), ("-400", "400 days back")])
def test_the_clock_is_wrong(tmp_path, wanted, days, way):
    if not FAKETIME.exists():
        pytest.skip("libfaketime is not installed (Debian: faketime)")
    clone = Clone(tmp_path / "one/kefu")
    code, said = clone.repro(LD_PRELOAD=str(FAKETIME), FAKETIME=f"{days}d", FAKETIME_DONT_FAKE_MONOTONIC="1")
    assert code == 0 and clone.made() == wanted, said
    record(f"the clock is {way} during the data stages", "nothing", "the same")


def test_the_clock_jumps_back_and_forth(tmp_path, wanted):
    """Within stages and between them: the processes read the offset from a file that changes."""
    if not FAKETIME.exists():
        pytest.skip("libfaketime is not installed (Debian: faketime)")
    clone, offset, done, jumps = Clone(tmp_path / "one/kefu"), tmp_path / "offset", threading.Event(), 0
    offset.write_text("+0d")
    own = {"LD_PRELOAD": str(FAKETIME), "FAKETIME_TIMESTAMP_FILE": str(offset)}
    own |= {"FAKETIME_CACHE_DURATION": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(clone.repro, **own)
        running.add_done_callback(lambda _: done.set())
        while not done.wait(JUMPS_EVERY_S):
            partial = offset.with_suffix(".new")
            partial.write_text(f"{JUMPS[jumps % len(JUMPS)]}d")
            partial.rename(offset)
            jumps += 1
    code, said = running.result()
    assert code == 0 and clone.made() == wanted and jumps > 5, said
    record(f"the clock jumps by up to 800 days, {jumps} times during the data stages", "nothing", "the same")


def test_the_remote_cannot_be_reached(tmp_path, wanted):
    clone = Clone(tmp_path / "one/kefu")
    assert clone.repro()[0] == 0
    remote = clone.path / ".kefu/dvc-remote"
    remote.write_text("no folder")
    push = ["dvc", "push"]
    failed = subprocess.run(push, cwd=clone.path, env=clone.env, capture_output=True, text=True)
    assert failed.returncode != 0 and "ERROR" in failed.stderr
    remote.unlink()
    subprocess.run(push, cwd=clone.path, env=clone.env, check=True, capture_output=True)
    assert not [p for p in remote.rglob("*") if p.is_file() and p.stat().st_size == 0]
    record(
        "the DVC remote cannot be reached",
        "`dvc push` fails with a word; the next attempt pushes",
        "the same",
    )
