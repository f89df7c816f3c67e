"""The base that params.yaml names, for every room that loads it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.base.catalog import PACKAGED
from pipelines.base.device import multiplies_bf16
from pipelines.base.prepare import count_parameters, folder_of, is_path, weights_sha256
from pipelines.errors import KefuError
from pipelines.home import home
from pipelines.params.sections import Model

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase


@dataclass(frozen=True)
class BaseInfo:
    """A base that is ready to load and allowed to be used."""

    name: str
    path: Path
    license: str
    revision: str | None  # the commit of a hub model
    sha256: str  # of the weights
    params: int  # parameters in all


def base_path(model: Model) -> Path:
    """The folder (safetensors and tokenizer) of the base; KefuError if it may not be used or is not there."""
    return resolve(model).path


def resolve(model: Model) -> BaseInfo:
    """What `model.base` stands for; KefuError if it is unknown, not set up, or its licence not allowed."""
    if model.base not in PACKAGED and not is_path(model.base) and model.base.count("/") != 1:
        raise KefuError(
            f"there is no base {model.base!r}",
            "params.yaml: model.base",
            f"name a packaged base ({', '.join(PACKAGED)}), a hub id (owner/name) or a folder (/..., ./...)",
        )
    packaged = PACKAGED.get(model.base)
    check_license(model, packaged.license if packaged else model.license)
    facts = _facts(model, folder_of(model))
    return BaseInfo(
        model.base,
        folder_of(model),
        packaged.license if packaged else model.license or "",
        facts["revision"],
        facts["sha256"],
        facts["params"],
    )


def check_license(model: Model, license: str | None) -> None:
    if not license:
        raise KefuError(
            f"the licence of {model.base} is not known",
            "params.yaml: model.license",
            "read the model's licence and name it there (packaged bases bring theirs)",
        )
    if license not in model.allowed_licenses:
        raise KefuError(
            f"the licence {license} of {model.base} is not allowed here",
            "params.yaml: model.allowed_licenses",
            f"allowed are {', '.join(model.allowed_licenses) or 'none'}; add it once you may use it, "
            "or choose another base",
        )


def _facts(model: Model, folder: Path) -> dict[str, Any]:
    if is_path(model.base) and model.base not in PACKAGED:
        return _local_facts(folder)
    try:
        facts: dict[str, Any] = json.loads((folder / "base.json").read_text())
    except FileNotFoundError:
        raise KefuError(
            f"the base {model.base} is not set up",
            str(folder),
            f"run `make setup`, or `python -m pipelines.base prepare {model.base}`",
        ) from None
    return facts


def _local_facts(folder: Path) -> dict[str, Any]:
    """Facts of a folder of the user's; its checksum is remembered under the sizes and times of its files."""
    weights = sorted(folder.glob("*.safetensors"))
    for needed in ("config.json", "tokenizer_config.json"):
        if not weights or not (folder / needed).exists():
            raise KefuError(
                f"the folder has no {needed if weights else '*.safetensors'}",
                str(folder),
                "model.base must name a folder that transformers' save_pretrained wrote, tokenizer included",
            )
    state = [[f.name, f.stat().st_size, f.stat().st_mtime_ns] for f in weights]
    known = home() / "models" / "local.json"
    remembered: dict[str, Any] = json.loads(known.read_text()) if known.exists() else {}
    if remembered.get(str(folder), {}).get("state") != state:
        facts = {"revision": None, "sha256": weights_sha256(folder), "params": count_parameters(folder)}
        remembered[str(folder)] = {**facts, "state": state}
        known.parent.mkdir(parents=True, exist_ok=True)
        partial = known.with_suffix(".partial")
        partial.write_text(json.dumps(remembered, indent=1, sort_keys=True))
        partial.rename(known)
    facts = remembered[str(folder)]
    return facts


def dtype_name(dtype: str) -> str:
    """fp32 or bf16; auto takes bf16 where the device multiplies it in hardware."""
    if dtype != "auto":
        return dtype
    return "bf16" if multiplies_bf16() else "fp32"


def load_model(path: Path, dtype: str, attention: str = "sdpa") -> PreTrainedModel:
    """The causal language model at `path`, in eval mode, in `dtype` (auto, fp32 or bf16), on the CPU.

    `attention`: as transformers names implementations.
    """
    import torch
    from transformers import AutoModelForCausalLM
    from transformers.utils import logging

    logging.disable_progress_bar()
    types = {"fp32": torch.float32, "bf16": torch.bfloat16}
    model = AutoModelForCausalLM.from_pretrained(
        str(path), dtype=types[dtype_name(dtype)], attn_implementation=attention
    )
    return model.eval()


def load_tokenizer(path: Path) -> PreTrainedTokenizerBase:
    """The tokenizer at `path`, with a chat template and a padding token."""
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(str(path))
    if not tokenizer.chat_template:
        raise KefuError(
            "the base has no chat template",
            str(path),
            "put a chat_template.jinja in its folder, or choose an instruct model",
        )
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    return tokenizer


def end_of_answer_ids(tokenizer: PreTrainedTokenizerBase) -> list[int]:
    """Token ids at which an answer ends: the template's end-of-turn and the end of text."""
    probe = tokenizer.apply_chat_template(
        [{"role": "user", "content": "?"}, {"role": "assistant", "content": "."}], tokenize=False
    )
    last = tokenizer(probe.rstrip(), add_special_tokens=False)["input_ids"][-1]
    return list(dict.fromkeys(i for i in (last, tokenizer.eos_token_id) if i is not None))
