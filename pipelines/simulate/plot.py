"""The weeks as one picture: accuracy and loss on each week's questions, volume, and what training cost."""

from __future__ import annotations

import io
import re
import warnings
from typing import Any

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from pipelines.report.plots import ON_WHITE, wilson

INK, MUTED, LINE, CANDIDATE, BASE, CHAMPION, _BAD, FLOW = ON_WHITE.values()
WORDS = {
    "right": ("Right on the week's questions", "当周问题的正确率"),
    "loss": ("Loss on the week's answers, nats a token", "当周答案的损失（nat/词元）"),
    "chats": ("Conversations in the data", "数据中的会话"),
    "seconds": ("Training, seconds", "训练用时（秒）"),
    "candidate": ("the week's version", "当周训练的版本"),
    "champion": ("the champion before it", "此前的现任版本"),
    "known": ("known to the champion", "现任版本已见过"),
    "new": ("new", "新增"),
    "skipped": ("skipped", "跳过"),
    "base": ("from the base", "从基座开始"),
    "on": ("from the champion", "从现任版本继续"),
    "week": ("week", "周"),
}
EVENTS = {3: ("new\nproduct", "新品"), 5: ("policy\nchanged", "政策\n调整"), 4: ("holiday", "假期")}
Row = dict[str, Any]


def draw(rows: list[Row], language: str) -> str:
    """An SVG in `language` (zh or en) whose words stay text, since not every machine has a Chinese font."""
    say = {name: pair[language == "zh"] for name, pair in WORDS.items()}
    warnings.filterwarnings("ignore", "Glyph .* missing")  # words stay text, another program draws them
    plt.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "kefu", "font.size": 9.5, "text.color": INK})
    figure, ((right, loss), (chats, seconds)) = plt.subplots(2, 2, figsize=(9.4, 5.6))
    _models(right, rows, say, "right")
    _models(loss, rows, say, "loss")
    _chats(chats, rows, say)
    _seconds(seconds, rows, say)
    for axes, name in ((right, "right"), (loss, "loss"), (chats, "chats"), (seconds, "seconds")):
        _dress(axes, rows, say[name], language)
    figure.tight_layout(h_pad=2.4, w_pad=2.0)
    return _svg(figure)


def _models(axes: Axes, rows: list[Row], say: dict[str, str], what: str) -> None:
    for key, colour, shift, name in (
        ("champion_before", CHAMPION, -0.09, "champion"),
        ("candidate", CANDIDATE, 0.09, "candidate"),
    ):
        found = [(row["number"] + shift, row[key]) for row in rows if row.get(key)]
        found = [(x, one) for x, one in found if what == "right" or one["loss"] is not None]
        values = [one["right"] / one["of"] if what == "right" else one["loss"] for _, one in found]
        axes.plot([x for x, _ in found], values, color=colour, marker="o", ms=5, lw=1.4, label=say[name])
        for x, one in found if what == "right" else ():
            axes.plot([x, x], wilson(one["right"], one["of"]), color=colour, lw=2, alpha=0.4)
    if what == "right":
        axes.set_ylim(-0.03, 1.03)
        axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0 %", "25 %", "50 %", "75 %", "100 %"])
    else:
        axes.set_ylim(bottom=0)
    axes.legend(frameon=False, fontsize=8.5, loc="best")


def _chats(axes: Axes, rows: list[Row], say: dict[str, str]) -> None:
    weeks = [row["number"] for row in rows]
    new = [row["news"]["conversations"] for row in rows]
    known = [row["news"]["all_conversations"] - n for row, n in zip(rows, new, strict=True)]
    axes.bar(weeks, known, 0.6, color=FLOW, alpha=0.55, label=say["known"])
    axes.bar(weeks, new, 0.6, bottom=known, color=CANDIDATE, label=say["new"])
    axes.legend(frameon=False, fontsize=8.5, loc="upper left")


def _seconds(axes: Axes, rows: list[Row], say: dict[str, str]) -> None:
    for from_base, colour, name in ((True, BASE, "base"), (False, CANDIDATE, "on")):
        found = [r for r in rows if r["train"] and (r["start"] == "base") == from_base]
        axes.bar(
            [r["number"] for r in found],
            [r["training_seconds"] for r in found],
            0.6,
            color=colour,
            label=say[name],
        )
    for row in rows:
        if not row["train"]:
            axes.text(
                row["number"], 0, f"{say['skipped']} ", ha="center", va="bottom", color=MUTED, fontsize=8.5
            )
    axes.legend(frameon=False, fontsize=8.5, loc="best")


def _dress(axes: Axes, rows: list[Row], title: str, language: str) -> None:
    axes.set_title(title, loc="left", fontsize=10, color=INK)
    names = []
    for row in rows:
        event = EVENTS.get(row["number"])
        names.append(
            f"{row['number']}\n{event[language == 'zh']}" if event and row["event"] else f"{row['number']}"
        )
    axes.set_xticks([row["number"] for row in rows], names)
    axes.set_xlim(0.4, len(rows) + 0.6)
    axes.grid(axis="y", color=LINE, lw=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, labelcolor=MUTED)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _svg(figure: Any) -> str:
    out = io.StringIO()
    figure.savefig(
        out, format="svg", bbox_inches="tight", facecolor="white", metadata={"Date": None, "Creator": None}
    )
    plt.close(figure)
    svg = re.sub(r"<metadata>.*?</metadata>", "", out.getvalue(), flags=re.S)
    svg = re.sub(r"font: ([\d.]+)px [^;\"]*", r"font-size: \1px; font-family: sans-serif", svg)
    return svg[svg.index("<svg") :]
