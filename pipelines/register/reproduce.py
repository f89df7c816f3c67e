"""`python -m pipelines reproduce VERSION`: code and data as they were, and what trains it again."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from mlflow.entities.model_registry import ModelVersion

from pipelines.errors import KefuError
from pipelines.evaluate.adapter import WEIGHTS, adapter_sha256
from pipelines.home import home, main_checkout
from pipelines.register import bill
from pipelines.snapshot import git, has
from pipelines.stage import OUTPUTS
from pipelines.workspace import share_cache

CHAIN = ("pretrain", "tune")  # stages in the order of training; a version's own is the last that is run
MATTERS = ("python", "torch", "transformers", "peft", "accelerate", "deepspeed", "safetensors", "numpy")


@dataclass(frozen=True)
class Reproduction:
    """A worktree at a version's data tag, and what trains the version there."""

    path: Path
    stage: str
    expected_sha256: str

    @property
    def commands(self) -> list[list[str]]:
        repro = ["dvc", "repro", "--single-item", "--force", "--no-run-cache"]
        return [[*repro, stage] for stage in CHAIN[: CHAIN.index(self.stage) + 1]]

    @property
    def shown(self) -> list[str]:
        """The commands for a shell, from any folder."""
        paths = {"PYTHONPATH": str(self.path), "KEFU_HOME": str(home())}
        paths["PATH"] = f"{Path(sys.executable).parent}:$PATH"
        exports = " ".join(f'{name}="{value}"' for name, value in paths.items())
        return [f"cd {shlex.quote(str(self.path))}", f"export {exports}", *map(shlex.join, self.commands)]

    def run(self) -> str:
        """Trains; returns the sha256 of the adapter that came of it. KefuError where a command fails."""
        for command in self.commands:
            _call(self.path, command)
        return self.found_sha256()

    def found_sha256(self) -> str:
        return adapter_sha256(self.path / OUTPUTS[self.stage])


def prepare(version: ModelVersion) -> Reproduction:
    """A worktree below home()/reproduced at the version's data tag, with the data that the tag names.

    What stood there before is replaced. KefuError where the tag or the data cannot be had.
    """
    tag, stage = version.tags.get("data_tag", ""), version.tags.get("trained_by", "")
    root = main_checkout()
    if stage not in CHAIN or not tag:
        raise KefuError(
            f"{version.name} version {version.version} does not say how it was trained",
            "its tags data_tag and trained_by",
            "choose a version that `register` made",
        )
    if not has(f"refs/tags/{tag}", root):
        raise KefuError(
            f"this clone has no tag {tag}",
            str(root),
            "fetch it from the clone that made it (git fetch --tags); that of a version that was turned down"
            " goes with time (retention.rejected_days)",
        )
    path = home() / "reproduced" / f"{version.name}-{version.version}"
    shutil.rmtree(path, ignore_errors=True)
    git("worktree", "prune", cwd=root)
    git("worktree", "add", "-q", "--detach", str(path), tag, cwd=root)
    share_cache(path)
    _call(path, ["dvc", "pull", "--quiet", "--force"])
    return Reproduction(path, stage, version.tags["adapter_sha256"])


def other_packages(version: ModelVersion) -> list[str]:
    """Packages that change what training gives and differ from the version's bill, in words."""
    try:
        then = bill.fetch(version)["packages"]
    except KefuError:
        return ["which packages it was trained with is not known: it carries no bill of materials"]
    now = bill.packages()
    return [
        f"{name} was {then.get(name, 'absent')}, is {now.get(name, 'absent')}"
        for name in MATTERS
        if then.get(name) != now.get(name)
    ]


def largest_difference(version: ModelVersion, folder: Path) -> float | None:
    """The largest absolute difference of any weight to the registered adapter; None where shapes differ."""
    import tempfile

    from mlflow.artifacts import download_artifacts
    from safetensors.numpy import load_file

    uri = f"models:/{version.name}/{version.version}/artifacts/adapter/{WEIGHTS}"
    with tempfile.TemporaryDirectory() as into:
        registered = load_file(download_artifacts(artifact_uri=uri, dst_path=into))
    found = load_file(folder / WEIGHTS)
    if {n: t.shape for n, t in found.items()} != {n: t.shape for n, t in registered.items()}:
        return None
    return max(float(abs(found[name] - registered[name]).max()) for name in found)


def _call(path: Path, command: list[str]) -> None:
    environment = {
        **os.environ,
        "PYTHONPATH": str(path),
        "KEFU_HOME": str(home()),
        "PATH": f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}",
    }
    code = subprocess.run(command, cwd=path, env=environment).returncode
    if code != 0:
        raise KefuError(
            f"`{shlex.join(command)}` ended with {code}",
            str(path),
            "read the lines above, mend it, try again",
        )
