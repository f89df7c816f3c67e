"""Trains the reader: `python bench/reader/train.py [zh en] [--leave-out SET ...] [--folder FOLDER]`.

From bench/pii/*.dev*.jsonl, written.*.txt beside this file, the sample logs and the FAQ, with values drawn
anew in every epoch (vary.py). One thread and one seed, some minutes a language. What is left out can be
measured: `python bench/pii.py --set zh.dev5 --reader FOLDER`.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np
import torch
from torch.nn import functional

ROOT = Path(__file__).resolve().parents[2]
sys.path[0] = str(ROOT)

from bench.reader.encode import LEFT_OUT, Encoded, batches, encode, tensors  # noqa: E402
from bench.reader.examples import Example, joined, of_sets, of_templates, of_written  # noqa: E402
from bench.reader.net import Net, write  # noqa: E402
from bench.reader.vary import Varied  # noqa: E402
from pipelines.mask.english import EnglishNer  # noqa: E402
from pipelines.mask.lac import WIDTH, Lac  # noqa: E402
from pipelines.mask.reader import FOLDER  # noqa: E402
from pipelines.mask.reader.net import TAGS  # noqa: E402

EPOCHS = {"zh": 20, "en": 32}
SEED = 7
RATE = 4e-3
SHORT, JOINED = 60, 0.15  # texts of so many characters at most, this share of them
SIGNS = (" ", ", ", ",", "\n", "。", ". ")
PLAIN, TEMPLATES = 0.6, 0.08  # shares of the texts without values, and of the templates', in an epoch


class Epochs:
    """The texts of one epoch after the other, no two alike."""

    def __init__(self, language: str, left_out: Sequence[str]) -> None:
        self._random = Random(SEED)
        self._marked, self._written = of_sets(language, left_out), of_written(language)
        self._templates = of_templates(language)
        self._vary = Varied([*self._marked, *self._written], SEED)
        self._nlp = Lac() if language == "zh" else EnglishNer()
        print(f"{language}: {len(self._marked)} turns of the sets, {len(self._written)} written ones")

    def __iter__(self) -> Iterator[list[list[Encoded]]]:
        while True:
            varied = [self._vary(one) for one in self._drawn()]
            yield batches(encode([self._longer(one, varied) for one in varied], self._nlp), self._random)

    def _longer(self, one: Example, others: Sequence[Example]) -> Example:
        """Some short texts with another behind them, as customers write two things in one turn."""
        if len(one.text) > SHORT or self._random.random() > JOINED:
            return one
        return joined(one, self._random.choice(SIGNS), self._random.choice(others))

    def _drawn(self) -> list[Example]:
        """What holds values twice, of the rest a share."""
        drawn = [one for one in self._marked if one.spans or self._random.random() < PLAIN]
        drawn += [one for one in self._marked if one.spans]
        drawn += [*self._written, *self._written]
        return drawn + [one for one in self._templates if self._random.random() < TEMPLATES]


def train(language: str, left_out: Sequence[str], epochs: int) -> Net:
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    rng, texts, began = np.random.default_rng(SEED), iter(Epochs(language, left_out)), time.monotonic()
    net = Net(TAGS, WIDTH if language == "zh" else 0)
    optimizer = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=0.02)
    schedule: torch.optim.lr_scheduler.OneCycleLR | None = None
    for epoch in range(1, epochs + 1):
        groups = next(texts)
        if schedule is None:
            steps = int(epochs * len(groups) * 1.1)  # epochs differ in length
            schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps)
        losses = [_step(net, optimizer, schedule, group, rng) for group in groups]
        seconds = time.monotonic() - began
        print(f"epoch {epoch} of {epochs}: loss {np.mean(losses):.4f}, {seconds:.0f} s", flush=True)
    return net


def _step(
    net: Net,
    optimizer: torch.optim.Optimizer,
    schedule: torch.optim.lr_scheduler.OneCycleLR,
    group: Sequence[Encoded],
    rng: np.random.Generator,
) -> float:
    inputs, tags = tensors(group, rng)
    scores = net(*inputs).flatten(0, 1)
    loss = functional.cross_entropy(scores, tags.flatten(), ignore_index=LEFT_OUT, label_smoothing=0.02)
    optimizer.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    optimizer.step()
    schedule.step()
    return loss.item()


def main() -> None:
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=form)
    parser.add_argument("languages", nargs="*", default=["zh", "en"])
    parser.add_argument("--leave-out", nargs="*", default=[], help="sets that are not trained on")
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where LANGUAGE.npz is written")
    args = parser.parse_args()
    for language in args.languages:
        net = train(language, args.leave_out, args.epochs or EPOCHS[language])
        write(args.folder / f"{language}.npz", net)


if __name__ == "__main__":
    main()
