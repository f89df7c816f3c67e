"""DeepSpeed's configuration, made from params.yaml."""

from __future__ import annotations

import json
from typing import Any

from pipelines.base.load import dtype_name
from pipelines.errors import KefuError
from pipelines.home import ROOT
from pipelines.params import Params
from pipelines.params.sections import Pretrain, Tune
from pipelines.training.job import Job

WATCHED = "pipelines/training"
"""Where a configuration of one's own must lie: DVC runs the stages again when a file there changes."""
MAX_GRAD_NORM = 1.0
WEIGHT_DECAY = 0.0


def zero_config(job: Job) -> dict[str, Any] | None:
    """The configuration for `job.zero_stage`, None for plain training.

    Batch sizes, clipping and type are filled in from the trainer's arguments ("auto"). The optimizer is the
    trainer's own AdamW, except under offload, where DeepSpeed's CPU Adam works on the offloaded state.
    """
    if job.zero_stage == 0:
        return None
    if job.deepspeed is not None:
        return job.deepspeed
    zero: dict[str, Any] = {"stage": job.zero_stage}
    if job.zero_stage == 3:
        zero["stage3_gather_16bit_weights_on_model_save"] = True
    if job.offload:
        zero["offload_optimizer"] = {"device": "cpu"}
    config: dict[str, Any] = {
        "train_micro_batch_size_per_gpu": "auto",
        "gradient_accumulation_steps": "auto",
        "train_batch_size": "auto",
        "gradient_clipping": "auto",
        "bf16": {"enabled": "auto"},
        "zero_optimization": zero,
        "zero_allow_untested_optimizer": True,
    }
    if job.offload:
        adam = {"lr": "auto", "betas": "auto", "eps": "auto", "weight_decay": "auto"}
        config["optimizer"] = {"type": "AdamW", "params": adam}
    return config


def own_config(params: Params, section: Pretrain | Tune) -> dict[str, Any] | None:
    """What the file `deepspeed.config` holds, None where none is named; KefuError if it can't be used for the
    stage of `section`."""
    spread = params.deepspeed
    if spread.config is None:
        return None
    where = f"deepspeed.config: {spread.config}"
    path = (ROOT / spread.config).resolve()
    if not path.is_relative_to(ROOT / WATCHED) or not path.is_file():
        raise KefuError("it is no file of the folder that DVC watches", where, f"put it below {WATCHED}/")
    try:
        config: dict[str, Any] = json.loads(path.read_text())
        stage = config["zero_optimization"]["stage"]
    except (ValueError, KeyError, TypeError):
        raise KefuError(
            "it is no JSON with a zero_optimization.stage", where, "see DeepSpeed's configuration reference"
        ) from None
    if stage != spread.zero_stage:
        raise KefuError(
            f"its zero_optimization.stage is {stage}, deepspeed.zero_stage is {spread.zero_stage}",
            where,
            "make them the same: how the base is loaded depends on it",
        )
    if others := _unlike(config, params, section):
        raise KefuError(
            f"it says otherwise than params.yaml: {'; '.join(others)}",
            where,
            'write "auto" there, which takes what params.yaml says',
        )
    return config


def _unlike(config: dict[str, Any], params: Params, section: Pretrain | Tune) -> list[str]:
    """Values of the file that are neither "auto" nor what the trainer is told; the trainer would refuse them,
    and DeepSpeed would take others where one that must be there is missing."""
    bf16 = dtype_name(params.model.dtype) == "bf16"
    batch, steps = section.batch_size, section.gradient_accumulation
    wanted = {  # name: value, must it be there?
        "train_micro_batch_size_per_gpu": (batch, True),
        "gradient_accumulation_steps": (steps, True),
        "train_batch_size": (batch * steps * params.deepspeed.processes, False),
        "gradient_clipping": (MAX_GRAD_NORM, True),
        "bf16.enabled": (bf16, bf16),
        "fp16.enabled": (False, False),
        "optimizer.params.lr": (section.learning_rate, False),
        "optimizer.params.weight_decay": (WEIGHT_DECAY, False),
        "scheduler.params.warmup_max_lr": (section.learning_rate, False),
    }
    found = {name: _value(config, name) for name in wanted}
    return [
        f"{name} is {'missing' if found[name] is None else json.dumps(found[name])}, not {json.dumps(value)}"
        for name, (value, needed) in wanted.items()
        if found[name] not in ("auto", value) and (needed or found[name] is not None)
    ]


def _value(config: Any, name: str) -> Any:
    for part in name.split("."):
        config = config.get(part) if isinstance(config, dict) else None
    return config
