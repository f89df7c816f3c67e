"""This trainer beside transformers' Trainer and trl's SFTTrainer: `python bench/train.py --trl FOLDER`.

The FAQ wordings of data/knowledge, encoded as `tune` encodes them; base, LoRA, batch and rate of params.yaml;
the same examples in each way (bench/train_ways.py says how each is set), one epoch, no evaluation. An eighth
of the wordings is held out, and all adapters are scored on them by one function: softmax over the whole
vocabulary, one example at a time. "Exact softmax" is this trainer without its shortlist of likely tokens.

Seconds are those of the training loop (with the making of the shortlist), wall and processor; where the two
differ by more than the number of cores says, the machine was busy. Trained tokens are those of answers.

trl is no package of this project: `pip install --no-deps --target FOLDER trl==1.16.0`; without it its rows
are left out. `--gpu` is another bench, of larger bases with random weights on a GPU: see bench/train_gpu.py.
`--page` puts the tables into docs/training.md (`make bench-training`): 20 minutes on two calm cores.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
sys.path[0] = str(ROOT)

from bench.masking import measured, put  # noqa: E402
from pipelines.base.device import gpu_count  # noqa: E402
from pipelines.base.load import BaseInfo, load_tokenizer, resolve  # noqa: E402
from pipelines.fingerprint import digest  # noqa: E402
from pipelines.params import Params, check, load  # noqa: E402
from pipelines.training.encode import Segment, encode_chat, pack_documents  # noqa: E402
from pipelines.training.job import Job, write_items  # noqa: E402
from pipelines.training.launch import environment  # noqa: E402
from pipelines.training.nodes import torchrun  # noqa: E402
from pipelines.training.run import ROW_TOKENS, make_job  # noqa: E402

PAGE = ROOT / "docs/training.md"
CHILD = ROOT / "bench/train_ways.py"
HELD_OUT = 8  # every so many wordings of an entry
COMPARED = {
    "kefu": "this trainer",
    "kefu-exact": "this trainer, exact softmax",
    "trainer": "transformers.Trainer, padded",
    "trl": "trl SFTTrainer, padding-free",
    "trl-packed": "trl SFTTrainer, packed",
    "trl-padded": "trl SFTTrainer, padded",
}
Told = dict[str, Any]


@dataclass(frozen=True)
class Bench:
    """What every measurement shares."""

    params: Params
    base: BaseInfo
    work: Path
    trl: Path | None

    def job(self, name: str, items: Sequence[list[Segment]], **own: Any) -> Job:
        """A job of `tune` without evaluation, its data in a folder of its own."""
        section = self.params.tune
        fixed = {"evals_per_epoch": 0, "patience": 0, "saves_per_epoch": 1, "row_tokens": ROW_TOKENS}
        job = make_job(
            self.params, section, self.base, None, name="tune", scheduler=section.scheduler, **fixed
        )
        folder = self.work / name
        folder.mkdir(parents=True)
        job = replace(job, folder=str(folder), epochs=1, **own)
        job.write()
        write_items(job.train_file, items)
        return job

    def measure(self, way: str, job: Job, **spec: Any) -> Told:
        """What the way says of itself, in a process of its own under the environment of a stage's."""
        folder = Path(job.folder)
        (folder / "spec.json").write_text(json.dumps(spec))
        command = [sys.executable, str(CHILD), way, str(folder)]
        if way == "kefu":
            launcher = torchrun(job, 0)
            command = [*launcher[: launcher.index("pipelines.training.worker") - 1], *command[1:]]
        told = json.loads(self.child(command, folder / "told.json"))
        print(f"{folder.name}: {told['wall']:.0f} s, {told['cpu']:.0f} processor s", file=sys.stderr)
        return {**told, "folder": str(job.result)}

    def child(self, command: list[str], result: Path) -> str:
        env = environment(1) | one_gpu()
        env["PYTHONPATH"] = os.pathsep.join([str(ROOT), *([str(self.trl)] if self.trl else [])])
        done = subprocess.run(
            command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        if done.returncode:
            raise SystemExit(
                f"{done.stdout[-4000:]}\nerror: {' '.join(command)} ended with {done.returncode}"
            )
        return result.read_text()


def one_gpu() -> dict[str, str]:
    """The first GPU alone, where there are any: with more of them Trainer and trl would spread a batch."""
    if not gpu_count():
        return {}
    visible = [part.strip() for part in os.environ.get("CUDA_VISIBLE_DEVICES", "").split(",") if part.strip()]
    return {"CUDA_VISIBLE_DEVICES": visible[0] if visible else "0"}


def wordings(params: Params, base: BaseInfo) -> tuple[list[Segment], list[Segment]]:
    """(to train on, held out): every wording of the FAQ with its answer, in one drawn order."""
    from pipelines.curate.examples import system_message
    from pipelines.knowledge import load_brand, load_faq

    folder, tokenizer = ROOT / params.knowledge, load_tokenizer(base.path)
    brand, drawn = load_brand(folder), []
    for entry in load_faq(folder):
        system = {"role": "system", "content": system_message(brand, entry.language, entry.context)}
        answer = {"role": "assistant", "content": entry.answer}
        for number, question in enumerate(entry.questions):
            asked = {"role": "user", "content": question}
            segment = encode_chat(tokenizer, [system, asked, answer], params.tune.max_tokens)
            if segment:
                drawn.append((digest(entry.faq_id, question), number % HELD_OUT == HELD_OUT - 1, segment))
    drawn.sort(key=lambda row: row[0])
    return [s for _, out, s in drawn if not out], [s for _, out, s in drawn if out]


def long_texts(params: Params, base: BaseInfo, length: int, count: int) -> list[list[Segment]]:
    """`count` segments of `length` tokens of the policies, the last third of each learned."""
    tokenizer = load_tokenizer(base.path)
    texts = [file.read_text() for file in sorted((ROOT / params.knowledge / "policies").rglob("*.md"))]
    ids: list[int] = []
    while len(ids) < length * count:
        blocks = pack_documents(tokenizer, texts, 1 << 30, 1 << 30)
        ids += [token for segment in blocks[0] for token in segment.input_ids]
    return [[Segment(ids[i * length : (i + 1) * length], length - length // 3)] for i in range(count)]


def compare(bench: Bench, ways: list[str], examples: int, seeds: int, held: int) -> str:
    """The table of the ways, and the spread of this trainer's loss over seeds."""
    train, held_out = wordings(bench.params, bench.base)
    items = [[segment] for segment in train[:examples]]
    told: dict[str, Told] = {}
    for way in ways:
        exact = {"softmax": "exact"} if way == "kefu-exact" else {}
        told[way] = bench.measure(way.removesuffix("-exact"), bench.job(way, items, **exact))
    for seed in range(1, seeds):
        job = bench.job(f"seed-{seed}", items, seed=bench.params.tune.seed + seed)
        told[job.folder.rsplit("/")[-1]] = bench.measure("kefu", job)
    check_same_weights(told)
    losses = scored(bench, {name: t["folder"] for name, t in told.items()}, held_out[:held])
    lines = [
        f"{len(items)} examples, {tokens(items):,} tokens, {learned(items):,} of them trained; loss on "
        f"{len(held_out[:held])} held-out wordings, {losses.pop('base'):.3f} without an adapter.\n",
        "| | steps | s | processor s | trained tokens/s | tokens/s | times the Trainer (by processor s) "
        "| peak GiB | held-out loss |",
        "|---|" + "---:|" * 8,
    ]
    lines += [row(way, told[way], told.get("trainer"), items, losses[way]) for way in ways]
    spread = [losses[name] for name in told if name == "kefu" or name.startswith("seed-")]
    if len(spread) > 1:
        shown = ", ".join(f"{loss:.3f}" for loss in spread)
        lines.append(f"\nThis trainer's held-out loss with {len(spread)} seeds: {shown}.")
    return "\n".join(lines)


def check_same_weights(told: dict[str, Told]) -> None:
    """Ways that train more or fewer weights than each other can't be compared."""
    counts = {name: found["weights"] for name, found in told.items()}
    if len(set(counts.values())) > 1:
        shown = ", ".join(f"{name} {count:,}" for name, count in counts.items())
        raise SystemExit(f"the ways train different numbers of weights: {shown}; see bench/train_ways.py")


def row(way: str, told: Told, plain: Told | None, items: list[list[Segment]], loss: float) -> str:
    times = f"{plain['wall'] / told['wall']:.2f} ({plain['cpu'] / told['cpu']:.2f})" if plain else ""
    speeds = f"{learned(items) / told['wall']:.1f} | {tokens(items) / told['wall']:.0f}"
    spent = f"{told['steps']} | {told['wall']:.0f} | {told['cpu']:.0f}"
    return f"| {COMPARED[way]} | {spent} | {speeds} | {times} | {told['peak_gib']:.1f} | {loss:.3f} |"


def scored(bench: Bench, adapters: dict[str, str], held_out: list[Segment]) -> dict[str, float]:
    """Held-out loss by name, that of the base alone under "base"."""
    folder = bench.work / "score"
    folder.mkdir()
    write_items(folder / "held_out.arrow", [[segment] for segment in held_out])
    (folder / "spec.json").write_text(
        json.dumps({"base": str(bench.base.path), "dtype": bench.params.model.dtype, "adapters": adapters})
    )
    command = [sys.executable, str(CHILD), "--score", str(folder)]
    losses: dict[str, float] = json.loads(bench.child(command, folder / "losses.json"))
    return losses


def growth(bench: Bench, counts: list[int], lengths: list[int]) -> str:
    """How the time of an epoch grows, with examples and with their length."""
    train, _ = wordings(bench.params, bench.base)
    lines = ["| examples | tokens | s | processor s | tokens/s |", "|---:|" + "---:|" * 4]
    for count in counts:
        items = [[segment] for segment in (train * (count // len(train) + 1))[:count]]
        lines.append(grown(bench, f"{count:,}", f"count-{count}", items))
    lines += [
        "",
        "| tokens an example (16 examples) | tokens | s | processor s | tokens/s |",
        "|---:|" + "---:|" * 4,
    ]
    for length in lengths:
        items = long_texts(bench.params, bench.base, length, 16)
        lines.append(grown(bench, str(length), f"length-{length}", items))
    return "\n".join(lines)


def grown(bench: Bench, shown: str, name: str, items: list[list[Segment]]) -> str:
    told = bench.measure("kefu", bench.job(name, items))
    spent = f"{told['wall']:.1f} | {told['cpu']:.1f} | {tokens(items) / told['wall']:.0f}"
    return f"| {shown} | {tokens(items):,} | {spent} |"


def tokens(items: list[list[Segment]]) -> int:
    return sum(len(segment.input_ids) for item in items for segment in item)


def learned(items: list[list[Segment]]) -> int:
    return sum(segment.learned for item in items for segment in item)


def missing(trl: Path | None) -> bool:
    """Can trl not be imported by the children?"""
    return trl is None or not (trl / "trl/__init__.py").is_file()


def chosen_ways(args: argparse.Namespace) -> list[str]:
    ways = [way for way in args.ways if not (way.startswith("trl") and missing(args.trl))]
    if len(ways) < len(args.ways):
        where = f"not in {args.trl}" if args.trl else "--trl is not given"
        print(
            f"trl is not installed ({where}), its rows are left out: "
            "pip install --no-deps --target FOLDER trl==1.16.0, then --trl FOLDER",
            file=sys.stderr,
        )
    return ways


def main() -> None:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("--trl", type=Path, metavar="FOLDER", help="where trl is unpacked")
    parser.add_argument("--profile", help="of params.yaml, in place of the one it names")
    parser.add_argument("--ways", nargs="*", default=list(COMPARED), choices=list(COMPARED))
    parser.add_argument("--examples", type=int, default=192)
    parser.add_argument("--held", type=int, default=64, help="held-out wordings that are scored")
    parser.add_argument("--seeds", type=int, default=3, help="of this trainer, for the spread of its loss")
    parser.add_argument("--counts", type=int, nargs="*", default=[32, 64, 128, 256])
    parser.add_argument("--lengths", type=int, nargs="*", default=[64, 128, 256, 512])
    parser.add_argument("--page", action="store_true", help="put the tables into docs/training.md")
    parser.add_argument("--gpu", action="store_true", help="larger bases on a GPU: bench/train_gpu.py")
    parser.add_argument("--bases", nargs="+", default=["0.5B", "1.5B", "8B"], help="of --gpu")
    parser.add_argument("--peak-tflops", type=float, help="of --gpu: of a card that the bench does not know")
    parser.add_argument("--dry-run", action="store_true", help="of --gpu: tiny sizes, on a CPU")
    args = parser.parse_args()
    os.environ.setdefault("DS_ACCELERATOR", "cuda" if args.gpu and not args.dry_run else "cpu")
    shown = ["FOLDER" if word == str(args.trl) else word for word in sys.argv[1:] if word != "--page"]
    with tempfile.TemporaryDirectory() as folder:
        for name, table in measured_tables(args, Path(folder)):
            text = f"{measured(['bench/train.py', *shown])}\n\n{table}"
            print(f"\n{text}", flush=True)
            if args.page:
                PAGE.write_text(put(PAGE.read_text(encoding="utf-8"), name, text), encoding="utf-8")


def measured_tables(args: argparse.Namespace, work: Path) -> Iterator[tuple[str, str]]:
    """(name of the table's place in the page, table)"""
    if args.gpu:
        from bench.train_gpu import table

        ways = [way for way in chosen_ways(args) if way in ("kefu", "trl")]
        found = table(work, args.trl, ways, args.bases, args.dry_run, args.peak_tflops)
        yield "training-gpu", found
        return
    params = profiled(args.profile)
    bench = Bench(params, resolve(params.model), work, args.trl)
    if ways := chosen_ways(args):
        yield "training-ways", compare(bench, ways, args.examples, args.seeds, args.held)
    if args.counts or args.lengths:
        yield "training-growth", growth(bench, args.counts, args.lengths)


def profiled(name: str | None) -> Params:
    if name is None:
        return load()
    raw = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    return check({**raw, "profile": name})


if __name__ == "__main__":
    main()
