"""The bases that come as packages, and what `model.base` may name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipelines.base import sources, tiny


@dataclass(frozen=True)
class Packaged:
    """A base that needs no hub. `fetch` writes its source below a folder and returns the source's path."""

    name: str
    license: str
    source_sha256: str  # of the GGUF file; of tiny's recipe
    fetch: Callable[[Path], Path] | None  # None: made by us, not converted
    fallback_template: bool  # it brings no chat template of its own


PACKAGED = {
    base.name: base
    for base in (
        Packaged(
            "gemma3-270m",
            "gemma",
            "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818",
            sources.assemble_gemma,
            fallback_template=True,
        ),
        Packaged(
            "smollm2-135m",
            "apache-2.0",
            "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
            sources.unpack_smollm2,
            fallback_template=False,
        ),
        Packaged("tiny", "apache-2.0", tiny.recipe_sha256(), None, fallback_template=True),
    )
}
