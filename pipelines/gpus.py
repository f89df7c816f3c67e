"""Which of a machine's GPUs a stage may use: those that no other stage on it holds, whoever started that."""

from __future__ import annotations

import fcntl
import os
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from pipelines.base.device import gpu_count

ASK_EVERY_S, TOLD_EVERY_S = 5, 300
_held = ExitStack()  # locks are the kernel's: they go with this process, however it ends


def take(wanted: int) -> list[str]:
    """Keeps this process, and what it starts, to `wanted` GPUs that are its own until it ends; waits until so
    many are free. [], and nothing is changed, where the machine has none or not so many in all."""
    given = os.environ.get("CUDA_VISIBLE_DEVICES", "")
    devices = [one.strip() for one in given.split(",") if one.strip()] or [*map(str, range(gpu_count()))]
    if not 0 < wanted <= gpu_count():
        return []
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
