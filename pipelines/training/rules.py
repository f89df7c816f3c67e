"""What must hold between parameters, base and machine: all faults told at once, before anything is loaded."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipelines.base.device import core_count, device_memory, gpu_count
from pipelines.base.load import BaseInfo, dtype_name, resolve
from pipelines.errors import KefuError
from pipelines.home import ROOT
from pipelines.params import Params
from pipelines.params.sections import Pretrain, Tune
from pipelines.training.adapter import linear_layers, targeted
from pipelines.training.estimate import GIB, checkpoints_activations, memory_bytes, training_seconds
from pipelines.training.job import Job, steps_per_epoch
from pipelines.training.nodes import read_hostfile
from pipelines.training.zero import own_config


def check(params: Params, stage: str) -> BaseInfo:
    """The base that `stage` (pretrain or tune) may train here; one KefuError names every fault."""
    faults = machine_faults(params, stage)
    try:
        base = resolve(params.model)
    except KefuError as error:
        if not faults:
            raise
        _raise([*faults, f"{error.found} ({error.where})"], params)
    faults += base_faults(params, base, stage)
    _raise(faults, params)
    return base


def machine_faults(params: Params, stage: str) -> list[str]:
    """Known before the base is looked for: devices, and the memory of a base of `model.min_params`."""
    faults = []
    gpus, spread = gpu_count(), params.deepspeed
    devices, here = gpus or core_count(), spread.processes // spread.nodes
    if here > devices:
        kind = "GPUs" if gpus else "CPU cores (and no GPU)"
        of = f" on {spread.nodes} nodes" if spread.nodes > 1 else ""
        faults.append(f"deepspeed.processes is {spread.processes}{of}, this machine has {devices} {kind}")
    faults += _file_faults(params, stage)
    if params.deepspeed.offload and gpus == 0 and params.deepspeed.zero_stage == 3:
        faults.append("deepspeed.offload with zero_stage 3 needs a GPU: on a CPU the state is in its memory")
    if dtype_name(params.model.dtype) == "fp32" and gpus and params.model.min_params > 4:
        faults.append(f"model.dtype is fp32: a base of {params.model.min_params:g}B is trained in bf16")
    return faults + _memory_fault(params, stage, None, params.model.min_params * 1e9)


def _file_faults(params: Params, stage: str) -> list[str]:
    """Of the files that the parameters name: a configuration, a hostfile."""
    spread = params.deepspeed
    faults = []
    try:
        own_config(params, _section(params, stage))
        hosts = read_hostfile(ROOT / spread.hostfile) if spread.hostfile else {}
    except KefuError as error:
        return [f"{error.found} ({error.where}): {error.todo}"]
    if hosts and (len(hosts) != spread.nodes or set(hosts.values()) != {spread.processes // spread.nodes}):
        slots = ", ".join(f"{host} {count}" for host, count in hosts.items())
        faults.append(f"deepspeed: {spread.processes} processes on {spread.nodes} nodes, hostfile: {slots}")
    return faults


def base_faults(params: Params, base: BaseInfo, stage: str) -> list[str]:
    """Has the base the layers and the context that are asked for, and has the machine room for it?"""
    config = json.loads((base.path / "config.json").read_text())
    knob, longest = length_of(params, stage)
    faults = _target_faults(base.path, params.lora.targets)
    faults += _rank_faults(base.path, params.lora.targets, params.lora.r)
    for name, meaning in (
        ("max_position_embeddings", "longest context"),
        ("sliding_window", "attention window"),
    ):
        limit = config.get(name)
        if limit and longest > limit and _used(config, name):
            faults.append(f"{knob} is {longest}, the {meaning} of {base.name} is {limit} tokens")
    return faults + _memory_fault(params, stage, config, base.params, base.name)


def step_faults(job: Job, items: int, evaluation: int) -> list[str]:
    """Batch arithmetic, once it is known how many items there are."""
    batch = job.batch_size * job.gradient_accumulation * job.processes
    steps, faults = steps_per_epoch(job, items), []
    if batch > items:
        factors = "batch_size x gradient_accumulation x deepspeed.processes"
        faults.append(f"{job.name}: {factors} is {batch}, there are {items} items to train on")
    if job.evals_per_epoch > steps:
        faults.append(f"{job.name}.evals_per_epoch is {job.evals_per_epoch}, an epoch has {steps} steps")
    if job.evals_per_epoch and evaluation < job.processes:
        faults.append(f"{job.name}: {job.processes} processes, but {evaluation} rows to evaluate")
    return faults


def check_steps(job: Job, items: int, evaluation: int) -> None:
    _raise(step_faults(job, items, evaluation), None)


def check_time(params: Params, job: Job, base: BaseInfo, tokens: int) -> float:
    """Seconds that the training may take, an estimate; KefuError where it is over training.max_hours."""
    depth, again = job.lora["depth"], job.checkpointing
    seconds = training_seconds(base.params, tokens * job.epochs, job.dtype, depth, job.processes, again)
    limit = params.training.max_hours
    if limit and seconds > limit * 3600:
        _raise(
            [f"{job.name} may take {seconds / 3600:.0f} hours here, training.max_hours is {limit:g}"], params
        )
    return seconds


def checkpoints(params: Params, base: BaseInfo, stage: str) -> bool:
    """Must activations be computed again for want of memory?"""
    config = json.loads((base.path / "config.json").read_text())
    return checkpoints_activations(params, base.params, config, _tokens(params, stage), device_memory())


def _tokens(params: Params, stage: str) -> int:
    """Of a micro-batch at most."""
    return _section(params, stage).batch_size * length_of(params, stage)[1]


def _section(params: Params, stage: str) -> Pretrain | Tune:
    return params.pretrain if stage == "pretrain" else params.tune


def length_of(params: Params, stage: str) -> tuple[str, int]:
    """The parameter that says how many tokens a row of the stage has at most, and its value."""
    if stage == "pretrain":
        return "pretrain.block_tokens", params.pretrain.block_tokens
    return "tune.max_tokens", params.tune.max_tokens


def _memory_fault(
    params: Params, stage: str, config: dict[str, Any] | None, parameters: float, name: str = "model.base"
) -> list[str]:
    needed, free = _memory(params, stage, config, parameters)
    if needed <= free:
        return []
    return [
        f"{name} needs about {needed / GIB:.1f} GiB to train, {free / GIB:.1f} GiB are free on {_place()}"
    ]


def _memory(
    params: Params, stage: str, config: dict[str, Any] | None, parameters: float
) -> tuple[float, int]:
    """Bytes (needed, free) on one device."""
    tokens = _tokens(params, stage) if config else 0
    return memory_bytes(params, parameters, config, tokens), device_memory()


def _place() -> str:
    gpus = gpu_count()
    return f"each of {gpus} GPUs" if gpus else "this machine"


def memory_line(params: Params, base: BaseInfo, stage: str) -> str:
    """How much memory the training needs and how much there is, in words."""
    config = json.loads((base.path / "config.json").read_text())
    needed, free = _memory(params, stage, config, base.params)
    return f"about {needed / GIB:.1f} GiB of {free / GIB:.1f} GiB free on {_place()}"


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


def _rank_faults(base: Path, targets: str | list[str], r: int) -> list[str]:
    smallest = min((min(shape) for shape in targeted(base, targets).values()), default=r)
    return [f"lora.r is {r}, the base's smallest layer has {smallest} dimensions"] if r > smallest else []


def fitting_profiles(stage: str) -> list[str]:
    """Profiles of params.yaml that this machine has devices and memory for."""
    import yaml

    from pipelines.home import ROOT
    from pipelines.params import check as check_params

    raw = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    found = []
    for name in raw.get("profiles") or {}:
        try:
            fits = not machine_faults(check_params({**raw, "profile": name}), stage)
        except KefuError:
            fits = False
        found += [name] if fits else []
    return found


def _raise(faults: Sequence[str], params: Params | None) -> None:
    if not faults:
        return
    listed = "\n".join(f"  - {fault}" for fault in faults)
    todo = "mend them all, then run again"
    if params:
        others = [name for name in fitting_profiles("tune") if name != params.profile]
        todo += f"; profiles that fit this machine: {', '.join(others) or 'none other'}"
    raise KefuError(f"{len(faults)} fault(s) before training\n{listed}", "params.yaml", todo)
