"""One training stage: key, encoded data, trainer's process, checked adapter in the stage's output."""

from __future__ import annotations

import hashlib
import json
import shutil
from array import array
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from pipelines.base.device import gpu_count
from pipelines.base.load import BaseInfo, dtype_name
from pipelines.errors import KefuError
from pipelines.fingerprint import digest, fingerprint_code, sha256_of
from pipelines.home import ROOT
from pipelines.params import Params
from pipelines.params.sections import Pretrain, Tune
from pipelines.stage import StageRun
from pipelines.training import elsewhere
from pipelines.training.adapter import CONFIG, WEIGHTS
from pipelines.training.checkpoints import latest, remove_halves
from pipelines.training.cost import cost
from pipelines.training.encode import Segment
from pipelines.training.job import Job, steps_per_epoch, write_items
from pipelines.training.launch import launch
from pipelines.training.live import open_run
from pipelines.training.nodes import PORT, read_hostfile
from pipelines.training.rules import check_steps, check_time, checkpoints, memory_line
from pipelines.training.unfinished import alone, chosen, folder_of, open_folder
from pipelines.training.zero import own_config, zero_config

Item = list[Segment]
CODE = ("pipelines/training", "pipelines/base")
OF_THE_CLOCK = ("seconds", "attempts", "resumed_from_step")
"""Results that another run of the same training need not share: metrics, and no part of the output."""
ROW_TOKENS = 768
"""A micro-batch of eight chats fits one row: nothing is padded, and a shared beginning stands there once."""


def row_tokens(longest: int) -> int:
    """Tokens of a packed row where an example has `longest` at most.

    A GPU's have room for any: shorter rows beside a longer one are filled up. A CPU pays a length's square.
    """
    return max(ROW_TOKENS, longest) if gpu_count() else ROW_TOKENS


def make_job(
    params: Params, section: Pretrain | Tune, base: BaseInfo, parent: Path | None, **own: Any
) -> Job:
    """What params.yaml says about a stage, as a job without a folder yet."""
    return Job(
        base=str(base.path),
        dtype=dtype_name(params.model.dtype),
        softmax=params.model.softmax,
        layers=params.model.layers,
        parent=str(parent) if parent else None,
        lora=params.lora.model_dump(),
        epochs=section.epochs,
        batch_size=section.batch_size,
        gradient_accumulation=section.gradient_accumulation,
        learning_rate=section.learning_rate,
        warmup_ratio=section.warmup_ratio,
        seed=section.seed,
        zero_stage=params.deepspeed.zero_stage,
        offload=params.deepspeed.offload,
        processes=params.deepspeed.processes,
        folder="",
        deepspeed=own_config(params, section),
        checkpointing=checkpoints(params, base, own["name"]),
        **machines(params),
        **own,
    )


def machines(params: Params) -> dict[str, Any]:
    """Fields of a job: how many machines there are, where they meet, and which to start."""
    spread = params.deepspeed
    hosts = tuple(read_hostfile(ROOT / spread.hostfile)) if spread.hostfile and spread.nodes > 1 else ()
    meet = spread.rendezvous or (f"{hosts[0]}:{PORT}" if hosts else None)
    return {"nodes": spread.nodes, "rendezvous": meet, "hosts": hosts}


def train(
    run: StageRun,
    job: Job,
    base: BaseInfo,
    items: Sequence[Item],
    evaluation: Sequence[Item],
    told: dict[str, Any] | None = None,
) -> None:
    """Trains, or goes on with a training of the same key that was killed, and fills `run.out`.

    `told` is what training.json says of the adapter besides.
    """
    if not items:
        raise KefuError(
            "there is nothing to train on",
            f"inputs of {run.name}",
            "see data/metrics of the stages before it for what was dropped and why",
        )
    check_steps(job, len(items), len(evaluation))
    tokens = sum(len(segment.input_ids) for item in items for segment in item)
    seconds = check_time(run.params, job, base, tokens)
    room = memory_line(run.params, base, run.name)
    print(f"{run.name}: {tokens * job.epochs:,} tokens, about {duration(seconds)} here, {room}", flush=True)
    parent_sha = sha256_of(Path(job.parent) / WEIGHTS) if job.parent else None
    settings = settings_of(job, base, parent_sha, items, evaluation)
    with alone(folder_of(settings)):
        on_change = chosen(run.params.training.on_change)
        folder = open_folder(run.name, run.root, settings, on_change)
        job = replace(job, folder=str(folder))
        if not job.result.exists():
            write_items(job.train_file, items)
            write_items(job.eval_file, evaluation)
            _tell_state(job)
            open_run(run, folder, zero_config(job))
            launch(job)
        publish(run, job, base, parent_sha, items, told or {})
    run.when_published.append(lambda: forget(folder))


def forget(folder: Path) -> None:
    """Removes a training whose adapter stands in its place, unless a run of the same is just taking it."""
    with alone(folder):
        elsewhere.forget(folder / "checkpoints")
        shutil.rmtree(folder, ignore_errors=True)


def duration(seconds: float) -> str:
    return (
        f"{seconds:.0f} s"
        if seconds < 100
        else f"{seconds / 60:.0f} min"
        if seconds < 6000
        else (f"{seconds / 3600:.1f} h")
    )


def _tell_state(job: Job) -> None:
    elsewhere.fetch(job.checkpoints)
    for name in remove_halves(job.checkpoints):
        print(f"{job.name}: {name} is half-written, it is passed over", flush=True)
    if found := latest(job.checkpoints):
        print(f"{job.name}: goes on from {found.name} of a run that was stopped", flush=True)
    if job.softmax == "auto" and job.zero_stage == 3:
        print(f"{job.name}: model.softmax is auto, which is exact under ZeRO-3", flush=True)


def settings_of(
    job: Job, base: BaseInfo, parent_sha: str | None, items: Sequence[Item], evaluation: Sequence[Item]
) -> dict[str, Any]:
    """All that determines the adapter, by name: parameters, base, parent, data and code."""
    elsewhere = ("base", "parent", "folder", "lora", "nodes", "rendezvous", "hosts", "checkpointing")
    parameters = {k: v for k, v in asdict(job).items() if k not in elsewhere}
    return {
        **parameters,
        **{f"lora.{name}": value for name, value in job.lora.items()},
        "total_steps": steps_per_epoch(job, len(items)) * job.epochs,
        "base": f"{base.name} {base.sha256}",
        "parent": parent_sha,
        "training_data": f"{len(items)} items {data_sha256(items)}",
        "validation_data": f"{len(evaluation)} items {data_sha256(evaluation)}",
        "code": digest(fingerprint_code(*(ROOT / part for part in CODE))),
    }


def data_sha256(items: Sequence[Item]) -> str:
    total = hashlib.sha256()
    for item in items:
        for segment in item:
            total.update(array("q", [len(item), segment.answer_from, *segment.input_ids]).tobytes())
    return total.hexdigest()


def publish(
    run: StageRun,
    job: Job,
    base: BaseInfo,
    parent_sha: str | None,
    items: Sequence[Item],
    told: dict[str, Any],
) -> None:
    """Copies adapter and history into `run.out` and writes training.json and the stage's metrics."""
    result = json.loads((job.result / "result.json").read_text())
    tokens = sum(len(s.input_ids) for item in items for s in item)
    learned = sum(s.learned for item in items for s in item)
    share = result["steps"] / max(result["planned_steps"], 1) * job.epochs
    shutil.copyfile(job.result / WEIGHTS, run.out / WEIGHTS)
    run.write_json(CONFIG, _portable(json.loads((job.result / CONFIG).read_text()), base))
    run.write_json("history.json", _with_tokens(job, result, tokens))
    seen = {"tokens": round(tokens * share), "learned_tokens": round(learned * share)}
    lineage = {"base": base.name, "base_sha256": base.sha256, "base_revision": base.revision}
    lineage |= told | {
        "base_license": base.license,
        "dtype": job.dtype,
        "softmax": job.softmax,
        "parent_sha256": parent_sha,
    }
    settings = {"lora": job.lora, "zero_stage": job.zero_stage, "processes": job.processes, "seed": job.seed}
    settings |= {"learning_rate": job.learning_rate, "epochs": job.epochs, "batch_size": job.batch_size}
    settings |= {"gradient_accumulation": job.gradient_accumulation, "scheduler": job.scheduler}
    adapter = {"adapter_sha256": sha256_of(run.out / WEIGHTS)}
    learnt = {name: value for name, value in result.items() if name not in OF_THE_CLOCK}
    run.write_json("training.json", {**lineage, **adapter, **seen, **learnt, "parameters": settings})
    run.metrics |= {**seen, **result, "dtype": job.dtype}
    run.metrics |= cost(result["seconds"], job.processes, job.nodes, run.params.training)
    if config := zero_config(job):
        run.write_json("deepspeed.json", config)
    run.metrics["tokens_per_second"] = round(seen["tokens"] / max(result["seconds"], 1e-9), 1)


def _portable(config: dict[str, Any], base: BaseInfo) -> dict[str, Any]:
    """The adapter's configuration: the base's name for this machine's path to it, PEFT's sets in order."""
    ordered = {name: sorted(value) if isinstance(value, list) else value for name, value in config.items()}
    return {**ordered, "base_model_name_or_path": base.name, "revision": base.revision}


def _with_tokens(job: Job, result: dict[str, Any], tokens: int) -> list[dict[str, Any]]:
    history: list[dict[str, Any]] = json.loads((job.result / "history.json").read_text())
    a_step = tokens * job.epochs / max(result["planned_steps"], 1)
    return [{**entry, "tokens": round(entry["step"] * a_step)} for entry in history]
