"""data/packages.json: the installed versions of the packages that a stage's result hangs on.

dvc.yaml names them for each stage. A run writes the file when it begins, so that DVC does a stage again once
one of its packages is another; what is remembered of rows or partitions has them in its keys.
"""

from __future__ import annotations

import importlib.metadata
import json
from functools import cache
from pathlib import Path

import yaml

from pipelines.errors import KefuError
from pipelines.home import ROOT

PINNED = "data/packages.json"
WRITES_TABLES = "pyarrow"  # it decides on a table's bytes and on no value in it


def pin(root: Path) -> None:
    """Writes data/packages.json below `root`, for all packages that the stages there name."""
    path = root / PINNED
    path.parent.mkdir(parents=True, exist_ok=True)
    names = {name for stage in named(root).values() for name in stage}
    path.write_text(json.dumps({name: version(name) for name in sorted(names)}, indent=1) + "\n")


@cache
def deciding(stage: str) -> dict[str, str]:
    """{package: version} of those that decide on the values which the stage of this checkout writes."""
    return {name: version(name) for name in sorted(named(ROOT)[stage]) if name != WRITES_TABLES}


def version(name: str) -> str:
    """Of an installed package, without the part that names its build (`+cpu`)."""
    try:
        return importlib.metadata.version(name).split("+")[0]
    except importlib.metadata.PackageNotFoundError:
        raise KefuError(
            f"the package {name} is not installed",
            "dvc.yaml names it",
            "run `make setup` in a checkout whose requirements.txt has it",
        ) from None


def named(root: Path) -> dict[str, list[str]]:
    """{stage: packages}; none where a commit is older than this file."""
    stages = yaml.safe_load((root / "dvc.yaml").read_text())["stages"]
    return {name: _of(stage.get("params", [])) for name, stage in stages.items()}


def _of(params: list[str | dict[str, list[str]]]) -> list[str]:
    return [package for one in params if isinstance(one, dict) for package in one.get(PINNED, [])]
