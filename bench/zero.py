"""One training under every ZeRO stage, one process and two: the same losses, the same adapter.

`python bench/zero.py` trains the tiny base in fp32 on one set of items, global batch 4, 24 steps, and prints
a table: the loss of the last step, the validation loss, and the largest difference of any adapter weight from
that of the plain training in one process. A quarter of an hour on two busy cores.
"""

import json
import os
import platform
import sys
import tempfile
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
REFUSED = "plain (`params.yaml` refuses it: two processes need ZeRO)"
KINDS = [("plain", 0, False), ("ZeRO-1", 1, False), ("ZeRO-2", 2, False), ("ZeRO-3", 3, False)]
KINDS += [("ZeRO-2, optimizer offloaded", 2, True)]
LORA = {"r": 4, "alpha": 8, "dropout": 0.0, "targets": "all-linear", "depth": 1.0}


def main():
    from pipelines.base import ops
    from pipelines.base.prepare import prepare
    from pipelines.home import home
    from tests.code.training.tiny import tiny_params

    os.environ["DS_ACCELERATOR"] = "cpu"
    ops.build(offload=True)
    prepare(tiny_params().model)
    print(f"{date.today()}, {platform.processor() or platform.machine()}, {os.cpu_count()} cores\n")
    print("| | processes | last loss | validation loss | adapter's largest difference |")
    print("|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        reference = None
        for name, stage, offload in KINDS:
            for processes in (1, 2):
                job = train(Path(folder) / f"{stage}{offload}{processes}", home(), stage, offload, processes)
                reference = reference or job
                print(row(REFUSED if (stage, processes) == (0, 2) else name, job, reference), flush=True)


def train(folder, home, stage, offload, processes):
    from tests.code.training import forked
    from tests.code.training.test_killed import items
    from tests.code.training.tiny import tiny_job

    own = {"zero_stage": stage, "offload": offload, "processes": processes, "batch_size": 2 // processes}
    own |= {"epochs": 3, "lora": LORA, "learning_rate": 0.01, "patience": 99}
    job = tiny_job(home, folder, items(32), items(7), **own)
    forked.finish(job, home / "torch_extensions")
    return job


def row(name, job, reference):
    from safetensors.torch import load_file

    history = json.loads((job.result / "history.json").read_text())
    last = {key: [entry[key] for entry in history if key in entry][-1] for key in ("loss", "eval_loss")}
    one, other = (load_file(j.result / "adapter_model.safetensors") for j in (job, reference))
    apart = max((one[n] - other[n]).abs().max().item() for n in one.keys() | other.keys())
    return f"| {name} | {job.processes} | {last['loss']:.5f} | {last['eval_loss']:.5f} | {apart:.1e} |"


if __name__ == "__main__":
    main()
