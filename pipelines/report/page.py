"""The page: one HTML file that asks nothing of the network, all values escaped."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pipelines.evaluate.gate import BLESSED
from pipelines.report import plots

HERE = Path(__file__).parent
MEASURES = [
    ("key_facts", "Held-out FAQ wordings with every key fact"),
    ("key_facts_all", "All examples that have key facts"),
    ("intent", "Right intent"),
    ("hand_over_precision", "Hand-over: made ones that were needed"),
    ("hand_over_recall", "Hand-over: needed ones that were made"),
]
TRAINING_ROWS = [
    ("steps", "steps"),
    ("tokens", "tokens"),
    ("seconds", "seconds"),
    ("best_step", "best step"),
    ("best_eval_loss", "best validation loss"),
    ("dtype", "float type"),
]


def render(facts: dict[str, Any]) -> str:
    """The whole page. Values reach it escaped; only the plots, style and script of this folder are not."""
    script = (HERE / "page.js").read_text(encoding="utf-8")
    drawn = {
        "shares": plots.shares(facts["summary"]["models"]),
        "flow": plots.flow(facts["flow"]),
        "losses": plots.losses(facts["curves"]),
        "composition": plots.composition(facts["composition"]),
    }
    return _template().render(
        **facts,
        plots={name: Markup(svg) for name, svg in drawn.items()},
        style=Markup((HERE / "page.css").read_text(encoding="utf-8")),
        script=Markup(script),
        script_sha=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        measures=MEASURES,
        training_rows=TRAINING_ROWS,
        lead=lead(facts["summary"]),
    )


def lead(summary: dict[str, Any]) -> str:
    """What the steward is asked, in two sentences."""
    if summary["verdict"] == BLESSED:
        return (
            "The candidate passed every point of the gate. You decide whether it becomes champion: read "
            "the answers that got worse before you approve."
        )
    failed = sum(not reason["passed"] for reason in summary["reasons"])
    return (
        f"The candidate failed {failed} of {len(summary['reasons'])} points of the gate. It is registered "
        "all the same; approving it needs a reason, which is kept on the version."
    )


def _template() -> Any:
    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=False
    )
    environment.filters["shown"] = _shown
    environment.filters["capitalize_first"] = lambda text: text[:1].upper() + text[1:]
    return environment.get_template("page.html.j2")


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:,.1f}" if abs(value) >= 100 else f"{value:.3g}"
    if isinstance(value, int):
        return f"{value:,}"
    return str(value) if value else "–"
