"""Which of a machine's GPUs a stage may use: those that no other of the same user's stages holds."""

from __future__ import annotations

import fcntl
import os
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from pipelines.base.device import gpu_count
from pipelines.errors import KefuError

ASK_EVERY_S, TOLD_EVERY_S = 5, 300
_held = ExitStack()  # locks are the kernel's: they go with this process, however it ends


def take(wanted: int) -> list[str]:
    """Keeps this process, and what it starts, to `wanted` GPUs that no other process of the same user and
    TMPDIR has taken under the same name (0, or GPU-1a) until it ends; waits until so many are free.

    [], and nothing is changed, where the machine has none; KefuError where it has fewer in all.
    """
    there = gpu_count()
    if not wanted or not there:
        return []
    if wanted > there:
        raise KefuError(
            f"{wanted} GPUs are wanted on this machine, {there} {'is' if there == 1 else 'are'} there",
            "params.yaml, deepspeed.processes",
            f"at most {there} for each of deepspeed.nodes, or let CUDA_VISIBLE_DEVICES name more",
        )
    given = os.environ.get("CUDA_VISIBLE_DEVICES", "")
    devices = [one.strip() for one in given.split(",") if one.strip()] or [*map(str, range(there))]
    told = 0.0
    while not (taken := _lock(devices, wanted)):
        if time.monotonic() - told > TOLD_EVERY_S or not told:
            told = time.monotonic()
            print(f"waits until {wanted} of the GPUs {', '.join(devices)} are free", flush=True)
        time.sleep(ASK_EVERY_S)
    os.environ["CUDA_VISIBLE_DEVICES"] = ",".join(taken)
    return taken


def _lock(devices: list[str], wanted: int) -> list[str]:
    """The first `wanted` that are free, now held; [] and none held where they are fewer."""
    folder = Path(tempfile.gettempdir()) / f"kefu-gpus-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    taken: list[str] = []
    with ExitStack() as stack:
        for device in devices:
            file = stack.enter_context((folder / device.replace("/", "_")).open("w"))
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            taken.append(device)
            if len(taken) == wanted:
                _held.push(stack.pop_all())
                return taken
    return []
