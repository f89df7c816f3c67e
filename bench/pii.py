"""How accurate masking is: `python bench/pii.py [--markdown FILE] [--show 5] [--set NAME ...]`.

Whole conversations go through `mask_conversation`, exactly as the stage does it. On each set, by type and
language:

- recall: share of true spans that findings of the same type cover wholly (signs and spaces aside);
- precision: share of findings that lie within a true span of their type or hold one wholly; F2 of the two;
- exact: share of true spans with one finding of the same type and the very same bounds;
- untyped leak: share of true spans that findings of all types together do not cover wholly;
- document leak: share of the conversations holding the type from which at least one value leaks (untyped).

Sets: `generated` (data/raw with its generator's truth: our own templates), each `bench/pii/*.jsonl` by its
name (`[[TYPE:value]]` markers), `multidogo` (real customer turns, development and test splits, where the data
stand in ../shared/data or --multidogo). MultiDoGO's labels have no types of ours: a slot is found when masked
spans cover it. The generated set is measured under the sample company's pii.yaml, the others without lists.
`--markdown` has the table by type for the sets that nobody tuned on, a line a language for the others.
`--show` prints errors with their text: to the terminal only, never to the file.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[0] = str(ROOT)

from bench import pii_score as score  # noqa: E402
from bench.pii_sets import OTHERS, SIX, Talk, read_generated, read_marked, read_multidogo  # noqa: E402
from pipelines.mask import reader  # noqa: E402
from pipelines.mask.conversation import mask_conversation  # noqa: E402
from pipelines.mask.pii_file import read_policy  # noqa: E402
from pipelines.mask.policy import Policy  # noqa: E402
from pipelines.mask.workers import Workers  # noqa: E402

SLOT_HEAD = ("kinds", "type", "true", "recall", "untyped leak", "document leak")


def measure(talks: Sequence[Talk], policy: Policy, processes: int) -> score.Tally:
    texts = [text for talk in talks for _, text in talk.turns]
    with Workers(policy, processes, 256) as workers:
        known = workers.find(texts)
    tally = score.Tally()
    for talk in talks:
        tally.add(talk, mask_conversation(talk.turns, known, policy).findings)
    return tally


def slots(tally: score.Tally) -> list[list[str]]:
    """Rows under SLOT_HEAD: the six kinds, then the others, each with its sum."""
    table = []
    for name, kinds in (("six", {*SIX.values(), "USERNAME"}), ("others", set(OTHERS.values()))):
        rows = sorted((kind, row) for (_, kind), row in tally.rows.items() if kind in kinds and row["true"])
        total = sum((row for _, row in rows), Counter())
        for kind, row in [*rows, ("all", total)]:
            found = score.share(row["covered"], row["true"]) or 0.0
            documents = score.share(row["leaking"], row["documents"]) or 0.0
            table.append(
                [name, kind, f"{row['true']:,}", f"{found:.3f}", f"{1 - found:.3f}", f"{documents:.3f}"]
            )
    return table


def multidogo_notes(tally: score.Tally, left_out: int) -> list[str]:
    counts = tally.messages["en"]
    rate = score.share(counts["plain_masked"], counts["plain"]) or 0.0
    return [
        f"{left_out} rows left out (not one label a word)",
        f"turns without any label: {counts['plain']:,}, masked {counts['plain_masked']:,} ({rate:.2%})",
        *score.false_masks(tally),
    ]


def show(mistakes: Sequence[score.Mistake], limit: int) -> None:
    groups = defaultdict(list)
    for mistake in mistakes:
        groups[mistake.kind, mistake.language, mistake.type].append(mistake)
    for (kind, language, label), rows in sorted(groups.items()) if limit else ():
        print(f"\n{kind} {language} {label}: {len(rows)}")
        for row in rows[:: max(1, len(rows) // limit)][:limit]:
            print(f"   {row.value!r:40} | {row.text!r} | {row.note}")


def parse() -> argparse.Namespace:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("--set", action="append", help="only the sets of these names")
    parser.add_argument("--multidogo", type=Path, default=_beside("shared/data/multidogo_4dom"))
    parser.add_argument("--splits", nargs="+", default=["dev", "test"], help="of MultiDoGO")
    parser.add_argument("--threshold", type=float, default=0.5)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--reader", type=Path, help="a folder of other weights; with one process")
    parser.add_argument("--markdown", type=Path, help="write the tables to this file too")
    parser.add_argument("--show", type=int, default=0, help="so many examples of each kind of error")
    return parser.parse_args()


def _beside(name: str) -> Path | None:
    return next((parent / name for parent in ROOT.parents if (parent / name).is_dir()), None)


def main() -> None:
    args = parse()
    reader.FOLDER = args.reader or reader.FOLDER
    files = {file.stem: file for file in sorted((ROOT / "bench/pii").glob("*.jsonl"))}
    names = args.set or ["generated", *files, "multidogo"]
    if unknown := set(names) - {"generated", "multidogo", *files}:
        sys.exit(f"no set {', '.join(sorted(unknown))}: there are generated, multidogo, {', '.join(files)}")
    whole, short = [], []
    for name in names:
        if name == "multidogo" and args.multidogo is None:
            print("multidogo is left out: ../shared/data/multidogo_4dom is not there", file=sys.stderr)
            continue
        title, head, rows, notes, tally = _run(name, files, args)
        print(f"\n{title}\n{score.as_text(head, rows)}", *notes, sep="\n")
        if name == "multidogo" or name.endswith(".test"):
            listed = "\n".join(f"- {note}" for note in notes)
            whole.append(f"### {title}\n\n{score.as_markdown(head, rows)}\n\n{listed}")
        else:
            short += [[name, *row] for row in score.in_short(tally)]
        show(tally.mistakes, args.show)
    if args.markdown:
        rest = f"### Development sets\n\n{score.as_markdown(score.SHORT, short)}" if short else ""
        args.markdown.write_text("\n\n".join([*whole, rest]).strip() + "\n", encoding="utf-8")


def _run(name: str, files: dict[str, Path], args: argparse.Namespace):
    if name == "multidogo":
        talks, left_out = read_multidogo(args.multidogo, args.splits)
        tally = measure(talks, Policy(args.threshold), args.processes)
        title = f"MultiDoGO, {' and '.join(args.splits)}: {_size(talks)}"
        return title, SLOT_HEAD, slots(tally), multidogo_notes(tally, left_out), tally
    generated = name == "generated"
    talks = (
        read_generated(ROOT / "data/raw", ROOT / "data/raw_spans") if generated else read_marked(files[name])
    )
    policy = Policy(args.threshold)
    if generated:
        policy = read_policy(ROOT / "data/knowledge/pii.yaml", args.threshold)
    tally = measure(talks, policy, args.processes)
    return f"{name}: {_size(talks)}", score.HEAD, score.by_type(tally), score.false_masks(tally), tally


def _size(talks: Sequence[Talk]) -> str:
    return f"{len(talks):,} conversations, {sum(len(talk.turns) for talk in talks):,} turns"


if __name__ == "__main__":
    main()
