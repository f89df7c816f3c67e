"""The LoRA adapter: put on the base, gone on from, checked once it is saved."""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Collection
from pathlib import Path
from typing import Any

from pipelines.errors import KefuError

WEIGHTS = "adapter_model.safetensors"
CONFIG = "adapter_config.json"
NOT_ADAPTED = ("embed_tokens", "lm_head", "wte", "wpe")


def attach(model: Any, lora: dict[str, Any], parent: Path | None) -> Any:
    """`model` with a new LoRA, or with that of the folder `parent`. Seed before: new weights are random."""
    from peft import LoraConfig, get_peft_model

    config = LoraConfig(
        r=lora["r"],
        lora_alpha=lora["alpha"],
        lora_dropout=lora["dropout"],
        **_places(model, lora),
        bias="none",
        task_type="CAUSAL_LM",
    )
    adapted = get_peft_model(model, config)
    if parent:
        _take_over(adapted, parent)
    _leave_out_ties(adapted)
    return adapted


def _places(model: Any, lora: dict[str, Any]) -> dict[str, Any]:
    """PEFT's words for which linear layers are adapted."""
    targets, depth = lora["targets"], lora["depth"]
    if depth == 1:
        return {"target_modules": targets}
    names = [name for name, module in model.named_modules() if hasattr(module, "in_features")]
    numbers = sorted({number for name in names if (number := layer_of(name)) is not None})
    kinds = sorted({name.split(".")[-1] for name in names if layer_of(name) is not None})
    upper = [number for number in numbers if number >= first_adapted(len(numbers), depth)]
    return {"target_modules": kinds if targets == "all-linear" else targets, "layers_to_transform": upper}


def layer_of(name: str) -> int | None:
    """The number of the layer that a module belongs to: the first number of its name."""
    found = re.search(r"\.(\d+)\.", name)
    return int(found.group(1)) if found else None


def first_adapted(layers: int, depth: float) -> int:
    """The lowest of `layers` layers that the share `depth`, counted from the last, holds; one at least."""
    return layers - max(1, round(layers * depth))


def _leave_out_ties(model: Any) -> None:
    """A tied head stands in the state under a second name. DeepSpeed, which leaves frozen weights out of its
    checkpoints by their first name, would store it: a third of a gigabyte for Gemma 3 270M."""
    once = dict(model.named_parameters())
    every = model.named_parameters(remove_duplicate=False)
    ties = [name for name, weight in every if name not in once and not weight.requires_grad]

    def leave_out(_: Any, state: dict[str, Any], prefix: str, __: Any) -> None:
        for name in ties:
            state.pop(f"{prefix}{name}", None)

    model.register_state_dict_post_hook(leave_out)


def _take_over(model: Any, parent: Path) -> None:
    from peft import set_peft_model_state_dict
    from safetensors.torch import load_file

    try:
        outcome = set_peft_model_state_dict(model, load_file(parent / WEIGHTS))
        missing = [name for name in outcome.missing_keys if "lora_" in name]
    except RuntimeError:
        missing = ["a tensor of this shape"]
    if missing or outcome.unexpected_keys:
        raise KefuError(
            f"the adapter does not fit ({len(missing)} tensors missing or of another shape)",
            str(parent),
            "lora.r, targets and depth must be those that it was trained with: run pretrain again",
        )


def misfit_of(folder: Path, base: Path, lora: dict[str, Any]) -> str:
    """How the adapter in `folder` differs from what `lora` asks for on the base, "" where it fits."""
    config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    then, now = (config.get("r"), config.get("lora_alpha")), (lora["r"], lora["alpha"])
    if then != now:
        return (
            f"the champion's LoRA has r {then[0]} and alpha {then[1]}, lora.r is {now[0]} and alpha {now[1]}"
        )
    asked_for = expected_shapes(base, lora["r"], lora["targets"], lora["depth"])
    if tensor_shapes(folder / WEIGHTS) != asked_for:
        return "the champion's LoRA adapts other layers than lora.targets and lora.depth"
    return ""


def tensor_shapes(path: Path) -> dict[str, tuple[int, ...]]:
    """Names and shapes of a safetensors file, from its header alone."""
    with path.open("rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
    return {name: tuple(tensor["shape"]) for name, tensor in header.items() if name != "__metadata__"}


def linear_layers(base: Path) -> dict[str, tuple[int, int]]:
    """(outputs, inputs) of every linear layer that LoRA may adapt, by module name, from the base's files."""
    shapes: dict[str, tuple[int, ...]] = {}
    for file in sorted(base.glob("*.safetensors")):
        shapes |= tensor_shapes(file)
    return {
        name.removesuffix(".weight"): (shape[0], shape[1])
        for name, shape in shapes.items()
        if len(shape) == 2
        and name.endswith(".weight")
        and not any(part in NOT_ADAPTED for part in name.split("."))
    }


def targeted(base: Path, targets: str | list[str], depth: float = 1.0) -> dict[str, tuple[int, int]]:
    """Those linear layers that `lora.targets` and `lora.depth` mean."""
    layers = linear_layers(base)
    first = first_adapted(1 + max((layer_of(name) or 0 for name in layers), default=0), depth)
    return {
        name: shape
        for name, shape in layers.items()
        if (targets == "all-linear" or name.split(".")[-1] in targets)
        and (depth == 1 or (layer_of(name) or 0) >= first)
    }


def expected_shapes(
    base: Path, r: int, targets: str | list[str], depth: float = 1.0
) -> dict[str, tuple[int, ...]]:
    """What a complete adapter of the base holds."""
    expected: dict[str, tuple[int, ...]] = {}
    for name, (outputs, inputs) in targeted(base, targets, depth).items():
        expected[f"base_model.model.{name}.lora_A.weight"] = (r, inputs)
        expected[f"base_model.model.{name}.lora_B.weight"] = (outputs, r)
    return expected


def _zero_faults(filled: Collection[str], names: Collection[str]) -> list[str]:
    """Of tensors that are all zero, which `filled` leaves out. A lora_A is drawn and a lora_B learned: it was
    lost, unless it is the lora_B of an expert that no token went to."""
    if not any("lora_B" in name for name in filled):
        return ["every lora_B is zero: nothing was learned"]
    spared = {name for name in names if "lora_B" in name and "experts" in name.split(".")}
    return [f"{name} is all zero" for name in set(names) - set(filled) - spared]


def check_saved(folder: Path, base: Path, r: int, targets: str | list[str], depth: float = 1.0) -> None:
    """KefuError unless the adapter has every expected tensor, of its shape, finite and not all zero."""
    import torch
    from safetensors.torch import load_file

    expected, found = expected_shapes(base, r, targets, depth), tensor_shapes(folder / WEIGHTS)
    faults = [f"{name} is missing" for name in expected.keys() - found.keys()]
    faults += [f"{name} is not expected" for name in found.keys() - expected.keys()]
    faults += [f"{n} has shape {found[n]}" for n in expected.keys() & found.keys() if expected[n] != found[n]]
    tensors = load_file(folder / WEIGHTS)
    faults += [f"{name} is not finite" for name, t in tensors.items() if not torch.isfinite(t).all()]
    faults += _zero_faults({name for name, t in tensors.items() if t.count_nonzero()}, found.keys())
    if faults:
        raise KefuError(
            f"the saved adapter is not whole: {len(faults)} fault(s), such as {sorted(faults)[0]}",
            str(folder),
            "it is not published; run the stage again, and lower the learning rate if values are not finite",
        )
