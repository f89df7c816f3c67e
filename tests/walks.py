"""Scripts that walk through Airflow and MLflow as their users do; each prints what it found as JSON.

The end-to-end test runs them in the checkout that is under test.
"""

COMMON = """
import json, time
import mlflow
from pipelines.errors import KefuError
from pipelines.servers.environment import mlflow_url, stewards
from pipelines.servers.rest import Airflow

engineer, steward = Airflow(), Airflow(stewards()[0])
mlflow.set_tracking_uri(mlflow_url())
client = mlflow.MlflowClient()
DOMAIN, INSTRUCTION = "kefu-domain", "kefu-instruction"

def until(found, wait_s=240):
    for _ in range(wait_s):
        if value := found():
            return value
        time.sleep(1)
    raise TimeoutError(found)

SETTLE_S = 15  # Airflow fails a task that is answered before its scheduler has seen it wait

def pending(count):
    def waiting():
        found = steward.pending_approvals()
        parked = [a for a in found if a["task_instance"]["state"] == "awaiting_input"]
        return len(parked) == count and parked
    found = until(waiting)
    time.sleep(SETTLE_S)
    return found

def end_of(run_id):
    def ended():
        state = steward.run("promote", run_id)["state"]
        return state in ("success", "failed") and state
    return until(ended)

def run_of(approval):
    return approval["task_instance"]["dag_run_id"]

def stands():
    models = [client.get_registered_model(name).aliases for name in (INSTRUCTION, DOMAIN)]
    return {alias: [str(m.get(alias)) for m in models] for alias in ("champion", "previous")}

def refused(approval):
    try:
        engineer.answer(approval, "Approve", "me too")
    except KefuError as error:
        return str(error)
    return "let in"
"""

STANDS = COMMON + "print(json.dumps(stands()))"

FIRST_APPROVAL = (
    COMMON
    + """
[asked] = pending(1)
engineer_got = refused(asked)
steward.answer(asked, "Approve", "read and compared")
state = end_of(run_of(asked))
version = client.get_model_version(INSTRUCTION, "1")
dag_run = version.tags["dag_run_id"]
from urllib.parse import quote
tasks = f"dags/retrain/dagRuns/{quote(dag_run, safe='')}/taskInstances"
path = f"{tasks}/register/xcomEntries/mlflow_run"
print(json.dumps({
    "state": state, "subject": asked["subject"], "body": asked["body"], "engineer": engineer_got,
    "xcom": engineer._call("GET", path)["value"], "dag_run": dag_run,
    "tags": client.get_run(version.tags["mlflow_parent_run"]).data.tags,
    "links": engineer._call("GET", f"{tasks}/report/links")["extra_links"],
}))
"""
)

TWO_CANDIDATES = (
    COMMON
    + """
from urllib.parse import quote

def copy(name, **tags):
    first = client.get_model_version(name, "1")
    lineage = {k: v for k, v in first.tags.items() if k.startswith(("base", "dag_run", "adapter", "data_"))}
    lineage |= {"verdict": "BLESSED", **tags}
    return str(mlflow.register_model(first.source, name, tags=lineage).version)

def arrive(number):
    parent = copy(DOMAIN)
    made = copy(INSTRUCTION, parent_version=f"{DOMAIN}/{parent}", compared_with="1")
    return {"name": INSTRUCTION, "version": made, "domain_name": DOMAIN, "domain_version": parent,
            "summary": "**BLESSED**"}

[asset] = [a for a in engineer._call("GET", "assets")["assets"] if a["name"] == "adapter"]
for extra in [arrive(number) for number in (2, 3)]:
    key = f"{INSTRUCTION}/{extra['version']}"
    body = {"asset_id": asset["id"], "partition_key": key, "extra": extra}
    engineer._call("POST", "assets/events", json=body)

def answered(approval, reason):
    steward.answer(approval, "Approve", reason)
    return {"state": end_of(run_of(approval)), **stands()}

first, second = sorted(pending(2), key=lambda a: a["subject"])
found = {"runs": [run_of(first), run_of(second)], "subjects": [first["subject"], second["subject"]]}
found["after_second"] = answered(second, "")
found["without_reason"] = answered(first, "")
log = f"dags/promote/dagRuns/{quote(run_of(first), safe='')}/taskInstances/decide/logs/1"
found["refusal"] = json.dumps(steward._call("GET", log))
clear = {"dry_run": False, "dag_run_id": run_of(first), "task_ids": ["request"], "include_downstream": True,
         "only_failed": False}
steward._call("POST", "dags/promote/clearTaskInstances", json=clear)
[again] = pending(1)
found["with_reason"] = answered(again, "compared by hand")
print(json.dumps(found))
"""
)
