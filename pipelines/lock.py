"""`make lock`: the whole closure pinned, requirements.txt, and what a cluster adds to it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from pipelines.bootstrap import VENV, index_options
from pipelines.home import ROOT

HEAD = "# The whole closure, pinned. Made from requirements.in by `make lock`; do not edit.\n"
CLUSTER_HEAD = "# What requirements-cluster.in adds, pinned. Made from it by `make lock`; do not edit.\n"
PINNED = re.compile(r"^(\S+)==\S+")


def main() -> int:
    """Exit code of the resolver, whose words are printed where it fails."""
    try:
        _write(ROOT / "requirements.txt", _compiled("requirements.in"))
        _write_added(ROOT / "requirements-cluster.txt", _compiled("requirements-cluster.in"))
    except subprocess.CalledProcessError as error:
        print(error.stderr, file=sys.stderr)
        return error.returncode
    return 0


def _compiled(name: str) -> str:
    command = [str(VENV / "bin/uv"), "pip", "compile", name, "--no-header", "--no-emit-find-links"]
    return subprocess.run(
        [*command, "--python", sys.executable, *index_options(), "-q"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def _write(out: Path, compiled: str) -> None:
    """Drops the local part of versions (torch's +cpu), which no public registry lists."""
    out.write_text(HEAD + re.sub(r"^(\S+==[^\s+]+)\+\S+", r"\1", compiled, flags=re.M))


def _write_added(out: Path, compiled: str) -> None:
    base = _names(ROOT / "requirements.txt")
    lines = [line for line in compiled.splitlines() if (found := PINNED.match(line)) and found[1] not in base]
    out.write_text(CLUSTER_HEAD + "\n".join(lines) + "\n")


def _names(path: Path) -> set[str]:
    return {found[1] for line in path.read_text().splitlines() if (found := PINNED.match(line))}


if __name__ == "__main__":
    sys.exit(main())
