"""One training, as the stage hands it to the trainer's process: a JSON file beside its data."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipelines.training.encode import Segment

SEGMENTS = pa.schema(
    [("segments", pa.list_(pa.struct([("input_ids", pa.list_(pa.int32())), ("answer_from", pa.int32())])))]
)


@dataclass(frozen=True)
class Job:
    """All that determines a training, and where it works (`folder`). Times are in optimizer steps."""

    name: str  # pretrain | tune
    base: str  # folder of the base
    dtype: str  # fp32 | bf16
    softmax: str  # auto | exact
    layers: str  # auto | plain
    parent: str | None  # adapter folder whose weights it goes on from
    lora: dict[str, Any]  # r, alpha, dropout, targets, depth
    epochs: int
    batch_size: int  # items a device a micro-batch
    gradient_accumulation: int
    learning_rate: float
    warmup_ratio: float
    scheduler: str
    seed: int
    evals_per_epoch: int  # 0: no evaluation, the last weights are kept
    patience: int
    saves_per_epoch: int
    row_tokens: int
    zero_stage: int
    offload: bool
    processes: int
    folder: str
    deepspeed: dict[str, Any] | None = None  # the configuration that takes the place of the generated one
    nodes: int = 1  # machines that the processes are shared out among
    rendezvous: str | None = None  # host:port of the first
    hosts: tuple[str, ...] = ()  # to start over ssh, the first being this machine
    checkpointing: bool = False  # activations are computed again in the backward pass, which saves memory

    @property
    def train_file(self) -> Path:
        return Path(self.folder) / "train.arrow"

    @property
    def eval_file(self) -> Path:
        return Path(self.folder) / "eval.arrow"

    @property
    def checkpoints(self) -> Path:
        return Path(self.folder) / "checkpoints"

    @property
    def result(self) -> Path:
        """The adapter with history.json and result.json: there once the training is done."""
        return Path(self.folder) / "result"

    def write(self) -> Path:
        path = Path(self.folder) / "job.json"
        partial = path.with_suffix(".partial")
        partial.write_text(json.dumps(asdict(self), indent=1, sort_keys=True))
        partial.rename(path)
        return path

    @staticmethod
    def read(path: Path) -> Job:
        return Job(**json.loads(path.read_text()))


def steps_per_epoch(job: Job, items: int) -> int:
    """Optimizer steps."""
    micro_batches = math.ceil(items / (job.batch_size * job.processes))
    return math.ceil(micro_batches / job.gradient_accumulation)


def write_items(path: Path, items: Iterable[list[Segment]]) -> None:
    """Items, each a list of segments, as an Arrow file that processes map into memory."""
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, SEGMENTS) as writer:
        for batch in _batches(items):
            rows = [
                [{"input_ids": s.input_ids, "answer_from": s.answer_from} for s in segments]
                for segments in batch
            ]
            writer.write_batch(pa.record_batch([pa.array(rows, SEGMENTS.types[0])], schema=SEGMENTS))


def _batches(items: Iterable[list[Segment]], size: int = 1024) -> Iterator[list[list[Segment]]]:
    batch: list[list[Segment]] = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


class Items:
    """The items of a file by index, read from disk as they are asked for."""

    def __init__(self, path: Path) -> None:
        self.column = pa.ipc.open_file(pa.memory_map(str(path))).read_all()["segments"]

    def __len__(self) -> int:
        return len(self.column)

    def __getitem__(self, index: int) -> list[Segment]:
        return [Segment(s["input_ids"], s["answer_from"]) for s in self.column[index].as_py()]
