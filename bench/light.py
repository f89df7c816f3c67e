"""What Airflow, MLflow and DVC cost a run beside its work: python bench/light.py (servers up, `make up`).

Triggers `retrain` with the tiny profile, so that the second call measures a run in which nothing changed.
Prints the time each DAG file takes to parse beyond Airflow's own import and with it, each task's time and the
gap before it, the servers' memory, and how often MLflow was asked.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import psutil

from pipelines.demo.run import DAG, ENDED
from pipelines.home import ROOT, home
from pipelines.servers.environment import state
from pipelines.servers.rest import Airflow

PARSE = """
import sys, time
sys.path.insert(0, {dags!r})
import airflow.sdk
began, cpu = time.perf_counter(), time.process_time()
import {name}
print(time.perf_counter() - began, time.process_time() - cpu, time.process_time())
"""
REQUEST = re.compile(r'"(GET|POST|PUT|PATCH|DELETE) /api/')


def parse_times():
    """{DAG file: (seconds of the file itself, its processor seconds, those of the whole process)}."""
    found = {}
    for path in sorted((ROOT / "dags").glob("*.py")):
        script = PARSE.format(dags=str(path.parent), name=path.stem)
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
        found[path.name] = tuple(map(float, done.stdout.split()[-3:]))
    return found


def memory_mb():
    """{server: resident megabytes of it and all its children}."""
    found = {}
    for name, server in state()["servers"].items():
        tree = [psutil.Process(int(server["pid"]))]
        tree += tree[0].children(recursive=True)
        found[name] = sum(process.memory_info().rss for process in tree) / 1e6
    return found


def processor_s():
    """{server: processor seconds of it and of all that it started, ended ones included}."""
    found = {}
    for name, server in state()["servers"].items():
        tree = [psutil.Process(int(server["pid"]))]
        tree += tree[0].children(recursive=True)
        found[name] = sum(sum(process.cpu_times()[:4]) for process in tree)
    return found


def asked():
    """How often MLflow has been asked since it started."""
    log = home() / "logs/mlflow.log"
    return sum(bool(REQUEST.search(line)) for line in log.read_text(errors="replace").splitlines())


def run_once(conf):
    """(seconds of the run, [(task, seconds, gap before it)], state)."""
    airflow = Airflow()
    run_id = airflow.trigger(DAG, conf)
    while (run := airflow.run(DAG, run_id))["state"] not in ENDED:
        time.sleep(2)
    tasks = [t for t in airflow.tasks(DAG, run_id) if t["start_date"] and t["end_date"]]
    rows, last = [], _time(run["start_date"])
    for task in sorted(tasks, key=lambda t: t["start_date"]):
        start, end = _time(task["start_date"]), _time(task["end_date"])
        rows.append((task["task_id"], (end - start).total_seconds(), (start - last).total_seconds()))
        last = end
    spent = (_time(run["end_date"]) - _time(run["start_date"])).total_seconds()
    return spent, rows, run["state"]


def _time(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parse-only", action="store_true")
    args = parser.parse_args()
    print(f"load average {psutil.getloadavg()[0]:.1f} on {psutil.cpu_count()} cores")
    print(
        "\n| DAG file | parse, s | processor, s | with Airflow's own import, processor s |\n|---|---|---|---|"
    )
    for name, (wall, cpu, whole) in parse_times().items():
        print(f"| {name} | {wall:.2f} | {cpu:.2f} | {whole:.2f} |")
    if args.parse_only:
        return
    before, worked = asked(), processor_s()
    spent, rows, ended = run_once({"profile": "tiny"})
    worked = {name: seconds - worked[name] for name, seconds in processor_s().items()}
    print(f"\n{ended} in {spent:.0f} s\n\n| task | seconds | gap before it |\n|---|---|---|")
    for task, seconds, gap in rows:
        print(f"| {task} | {seconds:.1f} | {gap:.1f} |")
    print(f"| sum | {sum(r[1] for r in rows):.1f} | {sum(r[2] for r in rows):.1f} |")
    print(f"\nMLflow was asked {asked() - before} times")
    print("\n| server | resident, MB | processor seconds during the run |\n|---|---|---|")
    for name, megabytes in memory_mb().items():
        print(f"| {name} | {megabytes:.0f} | {worked[name]:.0f} |")
    print(f"load average {psutil.getloadavg()[0]:.1f}; {Path(sys.executable).name} {sys.version.split()[0]}")


if __name__ == "__main__":
    main()
