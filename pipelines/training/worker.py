"""`python -m pipelines.training.worker JOBFILE`, one a device, started by torchrun: does one training."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

from pipelines.ends import die_with_parent
from pipelines.errors import KefuError
from pipelines.training.checkpoints import is_done, latest, state_of, step_of
from pipelines.training.cost import Meter
from pipelines.training.job import Items, Job, steps_per_epoch


def main(argv: list[str]) -> int:
    die_with_parent()
    job = Job.read(Path(argv[0]))
    try:
        train(job)
    except KefuError as error:
        if is_first():
            fault = {"found": error.found, "where": error.where, "todo": error.todo}
            (Path(job.folder) / "error.json").write_text(json.dumps(fault))
        return 2
    return 0


def train(job: Job) -> None:
    """Trains to the end, from the last whole checkpoint if there is one, and writes `job.result`."""
    from transformers import logging, set_seed

    logging.set_verbosity_error()
    meter = Meter(Path(job.folder))
    resumed = latest(job.checkpoints)
    items = Items(job.train_file)
    steps = steps_per_epoch(job, len(items)) * job.epochs
    if resumed is None or not is_done(state_of(resumed), steps):
        from pipelines.training.trainer import make_trainer

        join_processes(job)
        set_seed(job.seed)  # before the LoRA weights are drawn
        evaluation = Items(job.eval_file) if job.evals_per_epoch else None
        trainer = make_trainer(job, items, evaluation, meter)
        trainer.train(resume_from_checkpoint=str(resumed) if resumed else None)
    if is_first():
        finish(job, {"resumed_from_step": step_of(resumed) if resumed else 0, **meter.spent()})


def is_first() -> bool:
    """Of all processes of the training."""
    return os.environ.get("RANK", "0") == "0"


def join_processes(job: Job) -> None:
    """DeepSpeed's own process group: the trainer makes it only on a GPU, and ZeRO-3 needs it to load."""
    if job.zero_stage:
        import deepspeed
        import torch

        gpu = torch.cuda.is_available()
        if gpu:  # before anything is gathered: NCCL takes the current device, the first in every process
            torch.cuda.set_device(int(os.environ.get("LOCAL_RANK", "0")))
        backend = "nccl" if gpu else "gloo"
        deepspeed.init_distributed(dist_backend=backend, auto_mpi_discovery=False, verbose=False)
        check_same(job)


def check_same(job: Job) -> None:
    """Machines may join the wrong training: every process must have the same one."""
    import torch

    folders: list[str] = [""] * torch.distributed.get_world_size()
    torch.distributed.all_gather_object(folders, Path(job.folder).name)
    if len(set(folders)) > 1:
        raise KefuError(
            "the machines have come for different trainings",
            ", ".join(sorted({name[:12] for name in folders})),
            "start the others again once the stage on the first machine has begun",
        )


def finish(job: Job, facts: dict[str, Any]) -> None:
    """Takes the adapter to keep (the best evaluated, else the last) from its checkpoint, checks it, puts it
    in place whole."""
    from pipelines.training.adapter import CONFIG, WEIGHTS, check_saved

    last = latest(job.checkpoints)
    assert last, "training ends with a checkpoint"
    state = state_of(last)
    kept = job.checkpoints / f"checkpoint-{state['best_global_step']}" if job.evals_per_epoch else last
    partial = job.result.with_suffix(".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir()
    for name in (WEIGHTS, CONFIG):
        shutil.copyfile(kept / name, partial / name)
    check_saved(partial, Path(job.base), job.lora["r"], job.lora["targets"], job.lora["depth"])
    facts |= {"steps": state["global_step"], "planned_steps": state["max_steps"]}
    facts |= {"best_step": step_of(kept), "best_eval_loss": state["best_metric"]}
    (partial / "history.json").write_text(json.dumps(history(state["log_history"]), indent=1) + "\n")
    (partial / "result.json").write_text(json.dumps(facts, indent=1) + "\n")
    partial.rename(job.result)


def history(logs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The trainer's log, one record a step that logged a loss, an evaluation loss or both."""
    kept = ("loss", "eval_loss", "learning_rate", "grad_norm")
    steps: dict[int, dict[str, Any]] = {}
    for entry in logs:
        values = {name: float(entry[name]) for name in kept if name in entry}
        if values:
            steps.setdefault(entry["step"], {"step": entry["step"]}).update(values)
    return [steps[step] for step in sorted(steps)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
