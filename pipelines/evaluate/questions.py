"""Which questions are asked: of every suite the same cases each week, by a keyed hash of their names."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.errors import KefuError
from pipelines.knowledge.suites import Case, From, Known, Suite, asked
from pipelines.params.sections import Evaluate

Row = dict[str, Any]
WHAT = "Rows that the split held out."
DEFAULT = tuple(  # what is asked where the knowledge base has no suites
    Suite.model_validate({"suite": name, "version": 1, "what": WHAT, "passes": ["right"], "from": taken})
    for name, taken in {
        "faq": {"table": "test", "origins": ["faq"], "hand_over": False},
        "dialogue": {"table": "test", "origins": ["log"], "hand_over": False},
        "golden": {"table": "golden"},
        "hand_over": {"table": "test", "hand_over": True},
    }.items()
)


@dataclass(frozen=True)
class Question:
    """A held-out example as a question of a suite."""

    example: Row
    suite: Suite
    case: Case | None = None
    variant: str = ""

    @property
    def unit(self) -> str:
        """Questions of one unit are asked and judged together."""
        return self.case.id if self.case else str(self.example["example_id"])


def available(
    suites: Sequence[Suite], known: Known, tables: Mapping[str, Sequence[Row]]
) -> dict[str, list[Question]]:
    """Every question of each suite; `tables` are the split's test and golden.

    KefuError where a case is not in the split's golden table, since then nobody kept it out of training.
    """
    held = {row["example_id"]: row for row in tables["golden"]}
    found: dict[str, list[Question]] = {}
    taken: set[str] = set()
    for suite in suites or DEFAULT:
        cases = {case.id: case for case in suite.cases}
        own = asked(suite, known)
        if missing := [one.name for one in own if one.name not in held]:
            raise KefuError(
                f"{len(missing)} question(s) of the suite {suite.suite} were not held out: {missing[0]}",
                "data/split/golden.parquet",
                "run the stage split again (`dvc repro -s split`)",
            )
        found[suite.suite] = [Question(held[o.name], suite, cases[o.case], o.variant) for o in own]
        if suite.from_:
            rows = [row for row in tables[suite.from_.table] if _belongs(row, suite.from_)]
            found[suite.suite] += [Question(r, suite) for r in rows if r["example_id"] not in taken]
            taken |= {row["example_id"] for row in rows}
    return found


def choose(questions: Mapping[str, Sequence[Question]], settings: Evaluate) -> list[Question]:
    """Of each suite at most as many units as params.yaml says, in the order of a keyed hash of their names.

    A hash instead of a shuffle: a unit that is chosen stays chosen when others come or go, so figures of
    different weeks speak of nearly the same questions and stored generations stay useful.
    """
    chosen = []
    for suite, listed in questions.items():
        units: dict[str, list[Question]] = defaultdict(list)
        for question in sorted(listed, key=lambda q: rank(q.unit, settings.seed)):
            units[question.unit].append(question)
        size = settings.suites.get(suite, settings.suite_size)
        chosen += [question for unit in list(units)[:size] for question in units[unit]]
    return chosen


def unknown_suites(questions: Mapping[str, Sequence[Question]], names: Iterable[str]) -> list[str]:
    return sorted(set(names) - set(questions))


def frequencies(rows: Iterable[Row], rare_share: float) -> dict[str, str]:
    """{intent: rare | common} by how often the log asks it; intents that it never asks are left out."""
    counts = intent_counts(rows)
    total = sum(counts.values())
    return {intent: "rare" if n < rare_share * total else "common" for intent, n in counts.items()}


def intent_counts(rows: Iterable[Row]) -> Counter[str]:
    """How many turns of the log ask each intent (column `asked` of EXAMPLES)."""
    counts: Counter[str] = Counter()
    for row in rows:
        if row["origin"] == "log" and row["intent"]:
            counts[row["intent"]] += row["asked"] or 1
    return counts


def rank(name: str, seed: int) -> str:
    return hashlib.blake2b(name.encode(), key=str(seed).encode(), digest_size=16).hexdigest()


def turn(example: Row) -> int:
    """1 where the question is the user's first message."""
    return sum(message["role"] == "user" for message in example["messages"])


def _belongs(row: Row, taken: From) -> bool:
    return (
        not row["example_id"].startswith("suite/")
        and (not taken.origins or row["origin"] in taken.origins)
        and (taken.hand_over is None or bool(row["hand_over"]) == taken.hand_over)
        and taken.min_turns <= turn(row) <= (taken.max_turns or turn(row))
    )
