"""Commands of a run, in its worktree and with its code."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import deque
from pathlib import Path

from pipelines.ends import die_with_parent, kill_group
from pipelines.errors import KefuError
from pipelines.home import home

TAIL_LINES = 25


class StepFailed(KefuError):
    """A command of a run failed. `final` when it said why in a KefuError: trying again would say the same."""

    final = False


def run(run_id: str, path: Path, *command: str) -> None:
    """Runs a command of the run in its worktree `path`, output streamed; StepFailed with its last lines.

    Whatever ends this call, a timeout or a kill included, ends the command and all that it started.
    """
    last: deque[str] = deque(maxlen=TAIL_LINES)
    process = subprocess.Popen(
        command,
        cwd=path,
        env=_environment(path, run_id),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        bufsize=1,
        start_new_session=True,
        preexec_fn=die_with_parent,
    )
    assert process.stdout is not None
    try:
        for line in process.stdout:
            print(line, end="", flush=True)
            last.append(line.rstrip())
        process.wait()
    finally:
        kill_group(process)
    if process.returncode != 0:
        raise _failure(command, process.returncode, list(last), path)


def _failure(command: tuple[str, ...], code: int, last: list[str], path: Path) -> StepFailed:
    shown = "\n".join(last)
    failed = StepFailed(f"`{' '.join(command)}` ended with {code}\n{shown}", str(path))
    failed.final = any(line.startswith("error: ") for line in last)
    return failed


def _environment(path: Path, run_id: str) -> dict[str, str]:
    return {
        **os.environ,
        "PYTHONPATH": str(path),
        "PYTHONUNBUFFERED": "1",
        "KEFU_HOME": str(home()),
        "KEFU_RUN": run_id,
        "PATH": f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}",
    }
