"""What must hold between parameters, base and machine, checked before anything is loaded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pipelines.base.device import core_count, device_memory, gpu_count
from pipelines.base.load import BaseInfo, dtype_name
from pipelines.errors import KefuError
from pipelines.params import Params
from pipelines.training.adapter import linear_layers, targeted

BYTES = {"fp32": 4, "bf16": 2}
WORKING = 1.5
"""Memory for activations and gradients, as a factor on the weights; small bases need more, and have it."""


def check_machine(params: Params) -> None:
    """Before the base is looked for: are there the devices and the memory that params.yaml asks for?"""
    faults = []
    gpus, processes = gpu_count(), params.deepspeed.processes
    devices = gpus or core_count()
    if processes > devices:
        kind = "GPUs" if gpus else "CPU cores (and no GPU)"
        faults.append(f"deepspeed.processes is {processes}, this machine has {devices} {kind}")
    needed, free = memory_needed(params, params.model.min_params * 1e9), device_memory()
    if needed > free:
        faults.append(
            f"model.base needs about {needed / 2**30:.0f} GiB on a device, {free / 2**30:.0f} GiB are free"
        )
    _raise(faults, "profile: laptop fits two cores and 8 GiB; or run on the machine that this profile is for")


def memory_needed(params: Params, parameters: float) -> float:
    """Bytes on one device (a CPU is one device with all processes): weights times WORKING."""
    copies = 1 if gpu_count() else params.deepspeed.processes
    shards = params.deepspeed.processes if params.deepspeed.zero_stage == 3 else 1
    return parameters * BYTES[dtype_name(params.model.dtype)] * WORKING * copies / shards


def check_base(params: Params, base: BaseInfo, longest: int, knob: str) -> None:
    """Has the base the layers and the context that are asked for? `longest` (tokens) is from `knob`."""
    config = json.loads((base.path / "config.json").read_text())
    faults = _target_faults(base.path, params.lora.targets)
    for name, meaning in (
        ("max_position_embeddings", "longest context"),
        ("sliding_window", "attention window"),
    ):
        limit = config.get(name)
        if limit and longest > limit and _used(config, name):
            faults.append(f"{knob} is {longest}, the {meaning} of {base.name} is {limit} tokens")
    needed, free = memory_needed(params, base.params), device_memory()
    if needed > free:
        faults.append(
            f"{base.name} needs about {needed / 2**30:.1f} GiB to train, {free / 2**30:.1f} GiB are free"
        )
    _raise(faults, "mend them all, then run again")


def _used(config: dict[str, Any], name: str) -> bool:
    return name != "sliding_window" or config.get("use_sliding_window", True)


def _target_faults(base: Path, targets: str | list[str]) -> list[str]:
    if isinstance(targets, str):
        return []
    names = sorted({name.split(".")[-1] for name in linear_layers(base)})
    return [
        f"lora.targets: {target!r} is no linear layer of the base, which has {', '.join(names)}"
        for target in targets
        if not targeted(base, [target])
    ]


def _raise(faults: list[str], todo: str) -> None:
    if faults:
        listed = "\n".join(f"  - {fault}" for fault in faults)
        raise KefuError(f"{len(faults)} fault(s) before training\n{listed}", "params.yaml", todo)
