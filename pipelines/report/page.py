"""The page: one HTML file that asks nothing of the network, all values escaped."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from pipelines.evaluate.gate import BLESSED
from pipelines.mask.labels import LABELS, PLACEHOLDER
from pipelines.report import figures, plots, words
from pipelines.report.answers import SHOWN
from pipelines.report.changes import changes, of

HERE = Path(__file__).parent
SECTIONS = (  # a file of sections/ each
    "data",
    "questions",
    "personal",
    "training",
    "figures",
    "answers",
    "compliance",
    "lineage",
    "history",
)
TRAINING_ROWS = ("steps", "tokens", "seconds", "best_step", "best_eval_loss", "dtype")


def render(facts: dict[str, Any]) -> str:
    """The whole page. Values reach it escaped; only the plots, style and script of this folder are not."""
    script = (HERE / "page.js").read_text(encoding="utf-8")
    summary = facts["summary"]
    drawn = {
        "shares": plots.shares(summary["models"]),
        "flow": plots.flow(facts["flow"]),
        "losses": loss_curves(facts["curves"]),
        "composition": plots.composition(facts["composition"]),
        "trend": plots.trend(facts["history"]),
    }
    return _template().render(
        **facts,
        plots={name: Markup(svg) for name, svg in drawn.items()},
        style=Markup((HERE / "page.css").read_text(encoding="utf-8")),
        script=Markup(script),
        script_sha=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        sections=SECTIONS,
        personal=partial(personal, labels=facts["masking"]["labels"]),
        training_rows=TRAINING_ROWS,
        language=facts["params"].report.language,
        currency=facts["params"].training.prices.currency,
        answers_shown=SHOWN,
        figures=figures.rows(summary),
        heat=figures.slices(summary),
        against_said=of(facts["against"]),
        changed=changes(facts),
        lead=lead(summary),
    )


def loss_curves(curves: dict[str, list[dict[str, Any]]]) -> str:
    """Of both trainings, by stage, as SVG."""
    return plots.losses({words.words()[f"training.{stage}"]["en"]: c for stage, c in curves.items()})


def lead(summary: dict[str, Any]) -> Markup:
    """What the steward is asked, in two sentences."""
    if summary["verdict"] == BLESSED:
        return words.t("page.blessed_lead")
    failed = sum(not reason["passed"] for reason in summary["reasons"])
    return words.t("page.blocked_lead", failed=failed, of=len(summary["reasons"]))


def personal(kind: str, labels: Mapping[str, tuple[str, str]] = LABELS) -> Markup:
    """A type of personal data: its code, or in Chinese the name that placeholders bear."""
    return words.pair(kind, labels.get(kind, (kind, kind))[0])


def marked(text: str) -> Markup:
    """`text`, which is escaped, with its placeholders set off."""
    parts, at = [], 0
    for match in PLACEHOLDER.finditer(text):
        parts += [escape(text[at : match.start()]), Markup("<mark>{}</mark>").format(match.group())]
        at = match.end()
    return Markup("").join([*parts, escape(text[at:])])


def in_order(sample: dict[str, Any]) -> list[tuple[str, Any]]:
    """A sample's fields in the order of words.yaml: what was said, then what became of it."""
    known = [key for key in words.words() if key.startswith("field.")]
    place = {key.removeprefix("field."): number for number, key in enumerate(known)}
    return sorted(sample.items(), key=lambda field: place.get(field[0], len(place)))


def signed(number: float) -> str:
    """With its sign and one digit; 0.0 has none."""
    return f"{number:+.1f}" if round(number, 1) else "0.0"


def _template() -> Any:
    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=False
    )
    environment.filters["shown"] = _shown
    environment.filters |= {"signed": signed, "in_order": in_order, "marked": marked}
    environment.globals |= {"languages": words.LANGUAGES, "words": words.words()}
    environment.globals |= {
        f.__name__: f
        for f in (words.t, words.pair, words.named, words.both, words.reason, words.gate, words.said)
    }
    return environment.get_template("page.html.j2")


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:,.1f}" if abs(value) >= 100 else f"{value:#.3g}"
    if isinstance(value, int):
        return f"{value:,}"
    return str(value) if value else "–"
