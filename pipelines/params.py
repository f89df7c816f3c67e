"""params.yaml, typed and checked: all faults in one error, before anything starts."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from pipelines.errors import KefuError
from pipelines.home import ROOT

PROFILE_SECTIONS = ("model", "lora", "pretrain", "tune", "deepspeed", "evaluate")
STAGES = ("pretrain", "tune")
Share = Field(ge=0, le=1)


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(Section):
    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")
    path: str
    glob: str = "*"
    format: str = "auto"
    shape: Literal["messages", "conversations", "qa"] = "messages"
    encoding: str = "utf-8"
    columns: dict[str, str] = {}
    roles: dict[Literal["customer", "agent", "system"], list[str]] = {}
    language: Literal["detect", "zh", "en"] = "detect"


class Ingest(Section):
    since: date | None = None
    max_rejected_share: float = Share


class Mask(Section):
    score_threshold: float = Share
    keep_types: list[str] = []
    replace: Literal["placeholders", "surrogates"] = "placeholders"
    shift_dates: bool = False
    batch_size: int = Field(ge=1)
    processes: int = Field(ge=1)


class Dedup(Section):
    ngram: int = Field(ge=1, le=10)
    jaccard: float = Field(gt=0, le=1)
    bands: int = Field(ge=1)
    rows: int = Field(ge=1)


class Curate(Section):
    min_question_chars: int = Field(ge=0)
    min_answer_chars: int = Field(ge=0)
    max_answer_chars: int = Field(ge=1)
    history_tokens: int = Field(ge=0)
    min_intent_confidence: float = Share
    review_confidence: float = Share
    review_rows: int = Field(ge=0)
    min_satisfaction: int = Field(ge=1, le=5)
    correct_similarity: float = Share


class Split(Section):
    salt: str = Field(min_length=1)
    validation: float = Field(gt=0, lt=1)
    test: float = Field(gt=0, lt=1)
    near_duplicate: float = Field(gt=0, le=1)
    contamination_ngram: int = Field(ge=3)


class Endpoint(Section):
    url: str | None = Field(None, pattern=r"^https?://[^@\s]+$")
    model: str | None = None
    temperature: float = Field(ge=0, le=2)
    concurrency: int = Field(ge=1, le=256)
    max_tokens: int = Field(ge=0)
    max_cost: float = Field(ge=0)
    price_per_1k_input_tokens: float = Field(ge=0)
    price_per_1k_output_tokens: float = Field(ge=0)


class Synthesize(Section):
    share: float = Field(ge=0, lt=1)
    share_per_intent: float = Field(ge=0, lt=1)
    per_example: int = Field(ge=0)
    boundary_cases: int = Field(ge=0)
    endpoint: Endpoint
    seed: int


class Model(Section):
    base: str = Field(min_length=1)
    revision: str | None = None
    license: str | None = None
    allowed_licenses: list[str]
    dtype: Literal["auto", "fp32", "bf16"]
    softmax: Literal["auto", "exact"] = "auto"
    layers: Literal["auto", "plain"] = "auto"
    min_params: float = Field(ge=0)


class Lora(Section):
    r: int = Field(ge=1)
    alpha: int = Field(ge=1)
    dropout: float = Field(ge=0, lt=1)
    targets: Literal["all-linear"] | list[str]


class Pretrain(Section):
    block_tokens: int = Field(ge=16)
    max_tokens: int = Field(ge=1)
    epochs: int = Field(ge=1)
    batch_size: int = Field(ge=1)
    gradient_accumulation: int = Field(ge=1)
    learning_rate: float = Field(gt=0)
    warmup_ratio: float = Share
    general_share: float = Field(ge=0, lt=1)
    seed: int


class Tune(Section):
    max_tokens: int = Field(ge=32)
    max_examples: int = Field(ge=0)
    epochs: int = Field(ge=1)
    batch_size: int = Field(ge=1)
    gradient_accumulation: int = Field(ge=1)
    learning_rate: float = Field(gt=0)
    warmup_ratio: float = Share
    scheduler: Literal["cosine", "linear", "constant"]
    evals_per_epoch: int = Field(ge=1)
    early_stopping_patience: int = Field(ge=1)
    max_eval_examples: int = Field(ge=1)
    general_share: float = Field(ge=0, lt=1)
    corpus_share: float = Field(ge=0, lt=1)
    seed: int


class Deepspeed(Section):
    zero_stage: Literal[0, 1, 2, 3]
    offload: bool
    processes: int = Field(ge=1)
    config: str | None = None
    nodes: int = Field(1, ge=1)
    rendezvous: str | None = Field(None, pattern=r"^[^\s:]+:\d{2,5}$")
    hostfile: str | None = None


class MachinePrices(Section):
    currency: str = "CNY"
    core_hour: float = Field(ge=0)
    gpu_hour: float = Field(ge=0)


class Watts(Section):
    core: float = Field(ge=0)
    gpu: float = Field(ge=0)


class Training(Section):
    on_change: Literal["refuse", "restart", "resume"]
    max_hours: float = Field(ge=0)
    prices: MachinePrices
    watts: Watts


class Repeats(Section):
    examples: int = Field(ge=0)
    k: int = Field(ge=1)
    temperature: float = Field(gt=0, le=2)


class ModelJudge(Section):
    url: str | None = Field(None, pattern=r"^https?://[^@\s]+$")
    model: str | None = None
    max_answers: int = Field(ge=1)
    concurrency: int = Field(ge=1, le=256)


class Evaluate(Section):
    suite_size: int = Field(ge=1)
    suites: dict[str, int] = {}
    max_loss_examples: int = Field(ge=1)
    max_new_tokens: int = Field(ge=1)
    batch_size: int = Field(ge=1)
    latency_examples: int = Field(ge=1)
    latency_target_s: float = Field(gt=0)
    repeats: Repeats
    rare_intent_share: float = Share
    judge: ModelJudge
    seed: int


class Prices(Section):
    currency: str = Field(min_length=1)
    human_answer: float = Field(ge=0)
    model_answer: float = Field(gt=0)
    questions_per_month: int = Field(ge=1)


Measure = Literal[
    "key_facts",
    "key_facts_all",
    "right",
    "intent",
    "hand_over_precision",
    "hand_over_recall",
    "chrf",
    "rouge_l",
    "forbidden_rate",
    "pii_rate",
    "contradiction_rate",
    "in_style",
    "reply_chars",
    "loss",
]


class Change(Section):
    """What a candidate must show against another model, in MLflow's words."""

    min_absolute_change: float | None = None
    min_relative_change: float | None = None

    @model_validator(mode="after")
    def _asks(self) -> Change:
        if self.min_absolute_change is None and self.min_relative_change is None:
            raise ValueError("neither min_absolute_change nor min_relative_change")
        return self


class Threshold(Section):
    """mlflow.models.MetricThreshold, with the model that a change is against."""

    greater_is_better: bool
    threshold: float | None = None
    base: Change | None = None
    champion: Change | None = None

    @model_validator(mode="after")
    def _asks(self) -> Threshold:
        if self.threshold is None and self.base is None and self.champion is None:
            raise ValueError("neither threshold nor base nor champion, so nothing is asked")
        return self


class NoRegression(Section):
    measure: Literal["right", "key_facts_all"]
    by: list[Literal["language", "origin", "intent", "suite", "channel", "emotion", "turn", "frequency"]]
    max_loss: float = Share
    min_questions: int = Field(ge=1)


class Gate(Section):
    thresholds: dict[Measure, Threshold]
    suites: dict[str, float] = {}
    no_regression: NoRegression
    max_perplexity_ratio: float = Field(ge=1)
    max_pii_answers: int = Field(ge=0)
    max_forbidden_answers: int = Field(ge=0)


class Register(Section):
    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")


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
    if name not in profiles:
        return [f"profile: {name!r} is not one of {', '.join(sorted(profiles)) or 'none'}"], merged
    faults = []
    for section, overrides in (profiles[name] or {}).items():
        if section not in PROFILE_SECTIONS:
            faults.append(
                f"profiles.{name}.{section}: a profile may only override {', '.join(PROFILE_SECTIONS)}"
            )
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
    return faults + _source_faults(merged.get("sources"))


def _source_faults(sources: Any) -> list[str]:
    names = [s.get("name") for s in sources if isinstance(s, dict)] if isinstance(sources, list) else []
    return [f"sources: the name {name!r} stands twice" for name in {n for n in names if names.count(n) > 1}]


def _yaml_mark(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    return f"line {mark.line + 1}, column {mark.column + 1}" if mark else "unreadable"


def _shown(error: Any) -> str:
    value = error.get("input")
    return "nothing" if error["type"] == "missing" else repr(value)[:60]
