"""The model card that stands as a version's description, made from the run."""

from __future__ import annotations

from typing import Any

from pipelines.params import Params

PURPOSE = {
    "tune": "Answers customers' questions in the brand's tone, and hands over to a person when it should.",
    "pretrain": "Knows the shop's documents and dialogues; the instruction adapter was trained on from it.",
}


def card(stage: str, params: Params, tags: dict[str, str], summary: dict[str, Any]) -> str:
    """Markdown: purpose, base and licence, figures, data, limits."""
    lines = [
        f"**{summary['verdict']}** (judged as the instruction adapter)",
        "",
        PURPOSE[stage],
        "",
        f"- Base: {tags['base_name']} ({tags['base_license']}), sha256 {tags['base_sha256'][:12]}",
        f"- LoRA: r {params.lora.r}, alpha {params.lora.alpha}, adapter sha256 {tags['adapter_sha256'][:12]}",
        *[f"- {line}" for line in figures_lines(summary)],
        f"- Data: git tag `{tags['data_tag']}` (DVC), code {tags['git_sha'][:12]}",
        f"- Made by the DAG run `{tags['dag_run_id']}`",
        "",
        "Limits: answers are checked on held-out wordings of known questions; what the FAQ does not cover "
        "should be handed over. Trained on masked text only.",
    ]
    return "\n".join(lines)


def figures_lines(summary: dict[str, Any]) -> list[str]:
    """The key figures in words, candidate first."""
    models, lines = summary["models"], []
    for model in ("candidate", "champion", "base"):
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
    passed = [f"{model} {c['right']}/{c['of']}" for model, c in reversed(suite["models"].items())]
    return f"{', '.join(passed)} (version {suite['version']})"
