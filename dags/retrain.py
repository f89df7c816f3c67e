"""### Retrain the assistant

One task a stage of `dvc.yaml`, in its order, then publish the data, register the adapters in MLflow and
write the report. The run works in a git worktree of its own, so nobody's checkout changes. Trigger it with
**Params** to try another base model or profile; the weekly run uses what `params.yaml` says.

Once a version has its report, the DAG `promote` asks a steward to approve it.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml
from airflow.sdk import Asset, Param, dag, get_current_context, task
from airflow.timetables.trigger import CronTriggerTimetable

ROOT = Path(__file__).resolve().parents[1]
STAGES = list(yaml.safe_load((ROOT / "dvc.yaml").read_text())["stages"])
PROFILES = list(yaml.safe_load((ROOT / "params.yaml").read_text())["profiles"])
ADAPTER = Asset(name="adapter", uri="kefu://adapter")


def execute(run_id: str, *command: str) -> None:
    """The command in the run's worktree; what the pipeline itself explained is not tried again."""
    from airflow.sdk.exceptions import AirflowFailException

    from pipelines import ends, workspace

    ends.die_with_parent()  # without its supervisor a task would go on beside its next attempt
    try:
        workspace.execute(run_id, *command)
    except workspace.StepFailed as failed:
        if failed.final:
            raise AirflowFailException(str(failed)) from None
        raise


def make_workspace(run_id: str, chosen: dict[str, Any]) -> None:
    """The run's worktree; a Param that cannot be, or a key that `register` will need, is told at once."""
    from airflow.sdk.exceptions import AirflowFailException

    from pipelines import home, workspace
    from pipelines.errors import KefuError

    try:
        home.key("KEFU_SIGN_KEY")
        workspace.create(run_id, chosen)
    except KefuError as error:
        raise AirflowFailException(str(error)) from None


@task
def prepare() -> dict[str, str]:
    from pipelines import workspace

    context = get_current_context()
    run_id, names = context["run_id"], ("profile", "base", "license", "revision", "since", "set")
    make_workspace(run_id, {name: context["params"].get(name) for name in names})
    execute(run_id, "python", "-m", "pipelines.base", "prepare")
    execute(run_id, "python", "-m", "pipelines", "pin-champion")
    return workspace.commit(run_id, "data/champion.json")


@task
def run_stage(stage: str) -> None:
    from pipelines import outputs

    context = get_current_context()
    force = ["--force"] if context["params"].get("force") else []
    execute(context["run_id"], "dvc", "repro", "--single-item", *force, stage)
    outputs.hold(context["run_id"], stage)


@task
def publish() -> dict[str, str]:
    from pipelines import workspace

    return workspace.publish(get_current_context()["run_id"])


@task
def register() -> dict[str, Any]:
    from pipelines import workspace

    context = get_current_context()
    run_id = context["run_id"]
    execute(run_id, "python", "-m", "pipelines", "register", "--run-id", run_id)
    made = workspace.result(run_id, "register")
    context["ti"].xcom_push("mlflow_run", made["mlflow_run_url"])  # Airflow shows an address as a link
    return made


@task(outlets=[ADAPTER])
def report() -> dict[str, Any]:
    from pipelines import workspace

    context = get_current_context()
    run_id = context["run_id"]
    execute(run_id, "python", "-m", "pipelines", "report", "--run-id", run_id)
    written = workspace.result(run_id, "report")
    context["outlet_events"][ADAPTER].extra = written
    context["outlet_events"][ADAPTER].add_partitions(f"{written['name']}/{written['version']}")
    return written


@task
def clean_up() -> None:
    from pipelines import workspace

    workspace.finish(get_current_context()["run_id"])


@dag(
    dag_id="retrain",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("0 3 * * 1", timezone="Asia/Shanghai", run_immediately=timedelta(0)),
    catchup=False,
    is_paused_upon_creation=False,
    max_active_runs=2,
    default_args={
        "retries": 4,
        "retry_delay": timedelta(seconds=20),
        "retry_exponential_backoff": True,
        "max_retry_delay": timedelta(minutes=10),
        "execution_timeout": timedelta(hours=24),
    },
    params={
        "profile": Param(
            None,
            type=["null", "string"],
            enum=[None, *PROFILES],
            values_display={"null": "as params.yaml says"},
            title="Profile",
            description="block of params.yaml's profiles to lay over it",
        ),
        "set": Param(
            None,
            type=["null", "string"],
            format="multiline",
            title="Other parameters",
            description="of params.yaml, one a line, such as tune.epochs=2 or lora.targets=[q_proj, v_proj]",
        ),
        "since": Param(
            None,
            type=["null", "string"],
            format="date",
            title="Conversations since",
            description="leave out those that began before this day",
        ),
        "base": Param(
            None,
            type=["null", "string"],
            minLength=1,
            title="Base model",
            description="a packaged base, a hub id or a path; empty: as the profile says",
        ),
        "license": Param(
            None,
            type=["null", "string"],
            title="Licence of the base",
            description="of one that is not a packaged one",
        ),
        "revision": Param(
            None, type=["null", "string"], title="Revision of the base", description="of one from the hub"
        ),
        "force": Param(
            False,
            type="boolean",
            title="Run every stage again",
            description="also those whose inputs did not change",
        ),
    },
    tags=["kefu"],
)
def retrain() -> None:
    from pipelines.servers import links

    last = prepare()
    for stage in STAGES:
        done = run_stage.override(task_id=stage)(stage)
        last >> done
        last = done
    made, written = register(), report()
    made.operator.operator_extra_links = [links.RUN]
    written.operator.operator_extra_links = [links.REPORT, links.VERSION, links.RUN]
    last >> publish() >> made >> written >> clean_up()


retrain()
