"""The page's plots as inline SVG, coloured by the page's own CSS variables so that they follow its theme.

Labels are drawn in English, since matplotlib has no Chinese font on every machine; the page's browser has,
and each label then stands in both languages like the page's other words.
"""

from __future__ import annotations

import io
import re
from typing import Any

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pipelines.report.labels import Labels, kind_of
from pipelines.report.words import both

COLOURS = {  # drawn with, replaced by
    "#010101": "var(--ink)",
    "#020202": "var(--muted)",
    "#030303": "var(--line)",
    "#040404": "var(--candidate)",
    "#050505": "var(--base)",
    "#060606": "var(--champion)",
    "#070707": "var(--bad)",
    "#080808": "var(--flow)",
}
ON_WHITE = {  # of the page's light theme
    "var(--ink)": "#23211d",
    "var(--muted)": "#6e695f",
    "var(--line)": "#e4e0d7",
    "var(--candidate)": "#1f6f78",
    "var(--base)": "#98928a",
    "var(--champion)": "#b07a1e",
    "var(--bad)": "#b3402f",
    "var(--flow)": "#7ba6a9",
}
INK, MUTED, LINE, CANDIDATE, BASE, CHAMPION, BAD, FLOW = COLOURS
MODEL_COLOUR = {"candidate": CANDIDATE, "base": BASE, "champion": CHAMPION}
STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 10,
    "text.color": INK,
    "axes.edgecolor": LINE,
    "axes.labelcolor": MUTED,
    "xtick.color": MUTED,
    "ytick.color": INK,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "svg.hashsalt": "kefu",
}
ORIGIN_COLOUR = {"faq": CANDIDATE, "log": BASE, "paraphrase": CHAMPION, "rule": BAD}
LANGUAGE_ALPHA = {"zh": 0.95, "en": 0.6}
SHARES = ("key_facts", "intent", "hand_over_precision", "hand_over_recall")
BELOW = (0, -0.02)
CURVES = (("loss", MUTED, "training", ""), ("eval_loss", CANDIDATE, "validation", "o"))
TREND = (("key_facts", CANDIDATE, "o"), ("intent", CHAMPION, "s"), ("hand_over_recall", BASE, "^"))


def shares(models: dict[str, dict[str, Any]]) -> str:
    """Shares of each model with Wilson 95 % intervals, a row a measure."""
    figure, axes = _figure(7.6, 0.62 * len(SHARES) + 0.9)
    order = [m for m in ("base", "champion", "candidate") if m in models]
    for place, name in enumerate(SHARES):
        for shift, model in enumerate(order):
            found = models[model][name]
            if not found["of"]:
                continue
            low, high = wilson(found["right"], found["of"])
            y = place + (shift - (len(order) - 1) / 2) * 0.22
            axes.plot(
                [low, high], [y, y], color=MODEL_COLOUR[model], lw=2, alpha=0.55, solid_capstyle="round"
            )
            axes.plot(found["share"], y, "o", color=MODEL_COLOUR[model], ms=6.5)
    labels = Labels()
    axes.set_yticks(range(len(SHARES)), [labels(f"plot.{name}") for name in SHARES])
    axes.set_xticks(np.linspace(0, 1, 6), [f"{x:.0%}" for x in np.linspace(0, 1, 6)])
    axes.set_xlim(-0.02, 1.02)
    axes.set_ylim(len(SHARES) - 0.45, -0.55)
    axes.grid(axis="x", color=LINE, lw=0.8)
    axes.set_axisbelow(True)
    _bare(axes)
    return _svg(figure, "shares", labels)


def wilson(right: int, of: int, z: float = 1.96) -> tuple[float, float]:
    """Wilson's score interval of a share (Wilson 1927), which stays within 0 and 1."""
    share, spread = right / of, z * z / of
    middle = (share + spread / 2) / (1 + spread)
    half = z * np.sqrt(share * (1 - share) / of + spread / (4 * of)) / (1 + spread)
    return float(middle - half), float(middle + half)


def flow(stages: list[dict[str, Any]]) -> str:
    """What each stage passed on (wide) and left out (red), from top to bottom."""
    figure, axes = _figure(7.6, 0.72 * len(stages) + 0.2)
    labels = Labels()
    widest = max((s["rows_out"] + s["left_out"] for s in stages), default=1) or 1
    for place, stage in enumerate(stages):
        kept, gone = stage["rows_out"] / widest, stage["left_out"] / widest
        axes.barh(place, kept, 0.4, color=FLOW, alpha=0.9)
        axes.barh(place, gone, 0.4, left=kept, color=BAD, alpha=0.55)
        if place + 1 < len(stages) and stages[place + 1]["unit"] == stage["unit"]:
            following = stages[place + 1]["rows_out"] / widest
            axes.fill(
                [0, kept, following, 0], [place + 0.2] * 2 + [place + 0.8] * 2, color=FLOW, alpha=0.16, lw=0
            )
        kind = "some" if stage["left_out"] else "all"
        counts = {"n": f"{stage['rows_out']:,}", "gone": f"{stage['left_out']:,}"}
        said = labels(f"plot.{stage['unit']}_{kind}", **counts)
        axes.text(0.006, place + 0.38, said, va="center", color=MUTED, fontsize=9.5)
    axes.set_yticks(range(len(stages)), [labels.short(f"stage.{s['stage']}") for s in stages])
    axes.set_xlim(0, 1.01)
    axes.set_ylim(max(1, len(stages)) - 0.5, -0.5)
    axes.set_xticks([])
    _bare(axes)
    return _svg(figure, "flow", labels)


def losses(curves: dict[str, list[dict[str, Any]]]) -> str:
    """Training and validation loss of both trainings, nats a token by step."""
    plt.rcParams.update(STYLE)
    labels = Labels()
    figure, several = plt.subplots(1, max(1, len(curves)), figsize=(7.6, 2.7), squeeze=False)
    for axes, (name, history) in zip(several[0], curves.items(), strict=False):
        for key, colour, label, mark in CURVES:
            points = [(p["step"], p[key]) for p in history if isinstance(p.get(key), int | float)]
            if points:
                x, y = zip(*points, strict=True)
                axes.plot(x, y, color=colour, label=labels(f"plot.{label}"), marker=mark, ms=4, lw=1.6)
        axes.set_title(labels(f"training.{name}"), loc="left", fontsize=10.5, color=INK)
        axes.set_xlabel(labels("plot.step"))
        axes.set_ylabel(labels("plot.nats"))
        axes.set_ylim(0, axes.get_ylim()[1] * 1.08)
        axes.grid(axis="y", color=LINE, lw=0.8)
        axes.tick_params(length=0, labelcolor=MUTED)
        if axes.lines:
            axes.legend(frameon=False, fontsize=9)
    figure.tight_layout()
    return _svg(figure, "losses", labels)


def trend(runs: list[dict[str, Any]]) -> str:
    """Shares of the candidate in the last runs, the oldest left, this one last."""
    figure, axes = _figure(7.6, 2.6)
    labels = Labels()
    for name, colour, mark in TREND:
        points = [(x, run[name]) for x, run in enumerate(runs) if run[name] is not None]
        if points:
            x, y = zip(*points, strict=True)
            axes.plot(x, y, color=colour, marker=mark, ms=6, lw=1.6, label=labels(f"plot.{name}"))
    named = [
        labels("plot.this_run") if r["own"] else f"v{r['version']}" if r["version"] else "–" for r in runs
    ]
    axes.set_xticks(range(len(runs)), named)
    axes.set_yticks(np.linspace(0, 1, 5), [f"{x:.0%}" for x in np.linspace(0, 1, 5)])
    axes.set_xlim(-0.3, max(1, len(runs)) - 0.7)
    axes.set_ylim(-0.04, 1.04)
    axes.grid(axis="y", color=LINE, lw=0.8)
    _bare(axes)
    if axes.lines:
        axes.legend(frameon=False, fontsize=9, ncols=3, loc="upper left", bbox_to_anchor=(0, -0.12))
    return _svg(figure, "trend", labels)


def standalone(svg: str) -> str:
    """A plot as a file of its own, for where the page's CSS is not."""
    for variable, colour in ON_WHITE.items():
        svg = svg.replace(variable, colour)
    return svg.replace("<svg", '<svg style="background: white; font-family: sans-serif"', 1)


def composition(parts: dict[str, dict[str, int]]) -> str:
    """Rows of each side by origin and language, a bar a side."""
    kinds = sorted({kind for counts in parts.values() for kind in counts})
    widest = max((sum(counts.values()) for counts in parts.values()), default=1)
    figure, axes = _figure(7.6, 0.5 * len(parts) + 0.9)
    labels = Labels()
    for place, counts in enumerate(parts.values()):
        left = 0
        for kind in kinds:
            width, (origin, _, language) = counts.get(kind, 0), kind.partition("/")
            colour, alpha = ORIGIN_COLOUR.get(origin, MUTED), LANGUAGE_ALPHA.get(language, 0.35)
            axes.barh(
                place,
                width,
                0.58,
                left=left,
                color=colour,
                alpha=alpha,
                label=kind_of(labels, origin, language),
            )
            left += width
        axes.text(left + widest * 0.01, place, f"{left:,}", va="center", color=MUTED, fontsize=9.5)
    named = dict(zip(axes.get_legend_handles_labels()[1], axes.get_legend_handles_labels()[0], strict=True))
    axes.legend(
        named.values(),
        named.keys(),
        frameon=False,
        fontsize=9,
        ncols=4,
        loc="upper left",
        bbox_to_anchor=BELOW,
    )
    axes.set_yticks(range(len(parts)), [labels(f"plot.{name}") for name in parts])
    axes.set_ylim(max(1, len(parts)) - 0.5, -0.5)
    axes.set_xlim(right=widest * 1.12)
    axes.set_xticks([])
    _bare(axes)
    return _svg(figure, "composition", labels)


def _figure(width: float, height: float) -> tuple[Figure, Axes]:
    plt.rcParams.update(STYLE)
    return plt.subplots(figsize=(width, height))


def _bare(axes: Axes) -> None:
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.tick_params(length=0)


def _svg(figure: Figure, name: str, labels: Labels) -> str:
    """The figure as an `<svg>` of the page: own ids, and the page's colours, font and words."""
    out = io.StringIO()
    figure.savefig(out, format="svg", bbox_inches="tight", metadata={"Date": None, "Creator": None})
    plt.close(figure)
    svg = out.getvalue()
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg[svg.index("<svg") :], flags=re.S)
    svg = re.sub(r'(id="|href="#|url\(#)', rf"\1{name}-", svg)
    svg = re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", svg, count=1)
    svg = re.sub(
        r'(<svg[^>]*?) width="[^"]*"',
        rf'\1 class="plot" role="img" aria-label="{both(f"plot.{name}")}"',
        svg,
        count=1,
    )
    svg = re.sub(r"font: ([\d.]+)px [^;\"]*", r"font-size: \1px", svg)
    for drawn, variable in COLOURS.items():
        svg = svg.replace(drawn, variable)
    return labels.put(svg)
