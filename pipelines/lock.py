"""`make lock`: requirements.txt, the whole closure pinned, from requirements.in."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from pipelines.bootstrap import VENV, index_options
from pipelines.home import ROOT

HEAD = "# The whole closure, pinned. Made from requirements.in by `make lock`; do not edit.\n"


def main() -> int:
    out = ROOT / "requirements.txt"
    command = [
        str(VENV / "bin/uv"),
        "pip",
        "compile",
        "requirements.in",
        "--no-header",
        "--no-emit-find-links",
    ]
    done = subprocess.run(
        [*command, "--python", sys.executable, *index_options(), "-q"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        print(done.stderr, file=sys.stderr)
        return done.returncode
    _write(out, done.stdout)
    return 0


def _write(out: Path, compiled: str) -> None:
    """Drops the local part of versions (torch's +cpu), which no public registry lists."""
    out.write_text(HEAD + re.sub(r"^(\S+==[^\s+]+)\+\S+", r"\1", compiled, flags=re.M))


if __name__ == "__main__":
    sys.exit(main())
