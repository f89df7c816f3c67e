"""The sections of params.yaml, typed: what each knob may be."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Share = Field(ge=0, le=1)
Seed = Field(ge=0, lt=2**32)


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
    until: date | None = None
    max_rejected_share: float = Share
    max_vanished_share: float = Field(0.5, ge=0, le=1)

    @model_validator(mode="after")
    def in_order(self) -> Ingest:
        if self.since and self.until and self.until <= self.since:
            raise ValueError(f"until must be later than since ({self.since}); its own day is left out")
        return self


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
    depth: float = Field(gt=0, le=1)


class Pretrain(Section):
    block_tokens: int = Field(ge=16)
    max_tokens: int = Field(ge=1)
    epochs: int = Field(ge=1)
    batch_size: int = Field(ge=1)
    gradient_accumulation: int = Field(ge=1)
    learning_rate: float = Field(gt=0, le=1)
    warmup_ratio: float = Share
    general_share: float = Field(ge=0, lt=1)
    seed: int = Seed


class Tune(Section):
    max_tokens: int = Field(ge=32)
    max_examples: int = Field(ge=0)
    epochs: int = Field(ge=1)
    batch_size: int = Field(ge=1)
    gradient_accumulation: int = Field(ge=1)
    learning_rate: float = Field(gt=0, le=1)
    warmup_ratio: float = Share
    scheduler: Literal["cosine", "linear", "constant"]
    evals_per_epoch: int = Field(ge=1)
    early_stopping_patience: int = Field(ge=1)
    max_eval_examples: int = Field(ge=1)
    whole_answers: int = Field(ge=0)
    recitals: int = Field(ge=0)
    general_share: float = Field(ge=0, lt=1)
    corpus_share: float = Field(ge=0, lt=1)
    seed: int = Seed


class Deepspeed(Section):
    zero_stage: Literal[0, 1, 2, 3]
    offload: bool
    processes: int = Field(ge=1)
    config: str | None = None
    nodes: int = Field(1, ge=1)
    rendezvous: str | None = Field(None, pattern=r"^[^\s:]+:\d{2,5}$")
    hostfile: str | None = None


class Retrain(Section):
    from_: Literal["champion", "base"] = Field(alias="from")
    base_every: int = Field(ge=0)
    replay: float = Field(ge=0, lt=1)
    min_new_conversations: int = Field(ge=0)
    min_drift: float = Share


class MachinePrices(Section):
    currency: str = Field("CNY", min_length=1)
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


class Report(Section):
    language: Literal["zh", "en"]


Kind = Literal["failed", "overdue", "blocked", "drift", "approval", "server", "disk", "vanished"]


class Email(Section):
    to: list[str] = []
    sender: str = "kefu@localhost"
    host: str = "localhost"
    port: int = Field(25, ge=1, le=65535)
    tls: Literal["none", "starttls", "tls"] = "none"


class Webhook(Section):
    url: str | None = Field(None, pattern=r"^https?://[^@\s]+$")
    format: Literal["json", "slack", "wecom", "dingtalk", "feishu"] = "json"


class Alerts(Section):
    kinds: list[Kind]
    retries: int = Field(ge=1, le=10)
    email: Email
    webhook: Webhook


class Limits(Section):
    timeout_hours: dict[str, float]
    run_hours: float = Field(gt=0)
    silence_days: float = Field(gt=0)
    failures: int = Field(ge=0)
    trainers: int = Field(ge=1)
    log_mb: float = Field(gt=0)
    log_files: int = Field(ge=1)

    @model_validator(mode="after")
    def _complete(self) -> Limits:
        if self.timeout_hours.get("default", 0) <= 0 or min(self.timeout_hours.values()) <= 0:
            raise ValueError("timeout_hours needs a default, and every value above 0")
        return self


class Retention(Section):
    failed_days: float = Field(ge=0)
    run_days: float = Field(ge=0)
    rejected_days: float = Field(ge=0)
    newest_versions: int = Field(ge=1)
    store_days: float = Field(ge=1)
    log_days: float = Field(ge=1)
    max_gb: float = Field(ge=0)
    min_free_gb: float = Field(ge=0)
