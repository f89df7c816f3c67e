"""The page: one HTML file that asks nothing of the network, all values escaped."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from pipelines.evaluate.gate import BLESSED
from pipelines.mask.labels import LABELS, PLACEHOLDER
from pipelines.report import plots, words

HERE = Path(__file__).parent
MEASURES = ("key_facts", "key_facts_all", "intent", "hand_over_precision", "hand_over_recall")
TRAINING_ROWS = ("steps", "tokens", "seconds", "best_step", "best_eval_loss", "dtype")


def render(facts: dict[str, Any]) -> str:
    """The whole page. Values reach it escaped; only the plots, style and script of this folder are not."""
    script = (HERE / "page.js").read_text(encoding="utf-8")
    drawn = {
        "shares": plots.shares(facts["summary"]["models"]),
        "flow": plots.flow(facts["flow"]),
        "losses": loss_curves(facts["curves"]),
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


def loss_curves(curves: dict[str, list[dict[str, Any]]]) -> str:
    """Of both trainings, by stage, as SVG."""
    return plots.losses({words.words()[f"training.{stage}"]["en"]: c for stage, c in curves.items()})


def lead(summary: dict[str, Any]) -> Markup:
    """What the steward is asked, in two sentences."""
    if summary["verdict"] == BLESSED:
        return words.t("page.blessed_lead")
    failed = sum(not reason["passed"] for reason in summary["reasons"])
    return words.t("page.blocked_lead", failed=failed, of=len(summary["reasons"]))


def personal(kind: str) -> Markup:
    """A type of personal data: its code, or in Chinese the name that placeholders bear."""
    return words.pair(kind, LABELS.get(kind, (kind, kind))[0])


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


def both(key: str) -> str:
    """The words of a key in both languages, for an attribute, which cannot hold one of them hidden."""
    return " / ".join(words.words()[key][lang] for lang in words.LANGUAGES)


def _template() -> Any:
    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=False
    )
    environment.filters["shown"] = _shown
    environment.filters |= {"in_order": in_order, "marked": marked}
    environment.globals |= {"languages": words.LANGUAGES, "words": words.words(), "both": both}
    environment.globals |= {
        f.__name__: f for f in (words.t, words.pair, words.named, words.reason, words.gate, words.said)
    }
    environment.globals["personal"] = personal
    return environment.get_template("page.html.j2")


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:,.1f}" if abs(value) >= 100 else f"{value:.3g}"
    if isinstance(value, int):
        return f"{value:,}"
    return str(value) if value else "–"
