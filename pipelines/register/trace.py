"""`python -m pipelines trace VERSION`: the chain from a version back to the raw files."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from mlflow import MlflowClient
from mlflow.entities.model_registry import ModelVersion
from mlflow.exceptions import MlflowException

from pipelines.home import main_checkout
from pipelines.params import Params
from pipelines.register import tracking
from pipelines.register.lookup import resolve
from pipelines.register.sources import INGESTED, knowledge_files, source_files
from pipelines.snapshot import git, has
from pipelines.stage import OUTPUTS

DECISION = ("decision", "decided_by", "decided_at", "reason", "approved_despite")
ROLLBACK = ("rolled_back_at", "rolled_back_by", "rollback_reason")
SHOWN_CHARS = 60
Chain = dict[str, Any]


def trace(client: MlflowClient, params: Params, asked: str) -> Chain:
    """Version, parents, MLflow run, DAG run, code, parameters, data, sources; "" or None where unknown."""
    version = resolve(client, asked, f"{params.register_.name}-instruction")
    tags = version.tags
    data = {out: tags.get(f"dvc.{out}", "") for out in OUTPUTS.values()}
    return {
        "version": _version(client, version),
        "parents": _parents(client, version),
        "mlflow_run": _run(client, tags.get("mlflow_parent_run", "")),
        "dag_run": {"id": tags.get("dag_run_id", ""), "url": tags.get("airflow_url", "")},
        "code": _code(tags),
        "parameters": _parameters(client, tags, params),
        "data": data,
        "sources": source_files(data[INGESTED]),
        "knowledge": knowledge_files(tags.get("data_tag", ""), params.knowledge),
    }


def _version(client: MlflowClient, version: ModelVersion) -> Chain:
    model = client.get_registered_model(version.name)
    made = datetime.fromtimestamp(version.creation_timestamp / 1000, UTC)
    return {
        "name": version.name,
        "version": str(version.version),
        "aliases": sorted(a for a, number in model.aliases.items() if str(number) == str(version.version)),
        "registered_at": made.strftime("%Y-%m-%d %H:%M UTC"),
        "verdict": version.tags.get("verdict", ""),
        "compared_with": version.tags.get("compared_with", ""),
        "adapter_sha256": version.tags.get("adapter_sha256", ""),
        "base": f"{version.tags.get('base_name', '')} {version.tags.get('base_sha256', '')}".strip(),
        "decision": {name: version.tags[name] for name in DECISION if name in version.tags},
        "rollback": {name: version.tags[name] for name in ROLLBACK if name in version.tags},
    }


def _parents(client: MlflowClient, version: ModelVersion) -> list[Chain]:
    """The versions it was trained on from, nearest first."""
    found: list[Chain] = []
    parent = version.tags.get("parent_version", "")
    while parent and len(found) < 100:
        version = resolve(client, parent, "")
        sha256 = version.tags.get("adapter_sha256", "")
        found.append({"name": version.name, "version": str(version.version), "adapter_sha256": sha256})
        parent = version.tags.get("parent_version", "")
    return found


def _run(client: MlflowClient, run_id: str) -> Chain:
    try:
        run = client.get_run(run_id) if run_id else None
    except MlflowException:
        run = None
    return {"id": run_id, "url": tracking.run_url(run) if run else ""}


def _code(tags: dict[str, str]) -> Chain:
    """Commit and tag, and whether this clone has them."""
    root, tag = main_checkout(), tags.get("data_tag", "")
    here = bool(tag) and has(f"refs/tags/{tag}", root)
    return {
        "commit": tags.get("git_sha", ""),
        "tag": tag,
        "tagged_commit": git("rev-parse", f"{tag}^{{commit}}", cwd=root) if here else None,
        "uncommitted_edits": tags.get("code_dirty") == "true",
    }


def _parameters(client: MlflowClient, tags: dict[str, str], params: Params) -> Chain:
    """Those where the run and this checkout differ: {name: {"then", "now"}}; None where the run is gone."""
    now = tracking.shown_params(params)
    try:
        then = dict(client.get_run(tags["mlflow_parent_run"]).data.params)
    except (MlflowException, KeyError):
        return {"digest": tags.get("params_digest", ""), "differ": None}
    own = {
        name for name in then if "." in name or name in now
    }  # beside them MLflow logs the loader's settings
    names = [name for name in sorted({*own, *now}) if then.get(name) != now.get(name)]
    differ = {name: {"then": then.get(name), "now": now.get(name)} for name in names}
    return {"digest": tags.get("params_digest", ""), "differ": differ}


def lines(chain: Chain) -> list[str]:
    """The chain as text, one link under the other."""
    version, code = chain["version"], chain["code"]
    named = f" ({', '.join(version['aliases'])})" if version["aliases"] else ""
    edits = ", with edits that nobody had committed" if code["uncommitted_edits"] else ""
    shown = [
        f"version     {version['name']} {version['version']}{named}, {version['verdict']}",
        f"            registered {version['registered_at']}, adapter {version['adapter_sha256']}",
        f"            base {version['base']}",
        *_decided(version),
        *(f"parent      {p['name']} {p['version']}, adapter {p['adapter_sha256']}" for p in chain["parents"]),
        f"MLflow run  {chain['mlflow_run']['id']}  {chain['mlflow_run']['url']}",
        f"DAG run     {chain['dag_run']['id']}  {chain['dag_run']['url']}",
        f"code        {code['commit']}{edits}",
        f"            tag {code['tag']}{'' if code['tagged_commit'] else ', which this clone does not have'}",
        *_differing(chain["parameters"]),
        *(f"data        {out:25} md5 {md5}" for out, md5 in chain["data"].items()),
        *_sources(chain["sources"]),
        *_knowledge(chain["knowledge"]),
    ]
    return [line.rstrip() for line in shown]


def _decided(version: Chain) -> list[str]:
    said, back = version["decision"], version["rollback"]
    found = []
    if "decided_by" in said:  # stored last
        why = f": {said['reason']}" if said.get("reason") else ""
        found.append(
            f"            {said['decision']} by {said['decided_by']} at {said['decided_at'][:19]}{why}"
        )
    if back:
        why = f": {back['rollback_reason']}" if back["rollback_reason"] else ""
        found.append(
            f"            rolled back by {back['rolled_back_by']} at {back['rolled_back_at'][:19]}{why}"
        )
    return found


def _differing(parameters: Chain) -> list[str]:
    head = f"parameters  digest {parameters['digest']}"
    if parameters["differ"] is None:
        return [head, "            the MLflow run that holds them is gone"]
    if not parameters["differ"]:
        return [head, "            as this checkout's"]
    told = parameters["differ"].items()
    return [head, *(f"            {name}: {_short(v['then'])}, here {_short(v['now'])}" for name, v in told)]


def _short(value: str | None) -> str:
    text = "not set" if value is None else value
    return text if len(text) <= SHOWN_CHARS else f"{text[:SHOWN_CHARS]}…"


def _sources(files: list[Chain] | None) -> list[str]:
    if files is None:
        return ["sources     not in this installation's data store; `reproduce` fetches the data"]
    return [
        f"source      {f['name']}: {f['conversations']:,} conversations, {f['rejected']:,} rows unreadable, "
        f"sha256 {f['sha256'] or 'not recorded'}"
        for f in files
    ]


def _knowledge(files: list[Chain] | None) -> list[str]:
    if files is None:
        return ["knowledge   in git under the tag, which this clone does not have"]
    return [f"knowledge   {f['name']}: git blob {f['git_blob']}" for f in files]
