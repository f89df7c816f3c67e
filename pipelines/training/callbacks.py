"""What happens beside the training loop: progress in the log, marks on checkpoints."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from accelerate import PartialState
from transformers import TrainerCallback

from pipelines.progress import Progress
from pipelines.training.checkpoints import seal


class Report(TrainerCallback):
    """A line at most every few seconds: step, loss, learning rate, tokens a second, time left."""

    def __init__(self, name: str, total_tokens: int) -> None:
        self.name, self.total_tokens = name, total_tokens
        self.progress: Progress | None = None
        self.loss = ""

    def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        left = self.total_tokens * (state.max_steps - state.global_step) // max(state.max_steps, 1)
        self.progress = Progress(self.name, left, "tokens")

    def on_log(self, args: Any, state: Any, control: Any, logs: dict[str, float], **_: Any) -> None:
        if "loss" in logs:
            self.loss = f", loss {logs['loss']:.3f}, rate {logs['learning_rate']:.1e}"
        if "eval_loss" in logs:
            print(
                f"{self.name}: step {state.global_step}, validation loss {logs['eval_loss']:.4f}", flush=True
            )

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        if self.progress:
            self.progress.label = f"{self.name} step {state.global_step}/{state.max_steps}{self.loss}"
            self.progress.add(self.total_tokens // max(state.max_steps, 1))

    def on_train_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        if self.progress:
            self.progress.label = self.name
            self.progress.close()


class Seal(TrainerCallback):
    """Seals each checkpoint once every process has written its part."""

    def on_save(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        everyone = PartialState()
        everyone.wait_for_everyone()
        if everyone.is_main_process:
            seal(Path(args.output_dir) / f"checkpoint-{state.global_step}")


class EvaluateAtEnd(TrainerCallback):
    """The last weights are evaluated too, wherever the interval falls."""

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        if state.global_step >= state.max_steps:
            control.should_evaluate = True
