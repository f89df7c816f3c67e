"""Asks base, champion and candidate the same held-out questions, judges the answers, and gates.

Which champion is compared with was pinned to data/champion.json at the start of the run.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from pipelines.errors import KefuError
from pipelines.evaluate import champion as registry
from pipelines.evaluate.adapter import adapter_sha256
from pipelines.evaluate.ask import ask
from pipelines.evaluate.contender import Contender
from pipelines.evaluate.judge import Judge
from pipelines.evaluate.model_judge import ModelJudge
from pipelines.evaluate.questions import Question, available, choose, frequencies, intent_counts
from pipelines.evaluate.store import digest
from pipelines.evaluate.summary import flat, say, summarise
from pipelines.knowledge.suites import Known, load_suites
from pipelines.mask.pii_file import load_policy
from pipelines.mask.policy import Policy
from pipelines.params import Params
from pipelines.records import EXAMPLES, SAMPLES
from pipelines.stage import OUTPUTS, StageRun

SIDES = ("train", "validation", "test", "golden")
Row = dict[str, Any]


def run(params: Params, run: StageRun) -> None:
    tables = {side: _table(run, side) for side in SIDES}
    questions = available(load_suites(run.knowledge), Known.of(run.knowledge), tables)
    _known_suites(questions, params)
    chosen = choose(questions, params.evaluate)
    run.drop("not_sampled", sum(map(len, questions.values())) - len(chosen))
    judge = Judge.of(run.knowledge, load_policy(run.knowledge, params.mask))
    log = [row for side in ("train", "validation", "test") for row in tables[side]]
    judge.frequencies = frequencies(log, params.evaluate.rare_intent_share)
    contenders, identity = _contenders(params, run, judge.policy)
    rows, extra = _answers(contenders, chosen, judge, params)
    summary = summarise(params, rows, extra, identity, questions, intent_counts(log))
    run.metrics = flat(summary)
    samples = [{**row, "model": model} for model, asked in rows.items() for row in asked]
    run.write("samples", pa.Table.from_pylist(samples, schema=SAMPLES), SAMPLES)
    run.write_json("summary.json", summary)
    say(summary)


def _table(run: StageRun, side: str) -> list[Row]:
    path = f"data/split/{side}.parquet"
    rows: list[Row] = run.read(path, EXAMPLES, count=side == "test").to_pylist()
    if side == "test" and not rows:
        raise KefuError("the test split is empty", path, "raise split.test, or add logs")
    return rows


def _known_suites(questions: dict[str, list[Question]], params: Params) -> None:
    """One KefuError for every suite that params.yaml names and that there is not."""
    named = {f"evaluate.suites.{name}": name for name in params.evaluate.suites}
    named |= {f"gate.suites.{name}": name for name in params.gate.suites}
    faults = [
        f"  - {place}: there is no such suite" for place, name in named.items() if name not in questions
    ]
    if faults:
        raise KefuError(
            f"{len(faults)} fault(s) in the parameters\n" + "\n".join(faults),
            "params.yaml",
            f"the suites are {', '.join(sorted(questions))}",
        )


def _answers(
    contenders: Sequence[Contender], chosen: Sequence[Question], judge: Judge, params: Params
) -> tuple[dict[str, list[Row]], dict[str, Row]]:
    rows, extra = {}, {}
    by_model = ModelJudge(params.evaluate.judge, judge.policy) if params.evaluate.judge.url else None
    for contender in contenders:
        role = contender.role
        rows[role], extra[role] = ask(contender, chosen, judge, params.evaluate)
        contender.free()
        if by_model:
            extra[role]["judged_by_model"] = by_model.scores(rows[role])
    return rows, extra


def _contenders(params: Params, run: StageRun, policy: Policy) -> tuple[list[Contender], dict[str, Any]]:
    from pipelines.base.load import resolve

    base = resolve(params.model)
    folder = run.root / OUTPUTS["tune"]
    sha = adapter_sha256(folder)
    champion, note = registry.pinned(run.root, base.sha256)
    print(f"evaluate: {note}", flush=True)
    contenders = [Contender("base", base.sha256, params, policy)]
    if champion is not None:
        key = digest([base.sha256, champion.adapter_sha256])
        contenders.append(Contender("champion", key, params, policy, champion.adapter))
    contenders.append(Contender("candidate", digest([base.sha256, sha]), params, policy, lambda: folder))
    identity = {
        "base": {"name": base.name, "sha256": base.sha256},
        "candidate": {"adapter_sha256": sha},
        "champion": vars(champion) if champion else None,
        "champion_note": note,
    }
    return contenders, identity
