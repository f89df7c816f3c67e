"""What a steward reads before the report: verdict, link, figures side by side, every point of the gate.

It stands in Airflow's request for approval and as the description of the MLflow run; Markdown, no row's text.
"""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from pipelines.report.words import gate, words

MODELS = ("candidate", "champion", "base")
MEASURES = {  # figure: its words on the page
    "key_facts": "key_facts",
    "intent": "intent",
    "hand_over_precision": "hand_over_precision",
    "hand_over_recall": "hand_over_recall",
    "pii_answers": "pii_rate",
    "forbidden_answers": "forbidden_rate",
}
WORDS = {
    "BLESSED": {"en": "BLESSED", "zh": "BLESSED（通过）"},
    "NOT BLESSED": {"en": "NOT BLESSED", "zh": "NOT BLESSED（未通过）"},
    "report": {"en": "Read the report", "zh": "阅读报告"},
    "version": {"en": "The version in MLflow", "zh": "MLflow 中的版本"},
    "airflow": {"en": "The run in Airflow", "zh": "Airflow 中的运行"},
    "approve": {"en": "Approve or reject in Airflow", "zh": "在 Airflow 中批准或拒绝"},
    "docs": {"en": "Data Docs", "zh": "数据检查报告 Data Docs"},
    "on": {"en": "on {n} held-out examples", "zh": "{n} 条留出样本"},
    "candidate": {"en": "this candidate", "zh": "本候选"},
    "champion": {"en": "champion", "zh": "现任"},
    "base": {"en": "base", "zh": "基座"},
    "gain": {
        "en": "Answers with every key fact: {gain:+.1f} points over the {model} "
        "(95 % interval {low:+.1f} to {high:+.1f}).",
        "zh": "关键事实完整的回答：较{model} {gain:+.1f} 个百分点"
        "（95% 置信区间 {low:+.1f} 至 {high:+.1f}）。",
    },
    "latency": {
        "en": "seconds to an answer, median / 95th percentile",
        "zh": "回答耗时（秒），中位数 / P95",
    },
    "gate": {
        "en": "The gate: {passed} of {of} points passed",
        "zh": "准入检查：{of} 项中 {passed} 项通过",
    },
}
Row = dict[str, Any]


def letter(summary: Row, links: dict[str, str], language: str = "en") -> str:
    """Of the evaluation's `summary`; `links` holds addresses: report, version, docs, airflow ("": none)."""
    reasons = sorted(summary["reasons"], key=lambda reason: bool(reason["passed"]))
    verdict = say(summary["verdict"], language).replace(summary["verdict"], f"**{summary['verdict']}**")
    passed = sum(bool(reason["passed"]) for reason in reasons)
    parts = [
        [f"{verdict} · **[{say('report', language)}]({links['report']})**"],
        _gains(summary, language),
        _table(summary, language),
        [say("gate", language, passed=passed, of=len(reasons))],
        [f"- {'✓' if reason['passed'] else '✗'} {_gate(reason, language)}" for reason in reasons],
        [
            " · ".join(
                f"[{say(k, language)}]({links[k]})" for k in ("version", "docs", "airflow") if links.get(k)
            )
        ],
    ]
    return "\n\n".join("\n".join(part) for part in parts if part)


def _gains(summary: Row, language: str) -> list[str]:
    """A line for each model that the candidate was compared with."""
    lines = []
    for model in ("champion", "base"):
        gain = summary["gain"].get(model)
        if gain and gain["gain"] is not None:
            points = {name: 100 * gain[name] for name in ("gain", "low", "high")}
            lines.append(f"- {say('gain', language, model=say(model, language), **points)}")
    return lines


def _table(summary: Row, language: str) -> list[str]:
    models = [model for model in MODELS if model in summary["models"]]
    heads = [say("on", language, n=summary["sample"]["n"]), *(say(model, language) for model in models)]
    rows = [_cells(heads), _cells(["---"] * len(heads))]
    for measure, name in MEASURES.items():
        shown = [_figure(summary["models"][model].get(measure)) for model in models]
        if any(shown):
            rows.append(_cells([words()[f"measure.{name}"][language], *(one or "–" for one in shown)]))
    latency = [_latency(summary["models"][model].get("latency")) for model in models]
    if any(latency):
        rows.append(_cells([say("latency", language), *(one or "–" for one in latency)]))
    return rows


def _cells(texts: list[str]) -> str:
    return f"| {' | '.join(texts)} |"


def _figure(found: Any) -> str:
    if isinstance(found, dict):
        share = "" if found["share"] is None else f" ({found['share']:.0%})"
        return f"{found['right']}/{found['of']}{share}"
    return "" if found is None else f"{found:g}"


def _latency(found: Row | None) -> str:
    return f"{found['p50_s']:.1f} / {found['p95_s']:.1f}" if found else ""


def _gate(reason: Row, language: str) -> str:
    """A point of the gate as the report says it."""
    text = _OneLanguage(language)
    text.feed(str(gate(reason)))
    text.close()
    return "".join(text.kept)


class _OneLanguage(HTMLParser):
    """Keeps the text of a report's element that stands in no other language's span."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language, self.open, self.kept = language, [True], list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(dict(attrs).get("lang", self.language) == self.language)

    def handle_endtag(self, tag: str) -> None:
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if all(self.open):
            self.kept.append(data)


def say(key: str, language: str, **values: Any) -> str:
    """The letter's words under `key`, en or zh, with `values` put in."""
    return WORDS[key][language].format(**values)
