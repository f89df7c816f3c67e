"""The model card that stands as a version's description, made from the run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipelines.params import Params
from pipelines.register.letter import MODELS
from pipelines.register.lineage import read_json, started_from
from pipelines.stage import OUTPUTS

PURPOSE = {
    "tune": "Answers customers' questions in the brand's tone, and hands over to a person when it should.",
    "pretrain": "Knows the shop's documents and dialogues; the instruction adapter was trained on from it. "
    "Not meant to answer customers by itself.",
}
READS = {"pretrain": "data/split", "tune": "data/synthesized"}


def card(stage: str, params: Params, tags: dict[str, str], summary: dict[str, Any], root: Path) -> str:
    """Markdown: verdict, purpose, data, figures, limits, licence, lineage."""
    parts = {
        "Purpose": [PURPOSE[stage]],
        "Data": _data(stage, tags, root),
        "Figures": [f"- {line}" for line in figures_lines(summary)],
        "Limits": [
            "Answers are checked on held-out wordings of known questions; what the FAQ does not cover "
            "should be handed over. Trained on masked text only. It needs the base of the sha256 below.",
        ],
        "Licence": [
            f"The base's: {tags['base_license']} ({tags['base_name']}). The adapter holds no base weights."
        ],
        "Lineage": [
            f"- Base: {tags['base_name']}, sha256 {tags['base_sha256'][:12]}",
            f"- LoRA: r {params.lora.r}, alpha {params.lora.alpha}, sha256 {tags['adapter_sha256'][:12]}",
            f"- Parent version: {tags.get('parent_version') or 'none'}",
            f"- Code {tags['git_sha'][:12]}, DAG run `{tags['dag_run_id']}`",
            "- What it was made of, signed: `artifacts/bill.json`",
        ],
    }
    said = [f"**{summary['verdict']}** (judged as the instruction adapter)"]
    for title, lines in parts.items():
        said += ["", f"### {title}", *lines]
    return "\n".join(said)


def _data(stage: str, tags: dict[str, str], root: Path) -> list[str]:
    """What it was trained on: the table, its version, and how much of it."""
    table = READS[stage]
    seen = read_json(root / OUTPUTS[stage] / "training.json")
    lines = [f"- `{table}`, DVC md5 {tags.get(f'dvc.{table}', 'unknown')}, git tag `{tags['data_tag']}`"]
    if "tokens" in seen:
        lines.append(f"- {seen['tokens']:,} tokens in {seen['steps']:,} steps")
    if started := started_from(root):
        lines.append(f"- Of it only what is new to {started}, where this run went on from, and a replay")
    return lines


def figures_lines(summary: dict[str, Any]) -> list[str]:
    """The key figures in words, candidate first."""
    models, lines = summary["models"], []
    for model in MODELS:
        if model in models:
            facts = models[model]["key_facts"]
            shown = f"{facts['right']}/{facts['of']}" + (
                f" ({facts['share']:.0%})" if facts["share"] is not None else ""
            )
            lines.append(f"Held-out FAQ wordings answered with every key fact, {model}: {shown}")
    gain = summary["gain"]["base"]
    if gain["gain"] is not None:
        lines.append(
            f"Gain over base {gain['gain'] * 100:+.1f} points, "
            f"95 % interval {gain['low'] * 100:+.1f} to {gain['high'] * 100:+.1f}"
        )
    lines += [f"Suite {name}: {_cases(suite)}" for name, suite in summary.get("suites", {}).items()]
    lines += [f"Return: {summary['automation']['line']}"] if "automation" in summary else []
    return lines


def _cases(suite: dict[str, Any]) -> str:
    """Cases passed by each model, with the suite's version."""
    found = ((model, suite["models"][model]) for model in MODELS if model in suite["models"])
    passed = [f"{model} {counts['right']}/{counts['of']}" for model, counts in found]
    return f"{', '.join(passed)} (version {suite['version']})"
