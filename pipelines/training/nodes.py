"""More machines than one: which there are, what each runs, and how they find each other.

All see the same checkout and the same KEFU_HOME. The stage runs on the first; the others are started by it
over ssh (`deepspeed.hostfile`), or by whatever starts programs there (`python -m pipelines join`).
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import time
from pathlib import Path

from pipelines.errors import KefuError
from pipelines.home import ROOT, home
from pipelines.training.job import Job

PORT = 29400
WAIT_S = 900
"""For the other machines to come."""
LINE = re.compile(r"(?P<host>[^\s#]+)\s+slots=(?P<slots>\d+)")


def read_hostfile(path: Path) -> dict[str, int]:
    """Processes by host, this machine first: lines of `host slots=N`, as DeepSpeed and MPI read them."""
    if not path.exists():
        raise KefuError("there is no hostfile", str(path), "mend deepspeed.hostfile, or set it to null")
    lines = [line.split("#")[0].strip() for line in path.read_text().splitlines()]
    found = [(line, LINE.fullmatch(line)) for line in lines if line]
    wrong = [line for line, match in found if match is None]
    if wrong or not found:
        raise KefuError(
            f"the hostfile has {wrong[0]!r}" if wrong else "the hostfile is empty",
            str(path),
            "give each machine a line `host slots=N`, this one first",
        )
    return {match["host"]: int(match["slots"]) for _, match in found if match}


def torchrun(job: Job, node: int) -> list[str]:
    """The command of machine number `node`."""
    command = [sys.executable, "-m", "torch.distributed.run"]
    if job.nodes == 1:
        command += ["--standalone"]
    else:
        command += ["--nnodes", str(job.nodes), "--node-rank", str(node), "--rdzv-backend", "static"]
        command += ["--rdzv-endpoint", str(job.rendezvous), "--rdzv-id", Path(job.folder).name[:12]]
        command += ["--rdzv-conf", f"timeout={WAIT_S}"]
    command += ["--nproc_per_node", str(job.processes // job.nodes), "-m", "pipelines.training.worker"]
    return [*command, str(Path(job.folder) / "job.json")]


def start_others(job: Job) -> list[subprocess.Popen[bytes]]:
    """Over ssh, the machines of the hostfile but the first; [] where they are started by other means."""
    return [
        subprocess.Popen(["ssh", "-o", "BatchMode=yes", host, _remote(job, node)], start_new_session=True)
        for node, host in enumerate(job.hosts[1:], start=1)
    ]


def _remote(job: Job, node: int) -> str:
    set_ = {name: os.environ[name] for name in ("KEFU_RUN", "MLFLOW_TRACKING_URI") if name in os.environ}
    environment = [f"{name}={value}" for name, value in {"KEFU_HOME": str(home()), **set_}.items()]
    join = [sys.executable, "-m", "pipelines", "join", "--node-rank", str(node), "--job", job.folder]
    return f"cd {shlex.quote(str(ROOT))} && env {shlex.join([*environment, *join])}"


def find_job(stage: str | None, rendezvous: str | None, folder: str | None, wait_s: float = WAIT_S) -> Job:
    """The training in `folder`, else the newest of the stage at the rendezvous, once it is there."""
    deadline = time.monotonic() + wait_s
    while True:
        paths = [Path(folder) / "job.json"] if folder else list((home() / "checkpoints").glob("*/job.json"))
        jobs = [Job.read(path) for path in sorted(paths, key=_age) if path.exists()]
        for job in jobs:
            if folder or (job.name, job.rendezvous) == (stage, rendezvous):
                return job
        if time.monotonic() > deadline:
            raise KefuError(
                f"no training of {stage} at {rendezvous} has begun in {wait_s:.0f} s",
                str(home() / "checkpoints"),
                "see that the first machine runs the stage, and that both see the same KEFU_HOME",
            )
        time.sleep(0.5)


def _age(path: Path) -> float:
    return -path.stat().st_mtime if path.exists() else 0.0
