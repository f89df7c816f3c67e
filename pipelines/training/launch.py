"""Runs a training in processes of its own, under torchrun, and ends them with the stage."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from pathlib import Path
from types import FrameType

from pipelines.base import ops
from pipelines.base.device import core_count, gpu_count
from pipelines.ends import die_with_parent
from pipelines.errors import KefuError, UnavailableError
from pipelines.home import ROOT
from pipelines.training.job import Job
from pipelines.training.nodes import start_others, torchrun


def launch(job: Job) -> None:
    """Returns when the training is done; KefuError if it failed. Its output goes on to this process's."""
    job.write()
    error = Path(job.folder) / "error.json"
    error.unlink(missing_ok=True)
    others = start_others(job)
    try:
        code = _run(job, 0)
    finally:
        for other in others:
            end(other)
    if error.exists():
        raise KefuError(**json.loads(error.read_text()))
    if code:
        raise UnavailableError(  # unexplained, so perhaps killed: a task goes on with it
            f"the training of {job.name} ended with exit status {code}",
            "the lines above",
            "run the stage again: it goes on from its last checkpoint"
            + (" (-9 is often too little memory)" if code in (-9, 137) else ""),
        )


def join(job: Job, node: int) -> int:
    """This machine's part of a training that the stage on the first machine leads; its exit status."""
    return _run(job, node)


def _run(job: Job, node: int) -> int:
    env = environment(job.processes // job.nodes)
    if job.zero_stage and not gpu_count():
        own = ops.copy(ops.folder(), Path(job.folder) / f"operators-{node}")
        env["TORCH_EXTENSIONS_DIR"] = str(own)
    return _wait(
        subprocess.Popen(
            torchrun(job, node),
            env=env,
            cwd=ROOT,
            start_new_session=True,
            preexec_fn=die_with_parent,
        )
    )


def _wait(process: subprocess.Popen[bytes]) -> int:
    """Waits; a SIGTERM or Ctrl-C meant for this process ends the whole group of the trainer first."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, stop)
    try:
        return process.wait()
    finally:
        signal.signal(signal.SIGTERM, before)
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def environment(processes: int) -> dict[str, str]:
    """On a CPU an honest thread count and sleeping waiters: crowded cores made runs ten times slower."""
    shared = {"TOKENIZERS_PARALLELISM": "false", "HF_HUB_OFFLINE": "1", "PYTHONPATH": str(ROOT)}
    if gpu_count():
        inherited = {name: value for name, value in os.environ.items() if name != "DS_ACCELERATOR"}
        return {**inherited, **shared}
    threads = str(max(1, core_count() // processes))
    return {
        **ops.environment(),
        **shared,
        "OMP_NUM_THREADS": threads,
        "OMP_WAIT_POLICY": "PASSIVE",
        "MASTER_ADDR": "127.0.0.1",
    }
