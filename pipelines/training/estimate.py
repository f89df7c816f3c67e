"""How much memory and time a training takes, reckoned from the base's dimensions before it is loaded.

Good to about a factor of two. The kept activations of a layer are its inputs to every product: about 20
hidden and 8 feed-forward widths a token, with LoRA's own; checkpointing keeps one width a layer, and one
layer whole.
"""

from __future__ import annotations

from typing import Any

from pipelines.base.device import core_count, gpu_count
from pipelines.base.load import dtype_name
from pipelines.params import Params

GIB = 2**30
BYTES = {"fp32": 4, "bf16": 2}
HEAD_ROWS = {"cpu": 128, "gpu": 1024}
"""Rows of logits in float32 that the loss holds at a time; under ZeRO-3 it holds all, with their gradient."""
ROOM = 0.8
"""Share of the free memory that the estimate may fill before a GPU saves on activations."""
ADAM = 16
"""Bytes a trained weight: itself and its gradient, two moments, all in fp32."""
CORE_FLOPS = {"fp32": 170e9, "bf16": 250e9}
"""A second, of one core in a LoRA step, counted as if every token were computed: beginnings that a row shares
are not. The laptop's tune is at 315e9 (784 tokens/s, 268M weights, half depth, two Zen 4 cores, bf16), where
little is shared it is nearer 200e9; fp32 in the ratio of plain layers."""
GPU_FLOPS = {"fp32": 20e12, "bf16": 250e12}
"""A second, of one GPU of the H100's class at 0.25 to 0.4 of its peak."""


def memory_bytes(
    params: Params,
    parameters: float,
    config: dict[str, Any] | None = None,
    tokens: int = 0,
    checkpointed: bool | None = None,
) -> float:
    """Bytes on one device at most (a CPU is one device with all processes).

    `parameters` of the base; `tokens` of a micro-batch, with the base's `config` for their activations, which
    are checkpointed on a GPU that has no room for all (None: there, for the least that it takes).
    """
    spread, gpus = params.deepspeed, gpu_count()
    kind = BYTES[dtype_name(params.model.dtype)]
    weights = parameters * kind / (spread.processes if spread.zero_stage == 3 else 1)
    working = weights * 0.25
    if config:
        shares = spread.processes if spread.zero_stage else 1
        working = lora_weights(config, params.lora.r) * params.lora.depth * ADAM / shares
        saves = gpus > 0 if checkpointed is None else checkpointed
        working += activation_bytes(config, tokens, kind, saves)
        working += logits_bytes(config, tokens, spread.zero_stage, gpus > 0)
    copies = 1 if gpus else spread.processes // spread.nodes
    return (weights + working) * copies


def checkpoints_activations(
    params: Params, parameters: float, config: dict[str, Any], tokens: int, free: int
) -> bool:
    """A GPU computes activations again where `free` bytes may not hold them, for a third more operations."""
    return gpu_count() > 0 and memory_bytes(params, parameters, config, tokens, False) > free * ROOM


def logits_bytes(config: dict[str, Any], tokens: int, zero_stage: int, gpu: bool) -> float:
    """In float32. Under ZeRO-3 the head is the model's own: all rows, their softmax and their gradient."""
    rows, copies = (tokens, 3) if zero_stage == 3 else (HEAD_ROWS["gpu" if gpu else "cpu"], 1)
    return rows * float(config.get("vocab_size", 0)) * 4 * copies


def activation_bytes(config: dict[str, Any], tokens: int, kind: int, checkpointed: bool) -> float:
    """What the backward pass keeps of `tokens` tokens; `kind` is the bytes of a number."""
    hidden, inner = config.get("hidden_size", 0), config.get("intermediate_size", 0)
    layers, layer = config.get("num_hidden_layers", 0), 20 * hidden + 8 * inner
    return float(tokens * kind * (layers * hidden + layer if checkpointed else layers * layer))


def lora_weights(config: dict[str, Any], r: int) -> int:
    """Weights of an adapter on all linear layers: four of attention, three of the feed-forward part."""
    hidden, inner = config.get("hidden_size", 0), config.get("intermediate_size", 0)
    return r * config.get("num_hidden_layers", 0) * (4 * 2 * hidden + 3 * (hidden + inner))


def training_seconds(
    parameters: float,
    tokens: int,
    dtype: str,
    depth: float = 1.0,
    processes: int = 1,
    checkpointed: bool = False,
) -> float:
    """Forward, and backward through the frozen weights above the lowest adapted layer: two operations each
    a weight and token, and two more there where activations are computed again. A process has one GPU."""
    speed = GPU_FLOPS[dtype] * processes if gpu_count() else CORE_FLOPS[dtype] * core_count()
    passes = 1 + depth * (2 if checkpointed else 1)
    return 2 * passes * parameters * tokens / speed
