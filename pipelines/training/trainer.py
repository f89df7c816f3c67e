"""transformers' Trainer, set up for packed rows, LoRA and ZeRO."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import EarlyStoppingCallback, Trainer, TrainingArguments
from transformers.trainer_callback import PrinterCallback

from pipelines.base.load import load_model
from pipelines.training.adapter import attach
from pipelines.training.callbacks import EvaluateAtEnd, Report, Seal
from pipelines.training.cost import Meter
from pipelines.training.dropout import use_bit_dropout
from pipelines.training.encode import Segment
from pipelines.training.fused import use_fused_layers
from pipelines.training.job import Items, Job, steps_per_epoch
from pipelines.training.loss import Shortlist, hand_head_to_loss, shortlist_for
from pipelines.training.pack import all_alone, best_fit, flat, into_rows, pack
from pipelines.training.watch import live_callback
from pipelines.training.zero import MAX_GRAD_NORM, WEIGHT_DECAY, zero_config

LOGS_PER_RUN = 40
PACKERS = 2
"""Processes that pack micro-batches for a GPU."""
SAMPLE_TARGETS = 1500
"""Positions that a shortlist of likely tokens is made from."""


class PackedTrainer(Trainer):
    """Evaluates to the mean loss of a target over the whole set, however rows and processes divide it."""

    targets_per_row = 1.0

    def prediction_step(
        self, model: Any, inputs: dict[str, Any], prediction_loss_only: bool, ignore_keys: Any = None
    ) -> tuple[torch.Tensor, None, None]:
        with torch.no_grad():
            outputs = model(**self._prepare_inputs(inputs), num_items_in_batch=self.targets_per_row)
        return outputs.loss.detach(), None, None


def make_trainer(job: Job, train: Items, evaluation: Items | None, meter: Meter) -> PackedTrainer:
    arguments = training_arguments(job, len(train))  # before the model: ZeRO-3 loads it in shards,
    assert arguments.world_size == job.processes  # among processes that have found each other
    model = make_model(job, train)
    total = sum(len(s.input_ids) for i in range(len(train)) for s in train[i]) * job.epochs
    trainer = PackedTrainer(
        model=model,
        args=arguments,
        train_dataset=train,
        eval_dataset=evaluation,
        data_collator=collator(job.row_tokens, attention_of(model), torch.cuda.is_available()),
        callbacks=[Seal()],
    )
    trainer.remove_callback(PrinterCallback)
    if trainer.is_world_process_zero():
        report = Report(job.name, total, meter)
        trainer.add_callback(report)
        if live := live_callback(Path(job.folder), report.gauge):
            trainer.add_callback(live)
    if evaluation is not None:
        trainer.add_callback(EvaluateAtEnd())
        trainer.add_callback(EarlyStoppingCallback(job.patience))
        targets = sum(s.learned for i in range(len(evaluation)) for s in evaluation[i])
        trainer.targets_per_row = targets / len(evaluation)
    return trainer


def make_model(job: Job, train: Items) -> Any:
    """The base with its LoRA, ready to train on `train`; the base's own weights are frozen."""
    gpu = torch.cuda.is_available()
    model = load_model(Path(job.base), job.dtype, attention_for(job.dtype, gpu))
    model.config.use_cache = False
    adapted = attach(model, job.lora, Path(job.parent) if job.parent else None)
    if not gpu:
        use_bit_dropout(adapted)
        if job.layers == "auto" and job.zero_stage < 3:  # ZeRO-3 gathers weights as plain layers are called
            use_fused_layers(adapted)
    if job.zero_stage < 3:  # under ZeRO-3 the head's weight is whole only within the head
        shortlist = _shortlist(adapted, job, train) if job.softmax == "auto" and not gpu else None
        hand_head_to_loss(adapted.get_base_model(), shortlist)
    return adapted


def _shortlist(model: Any, job: Job, train: Items) -> Shortlist | None:
    """Every token of the data, and what the model finds likely in the first few items."""
    targets = np.unique(np.concatenate([s.input_ids for i in range(len(train)) for s in train[i]]))
    sample: list[Segment] = []
    for index in range(len(train)):
        if sum(segment.learned for segment in sample) < SAMPLE_TARGETS:
            sample += train[index]
    return shortlist_for(model, pack(into_rows(sample, job.row_tokens)), torch.from_numpy(targets))


def attention_for(dtype: str, gpu: bool) -> str:
    """flash_attention_2 on a GPU that has the package flash-attn, else torch's own (sdpa)."""
    from transformers.utils import is_flash_attn_2_available

    return "flash_attention_2" if gpu and dtype == "bf16" and is_flash_attn_2_available() else "sdpa"


def attention_of(model: Any) -> str:
    return str(model.get_base_model().config._attn_implementation)


def collator(
    row_tokens: int, attention: str, gpu: bool = False
) -> Callable[[list[list[Segment]]], dict[str, torch.Tensor]]:
    """Packs a micro-batch of items into rows of at most `row_tokens`; a longer item gets its own row.

    On a GPU the rows are as few as can be, on a CPU in the order of the items: neighbours share beginnings.
    Flash attention takes no mask: one row, the segments told apart by their positions. torch's uses its flash
    kernel where no mask is needed.
    """

    def collate(items: list[list[Segment]]) -> dict[str, torch.Tensor]:
        segments = [segment for item in items for segment in item]
        if attention == "flash_attention_2":
            return flat(segments)
        rows = (best_fit if gpu else into_rows)(segments, row_tokens)
        packed = pack(rows)
        if attention == "sdpa" and all_alone(rows):
            del packed["attention_mask"]
        return packed

    return collate


def training_arguments(job: Job, items: int) -> TrainingArguments:
    """Evaluation and checkpoint fall on the same steps, so that the best evaluation has its weights."""
    steps = steps_per_epoch(job, items)
    every = math.ceil(steps / (job.evals_per_epoch or job.saves_per_epoch))
    return TrainingArguments(
        output_dir=str(job.checkpoints),
        num_train_epochs=job.epochs,
        per_device_train_batch_size=job.batch_size,
        per_device_eval_batch_size=1,
        gradient_accumulation_steps=job.gradient_accumulation,
        learning_rate=job.learning_rate,
        lr_scheduler_type=job.scheduler,
        warmup_steps=math.ceil(job.warmup_ratio * steps * job.epochs),
        weight_decay=WEIGHT_DECAY,
        max_grad_norm=MAX_GRAD_NORM,
        seed=job.seed,
        data_seed=job.seed,
        eval_strategy="steps" if job.evals_per_epoch else "no",
        eval_steps=every,
        save_strategy="steps",
        save_steps=every,
        save_total_limit=None,  # Seal prunes: transformers would before the new one is sealed
        metric_for_best_model="eval_loss" if job.evals_per_epoch else None,
        greater_is_better=False,
        restore_callback_states_from_checkpoint=True,
        logging_steps=max(1, steps * job.epochs // LOGS_PER_RUN),
        prediction_loss_only=True,
        gradient_checkpointing=job.checkpointing,
        gradient_checkpointing_kwargs={"use_reentrant": False} if job.checkpointing else None,
        optim="adamw_torch_fused",
        deepspeed=zero_config(job),
        ddp_find_unused_parameters=False,
        remove_unused_columns=False,
        report_to="none",
        disable_tqdm=True,
        **device_arguments(job, torch.cuda.is_available()),
    )


def device_arguments(job: Job, gpu: bool) -> dict[str, Any]:
    """What depends on where it is computed. A GPU's next micro-batches are packed while it works on one."""
    return {
        "bf16": job.dtype == "bf16" and (job.zero_stage > 0 or gpu),
        "use_cpu": not gpu,
        "ddp_backend": "gloo" if job.processes > 1 and not gpu else None,
        "dataloader_pin_memory": gpu,
        "dataloader_num_workers": PACKERS if gpu else 0,
        "dataloader_persistent_workers": gpu,
    }
