"""params.yaml, typed and checked: all faults in one error, before anything starts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from pydantic import Field, ValidationError

from pipelines.dedup.banding import MIN_RECALL, enough, recall
from pipelines.errors import KefuError
from pipelines.home import ROOT
from pipelines.params.sections import (
    Alerts,
    Curate,
    Dedup,
    Deepspeed,
    Evaluate,
    Gate,
    Ingest,
    Limits,
    Lora,
    Mask,
    Model,
    Pretrain,
    Prices,
    Register,
    Report,
    Retention,
    Retrain,
    Section,
    Source,
    Split,
    Synthesize,
    Training,
    Tune,
)

PROFILE_SECTIONS = ("model", "lora", "pretrain", "tune", "deepspeed", "evaluate")
STAGES = ("pretrain", "tune")
OPERATIONS = frozenset({"alerts", "limits", "retention"})  # no result of a run depends on these


class Params(Section):
    """params.yaml with its profile laid over it."""

    profile: str
    sources: list[Source] = Field(min_length=1)
    knowledge: str
    ingest: Ingest
    mask: Mask
    dedup: Dedup
    curate: Curate
    split: Split
    synthesize: Synthesize
    retrain: Retrain
    model: Model
    lora: Lora
    pretrain: Pretrain
    tune: Tune
    deepspeed: Deepspeed
    training: Training
    evaluate: Evaluate
    prices: Prices
    gate: Gate
    register_: Register = Field(alias="register")
    report: Report
    alerts: Alerts
    limits: Limits
    retention: Retention

    def of_results(self) -> dict[str, Any]:
        """All that a result may depend on, as JSON; so nothing that holds a person's address."""
        return self.model_dump(by_alias=True, mode="json", exclude=set(OPERATIONS))


def load(path: Path | None = None) -> Params:
    """params.yaml (default: this checkout's), profile applied; one KefuError lists every fault."""
    path = path or ROOT / "params.yaml"
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise KefuError("there is no params.yaml", str(path), "run from the project's root") from None
    except yaml.YAMLError as error:
        raise KefuError(
            "params.yaml is not valid YAML", f"{path}: {_yaml_mark(error)}", "mend the line"
        ) from None
    if not isinstance(raw, dict):
        raise KefuError("params.yaml does not hold a mapping", str(path), "restore it from git")
    return check(raw, str(path))


def check(raw: dict[str, Any], where: str = "params.yaml") -> Params:
    """The typed parameters, or one KefuError with all faults, those across sections included."""
    faults, merged = lay_profile(raw)
    params: Params | None = None
    try:
        params = Params.model_validate(merged)
    except ValidationError as error:
        faults += [f"{'.'.join(map(str, e['loc']))}: {e['msg']} (found: {_shown(e)})" for e in error.errors()]
    faults += _cross_faults(merged)
    if faults or params is None:
        listed = "\n".join(f"  - {fault}" for fault in faults)
        raise KefuError(
            f"{len(faults)} fault(s) in the parameters\n{listed}", where, "mend them all, then run again"
        )
    return params


def lay_profile(raw: dict[str, Any]) -> tuple[list[str], dict[str, Any]]:
    """(faults, parameters with the chosen profile's sections laid over them)."""
    profiles = raw.get("profiles") or {}
    name = raw.get("profile")
    merged = {section: value for section, value in raw.items() if section != "profiles"}
    if not isinstance(profiles, dict):
        return ["profiles: not a mapping of names to sections"], merged
    if name not in profiles:
        return [f"profile: {name!r} is not one of {', '.join(sorted(profiles)) or 'none'}"], merged
    faults = []
    chosen = profiles[name] or {}
    if not isinstance(chosen, dict):
        return [f"profiles.{name}: not a mapping of sections"], merged
    for section, overrides in chosen.items():
        if section not in PROFILE_SECTIONS:
            faults.append(
                f"profiles.{name}.{section}: a profile may only override {', '.join(PROFILE_SECTIONS)}"
            )
        elif not isinstance(overrides, dict):
            faults.append(f"profiles.{name}.{section}: not a mapping of knobs (found: {overrides!r:.60})")
        elif isinstance(merged.get(section), dict):
            merged[section] = {**merged[section], **overrides}
    return faults, merged


def _cross_faults(merged: dict[str, Any]) -> list[str]:
    """Rules across keys; each looks only at what is there and of the right kind."""

    def value(section: str, name: str) -> Any:
        return merged[section].get(name) if isinstance(merged.get(section), dict) else None

    def number(section: str, name: str) -> float:
        found = value(section, name)
        return found if isinstance(found, int | float) else 0

    faults = []
    if number("split", "validation") + number("split", "test") >= 0.9:
        faults.append("split: validation + test leave less than a tenth for training")
    if number("deepspeed", "zero_stage") == 0 and value("deepspeed", "offload"):
        faults.append("deepspeed: offload needs zero_stage 1, 2 or 3")
    if number("deepspeed", "zero_stage") == 0 and number("deepspeed", "processes") > 1:
        faults.append("deepspeed: more than one process needs zero_stage 1, 2 or 3")
    if number("deepspeed", "zero_stage") == 0 and value("deepspeed", "config"):
        faults.append("deepspeed: config needs zero_stage 1, 2 or 3")
    nodes, processes = number("deepspeed", "nodes") or 1, number("deepspeed", "processes")
    if processes % nodes:
        faults.append(f"deepspeed: {processes} processes can't be shared out evenly among {nodes} nodes")
    if nodes > 1 and not value("deepspeed", "rendezvous") and not value("deepspeed", "hostfile"):
        faults.append("deepspeed: more than one node needs a rendezvous (host:port) or a hostfile")
    if nodes == 1 and (value("deepspeed", "rendezvous") or value("deepspeed", "hostfile")):
        faults.append("deepspeed: rendezvous and hostfile are for two nodes or more, nodes is 1")
    if number("tune", "general_share") + number("tune", "corpus_share") >= 1:
        faults.append("tune: general_share + corpus_share leave nothing for the examples")
    if value("retrain", "from") == "champion" and value("retrain", "base_every") == 1:
        faults.append(
            "retrain: base_every 1 never goes on from the champion; say from: base, or 0 or 2 and more"
        )
    if value("lora", "targets") == []:
        faults.append("lora.targets: an empty list adapts nothing; name layers, or all-linear")
    if 0 < number("pretrain", "max_tokens") < number("pretrain", "block_tokens"):
        faults.append("pretrain: max_tokens is less than one block (block_tokens)")
    faults += [f"{s}.warmup_ratio: 1 never leaves warm-up" for s in STAGES if number(s, "warmup_ratio") >= 1]
    endpoint = value("synthesize", "endpoint")
    if isinstance(endpoint, dict) and endpoint.get("url") and not endpoint.get("model"):
        faults.append("synthesize.endpoint: url needs model")
    judge = value("evaluate", "judge")
    if isinstance(judge, dict) and judge.get("url") and not judge.get("model"):
        faults.append("evaluate.judge: url needs model")
    suites = value("evaluate", "suites")
    sizes = suites.items() if isinstance(suites, dict) else ()
    faults += [f"evaluate.suites.{n}: {v} is below 0" for n, v in sizes if isinstance(v, int) and v < 0]
    shares = value("gate", "suites")
    asked = shares.items() if isinstance(shares, dict) else ()
    faults += [
        f"gate.suites.{name}: {share} is not between 0 and 1"
        for name, share in asked
        if isinstance(share, int | float) and not 0 <= share <= 1
    ]
    faults += _banding_faults(number("dedup", "jaccard"), number("dedup", "bands"), number("dedup", "rows"))
    return faults + _source_faults(merged.get("sources"))


def _banding_faults(jaccard: float, bands: float, rows: float) -> list[str]:
    """A lower threshold with the same bands would overlook duplicates without a word."""
    if not (0 < jaccard <= 1 and bands >= 1 and rows >= 1):
        return []
    found = recall(jaccard, int(bands), int(rows))
    if found >= MIN_RECALL:
        return []
    more, fewer = enough(jaccard)
    return [
        f"dedup: {bands} bands x {rows} rows find only {found:.1%} of the pairs at jaccard {jaccard}; "
        f"say bands: {more}, rows: {fewer}"
    ]


def _source_faults(sources: Any) -> list[str]:
    names = [s.get("name") for s in sources if isinstance(s, dict)] if isinstance(sources, list) else []
    return [f"sources: the name {name!r} stands twice" for name in {n for n in names if names.count(n) > 1}]


def _yaml_mark(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    return f"line {mark.line + 1}, column {mark.column + 1}" if mark else "unreadable"


def _shown(error: Any) -> str:
    value = error.get("input")
    return "nothing" if error["type"] == "missing" else repr(value)[:60]
