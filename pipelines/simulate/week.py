"""One week: a log lands, the DAG runs, both models are asked the week's questions, a steward approves."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from pipelines.errors import KefuError, UnavailableError
from pipelines.results import result
from pipelines.servers.rest import Airflow
from pipelines.simulate import company
from pipelines.simulate.place import Place
from pipelines.simulate.story import Week
from pipelines.snapshot import git
from pipelines.workspace import name_of

MODEL = "kefu-instruction"
POLL_S = 3.0
PATIENCE_S = 4 * 3600
SETTLE_S = 15  # Airflow fails a task that is answered before its scheduler has seen it wait
Row = dict[str, Any]
T = TypeVar("T")


def live(place: Place, week: Week, champion: str, conf: dict[str, str]) -> Row:
    """Everything the table says of the week; `champion` is the version in charge before it, "" if none."""
    records = company.talks(week, place.knowledge)
    company.write_log(place.landing / f"{week.name}.jsonl", records)
    asked = place.questions / f"{week.name}.jsonl"
    company.write_questions(asked, company.questions(week, records, place.knowledge, place.kept()))
    run_id, seconds = retrain(conf)
    found = result(run_id, "news")
    row = {
        "week": week.name,
        "number": week.number,
        "event": week.event,
        "questions": len(asked.read_text().splitlines()),
        "written": len(records),
        **{name: found[name] for name in ("train", "why", "start", "start_why", "news")},
        "seconds": seconds,
        "data": f"data/{name_of(run_id)}",
        "commit": git("rev-parse", "--short", f"data/{name_of(run_id)}^{{commit}}", cwd=place.checkout),
        "champion_before": figures(place, week, champion) if champion else None,
        "champion": champion,
    }
    return row | (_trained(place, week, run_id) if found["train"] else {})


def _trained(place: Place, week: Week, run_id: str) -> Row:
    version = str(result(run_id, "register")["version"])
    found = {"version": version, "candidate": figures(place, week, version), **spent(run_id)}
    approve(f"{MODEL}/{version}", f"simulated week {week.number}")
    return {**found, "champion": version}


def retrain(conf: dict[str, str]) -> tuple[str, float]:
    """(id, seconds) of a run of the DAG that has succeeded; KefuError where it fails."""
    airflow = Airflow()
    run_id = airflow.trigger("retrain", conf)

    def ended() -> Row | None:
        run = airflow.run("retrain", run_id)
        return run if run["state"] in ("success", "failed") else None

    run = until(ended, f"the run {run_id}")
    if run["state"] != "success":
        failed = [task["task_id"] for task in airflow.tasks("retrain", run_id) if task["state"] == "failed"]
        last = airflow.log("retrain", run_id, failed[0], 0)[-15:] if failed else []
        raise KefuError(f"{', '.join(failed)} failed\n" + "\n".join(last), run_id, "read the task's log")
    started, finished = (datetime.fromisoformat(run[name]) for name in ("start_date", "end_date"))
    return run_id, round((finished - started).total_seconds(), 1)


def figures(place: Place, week: Week, version: str) -> Row:
    """{"right", "of", "loss"} of a registered version on the week's questions; loss in nats a token."""
    out = place.questions / f"{week.name}.v{version}.json"
    model = f"models:/{MODEL}/{version}"
    data = place.questions / f"{week.name}.jsonl"
    command = ("evaluate", "--model", model, "--data", str(data), "--out", str(out))
    place.python("-m", "pipelines", *command)
    found = json.loads(out.read_text())["models"]["candidate"]
    right = found["right"]
    return {"right": right["right"], "of": right["of"], "loss": found["loss"]["loss"]}


def spent(run_id: str) -> Row:
    """{"training_seconds", "cost", "new", "replayed"} of the run's trainings, as MLflow has them."""
    from pipelines.register.tracking import connect
    from pipelines.report.runs import KnownRun

    client = connect()
    run = KnownRun(client, client.get_run(result(run_id, "register")["run_id"]))
    trainings = [run.stages.get(stage, {}) for stage in ("pretrain", "tune")]
    costs = [value for found in trainings for name, value in found.items() if name.startswith("cost_")]
    tune = trainings[1]
    return {
        "training_seconds": round(sum(found.get("seconds", 0.0) for found in trainings), 1),
        "cost": round(sum(costs), 4),
        "tokens": int(sum(found.get("tokens", 0) for found in trainings)),
        "new": int(tune.get("new_examples", tune.get("rows_out", 0))),
        "replayed": int(tune.get("replayed_examples", 0)),
    }


def approve(candidate: str, reason: str) -> None:
    """Answers the request for `candidate` (name/version) as the steward; waits until it is carried out."""
    steward = Airflow("steward")
    asked = until(lambda: _waiting(steward, candidate), f"the request to approve {candidate}")
    time.sleep(SETTLE_S)
    steward.answer(asked, "Approve", reason)
    run_id = asked["task_instance"]["dag_run_id"]

    def decided() -> str | None:
        state = str(steward.run("promote", run_id)["state"])
        return state if state in ("success", "failed") else None

    if until(decided, f"the promotion {run_id}") != "success":
        raise KefuError("the promotion failed", run_id, "read the log of its task `decide`")


def _waiting(steward: Airflow, candidate: str) -> Row | None:
    """By the run's partition: the words of a request are in the language of the report."""
    for asked in steward.pending_approvals():
        task = asked["task_instance"]
        run = steward.run("promote", task["dag_run_id"])
        if task["state"] == "awaiting_input" and run["partition_key"] == candidate:
            return asked
    return None


def until(found: Callable[[], T | None], what: str) -> T:
    """What `found` gives once it gives something; a server that does not answer is asked again."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        try:
            if (value := found()) is not None:
                return value
        except UnavailableError:
            pass
        time.sleep(POLL_S)
    raise KefuError(f"{what} did not end in {PATIENCE_S / 3600:.0f} hours", "Airflow", "look at its page")
