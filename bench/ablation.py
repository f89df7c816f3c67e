"""What each room of the data's way is worth: `python bench/ablation.py [--seeds 0 1] [--only NAME ...]`.

The chosen profile's tuning is repeated with one room left out at a time, and with part of the data, and every
adapter is asked the same held-out FAQ wordings. Every row that the rooms leave is seen once: a profile's
`tune.max_examples` would fill up with FAQ wordings what a room no longer gives. What the profile itself makes
of the full data is a row of its own. Reported: share of answers with all key facts, over all
seeds, and its difference to the full way, both with bootstrap 95 % intervals over the questions.

Ingest, mask and pretrain are done once, for the full way; what a variant changes is run anew from its first
changed stage. Every result is kept in --work: a run that was stopped goes on, and a second one only prints.
To use two cores, give each of two calls a seed and a copy of --work; `full/` is worth making before copying.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import yaml

ROOT = Path(__file__).resolve().parents[1]
sys.path[0] = str(ROOT)

from bench.masking import measured, put  # noqa: E402
from pipelines.evaluate.bootstrap import paired_gain  # noqa: E402
from pipelines.home import home  # noqa: E402
from pipelines.params import Params, check, load  # noqa: E402
from pipelines.stage import OUTPUTS, execute, read_table  # noqa: E402

PAGE = ROOT / "docs/training-data.md"
STAGES = list(OUTPUTS)[:-1]  # evaluation is the bench's own: always the same questions
FULL, PROFILE = "full", "profile"
EVERY_ROW_ONCE = (("tune", "max_examples", 0), ("tune", "epochs", 1))
Right = dict[str, bool]


@dataclass(frozen=True)
class Variant:
    """`first`: the stage from which on it differs; `change`: parameters; `without`: the room left out."""

    says: str
    first: str
    change: tuple[tuple[str, str, Any], ...] = ()
    without: Callable[[], Any] = nullcontext
    share: float = 1.0  # of the training rows


@contextmanager
def no_curation() -> Iterator[None]:
    """Every reply is taught as the agent gave it, good or bad; only its intent is looked up."""
    from pipelines.curate import conversation, judge, stage
    from pipelines.memo import Memo

    def keep(turns: list[Any], house: judge.House) -> list[judge.Verdict]:
        matches = house.matcher.match([t.question for t in turns], [t.language for t in turns])
        return [_kept(turn, match, house) for turn, match in zip(turns, matches, strict=True)]

    def _kept(turn: Any, match: Any, house: judge.House) -> judge.Verdict:
        intent, confidence = judge.intent_of(turn, match, house)
        if not turn.reply.strip() or not turn.question.strip():
            return judge.Verdict("dropped", "no_answer")
        return judge.Verdict("kept", "", turn.reply.strip(), intent or "out_of_scope", confidence)

    def memo(knowledge: Path, house: judge.House) -> Memo:
        """Its own results, apart from those that the judge gave."""
        return Memo("curate", "no curation", own_memo(knowledge, house).folder.name)

    own_judge, own_memo = conversation.judge_all, stage.memo_of
    conversation.judge_all, stage.memo_of = keep, memo
    try:
        yield
    finally:
        conversation.judge_all, stage.memo_of = own_judge, own_memo


VARIANTS = {
    FULL: Variant("the full way, every row once", "ingest"),
    PROFILE: Variant("the full way as the profile tunes it", "tune"),
    "no-near-duplicates": Variant("near duplicates stay", "dedup", (("dedup", "jaccard", 1.0),)),
    "no-curation": Variant("replies as they were given", "curate", without=no_curation),
    "no-rule-paraphrases": Variant(
        "no paraphrases by rule", "synthesize", (("synthesize", "per_example", 0),)
    ),
    "no-boundary-cases": Variant("no boundary cases", "synthesize", (("synthesize", "boundary_cases", 0),)),
    "half": Variant("50 % of the training rows", "tune", share=0.5),
    "quarter": Variant("25 % of the training rows", "tune", share=0.25),
}


def with_endpoint(params: Params) -> dict[str, Variant]:
    """The variants; one without the endpoint's paraphrases where params.yaml names an endpoint."""
    endpoint = params.synthesize.endpoint
    if endpoint.url is None:
        return VARIANTS
    change = (("synthesize", "endpoint", endpoint.model_copy(update={"url": None})),)
    return {**VARIANTS, "no-model-paraphrases": Variant("no paraphrases by a model", "synthesize", change)}


def changed(params: Params, changes: tuple[tuple[str, str, Any], ...]) -> Params:
    """`params` with `section.name` set to each value; the class checks nothing here, params.yaml was."""
    for section, name, value in changes:
        part = getattr(params, section).model_copy(update={name: value})
        params = params.model_copy(update={section: part})
    return params


def prepare(work: Path, name: str, variant: Variant, params: Params) -> Path:
    """The variant's folder, every stage before `tune` done; what it shares with the full way is linked."""
    root = work / name
    for stage in STAGES[: STAGES.index("tune")]:
        out = root / OUTPUTS[stage]
        if out.exists():
            continue
        if shared(stage, variant) and name != FULL:
            out.parent.mkdir(parents=True, exist_ok=True)
            out.symlink_to(work / FULL / OUTPUTS[stage])
        else:
            with variant.without():
                execute(stage, changed(params, variant.change), root, lambda *_: {})
    return root


def shared(stage: str, variant: Variant) -> bool:
    return stage == "pretrain" or STAGES.index(stage) < STAGES.index(variant.first)


def train(root: Path, variant: Variant, params: Params, seed: int) -> dict[str, Any]:
    """Tunes with `seed` on the variant's share of the rows; returns the stage's metrics."""
    if variant.share < 1:
        _cut(root / OUTPUTS["synthesize"], variant.share)
    seen = () if variant is VARIANTS[PROFILE] else EVERY_ROW_ONCE
    tuned = changed(params, (*variant.change, *seen, ("tune", "seed", seed)))
    return execute("tune", tuned, root, lambda *_: {})


def _cut(folder: Path, share: float) -> None:
    """A link to all rows becomes a folder with a share of them, drawn by a hash of their ids."""
    if not folder.is_symlink():
        return
    from pipelines.evaluate.questions import rank

    rows = pq.read_table(folder / "train.parquet")
    ids = rows["example_id"].to_pylist()
    kept = sorted(sorted(range(len(ids)), key=lambda i: rank(ids[i], 0))[: round(share * len(ids))])
    folder.unlink()
    folder.mkdir()
    pq.write_table(rows.take(kept), folder / "train.parquet")


def ask(root: Path, questions: list[dict[str, Any]], params: Params) -> Right:
    """Which of the questions the adapter in `root` answers with every key fact, greedily."""
    from pipelines.base.load import resolve
    from pipelines.evaluate.adapter import adapter_sha256
    from pipelines.evaluate.contender import Contender
    from pipelines.evaluate.store import digest
    from pipelines.knowledge import facts_found

    folder = root / OUTPUTS["tune"]
    key = digest([resolve(params.model).sha256, adapter_sha256(folder)])
    contender = Contender("candidate", key, params, adapter=lambda: folder)
    said = contender.answers([q["messages"] for q in questions], lambda _: None)
    return {
        q["example_id"]: facts_found(answer.text, q["key_facts"]) == len(q["key_facts"])
        for q, answer in zip(questions, said, strict=True)
    }


def held_out(work: Path) -> list[dict[str, Any]]:
    """Every held-out FAQ wording that the assistant itself should answer, of the full way's test split."""
    from pipelines.records import EXAMPLES

    rows = read_table(work / FULL / "data/split/test.parquet", EXAMPLES).to_pylist()
    return [r for r in rows if r["origin"] == "faq" and r["key_facts"] and not r["hand_over"]]


def run_all(work: Path, names: list[str], seeds: list[int], params: Params) -> None:
    variants = with_endpoint(params)
    for seed in seeds:
        for name in dict.fromkeys([FULL, *names]):
            kept = work / f"{name}.{seed}.json"
            if kept.exists():
                continue
            root = prepare(work, name, variants[name], params)
            metrics = train(root, variants[name], params, params.tune.seed + seed)
            right = ask(root, held_out(work), params)
            told = {
                "rows_out": metrics["rows_out"],
                "seconds": metrics["seconds"],
                "steps": metrics["metrics"]["steps"],
            }
            kept.write_text(json.dumps({"right": right, **told}, indent=1) + "\n")
            print(f"ablation: {name}, seed {seed}: {sum(right.values())} of {len(right)}", flush=True)


def table(work: Path, variants: dict[str, Variant]) -> str:
    """Markdown, a row a variant that has results; differences are to the full way on the same seeds."""
    lines = ["| variant | seeds | examples | steps | right | 95 % | against full | 95 % |"]
    lines.append("| --- | ---: | ---: | ---: | ---: | --- | ---: | --- |")
    for name, variant in variants.items():
        files = sorted(work.glob(f"{name}.[0-9]*.json"))
        full = [work / file.name.replace(name, FULL, 1) for file in files]
        if not files or not all(file.exists() for file in full):
            continue
        own, against = [mean_right(found) for found in (files, full)]
        ids = sorted(own.keys() & against.keys())
        mine = paired_gain([0.0] * len(ids), [own[i] for i in ids], 0)
        gain = paired_gain([against[i] for i in ids], [own[i] for i in ids], 0)
        last = json.loads(files[0].read_text())
        sizes = f"{len(files)} | {last['rows_out']:,} | {last['steps']}"
        lines.append(f"| {variant.says} | {sizes} | {_shown(mine, '.1%')} | {_shown(gain, '+.1%')} |")
    return "\n".join(lines)


def _shown(found: dict[str, Any], form: str) -> str:
    return f"{found['gain']:{form}} | {found['low']:{form}} to {found['high']:{form}}"


def mean_right(files: list[Path]) -> dict[str, float]:
    """Each question's share of the seeds in which it was answered right."""
    found = [json.loads(file.read_text())["right"] for file in files]
    ids = set.intersection(*(set(right) for right in found))
    return {i: float(np.mean([right[i] for right in found])) for i in ids}


def chosen(profile: str | None) -> Params:
    if profile is None:
        return load()
    return check({**yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8")), "profile": profile})


def absolute(params: Params) -> Params:
    """Sources and knowledge by absolute path, so that a variant's folder finds them."""
    sources = [
        s if "://" in s.path else s.model_copy(update={"path": str(ROOT / s.path)}) for s in params.sources
    ]
    return params.model_copy(update={"sources": sources, "knowledge": str(ROOT / params.knowledge)})


def main() -> None:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1], help="added to tune.seed")
    parser.add_argument("--only", nargs="*", help="these variants beside the full way; default: all")
    parser.add_argument("--profile", help="of params.yaml, in place of the one it names")
    parser.add_argument("--work", type=Path, default=home() / "bench/ablation")
    parser.add_argument("--page", action="store_true", help="put the table into docs/training-data.md")
    args = parser.parse_args()
    params = absolute(chosen(args.profile))
    variants = with_endpoint(params)
    unknown = sorted({*(args.only or [])} - variants.keys())
    if unknown:
        parser.error(f"no such variant: {', '.join(unknown)}; there are {', '.join(variants)}")
    args.work.mkdir(parents=True, exist_ok=True)
    run_all(args.work, list(variants) if args.only is None else args.only, args.seeds, params)
    found = table(args.work, variants)
    print(found)
    if args.page:
        command = measured(["bench/ablation.py", "--seeds", *map(str, args.seeds)])
        PAGE.write_text(
            put(PAGE.read_text(encoding="utf-8"), "ablation", f"{command}\n\n{found}"), encoding="utf-8"
        )


if __name__ == "__main__":
    main()
