"""DeepSpeed's native operators, built at set-up: the first use would compile them in the middle of a run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from pipelines.errors import KefuError
from pipelines.home import home

COMMUNICATION = "deepspeed_shm_comm"
OFFLOAD = "cpu_adam"
BUILDERS = {COMMUNICATION: "ShareMemCommBuilder", OFFLOAD: "CPUAdamBuilder"}


def folder() -> Path:
    """Where the compiled operators stand; handed to every trainer as TORCH_EXTENSIONS_DIR."""
    return home() / "torch_extensions"


def needed(offload: bool) -> list[str]:
    """The operators that a CPU run loads, `offload` being that of the optimizer state."""
    return [COMMUNICATION, OFFLOAD] if offload else [COMMUNICATION]


def build(offload: bool) -> list[str]:
    """Builds what is not there yet; a line for each. KefuError if it fails."""
    return [_build_one(name) for name in needed(offload)]


def _build_one(name: str) -> str:
    if list(folder().rglob(f"{name}.so")):
        return f"DeepSpeed operator {name}: there"
    if not (shutil.which("c++") or shutil.which("g++")):
        raise KefuError(
            f"no C++ compiler, so DeepSpeed's operator {name} can't be built",
            "PATH",
            "install one (Debian: apt-get install g++; macOS: xcode-select --install), or set "
            "deepspeed.zero_stage to 0 and processes to 1 in params.yaml",
        )
    print(f"DeepSpeed operator {name}: building, one to three minutes", flush=True)
    code = f"from deepspeed.ops.op_builder.cpu import {BUILDERS[name]} as B; B().load(verbose=False)"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        last = [line for line in (done.stdout + done.stderr).splitlines() if "error" in line.lower()]
        raise KefuError(
            f"DeepSpeed's operator {name} did not build ({(last or ['no reason given'])[0].strip()[:200]})",
            str(folder()),
            "see that the compiler works and the disk has room, then run `make setup` again",
        )
    return f"DeepSpeed operator {name}: built"


def copy(built: Path, own: Path) -> Path:
    """A copy of the operators `built` for one attempt of a training, at `own`.

    torch locks the folder that it loads from by a file. A kill leaves the file, and every later training
    would wait for it for ever.
    """
    shutil.rmtree(own, ignore_errors=True)
    if built.is_dir():
        shutil.copytree(built, own, ignore=shutil.ignore_patterns("lock", ".ninja_lock"))
    return own


def environment() -> dict[str, str]:
    """The process environment for building and for running on a CPU."""
    binaries = str(Path(sys.executable).parent)  # ninja lies beside this Python
    path = os.pathsep.join([binaries, os.environ.get("PATH", "")])
    return {**os.environ, "DS_ACCELERATOR": "cpu", "TORCH_EXTENSIONS_DIR": str(folder()), "PATH": path}
