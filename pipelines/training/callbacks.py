"""What happens beside the training loop: a line an interval in the log, seals on checkpoints."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from accelerate import PartialState
from transformers import TrainerCallback
from transformers.trainer_utils import rotate_checkpoints

from pipelines.training import elsewhere
from pipelines.training.checkpoints import seal
from pipelines.training.cost import Meter

EVERY_S = 30
"""A line at least so often, however long an interval is."""
KEPT = 2
"""Checkpoints: the last and the best, or the last two."""


class Report(TrainerCallback):
    """One line an interval: step, losses, rate, gradient norm, tokens a second, memory, time left."""

    def __init__(self, name: str, total_tokens: int, meter: Meter) -> None:
        self.name, self.total_tokens, self.meter = name, total_tokens, meter
        self.shown: dict[str, float] = {}
        self.first_step = self.step = self.steps = 0
        self.started = self.last = time.monotonic()

    def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        self.first_step = self.step = state.global_step
        self.steps = max(state.max_steps, 1)
        self.started = self.last = time.monotonic()

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        self.step = state.global_step
        if time.monotonic() - self.last >= EVERY_S:
            self._say()

    def on_log(self, args: Any, state: Any, control: Any, logs: dict[str, float], **_: Any) -> None:
        if "loss" in logs or "eval_loss" in logs:
            self.step = state.global_step
            self.shown |= {name: logs[name] for name in SHOWN if name in logs}
            self._say()

    def gauge(self) -> dict[str, float]:
        """tokens_per_second, seconds_left and memory_gib now."""
        spent = max(time.monotonic() - self.started, 1e-9)
        rate = self.total_tokens / self.steps * (self.step - self.first_step) / spent
        left = self.total_tokens * (self.steps - self.step) / self.steps
        found = {"tokens_per_second": round(rate, 1), "memory_gib": round(memory_gib(), 2)}
        return {**found, "seconds_left": round(left / rate)} if rate else found

    def _say(self) -> None:
        self.last = time.monotonic()
        self.meter.note()
        losses = [
            f"{says} {self.shown[name]:{form}}" for name, (says, form) in SHOWN.items() if name in self.shown
        ]
        now = self.gauge()
        rest = [f"{now['tokens_per_second']:,.0f} tokens/s", f"{now['memory_gib']:.1f} GiB"]
        rest += [f"{now['seconds_left']:,} s left"] if "seconds_left" in now else []
        print(f"{self.name}: step {self.step}/{self.steps}, {', '.join(losses + rest)}", flush=True)


SHOWN = {
    "loss": ("loss", ".4f"),
    "eval_loss": ("validation loss", ".4f"),
    "learning_rate": ("rate", ".2e"),
    "grad_norm": ("gradient", ".3f"),
}


def memory_gib() -> float:
    """Of this process: the most on its GPU, else what it holds of the machine's."""
    import torch

    if torch.cuda.is_available():
        return torch.cuda.max_memory_allocated() / 2**30
    import psutil

    return float(psutil.Process().memory_info().rss) / 2**30


class Seal(TrainerCallback):
    """Seals each checkpoint once every process has written its part, only then removes those that it makes
    dispensable, and copies it where others reach it."""

    def on_save(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        everyone = PartialState()
        everyone.wait_for_everyone()
        if everyone.is_main_process:
            seal(Path(args.output_dir) / f"checkpoint-{state.global_step}")
            rotate_checkpoints(args.output_dir, KEPT, state.best_model_checkpoint)
            elsewhere.send(Path(args.output_dir))


class EvaluateAtEnd(TrainerCallback):
    """The last weights are evaluated too, wherever the interval falls."""

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        if state.global_step >= state.max_steps:
            control.should_evaluate = True
