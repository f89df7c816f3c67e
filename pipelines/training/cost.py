"""What a training cost: device seconds over all its attempts, energy and money by params.yaml."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from pipelines.base.device import core_count, gpu_count
from pipelines.params.sections import Training


class Meter:
    """The seconds of this attempt, written as they pass, so that those of a killed one count too."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.started, self.name = folder / "attempts", time.monotonic(), str(time.time_ns())

    def note(self) -> None:
        self.folder.mkdir(exist_ok=True)
        partial = self.folder / f".{self.name}"
        partial.write_text(json.dumps(round(time.monotonic() - self.started, 1)))
        partial.rename(self.folder / self.name)

    def spent(self) -> dict[str, Any]:
        """{"seconds", "attempts"} of all attempts, this one included."""
        self.note()
        found = [json.loads(path.read_text()) for path in self.folder.glob("[0-9]*")]
        return {"seconds": round(sum(found), 1), "attempts": len(found)}


def cost(seconds: float, processes: int, nodes: int, settings: Training) -> dict[str, float]:
    """Of all devices that are used, a GPU a process or the cores of `nodes` machines like this one: device
    seconds, Wh, and the money of the price table.

    The energy is an estimate: the devices' seconds times the watts that params.yaml says a busy one draws.
    """
    device, count = ("gpu", processes) if gpu_count() else ("core", core_count() * nodes)
    spent = seconds * count
    watts = getattr(settings.watts, device)
    return {
        f"{device}_seconds": round(spent, 1),
        "energy_wh": round(spent / 3600 * watts, 3),
        f"cost_{settings.prices.currency}": round(
            spent / 3600 * getattr(settings.prices, f"{device}_hour"), 4
        ),
    }
