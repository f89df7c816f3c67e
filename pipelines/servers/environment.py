"""The environment every server and every task runs in: one place, no airflow.cfg to edit."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from pipelines.errors import KefuError
from pipelines.home import home, main_checkout

TELEMETRY_OFF = {
    "GX_ANALYTICS_ENABLED": "false",
    "DVC_NO_ANALYTICS": "1",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",  # nine processes for jobs that nobody here starts
}
RECOVERY = {  # a dead task is found in two minutes; a task waits as long for the API server
    "SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "30",
    "SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "120",
    "WORKERS__EXECUTION_API_RETRIES": "20",
    "WORKERS__EXECUTION_API_RETRY_WAIT_MAX": "15",
}
AIRFLOW_ROLES = {"engineer": "op", "steward": "user"}  # role here: role of Airflow's simple auth manager
LOGINS = "engineer:engineer,steward:steward"


def state_file() -> Path:
    return home() / "servers/state.json"


def state() -> dict[str, Any]:
    """Ports and process ids of the servers that `up` started; {} when none were."""
    return json.loads(state_file().read_text()) if state_file().exists() else {}


def mlflow_url() -> str:
    """`$MLFLOW_TRACKING_URI`, else the server that `make up` started."""
    if os.environ.get("MLFLOW_TRACKING_URI"):
        return os.environ["MLFLOW_TRACKING_URI"]
    if "mlflow_port" not in state():
        raise KefuError(
            "no MLflow server is known", str(state_file()), "run `make up`, or set MLFLOW_TRACKING_URI"
        )
    return f"http://127.0.0.1:{state()['mlflow_port']}"


def airflow_url() -> str:
    """`$KEFU_AIRFLOW_URL`, else the server that `make up` started."""
    if os.environ.get("KEFU_AIRFLOW_URL"):
        return os.environ["KEFU_AIRFLOW_URL"]
    if "airflow_port" not in state():
        raise KefuError("the servers are not running", str(state_file()), "run `make up`")
    return f"http://127.0.0.1:{state()['airflow_port']}"


def logins() -> dict[str, str]:
    """{login: engineer or steward} as $KEFU_LOGINS says (`li:engineer,wang:steward`), else one of each."""
    pairs = [one.strip().split(":") for one in (os.environ.get("KEFU_LOGINS") or LOGINS).split(",")]
    fits = [len(pair) == 2 and bool(pair[0]) and pair[1] in AIRFLOW_ROLES for pair in pairs]
    wrong = [":".join(pair) for pair, fit in zip(pairs, fits, strict=True) if not fit]
    if wrong:
        raise KefuError(
            f"{', '.join(wrong)} is not a login and a role",
            "KEFU_LOGINS",
            f"write login:role with commas between; roles are {', '.join(AIRFLOW_ROLES)}",
        )
    return {pair[0]: pair[1] for pair in pairs}


def engineer() -> str:
    """Who speaks with Airflow for the pipeline: `$KEFU_AIRFLOW_USER`, else the first login of that role."""
    found = [login for login, role in logins().items() if role == "engineer"]
    given = os.environ.get("KEFU_AIRFLOW_USER")
    if not found and not given:
        raise KefuError("no login has the role engineer", "KEFU_LOGINS", "name one, such as li:engineer")
    return given or found[0]


def stewards() -> list[str]:
    """Who may approve; at least one."""
    found = sorted(login for login, role in logins().items() if role == "steward")
    if not found:
        raise KefuError("no login has the role steward", "KEFU_LOGINS", "name one, such as wang:steward")
    return found


def password(login: str) -> str:
    """`$KEFU_AIRFLOW_PASSWORD` of `$KEFU_AIRFLOW_USER`, as workers have it; else what the home holds."""
    given = os.environ.get("KEFU_AIRFLOW_PASSWORD")
    if given and login == os.environ.get("KEFU_AIRFLOW_USER"):
        return given
    known: dict[str, str] = json.loads(_secret("passwords.json"))
    if login not in known:
        raise KefuError(
            f"Airflow knows no login {login}",
            str(home() / "airflow/passwords.json"),
            "give KEFU_LOGINS here as `make up` was given it",
        )
    return known[login]


def server_environment(airflow_port: int, mlflow_port: int) -> dict[str, str]:
    """What `airflow` and `mlflow` processes get on top of the caller's environment."""
    base = home() / "airflow"
    root = main_checkout()
    airflow = {
        "CORE__DAGS_FOLDER": str(root / "dags"),
        "CORE__LOAD_EXAMPLES": "False",
        "CORE__EXECUTOR": "LocalExecutor",
        "CORE__PARALLELISM": "4",
        "CORE__FERNET_KEY": _secret("fernet_key"),
        "CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{airflow_port}/execution/",
        "CORE__SIMPLE_AUTH_MANAGER_USERS": ",".join(
            f"{login}:{AIRFLOW_ROLES[role]}" for login, role in logins().items()
        ),
        "CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(base / "passwords.json"),
        "DATABASE__SQL_ALCHEMY_CONN": os.environ.get("KEFU_AIRFLOW_DB", f"sqlite:///{base / 'airflow.db'}"),
        "API__HOST": "127.0.0.1",
        "API__PORT": str(airflow_port),
        "API__BASE_URL": f"http://127.0.0.1:{airflow_port}",
        "API__WORKERS": "1",
        "API_AUTH__JWT_SECRET": _secret("jwt_secret"),
        "DAG_PROCESSOR__REFRESH_INTERVAL": "30",
        "LOGGING__BASE_LOG_FOLDER": str(home() / "logs/tasks"),
        "LOGGING__DAG_PROCESSOR_CHILD_PROCESS_LOG_DIRECTORY": str(home() / "logs/tasks/dag_processor"),
        "SCHEDULER__SCHEDULER_HEALTH_CHECK_THRESHOLD": "60",
        **RECOVERY,
    }
    return {
        **TELEMETRY_OFF,
        **{f"AIRFLOW__{name}": value for name, value in airflow.items()},
        "AIRFLOW_HOME": str(base),
        "KEFU_HOME": str(home()),
        "PYTHONPATH": str(root),
        "PYTHONUNBUFFERED": "1",
        "PATH": f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}",
        "MLFLOW_TRACKING_URI": os.environ.get("MLFLOW_TRACKING_URI") or f"http://127.0.0.1:{mlflow_port}",
        "KEFU_AIRFLOW_URL": f"http://127.0.0.1:{airflow_port}",
        "OMP_WAIT_POLICY": "PASSIVE",
        "TOKENIZERS_PARALLELISM": "false",
    }


def _secret(name: str) -> str:
    path = home() / "airflow" / name
    if not path.exists():
        raise KefuError(f"Airflow's {name} is not there", str(path), "run `make setup`")
    return path.read_text().strip()
