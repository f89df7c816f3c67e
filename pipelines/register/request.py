"""What the steward is asked: subject and body of Airflow's approval, as things stand at this moment."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from mlflow import MlflowClient

from pipelines.register import aliases, letter
from pipelines.register.promote import SAYS, objections
from pipelines.register.tracking import PATIENCE_S, connect, page_url

WORDS = {
    "subject": {"en": "Promote {name} version {n}? {verdict}", "zh": "是否上线 {name} 版本 {n}？{verdict}"},
    "needs": {"en": "⚠ Approving needs a reason: {why}.", "zh": "⚠ 批准须填写理由：{why}。"},
    "now": {"en": "Champion now: {champion}.", "zh": "现任版本：{champion}。"},
    "itself": {
        "en": "That is this very version; neither answer changes it.",
        "zh": "即本版本；批准或拒绝都不会改变。",
    },
    "choices": {
        "en": "**Approve**: version {n} becomes `champion`{former}. **Reject**: nothing changes. "
        "Your reason is kept on the version either way.",
        "zh": "**Approve（批准）**：版本 {n} 成为现任 `champion`{former}。**Reject（拒绝）**：一切不变。"
        "无论批准或拒绝，理由都会保存在该版本上。",
    },
    "former": {
        "en": ", version {champion} becomes `previous`",
        "zh": "，版本 {champion} 转为前任 `previous`",
    },
    "compare": {
        "en": "Compare with version {champion} in MLflow",
        "zh": "在 MLflow 中与版本 {champion} 比较",
    },
}
Version = dict[str, Any]


def request(version: Version) -> dict[str, Any]:
    """{"version", "subject", "body", "report_url"} for what `report` left of a version; the body is Markdown.

    Verdict and link come first, then what an approval needs a reason for (the verdict, a champion that has
    changed since the evaluation), what each answer does, and the figures.
    """
    client, language = connect(PATIENCE_S), version.get("language", "en")
    name, number = version["name"], str(version["version"])
    found = client.get_model_version(name, number)
    champion = aliases.number(client, name, aliases.CHAMPION)
    head, _, rest = version["summary"].partition("\n\n")
    parts = [
        head,
        *(_say("needs", language, why=one) for one in objections(client, found, language)),
        _choices(number, champion, language),
        rest,
        _compare(client, version, champion, language),
    ]
    verdict = letter.say(found.tags["verdict"], language) if "verdict" in found.tags else ""
    return {
        "version": version,
        "subject": _say("subject", language, name=name, n=number, verdict=verdict).strip(),
        "body": "\n\n".join(part for part in parts if part),
        "report_url": version.get("report_url", ""),
    }


def _choices(number: str, champion: str, language: str) -> str:
    """What Approve and Reject do."""
    shown = SAYS["version"][language].format(n=champion) if champion else SAYS["none"][language]
    now = _say("now", language, champion=shown)
    if champion == number:
        return f"{now} {_say('itself', language)}"
    former = _say("former", language, champion=champion) if champion else ""
    return f"{now} {_say('choices', language, n=number, former=former)}"


def _compare(client: MlflowClient, version: Version, champion: str, language: str) -> str:
    """A link to MLflow's page with this run beside the champion's; "" where there is no other champion."""
    if not champion or champion == str(version["version"]) or "run_id" not in version:
        return ""
    other = client.get_model_version(version["name"], champion).tags.get("mlflow_parent_run", "")
    runs, experiments = quote(f'["{version["run_id"]}","{other}"]'), quote(f'["{version["experiment_id"]}"]')
    page = page_url(version["mlflow_url"], f"compare-runs?runs={runs}&experiments={experiments}")
    return f"[{_say('compare', language, champion=champion)}]({page})" if other else ""


def _say(key: str, language: str, **values: str) -> str:
    return WORDS[key][language].format(**values)
