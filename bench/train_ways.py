"""The ways of training that bench/train.py compares, each in a process of its own (`WAY FOLDER`).

All get the same token ids with the loss on the same tokens, the same base and LoRA, batch of examples, rate,
schedule and seed; none evaluates, each writes its adapter at the end.

- kefu: this trainer as a stage runs it: its job, packed rows, loss, layers and DeepSpeed configuration.
- trainer: transformers.Trainer as its documentation has it: a padded batch, labels of -100 where nothing is
  learned, bf16.
- trl: SFTTrainer padding-free, bf16, no activation checkpointing (its default, which costs time). Its head is
  fused; without Triton, as on a CPU, it scores every position and not the answers' alone.
- trl-packed: the same with packing ("bfd") into rows of as many tokens as a batch has.
- trl-padded: the same with a padded batch, which is trl's default.
"""

from __future__ import annotations

import json
import resource
import shutil
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from transformers import TrainerCallback

from pipelines.training.job import Items, Job

Told = dict[str, Any]


class Pace(TrainerCallback):
    """Times the steps, each on a device that has finished."""

    def __init__(self) -> None:
        self.ends: list[float] = []

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        import torch

        if torch.cuda.is_available():
            torch.cuda.synchronize()
        self.ends.append(time.perf_counter())

    def step_s(self, warm: int) -> float:
        """Mean seconds of a step after the first `warm`."""
        warm = min(warm, len(self.ends) - 1)
        return (self.ends[-1] - self.ends[warm - 1]) / (len(self.ends) - warm) if warm else 0.0


def clock() -> tuple[float, float]:
    """(wall, processor) seconds."""
    return time.perf_counter(), time.process_time()


def since(started: tuple[float, float]) -> Told:
    now = clock()
    return {"wall": now[0] - started[0], "cpu": now[1] - started[1]}


def peak_gib() -> float:
    """Of this process: on its GPU, else in memory."""
    import torch

    if torch.cuda.is_available():
        return torch.cuda.max_memory_allocated() / 2**30
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def device() -> str:
    import torch

    return torch.cuda.get_device_name() if torch.cuda.is_available() else "cpu"


def kefu(job: Job, spec: Told) -> Told:
    """The worker itself, its loop and its shortlist timed; the adapter lies in `job.result`."""
    from pipelines.training import trainer, worker

    spent: dict[str, Told] = {}

    def timed(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **kwargs: Any) -> Any:
            started = clock()
            try:
                return function(*args, **kwargs)
            finally:
                spent[name] = since(started)

        return run

    def paced(*args: Any) -> Any:
        made = make(*args)
        made.add_callback(pace)
        weights.append(trained_weights(made.model))
        return made

    weights: list[int] = []
    pace, make = Pace(), trainer.make_trainer
    trainer.make_trainer = paced
    trainer._shortlist = timed("shortlist", trainer._shortlist)  # type: ignore[assignment]
    trainer.PackedTrainer.train = timed("loop", trainer.PackedTrainer.train)  # type: ignore[method-assign]
    worker.train(job)
    steps = json.loads((job.result / "result.json").read_text())["steps"]
    loop = {name: sum(s[name] for s in spent.values()) for name in ("wall", "cpu")}
    return {"steps": steps, "weights": weights[0], "step_s": pace.step_s(spec.get("warm", 1)), **loop}


def trainer(job: Job, spec: Told) -> Told:
    from transformers import Trainer, TrainingArguments

    rows = examples(job)
    arguments = TrainingArguments(**common(job, spec), remove_unused_columns=False)
    own = Trainer(model=adapted(job), args=arguments, train_dataset=rows, data_collator=padded)
    return trained(own, job, spec)


def trl(job: Job, spec: Told, packed: bool = False, padded: bool = False) -> Told:
    from datasets import Dataset
    from trl import SFTConfig, SFTTrainer

    from pipelines.base.load import load_tokenizer

    rows = examples(job)
    own = common(job, spec) | {"padding_free": not (packed or padded), "packing": packed, "max_length": None}
    if packed:
        lengths = [len(row["input_ids"]) for row in rows]
        step = sum(lengths) / len(lengths) * job.batch_size * job.gradient_accumulation
        own |= {"max_length": max(round(step), *lengths), "per_device_train_batch_size": 1}
        own |= {"gradient_accumulation_steps": 1}
    trainer = SFTTrainer(
        model=adapted(job),
        args=SFTConfig(**own, loss_type="nll"),
        train_dataset=Dataset.from_list(rows),
        processing_class=load_tokenizer(Path(job.base)),
    )
    return trained(trainer, job, spec)


WAYS: dict[str, Callable[[Job, Told], Told]] = {
    "kefu": kefu,
    "trainer": trainer,
    "trl": trl,
    "trl-packed": partial(trl, packed=True),
    "trl-padded": partial(trl, padded=True),
}


def examples(job: Job) -> list[dict[str, list[int]]]:
    """input_ids and labels of each segment."""
    items = Items(job.train_file)
    return [
        {"input_ids": s.input_ids, "labels": [-100] * s.answer_from + s.input_ids[s.answer_from :]}
        for index in range(len(items))
        for s in items[index]
    ]


def padded(rows: list[dict[str, list[int]]]) -> dict[str, Any]:
    import torch

    longest = max(len(row["input_ids"]) for row in rows)

    def fill(name: str, value: int) -> torch.Tensor:
        return torch.tensor([row[name] + [value] * (longest - len(row[name])) for row in rows])

    seen = [[1] * len(row["input_ids"]) + [0] * (longest - len(row["input_ids"])) for row in rows]
    return {
        "input_ids": fill("input_ids", 0),
        "labels": fill("labels", -100),
        "attention_mask": torch.tensor(seen),
    }


def adapted(job: Job) -> Any:
    """The base with a new LoRA on the layers that the worker's has, seeded like it."""
    import torch
    from transformers import set_seed

    from pipelines.base.load import load_model
    from pipelines.training.adapter import attach
    from pipelines.training.trainer import attention_for

    set_seed(job.seed)
    attention = attention_for(job.dtype, torch.cuda.is_available())
    model = load_model(Path(job.base), job.dtype, attention)
    model.config.use_cache = False
    return attach(model, job.lora, None)


def trained_weights(model: Any) -> int:
    return sum(weight.numel() for weight in model.parameters() if weight.requires_grad)


def common(job: Job, spec: Told) -> dict[str, Any]:
    """Arguments that a Trainer of any kind shares with the job."""
    from pipelines.training.trainer import training_arguments

    own = training_arguments(job, len(Items(job.train_file)))
    names = (
        "num_train_epochs",
        "per_device_train_batch_size",
        "gradient_accumulation_steps",
        "learning_rate",
    )
    names += ("lr_scheduler_type", "warmup_steps", "weight_decay", "max_grad_norm", "seed", "data_seed")
    names += ("logging_steps", "use_cpu", "disable_tqdm")
    kept = {name: getattr(own, name) for name in names}
    kept |= {"bf16": job.dtype == "bf16", "report_to": "none", "save_strategy": "no"}
    checkpointing = {"gradient_checkpointing": spec.get("checkpointing", False)}
    return {**kept, **checkpointing, "output_dir": job.folder}


def trained(trainer: Any, job: Job, spec: Told) -> Told:
    pace, weights = Pace(), trained_weights(trainer.model)
    trainer.add_callback(pace)
    started = clock()
    trainer.train()
    told = {"weights": weights, "step_s": pace.step_s(spec.get("warm", 1)), **since(started)}
    trainer.model.save_pretrained(job.result)
    return {"steps": trainer.state.global_step, **told}


def one(way: str, folder: Path) -> None:
    """Trains in `folder`, where job.json and spec.json lie, and leaves told.json there."""
    from transformers import logging

    logging.set_verbosity_error()
    spec = json.loads((folder / "spec.json").read_text())
    job = Job.read(folder / "job.json")
    shutil.rmtree(job.result, ignore_errors=True)
    told = WAYS[way](job, spec)
    (folder / "told.json").write_text(json.dumps({**told, "peak_gib": peak_gib(), "device": device()}))


def score(folder: Path) -> None:
    """Mean -log p of a learned token of held_out.arrow, for the base and each adapter: losses.json."""
    from peft import PeftModel

    from pipelines.base.load import load_model

    spec, held_out = json.loads((folder / "spec.json").read_text()), Items(folder / "held_out.arrow")
    model: Any = load_model(Path(spec["base"]), spec["dtype"])
    losses = {"base": mean_loss(model, held_out)}
    for name, adapter in spec["adapters"].items():
        if isinstance(model, PeftModel):
            model.load_adapter(adapter, name)
            model.set_adapter(name)
        else:
            model = PeftModel.from_pretrained(model, adapter, name).eval()
        losses[name] = mean_loss(model.eval(), held_out)
    (folder / "losses.json").write_text(json.dumps(losses))


def mean_loss(model: Any, held_out: Items) -> float:
    import torch

    total, count = 0.0, 0
    with torch.no_grad():
        for index in range(len(held_out)):
            for segment in held_out[index]:
                ids = torch.tensor([segment.input_ids])
                logits = model(input_ids=ids, logits_to_keep=segment.learned + 1).logits[0, :-1].float()
                wanted = ids[0, segment.answer_from :, None]
                total -= float(logits.log_softmax(-1).gather(1, wanted).sum())
                count += segment.learned
    return total / count


if __name__ == "__main__":
    if sys.argv[1] == "--score":
        score(Path(sys.argv[2]))
    else:
        one(sys.argv[1], Path(sys.argv[2]))
