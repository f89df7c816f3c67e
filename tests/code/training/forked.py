"""Trainers forked from a process that has loaded everything, each killed where a test wants it to be.

A kill falls inside a real training: `at` names what the victim is doing, and how many times it has done it.
"""

import multiprocessing
import os
import signal
import socket
from pathlib import Path

from pipelines.base import ops

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["deepspeed", "pipelines.training.trainer", "pipelines.training.worker"])
DEADLINE_S = 240


def start(job, at=None, victim=0, extensions=None, **own):
    """A process for each of the job's; process number `victim` kills itself `at` (what, count).

    `own`: `loss`, values of pipelines.training.loss to set; `keep_logits`, see `logits_file`.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    if extensions:
        extensions = ops.copy(extensions, Path(job.folder) / "operators")
    ranks = [
        FORKS.Process(
            target=_work, args=(job, rank, port, at if rank == victim else None, extensions), kwargs=own
        )
        for rank in range(job.processes)
    ]
    for process in ranks:
        process.start()
    return ranks


def finish(job, extensions=None, **own):
    """The training, to its end."""
    for process in start(job, extensions=extensions, **own):
        process.join(DEADLINE_S)
        assert process.exitcode == 0


def kill(job, at, victim=0, extensions=None, **own):
    """The training, until the victim dies; as under torchrun the others are killed after it."""
    ranks = start(job, at, victim, extensions, **own)
    ranks[victim].join(DEADLINE_S)
    assert ranks[victim].exitcode == -signal.SIGKILL, f"the training ended before {at}"
    for process in ranks:
        process.kill()
        process.join(DEADLINE_S)


def logits_file(job, rank):
    """(inputs, logits) of the last batch that the live model of process `rank` was evaluated on."""
    return Path(job.folder) / f"logits-{rank}.pt"


def _work(job, rank, port, at, extensions, loss=(), keep_logits=False):
    import torch

    from pipelines.training import loss as losses
    from pipelines.training.worker import train

    torch.set_num_threads(1)
    os.environ |= {"RANK": str(rank), "LOCAL_RANK": str(rank), "WORLD_SIZE": str(job.processes)}
    os.environ |= {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port), "OMP_NUM_THREADS": "1"}
    os.environ |= {"LOCAL_WORLD_SIZE": str(job.processes), "DS_ACCELERATOR": "cpu"}
    if extensions:
        os.environ["TORCH_EXTENSIONS_DIR"] = str(extensions)
    for name, value in dict(loss).items():
        setattr(losses, name, value)
    if at:
        _arm(*at)
    if keep_logits:
        _keep_logits(logits_file(job, rank))
    train(job)


def _keep_logits(file):
    import torch

    from pipelines.training.trainer import PackedTrainer

    def prediction_step(self, model, inputs, *_, **__):
        with torch.no_grad():
            outputs = model(**self._prepare_inputs(inputs), num_items_in_batch=self.targets_per_row)
        torch.save((inputs, outputs.logits), file)
        return outputs.loss.detach(), None, None

    PackedTrainer.prediction_step = prediction_step


def _arm(what, count):
    """From now on this process dies in its call number `count` of what `what` stands for."""
    import torch

    from pipelines.training import callbacks, checkpoints, worker
    from pipelines.training.loss import Shortlist
    from pipelines.training.trainer import PackedTrainer

    owner, name, before = {
        "step": (PackedTrainer, "training_step", None),
        "save": (torch, "save", _half_written),
        "seal": (callbacks, "seal", None),
        "evaluation": (PackedTrainer, "prediction_step", None),
        "pruning": (checkpoints.shutil, "rmtree", _half_removed),
        "finish": (worker, "finish", None),
        "shortlist": (Shortlist, "targets", None),
    }[what]
    real, calls = getattr(owner, name), []

    def deadly(*args, **kwargs):
        calls.append(None)
        if len(calls) == count:
            if before:
                before(*args)
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **kwargs)

    setattr(owner, name, deadly)


def _half_written(_, target, *__):
    if hasattr(target, "write"):
        target.write(b"PK half a checkpoint")
        target.flush()
    else:
        Path(target).write_bytes(b"PK half a checkpoint")


def _half_removed(folder, *_):
    for file in sorted(Path(folder).rglob("*.pt*"))[:1]:
        file.unlink()
