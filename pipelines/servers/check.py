"""`python -m pipelines check`: a watch from outside Airflow, which cannot tell that it is dead."""

from __future__ import annotations

import json
import time
from typing import Any

import requests

from pipelines.alerts.notify import notify
from pipelines.errors import KefuError
from pipelines.home import home
from pipelines.params import load
from pipelines.servers import control
from pipelines.servers.alone import alone
from pipelines.servers.environment import state
from pipelines.servers.logs import cut_logs

PATIENCE_S, ASK_EVERY_S, TIMEOUT_S = 60, 5, 10  # a busy server is not a dead one
STUCK_MINUTES = 30
QUIET_S = 3600  # what was well for so long is told anew
RUNBOOK = "docs/operations.md, Server down"
HEARTBEATS = {
    "scheduler": "scheduler",
    "dag_processor": "dag-processor",
    "metadatabase": "Airflow's database",
}
"""What Airflow tells the health of: name of the server."""


def check(restart: bool = False) -> list[str]:
    """What is wrong, in words; each is told once. While an `up` or `down` is at work, nothing.

    `restart` starts again what has died, but nothing that `down` has stopped. Cuts logs that are too large.
    """
    with alone(wait=False) as free:
        found = wrong() if free else _stuck()
        _tell(found)
        if free and restart and "mlflow_port" in state() and control.missing(state()):
            found |= _started()
    cut_logs(load().limits)
    return list(found.values())


def wrong() -> dict[str, str]:
    """{server: what is wrong with it}"""
    known = state()
    if "mlflow_port" not in known:  # or a restore was killed
        return {"servers": "the servers are stopped"}
    dead = {name: f"{name} has died" for name in control.missing(known)}
    deadline = time.monotonic() + PATIENCE_S
    while True:
        silent = {name: said for name, said in _silent(known).items() if name not in dead}
        if not silent or time.monotonic() > deadline:
            return dead | silent
        time.sleep(ASK_EVERY_S)


def _stuck() -> dict[str, str]:
    minutes = (time.time() - (home() / "servers/lock").stat().st_mtime) / 60
    if minutes < STUCK_MINUTES:
        return {}
    return {"lock": f"an `up` or `down` has been at work for {minutes:.0f} minutes"}


def _silent(known: dict[str, Any]) -> dict[str, str]:
    """Who runs and does not answer, or whose heartbeat stands still."""
    found = {}
    for name, url in control.addresses(known).items():
        pid = int(known["servers"].get(name, {}).get("pid", 0))
        try:
            answer = requests.get(url, timeout=TIMEOUT_S)
            if not answer.ok:
                found[name] = f"{name} (process {pid}) answers {answer.status_code}"
            elif name == "api-server":
                found |= _still(known, answer.json())
        except (requests.RequestException, ValueError) as error:
            found[name] = f"{name} (process {pid}) does not answer: {type(error).__name__}"
    return found


def _still(known: dict[str, Any], health: dict[str, dict[str, str]]) -> dict[str, str]:
    found = {}
    for part, name in HEARTBEATS.items():
        told = health.get(part) or {}
        if told.get("status") != "healthy":
            pid = known["servers"].get(name, {}).get("pid")
            who = f"{name} (process {int(pid)})" if pid else name
            last = told.get(f"latest_{part}_heartbeat")
            found[name] = f"{who} is {told.get('status')}{f', last heartbeat {last}' if last else ''}"
    return found


def _started() -> dict[str, str]:
    try:
        control.start()
        return {}
    except KefuError as error:
        found = {"restart": f"the servers could not be started again: {error}"}
        _tell(found)
        return found


def _tell(found: dict[str, str]) -> None:
    """One alert of all that is new; one that no channel took is tried again at the next check."""
    path, now = home() / "servers/alarms.json", time.time()
    known: dict[str, float] = json.loads(path.read_text()) if path.exists() else {}
    kept = {name: seen for name, seen in known.items() if now - seen < QUIET_S}
    new = [name for name in found if name not in kept]
    if new:
        said = notify("server", "", "; ".join(found[name] for name in new), str(home() / "logs"), RUNBOOK)
        others = [outcome for channel, outcome in said.items() if channel != "log"]
        if others and "sent" not in others:
            found = {name: what for name, what in found.items() if name not in new}
    path.write_text(json.dumps(kept | dict.fromkeys(found, now)))
