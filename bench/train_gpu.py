"""LoRA speed of larger bases on one GPU: `python bench/train.py --gpu --trl FOLDER`; `--dry-run` on a CPU.

Bases are built from their published configurations with random weights, since speed does not depend on them:
0.5B and 1.5B are Qwen2.5's (huggingface.co/Qwen/Qwen2.5-0.5B and -1.5B, config.json), 8B is Qwen3-8B's. Rows
of 1,024 and 4,096 tokens, all of them learned, 16,384 tokens a step; and as many examples of mixed lengths,
an eighth of that to all of it, of which the last third is learned, as answers are. bf16, the LoRA of
params.yaml, this trainer under ZeRO-2 as params.yaml has it, trl with the same attention and, where the
estimate says that the activations need it, the same checkpointing. One GPU, also where there are more. Steps
are timed on the finished GPU, the first WARM left out; a step of mixed lengths has their mean of tokens.

Model FLOPs utilisation is PaLM's (Chowdhery et al. 2022, appendix B): tokens/s times the operations a token
needs, over the GPU's peak. PaLM counts 6 a weight (2 forward, 4 backward) and 12 x layers x heads x head size
x tokens for attention; a frozen weight needs no gradient of its own, so it counts 4 here and LoRA's 6. The
embedding's look-up counts nothing, the head counts; computing activations again is not counted. Where the
head has little to do, since answers alone are learned, none is given.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path[0] = str(ROOT)

from pipelines.base.load import BaseInfo  # noqa: E402
from pipelines.base.prepare import count_parameters  # noqa: E402
from pipelines.params import load  # noqa: E402
from pipelines.training.encode import Segment  # noqa: E402

if TYPE_CHECKING:
    from bench.train import Told

LENGTHS, STEP_TOKENS, STEPS, WARM = (1024, 4096), 16384, 20, 5
DRY_LENGTHS, DRY_STEP_TOKENS, DRY_STEPS = (64, 128), 256, 7
MIXED = 8
"""The shortest of mixed lengths is so many times shorter than the longest."""
PEAK_TFLOPS = {"H100 PCIe": 756, "H100": 989, "H200": 989, "A100": 312}
"""Dense bf16, from NVIDIA's data sheets; `--peak-tflops` for another."""
QWEN = {"vocab_size": 151936, "rms_norm_eps": 1e-6, "rope_theta": 1e6, "max_position_embeddings": 32768}
BASES: dict[str, dict[str, Any]] = {
    "0.5B": {
        "model_type": "qwen2",
        "hidden_size": 896,
        "intermediate_size": 4864,
        "num_hidden_layers": 24,
        "num_attention_heads": 14,
        "num_key_value_heads": 2,
        "tie_word_embeddings": True,
    },
    "1.5B": {
        "model_type": "qwen2",
        "hidden_size": 1536,
        "intermediate_size": 8960,
        "num_hidden_layers": 28,
        "num_attention_heads": 12,
        "num_key_value_heads": 2,
        "tie_word_embeddings": True,
    },
    "8B": {
        "model_type": "qwen3",
        "hidden_size": 4096,
        "intermediate_size": 12288,
        "num_hidden_layers": 36,
        "num_attention_heads": 32,
        "num_key_value_heads": 8,
        "head_dim": 128,
        "tie_word_embeddings": False,
    },
}
DRY = {  # laid over each for a dry run
    "hidden_size": 64,
    "intermediate_size": 128,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 16,
    "vocab_size": 2048,
}


@dataclass(frozen=True)
class Sizes:
    lengths: tuple[int, ...]
    step_tokens: int
    steps: int


def table(
    work: Path, trl: Path | None, ways: list[str], bases: list[str], dry_run: bool, peak: float | None
) -> str:
    """A row a base, length and way; one that fails says so, and the others go on."""
    from bench.train import one_gpu

    sizes = Sizes(DRY_LENGTHS, DRY_STEP_TOKENS, DRY_STEPS) if dry_run else Sizes(LENGTHS, STEP_TOKENS, STEPS)
    lines = ["| base | tokens a row | | tokens/s | model FLOPs utilisation | peak GiB | checkpointing |"]
    lines += ["|---|---:|---|" + "---:|" * 3 + "---|"]
    for name in bases:
        folder = work / f"base-{name}"
        command = [sys.executable, __file__, name, str(folder), *(["--dry-run"] if dry_run else [])]
        subprocess.run(command, check=True, env=os.environ | one_gpu())
        config = json.loads((folder / "config.json").read_text())
        for length in sizes.lengths:
            for mixed in (False, True):
                shown = f"{length // MIXED:,} to {length:,}, answers" if mixed else f"{length:,}"
                for way in ways:
                    try:
                        told = measure(work, trl, way, folder, length, sizes, mixed)
                        lines.append(row(name, shown, way, told, config, length, peak))
                    except SystemExit as error:  # memory that is not there costs a row, not the table
                        print(error, file=sys.stderr)
                        lines.append(f"| {name} | {shown} | {way} | did not finish | | | |")
                    print(lines[-1], file=sys.stderr, flush=True)
    return "\n".join(lines)


def measure(
    work: Path, trl: Path | None, way: str, folder: Path, length: int, sizes: Sizes, mixed: bool
) -> Told:
    from bench.train import Bench

    rows = sizes.step_tokens // length
    params, dtype = load(), "bf16"
    tune = {"batch_size": rows, "gradient_accumulation": 1, "max_tokens": length, "learning_rate": 1e-5}
    params = params.model_copy(
        update={
            "model": params.model.model_copy(update={"base": str(folder), "dtype": dtype}),
            "tune": params.tune.model_copy(update=tune),
        }
    )
    base = BaseInfo(folder.name, folder, "apache-2.0", None, "random", count_parameters(folder))
    bench = Bench(params, base, work, trl)
    vocabulary = json.loads((folder / "config.json").read_text())["vocab_size"]
    items = [drawn(length, vocabulary, number, mixed) for number in range(rows * sizes.steps)]
    name = f"{folder.name}-{length}-{'mixed-' if mixed else ''}{way}"
    job = bench.job(name, items, row_tokens=length)
    told = bench.measure(way, job, checkpointing=job.checkpointing, warm=WARM)
    tokens = sum(len(segment.input_ids) for item in items for segment in item) / sizes.steps
    return {**told, "checkpointing": job.checkpointing, "tokens": tokens, "mixed": mixed}


def drawn(length: int, vocabulary: int, seed: int, mixed: bool) -> list[Segment]:
    """An example of `length` random tokens, all learned; mixed: of fewer, the last third learned."""
    import numpy as np

    draw = np.random.default_rng(seed)
    if mixed:
        length = int(draw.integers(length // MIXED, length + 1))
    ids = draw.integers(10, vocabulary, length)
    return [Segment(ids.tolist(), length - length // 3 if mixed else 1)]


def row(
    name: str,
    shown: str,
    way: str,
    told: Told,
    config: dict[str, Any],
    length: int,
    peak: float | None,
) -> str:
    speed = told["tokens"] / told["step_s"]
    top = peak or next((p for card, p in PEAK_TFLOPS.items() if card in told["device"]), None)
    used = (
        f"{speed * token_flops(config, length, load().lora.r) / top / 1e12:.1%}"
        if top and not told["mixed"]
        else ""
    )
    again = "yes" if told["checkpointing"] else "no"
    return f"| {name} | {shown} | {way} | {speed:,.0f} | {used} | {told['peak_gib']:.1f} | {again} |"


def token_flops(config: dict[str, Any], length: int, r: int) -> float:
    """Operations of a token's forward and backward pass in a LoRA training on all linear layers."""
    hidden, inner = config["hidden_size"], config["intermediate_size"]
    heads, groups = config["num_attention_heads"], config["num_key_value_heads"]
    size = config.get("head_dim") or hidden // heads
    shapes = [
        (hidden, heads * size),
        (hidden, groups * size),
        (hidden, groups * size),
        (heads * size, hidden),
    ]
    shapes += [(hidden, inner), (hidden, inner), (inner, hidden)]
    layer = sum(4 * a * b + 6 * r * (a + b) for a, b in shapes) + 12 * heads * size * length
    return float(config["num_hidden_layers"] * layer + 4 * hidden * config["vocab_size"])


def build(name: str, folder: Path, dry_run: bool) -> None:
    """Random weights in bf16 and a tokenizer, which trl asks for, in `folder`."""
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM
    from transformers.utils import logging

    from pipelines.base import tiny

    logging.disable_progress_bar()
    tiny.write(folder)
    for weights in folder.glob("*.safetensors"):
        weights.unlink()
    values = {**QWEN, **BASES[name], **(DRY if dry_run else {})}
    config = AutoConfig.for_model(**values, bos_token_id=None, eos_token_id=1, pad_token_id=0)
    torch.manual_seed(0)
    with torch.device("cuda" if torch.cuda.is_available() else "cpu"):
        model = AutoModelForCausalLM.from_config(config, dtype=torch.bfloat16)
    model.save_pretrained(folder, max_shard_size="4GB")
    (folder / "chat_template.jinja").write_text("{{ messages[0]['content'] }}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("name", choices=list(BASES), help="builds this base in FOLDER; the bench calls it")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--dry-run", action="store_true")
    args = parser.parse_args()
    build(args.name, args.folder, args.dry_run)
