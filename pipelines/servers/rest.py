"""The few calls of Airflow's REST API that the demo and the tests need."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import requests

from pipelines.errors import KefuError, UnavailableError
from pipelines.servers.environment import airflow_url, engineer, password

TIMEOUT_S = 30


class Airflow:
    """A session as one of `$KEFU_LOGINS`; by default as its first engineer."""

    def __init__(self, user: str | None = None) -> None:
        self.url = airflow_url()
        self.session = requests.Session()
        self.user = user or engineer()
        self._log_in()

    def trigger(self, dag_id: str, conf: dict[str, Any]) -> str:
        """Starts a run, returns its id; KefuError with Airflow's reason when a parameter is refused."""
        made = self._call("POST", f"dags/{dag_id}/dagRuns", json={"logical_date": None, "conf": conf})
        return str(made["dag_run_id"])

    def run(self, dag_id: str, run_id: str) -> dict[str, Any]:
        return self._call("GET", f"dags/{dag_id}/dagRuns/{quote(run_id, safe='')}")

    def dag(self, dag_id: str) -> dict[str, Any]:
        return self._call("GET", f"dags/{dag_id}")

    def runs(self, dag_id: str, most: int) -> list[dict[str, Any]]:
        """The latest runs, the latest first."""
        return list(self._call("GET", f"dags/{dag_id}/dagRuns?order_by=-run_after&limit={most}")["dag_runs"])

    def make_pool(self, name: str, slots: int, description: str) -> None:
        """The pool with so many slots, made or changed."""
        pool = {"slots": slots, "description": description, "include_deferred": False}
        made = self._send("POST", "/api/v2/pools", json={**pool, "name": name})
        if made.status_code == 409:
            self._call("PATCH", f"pools/{name}", json={**pool, "pool": name})
        elif not made.ok:
            raise KefuError(f"Airflow answered {made.status_code}: {_detail(made)}", f"pool {name}")

    def note(self, dag_id: str, run_id: str, text: str) -> None:
        """Writes the run's note, which its page and the list of runs show."""
        path = f"dags/{dag_id}/dagRuns/{quote(run_id, safe='')}?update_mask=note"
        self._call("PATCH", path, json={"note": text})

    def tasks(self, dag_id: str, run_id: str) -> list[dict[str, Any]]:
        found = self._call("GET", f"dags/{dag_id}/dagRuns/{quote(run_id, safe='')}/taskInstances?limit=100")
        return list(found["task_instances"])

    def returned(self, dag_id: str, run_id: str, task_id: str) -> dict[str, Any]:
        """What a task of a run returned."""
        task = f"dags/{dag_id}/dagRuns/{quote(run_id, safe='')}/taskInstances/{task_id}"
        found = self._call("GET", f"{task}/xcomEntries/return_value?deserialize=false&stringify=false")
        value: dict[str, Any] = found["value"]
        return value

    def log(self, dag_id: str, run_id: str, task_id: str, attempt: int) -> list[str]:
        """The lines a task has printed so far."""
        path = (
            f"dags/{dag_id}/dagRuns/{quote(run_id, safe='')}/taskInstances/{task_id}/logs/{max(attempt, 1)}"
        )
        content = self._call("GET", path).get("content") or []
        return [str(line["event"]) for line in content if isinstance(line, dict) and line.get("event")]

    def pending_approvals(self) -> list[dict[str, Any]]:
        found = self._call("GET", "dags/~/dagRuns/~/hitlDetails?response_received=false")
        return list(found["hitl_details"])

    def answer(self, approval: dict[str, Any], option: str, reason: str) -> dict[str, Any]:
        """Answers a waiting request as this session's user."""
        task = approval["task_instance"]
        run_id = quote(task["dag_run_id"], safe="")
        path = f"dags/{task['dag_id']}/dagRuns/{run_id}/taskInstances/{task['task_id']}/-1/hitlDetails"
        return self._call(
            "PATCH", path, json={"chosen_options": [option], "params_input": {"reason": reason}}
        )

    def _log_in(self) -> None:
        body = {"username": self.user, "password": password(self.user)}
        answer = self._send("POST", "/auth/token", json=body)
        if not answer.ok:
            raise KefuError(
                f"Airflow refused the login of {self.user} ({answer.status_code})",
                self.url,
                "give KEFU_LOGINS here as `make up` was given it, or `make down` and `make up`",
            )
        self.session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def _call(self, method: str, path: str, **kwargs: Any) -> dict[str, Any]:
        answer = self._send(method, f"/api/v2/{path}", **kwargs)
        if answer.status_code == 401:
            self._log_in()
            answer = self._send(method, f"/api/v2/{path}", **kwargs)
        if not answer.ok:
            raise KefuError(f"Airflow answered {answer.status_code}: {_detail(answer)}", f"{method} {path}")
        found: dict[str, Any] = answer.json()
        return found

    def _send(self, method: str, path: str, **kwargs: Any) -> requests.Response:
        try:
            return self.session.request(method, f"{self.url}{path}", timeout=TIMEOUT_S, **kwargs)
        except requests.RequestException as error:
            raise UnavailableError(
                f"Airflow did not answer ({type(error).__name__})", self.url, "see `make status`"
            ) from None


def _detail(answer: requests.Response) -> str:
    try:
        return str(answer.json().get("detail"))[:600]
    except ValueError:
        return answer.text[:200]
