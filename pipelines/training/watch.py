"""The trainer's callback that writes to the run which `live.open_run` found."""

from __future__ import annotations

import json
import os
import queue
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from transformers import TrainerCallback

from pipelines.training.live import FILE

NAMES = ("loss", "eval_loss", "learning_rate", "grad_norm")
WAIT_S = 10
"""At the end, for what is not yet written."""
Gauge = Callable[[], dict[str, float]]


class Live(TrainerCallback):
    """Writes what the trainer logs, and the figures of `gauge`, as metrics of the step."""

    def __init__(self, url: str, run_id: str, gauge: Gauge) -> None:
        self.url, self.run_id, self.gauge = url, run_id, gauge
        self.points: queue.Queue[list[tuple[str, float, int, int]] | None] = queue.Queue()
        self.writer = threading.Thread(target=self._write, daemon=True)
        self.writer.start()

    def on_log(self, args: Any, state: Any, control: Any, logs: dict[str, float], **_: Any) -> None:
        kept = {name: logs[name] for name in NAMES if name in logs}
        if kept:
            now = int(time.time() * 1000)
            values = {**kept, **self.gauge()}
            self.points.put([(name, float(v), now, state.global_step) for name, v in values.items()])

    def on_train_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        self.points.put(None)
        self.writer.join(WAIT_S)

    def _write(self) -> None:
        try:
            from mlflow import MlflowClient
            from mlflow.entities import Metric

            os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "3")
            os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "10")
            client = MlflowClient(tracking_uri=self.url)
            seen = logged(client, self.run_id)
            while (points := self.points.get()) is not None:
                new = [Metric(*point) for point in points if (point[0], point[3]) not in seen]
                if new:
                    client.log_batch(self.run_id, metrics=new)
        except Exception as error:
            print(f"no longer live in MLflow ({type(error).__name__}), trains on", flush=True)


def logged(client: Any, run_id: str) -> set[tuple[str, int]]:
    """(metric, step) of what the run holds already, so that a retry and `register` write nothing twice."""
    return {(name, point.step) for name in NAMES for point in client.get_metric_history(run_id, name)}


def live_callback(folder: Path, gauge: Gauge) -> Live | None:
    path = folder / FILE
    return Live(**json.loads(path.read_text()), gauge=gauge) if path.exists() else None
