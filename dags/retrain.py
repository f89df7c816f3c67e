"""### Retrain the assistant

One task a stage of `dvc.yaml`, in its order, then publish the data, register the adapters in MLflow and
write the report. The run works in a git worktree of its own, so nobody's checkout changes. Trigger it with
**Params** to try another base model or profile; the weekly run uses what `params.yaml` says.

After the data stages `enough_news` looks at what the champion has not seen. Where that is too little, nothing
is trained, the data is published, and the run's note says why. The Param **train** overrules it.

Once a version has its report, the DAG `promote` asks a steward to approve it.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml
from airflow.sdk import (
    Asset,
    DeadlineAlert,
    DeadlineReference,
    Param,
    SyncCallback,
    TriggerRule,
    dag,
    get_current_context,
    task,
)
from airflow.timetables.trigger import CronTriggerTimetable

ROOT = Path(__file__).resolve().parents[1]
DVC = yaml.safe_load((ROOT / "dvc.yaml").read_text())["stages"]
STAGES = list(DVC)
FIRST_TRAINING = next(stage for stage in STAGES if "data/start.json" in DVC[stage]["deps"])
PARAMS = yaml.safe_load((ROOT / "params.yaml").read_text())
PROFILES, LIMITS = list(PARAMS["profiles"]), PARAMS["limits"]
POOLS = dict.fromkeys(("pretrain", "tune", "evaluate"), "training")  # one trainer a GPU: limits.trainers
RESTRICTED = ("ingest", "mask")  # see unmasked text: their queue can be kept to one machine
ADAPTER = Asset(name="adapter", uri="kefu://adapter")


def limits_of(task_id: str) -> dict[str, Any]:
    """Time limit and pool of a task, as params.yaml says."""
    hours = LIMITS["timeout_hours"]
    timeout = timedelta(hours=hours.get(task_id, hours["default"]))
    return {"execution_timeout": timeout, **({"pool": POOLS[task_id]} if task_id in POOLS else {})}


def alert(context: Any) -> None:
    from pipelines.alerts import airflow

    airflow.failed(context)


def tell_report(context: Any) -> None:
    from pipelines.alerts import airflow

    airflow.reported(context)


def tell_vanished(context: Any) -> None:
    from pipelines.alerts import airflow

    airflow.ingested(context)


def execute(run_id: str, *command: str) -> None:
    """The command in the run's worktree; what the pipeline itself explained is not tried again."""
    from airflow.sdk.exceptions import AirflowFailException

    from pipelines import ends, steps, workspace

    ends.die_with_parent()  # without its supervisor a task would go on beside its next attempt
    try:
        workspace.execute(run_id, *command)
    except steps.StepFailed as failed:
        if failed.final:
            raise AirflowFailException(str(failed)) from None
        raise


def make_workspace(run_id: str, chosen: dict[str, Any]) -> None:
    """The run's worktree, and in it which packages are installed; a Param that cannot be, a key that
    `register` will need, or stages that are not the tasks of this DAG, are told at once."""
    from airflow.sdk.exceptions import AirflowFailException

    from pipelines import begun, home, packages, workspace
    from pipelines.errors import KefuError, UnavailableError

    try:
        home.key("KEFU_SIGN_KEY")
        worktree = workspace.create(run_id, chosen)
        begun.same_stages(worktree, STAGES)
        packages.pin(worktree)
    except UnavailableError:
        raise
    except KefuError as error:
        raise AirflowFailException(str(error)) from None


@task
def prepare() -> dict[str, str]:
    from pipelines import workspace
    from pipelines.news.note import leave

    context = get_current_context()
    run_id = context["run_id"]
    names = ("profile", "base", "license", "revision", "since", "until", "set", "commit")
    make_workspace(run_id, {name: context["params"].get(name) for name in names})
    if told := workspace.beginning(run_id, context["dag_run"].run_after):
        leave(run_id, told)
    execute(run_id, "python", "-m", "pipelines.base", "prepare")
    execute(run_id, "python", "-m", "pipelines", "pin-champion")
    return workspace.commit(run_id, "data/champion.json", "data/packages.json")


@task
def run_stage(stage: str) -> None:
    from pipelines import outputs, workspace

    context = get_current_context()
    run_id, asked = context["run_id"], context["params"]
    if stage == STAGES[0] and asked.get("keep_data"):
        return execute(run_id, "dvc", "pull", "--quiet", "--force", stage)
    execute(run_id, *workspace.repro(stage, bool(asked.get("force"))))
    outputs.hold(run_id, stage)
    workspace.hand_over(run_id, stage)


@task.short_circuit(ignore_downstream_trigger_rules=False)
def enough_news() -> bool:
    """Decides, for the stages after it, what is trained from; skips them where it is not worth it."""
    from pipelines import results, workspace
    from pipelines.news.note import leave

    context = get_current_context()
    run_id = context["run_id"]
    train = context["params"].get("train") or "auto"
    workspace.fetch_data(run_id)
    execute(run_id, "python", "-m", "pipelines", "enough-news", "--run-id", run_id, "--train", train)
    workspace.commit(run_id, "data/start.json")
    found = results.result(run_id, "news")
    if not found["train"]:
        leave(run_id, f"not trained: {found['why']}")
    return bool(found["train"])


@task(trigger_rule=TriggerRule.NONE_FAILED)
def publish() -> dict[str, str]:
    from pipelines import workspace

    return workspace.publish(get_current_context()["run_id"])


@task
def register() -> dict[str, Any]:
    from pipelines import results, workspace

    context = get_current_context()
    run_id = context["run_id"]
    workspace.fetch_data(run_id)
    execute(run_id, "python", "-m", "pipelines", "register", "--run-id", run_id)
    made = results.result(run_id, "register")
    context["ti"].xcom_push("mlflow_run", made["mlflow_run_url"])  # Airflow shows an address as a link
    return made


@task(outlets=[ADAPTER], on_success_callback=tell_report)
def report() -> dict[str, Any]:
    from pipelines import results, workspace

    context = get_current_context()
    run_id = context["run_id"]
    workspace.fetch_data(run_id)
    results.write_result(run_id, "register", context["ti"].xcom_pull(task_ids="register"))
    execute(run_id, "python", "-m", "pipelines", "report", "--run-id", run_id)
    written = results.result(run_id, "report")
    context["outlet_events"][ADAPTER].extra = written
    context["outlet_events"][ADAPTER].add_partitions(f"{written['name']}/{written['version']}")
    return written


@task(trigger_rule=TriggerRule.NONE_FAILED)
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
        "execution_timeout": timedelta(hours=LIMITS["timeout_hours"]["default"]),
        "on_failure_callback": alert,
    },
    max_consecutive_failed_dag_runs=LIMITS["failures"],
    deadline=DeadlineAlert(
        DeadlineReference.DAGRUN_QUEUED_AT,
        timedelta(hours=LIMITS["run_hours"]),
        SyncCallback("pipelines.alerts.airflow.overdue"),
    ),
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
        "commit": Param(
            None,
            type=["null", "string"],
            minLength=1,
            title="Commit",
            description="commit, branch or tag to start from; empty: the checkout as it stands when the run "
            "begins, which may be long after it was triggered",
        ),
        "until": Param(
            None,
            type=["null", "string"],
            format="date",
            title="Conversations until",
            description="leave out those that began on this day or later",
        ),
        "keep_data": Param(
            False,
            type="boolean",
            title="Data of the commit",
            description="take what was ingested at the commit that the run starts from; read no source",
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
        "train": Param(
            "auto",
            type="string",
            enum=["auto", "always"],
            values_display={"auto": "if there is enough news since the champion", "always": "always"},
            title="Train",
            description="how much news is enough: retrain in params.yaml",
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
        if stage == FIRST_TRAINING:
            last = last >> enough_news()
        queue = "restricted" if stage in RESTRICTED else "default"
        tell = tell_vanished if stage == STAGES[0] else None
        own = {"queue": queue, "on_success_callback": tell, **limits_of(stage)}
        done = run_stage.override(task_id=stage, **own)(stage)
        last >> done
        last = done
    made, written = register(), report()
    made.operator.operator_extra_links = [links.RUN]
    written.operator.operator_extra_links = [links.REPORT, links.VERSION, links.RUN]
    published, cleaned = publish(), clean_up()
    last >> published >> made >> written >> cleaned
    last >> made  # a run that skips training publishes its data and registers nothing
    published >> cleaned  # which then waits for no report, and must not take the worktree away before


retrain()
