"""`python -m pipelines report --run-id ID`: the steward's page, into MLflow and beside the run."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mlflow import MlflowClient

from pipelines.errors import KefuError
from pipelines.home import ROOT, home
from pipelines.params import Params
from pipelines.register import tracking
from pipelines.register.letter import letter, say
from pipelines.register.sources import source_files
from pipelines.report import plots
from pipelines.report.compliance import compliance
from pipelines.report.facts import gather
from pipelines.report.history import history
from pipelines.report.page import loss_curves, render
from pipelines.report.previous import previous_run
from pipelines.report.questions import reference
from pipelines.results import result, write_result
from pipelines.stage import OUTPUTS
from pipelines.workspace import name_of

PAGE, LOSSES = "report.html", "losses.svg"
LINEAGE = (  # tags of a version
    "git_sha",
    "code_dirty",
    "base",
    "base_license",
    "base_revision",
    "base_sha256",
    "adapter_sha256",
    "parent_version",
    "parent_adapter_sha256",
    "params_digest",
    "profile",
    "data_tag",
    "compared_with",
    "airflow_url",
)


def report(params: Params, run_id: str, root: Path = ROOT) -> dict[str, Any]:
    """Writes, logs and tags the page; returns (and leaves for the DAG) figures and links, no row's text."""
    registered = _registered(run_id)
    client = tracking.connect(tracking.patience_s())
    version = client.get_model_version(registered["name"], registered["version"])
    run = registered["run_id"]
    facts = gather(params, root, previous_run(client, run), reference(client, run, root))
    links = _links(registered)
    linked = [("version_url", links["version"]), ("mlflow_run_url", links["run"])]
    page = render(
        {
            **facts,
            "registered": registered,
            "lineage": [*lineage_rows(version.tags), *linked],
            "sources": source_files(version.tags.get(f"dvc.{OUTPUTS['ingest']}", "")) or [],
            "compliance": compliance(params, facts["summary"], facts["metrics"], version.tags),
            "history": history(client, run),
            "docs_url": links["docs"],
            "approve_url": _approve_url(),
            "made_at": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        }
    )
    path = home() / "reports" / name_of(run_id) / PAGE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8")
    written = _result(registered, facts, links, params.report.language)
    _log(client, registered, path, written)
    client.log_text(registered["run_id"], plots.standalone(loss_curves(facts["curves"])), LOSSES)
    write_result(run_id, "report", written)
    return written


def lineage_rows(tags: dict[str, str]) -> list[tuple[str, str]]:
    """(name, value) of a version's tags, the data's DVC md5s among them."""
    data = [
        (f"{name.removeprefix('dvc.')}, md5", md5) for name, md5 in sorted(tags.items()) if "dvc." in name
    ]
    return [(name, tags.get(name, "")) for name in LINEAGE] + data


def _registered(run_id: str) -> dict[str, Any]:
    try:
        return result(run_id, "register")
    except KefuError:
        raise KefuError(
            "this run is not registered yet",
            run_id,
            f"run `python -m pipelines register --run-id '{run_id}'` first",
        ) from None


def _links(registered: dict[str, Any]) -> dict[str, str]:
    """Pages of MLflow's UI; the file or database URI where there is no server."""
    base, run = registered["mlflow_url"], registered["run_id"]
    page = f"experiments/{registered['experiment_id']}/runs/{run}"
    pages = {
        "report": f"{page}/artifacts/{PAGE}",
        "docs": f"{page}/artifacts/data_docs",
        "run": page,
        "version": f"models/{registered['name']}/versions/{registered['version']}",
    }
    urls = {name: tracking.page_url(base, path) for name, path in pages.items()}
    return {**urls, "airflow": registered.get("airflow_url", "")}


def _approve_url() -> str:
    from pipelines.register.lineage import airflow_base

    base = airflow_base()
    return f"{base}/required_actions" if base else ""


def _result(
    registered: dict[str, Any], facts: dict[str, Any], links: dict[str, str], language: str
) -> dict[str, Any]:
    summary = facts["summary"]
    return {
        **registered,
        "report_url": links["report"],
        "version_url": links["version"],
        "language": language,
        "summary": letter(summary, links, language),
        "key_figures": key_figures(summary),
        "blocked_by": [reason["check"] for reason in summary["reasons"] if not reason["passed"]],
        "drift": [
            {"by": cut["by"], **cut["drift"]}
            for cut in facts["questions"]["by"]
            if cut["drift"] and cut["drift"]["beyond"]
        ],
        "stages": facts["stages"],
    }


def key_figures(summary: dict[str, Any]) -> dict[str, str]:
    """The few figures that the end of a run shows, as text."""
    found = {}
    for model, figures in summary["models"].items():
        facts = figures["key_facts"]
        found[f"key facts, {model}"] = f"{facts['right']}/{facts['of']}" + (
            f" ({facts['share']:.0%})" if facts["share"] is not None else ""
        )
    gain = summary["gain"]["base"]
    if gain["gain"] is not None:
        interval = f"{gain['low'] * 100:+.1f} to {gain['high'] * 100:+.1f}"
        found["gain over base"] = f"{gain['gain'] * 100:+.1f} points (95 % interval {interval})"
    latency = summary["models"]["candidate"]["latency"]
    if latency:
        found["latency"] = f"p50 {latency['p50_s']} s, p95 {latency['p95_s']} s"
    return found


def _log(client: MlflowClient, registered: dict[str, Any], path: Path, written: dict[str, Any]) -> None:
    run = registered["run_id"]
    client.log_artifact(run, str(path))
    client.set_tag(run, "mlflow.note.content", note(written["summary"], written["language"], _approve_url()))
    client.set_tag(run, "report_url", written["report_url"])
    for name, number in (("name", "version"), ("domain_name", "domain_version")):
        client.set_model_version_tag(
            registered[name], registered[number], "report_url", written["report_url"]
        )
    client.set_terminated(run)


def note(summary: str, language: str, approve_url: str) -> str:
    """The run's description in MLflow: the letter, and the way to its answer, which a page in MLflow's viewer
    cannot offer."""
    return f"{summary} · [{say('approve', language)}]({approve_url})" if approve_url else summary
