"""Who an adapter is."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pipelines.errors import KefuError

WEIGHTS = "adapter_model.safetensors"


def adapter_sha256(folder: Path) -> str:
    """sha256 of the adapter's weights file, as `sha256sum` gives it."""
    path = folder / WEIGHTS
    if not path.exists():
        raise KefuError("there is no adapter", str(path), "run the stages before (`dvc repro`)")
    return hashlib.sha256(path.read_bytes()).hexdigest()
