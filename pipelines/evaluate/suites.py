"""How each model did in each suite: cases passed, and which did not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.evaluate.bootstrap import interval
from pipelines.evaluate.figures import share
from pipelines.evaluate.judge import outcome
from pipelines.evaluate.questions import Question
from pipelines.knowledge import Suite

Row = dict[str, Any]
LISTED = 20  # failures of a suite that the summary names


def results(
    by_model: Mapping[str, list[Row]], questions: Mapping[str, Sequence[Question]], seed: int
) -> dict[str, Any]:
    """{suite: {"version", "what", "kind", "passes", "available", "asked", "models", "gain", "failures"}}.

    Counted are cases, which pass when all their answers do; failures are the candidate's.
    """
    found = {}
    for name, listed in questions.items():
        rows = {model: [r for r in asked if r["suite"] == name] for model, asked in by_model.items()}
        if not rows["candidate"]:
            continue
        suite = listed[0].suite
        failed = {model: case_failures(suite, asked) for model, asked in rows.items()}
        passed = {model: {case: not checks for case, checks in f.items()} for model, f in failed.items()}
        found[name] = {
            "version": suite.version,
            "what": suite.what,
            "kind": suite.kind,
            "passes": list(suite.passes),
            "available": len({question.unit for question in listed}),
            "asked": len(passed["candidate"]),
            "models": {model: share(list(cases.values())) for model, cases in passed.items()},
            "gain": {m: _gain(passed, m, seed) for m in passed if m != "candidate"},
            "failures": _failures(rows["candidate"], failed["candidate"]),
        }
    return found


def case_failures(suite: Suite, rows: Sequence[Row]) -> dict[str, list[str]]:
    """{case: the checks it failed}; [] where it passed."""
    cases: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        cases[row["case"]].append(row)
    return {case: _case_failed(suite, answers) for case, answers in cases.items()}


def _case_failed(suite: Suite, answers: Sequence[Row]) -> list[str]:
    failed = {check for row in answers for check in row["failed"]}
    if "same" in suite.passes and len({outcome(row) for row in answers}) > 1:
        failed.add("same")
    if "differs" in suite.passes and len({row["answer"] for row in answers}) < len(answers):
        failed.add("differs")
    return [check for check in suite.passes if check in failed]


def _gain(passed: Mapping[str, Mapping[str, bool]], against: str, seed: int) -> dict[str, Any]:
    both = [case for case in passed["candidate"] if case in passed[against]]
    ours, theirs = ([(float(passed[m][c]), 1.0) for c in both] for m in ("candidate", against))
    return interval(theirs, ours, seed)


def _failures(rows: Sequence[Row], failed: Mapping[str, list[str]]) -> list[dict[str, Any]]:
    listed = [
        {"case": case, "failed": checks, "examples": [r["example_id"] for r in rows if r["case"] == case]}
        for case, checks in failed.items()
        if checks
    ]
    return listed[:LISTED]
