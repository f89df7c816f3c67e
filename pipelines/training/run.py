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

from pipelines.base.load import BaseInfo, dtype_name
from pipelines.base.prepare import sha256_of
from pipelines.errors import KefuError
from pipelines.fingerprint import digest, fingerprint_code
from pipelines.home import ROOT, home
from pipelines.params import Params, Pretrain, Tune
from pipelines.stage import StageRun
from pipelines.training.adapter import CONFIG, WEIGHTS
from pipelines.training.checkpoints import latest
from pipelines.training.encode import Segment
from pipelines.training.job import Job, write_items
from pipelines.training.launch import launch

Item = list[Segment]
CODE = ("pipelines/training", "pipelines/base")
ROW_TOKENS = 768
"""A micro-batch of eight chats fits one row: nothing is padded, and a shared beginning stands there once."""


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
        **own,
    )


def train(run: StageRun, job: Job, base: BaseInfo, items: Sequence[Item], evaluation: Sequence[Item]) -> None:
    """Trains, or goes on with a training of the same key that was killed, and fills `run.out`."""
    if not items:
        raise KefuError(
            "there is nothing to train on",
            f"inputs of {run.name}",
            "see data/metrics of the stages before it for what was dropped and why",
        )
    parent_sha = sha256_of(Path(job.parent) / WEIGHTS) if job.parent else None
    folder = home() / "checkpoints" / key_of(job, base, parent_sha, items, evaluation)
    job = replace(job, folder=str(folder))
    folder.mkdir(parents=True, exist_ok=True)
    if not job.result.exists():
        write_items(job.train_file, items)
        write_items(job.eval_file, evaluation)
        shutil.rmtree(job.result.with_suffix(".partial"), ignore_errors=True)
        found = latest(job.checkpoints, job.processes)
        if found:
            print(f"{run.name}: goes on from {found.name} of a run that was stopped", flush=True)
        launch(job)
    publish(run, job, base, parent_sha, items)
    shutil.rmtree(folder)


def key_of(
    job: Job, base: BaseInfo, parent_sha: str | None, items: Sequence[Item], evaluation: Sequence[Item]
) -> str:
    """64 hex digits over all that determines the adapter: data, base, parent, parameters and code."""
    settings = {k: v for k, v in asdict(job).items() if k not in ("base", "parent", "folder")}
    code = fingerprint_code(*(ROOT / part for part in CODE))
    return digest(settings, base.sha256, parent_sha, data_sha256(items), data_sha256(evaluation), code)


def data_sha256(items: Sequence[Item]) -> str:
    total = hashlib.sha256()
    for item in items:
        for segment in item:
            total.update(array("q", [len(item), segment.answer_from, *segment.input_ids]).tobytes())
    return total.hexdigest()


def publish(run: StageRun, job: Job, base: BaseInfo, parent_sha: str | None, items: Sequence[Item]) -> None:
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
    lineage |= {
        "base_license": base.license,
        "dtype": job.dtype,
        "softmax": job.softmax,
        "parent_sha256": parent_sha,
    }
    settings = {"lora": job.lora, "zero_stage": job.zero_stage, "processes": job.processes, "seed": job.seed}
    settings |= {"learning_rate": job.learning_rate, "epochs": job.epochs, "batch_size": job.batch_size}
    settings |= {"gradient_accumulation": job.gradient_accumulation, "scheduler": job.scheduler}
    adapter = {"adapter_sha256": sha256_of(run.out / WEIGHTS)}
    run.write_json("training.json", {**lineage, **adapter, **seen, **result, "parameters": settings})
    run.metrics |= {**seen, **result, "dtype": job.dtype}
    run.metrics["tokens_per_second"] = round(seen["tokens"] / max(result["seconds"], 1e-9), 1)


def _portable(config: dict[str, Any], base: BaseInfo) -> dict[str, Any]:
    """The adapter's configuration with the base's name in place of this machine's path to it."""
    return {**config, "base_model_name_or_path": base.name, "revision": base.revision}


def _with_tokens(job: Job, result: dict[str, Any], tokens: int) -> list[dict[str, Any]]:
    history: list[dict[str, Any]] = json.loads((job.result / "history.json").read_text())
    a_step = tokens * job.epochs / max(result["planned_steps"], 1)
    return [{**entry, "tokens": round(entry["step"] * a_step)} for entry in history]
