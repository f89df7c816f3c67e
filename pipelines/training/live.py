"""A training as it goes, in MLflow: in the same run as the stage's metrics later, found again by a retry.

MLflow is a window and never in the way: it is written to from a thread, and where it does not answer, the
training goes on unseen. What is missing then comes with `register`.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from pipelines.stage import StageRun

FILE = "live.json"


def open_run(run: StageRun, folder: Path, config: dict[str, Any] | None) -> None:
    """Finds or makes the stage's run where a server is known, and logs DeepSpeed's configuration with it.

    Without a DAG run's id the training's own key stands for it, so that a retry finds the run as well.
    """
    (folder / FILE).unlink(missing_ok=True)
    if not os.environ.get("KEFU_RUN") and not os.environ.get("MLFLOW_TRACKING_URI"):
        return
    try:
        from pipelines.register import tracking

        client = tracking.connect()
        name = os.environ.get("KEFU_RUN") or f"local-{folder.name[:12]}"
        experiment = tracking.experiment(client, run.params.register_.name)
        child = tracking.child_run(client, tracking.parent_run(client, experiment, name), run.name)
        if config is not None:
            client.log_dict(child.info.run_id, config, "deepspeed.json")
        found = {"url": tracking.mlflow_url(), "run_id": child.info.run_id}
        (folder / FILE).write_text(json.dumps(found))
        print(f"{run.name}: live in MLflow, run {child.info.run_id}", flush=True)
    except Exception as error:
        print(f"{run.name}: not live in MLflow ({type(error).__name__}), trains all the same", flush=True)
