"""DeepSpeed's configuration, made from params.yaml."""

from __future__ import annotations

from typing import Any

from pipelines.training.job import Job


def zero_config(job: Job) -> dict[str, Any] | None:
    """The configuration for `job.zero_stage`, None for plain training.

    Batch sizes, clipping and type are filled in from the trainer's arguments ("auto"). The optimizer is the
    trainer's own AdamW, except under offload, where DeepSpeed's CPU Adam works on the offloaded state.
    """
    if job.zero_stage == 0:
        return None
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
