"""What one more week costs the data stages, by number of weeks: `make bench-incremental`, twenty minutes.

Weeks of the sample company in a folder of their own: a run from an empty start, then one week more, each in a
fresh process that has loaded libraries and NER before the clock starts; what that start costs is told apart,
by six processes as the pipeline starts them, with nothing new to do. Processor seconds are those of a stage
and its children, and hardly depend on what else the machine does; wall seconds do. One NER process. Writes
its tables into docs/incremental.md.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import resource
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.masking import measured, put  # noqa: E402

PAGE = ROOT / "docs/incremental.md"
STAGES = ("ingest", "mask", "dedup", "curate", "split", "synthesize")
WEEKS = (4, 13, 26, 52)
LIBRARIES = (
    "great_expectations.expectations",
    "rensa",
    "scipy.sparse.csgraph",
    "sklearn.feature_extraction.text",
)
SHARE = 20  # one more week may cost at most a twentieth of the full run, besides what a start costs


@dataclass(frozen=True)
class Cost:
    wall_s: float
    core_s: float

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.wall_s + other.wall_s, self.core_s + other.core_s)


Costs = dict[str, Cost]  # by stage


class Company:
    """A checkout's data, keys and store in `folder`, with more weeks of logs than have arrived yet."""

    def __init__(self, folder: Path, weeks: int, per_week: int, seed: int) -> None:
        from pipelines.sample.generate import write_sample

        self.root, self.to_come = folder / "checkout", folder / "to_come"
        self.logs = self.root / "data/raw"
        self.logs.mkdir(parents=True)
        shutil.copytree(ROOT / "data/knowledge", self.root / "data/knowledge")
        write_sample(self.to_come, folder / "spans", self.root / "data/knowledge", weeks, per_week, seed)
        names = ("KEFU_REF_KEY", "KEFU_RESTRICTED_KEY", "KEFU_VAULT_KEY")
        keys = {name: secrets.token_hex(32) for name in names}
        self.home = folder / "home"
        self.env = {**os.environ, **keys, "KEFU_HOME": str(self.home)}
        self.env.pop("PYTHONDONTWRITEBYTECODE", None)  # as on a machine that has run it before

    def arrive(self, weeks: int) -> int:
        """The first `weeks` weeks of logs are there, no other; how many conversations that is."""
        shutil.rmtree(self.logs)
        self.logs.mkdir()
        names = set()
        for file in sorted(self.to_come.iterdir())[:weeks]:
            (self.logs / file.name).hardlink_to(file)
            names |= {json.loads(line)["conversation_id"] for line in file.open(encoding="utf-8")}
        return len(names)

    def forget(self) -> None:
        """As on the first day: nothing remembered, nothing written."""
        shutil.rmtree(self.home, ignore_errors=True)
        for made in self.root.glob("data/*"):
            if made.name not in ("raw", "knowledge"):
                shutil.rmtree(made)

    def run(self) -> Costs:
        """All stages in one process that was warm before, by stage."""
        said = self._python("--run", subprocess.PIPE)
        return {stage: Cost(*cost) for stage, cost in json.loads(said.splitlines()[-1]).items()}

    def start(self) -> Costs:
        """A process a stage, as in the pipeline."""
        return {stage: self._started(stage) for stage in STAGES}

    def _started(self, stage: str) -> Cost:
        started, before = time.monotonic(), _children_s()
        self._python("--stage", subprocess.DEVNULL, stage)
        return Cost(time.monotonic() - started, _children_s() - before)

    def _python(self, mode: str, out: int, *stages: str) -> str:
        command = [sys.executable, __file__, "--root", str(self.root), mode, *stages]
        return subprocess.run(command, env=self.env, check=True, stdout=out, text=True).stdout or ""


def _children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run_stage(stage: str, root: Path) -> None:
    from pipelines.params import load
    from pipelines.stage import execute

    params = load(ROOT / "params.yaml")
    one = {"mask": params.mask.model_copy(update={"processes": 1})}
    execute(stage, params.model_copy(update=one), root)


def run_all(root: Path) -> None:
    """Prints the costs as the last line."""
    _warm(root)
    costs = {}
    for stage in STAGES:
        wall, core = time.monotonic(), _own_s() + _children_s()
        run_stage(stage, root)
        costs[stage] = time.monotonic() - wall, _own_s() + _children_s() - core
    print(json.dumps(costs))


def _warm(root: Path) -> None:
    """Loads what any run loads, whatever its data."""
    for name in LIBRARIES:
        importlib.import_module(name)
    from pipelines.mask import workers
    from pipelines.mask.pii_file import load_policy
    from pipelines.params import load

    workers._find(
        ["我叫张伟，在杭州", "My name is John Smith"], load_policy(root / "data/knowledge", load().mask)
    )


def _own_s() -> float:
    return time.process_time()


@dataclass(frozen=True)
class Measured:
    """Of a number of weeks: all of them from an empty start, and one week more."""

    weeks: int
    rows: int  # conversations of `weeks`
    full: Costs
    more: Costs


def measure(company: Company, weeks: int) -> Measured:
    company.forget()
    rows = company.arrive(weeks)
    full = _told(f"{weeks} weeks from an empty start", company.run())
    company.arrive(weeks + 1)
    return Measured(weeks, rows, full, _told("one week more", company.run()))


def _told(what: str, costs: Costs) -> Costs:
    told = ", ".join(f"{stage} {cost.wall_s:.1f}/{cost.core_s:.1f}" for stage, cost in costs.items())
    print(f"{what}: {told} s (wall/processor)", flush=True)
    return costs


def total(costs: Costs) -> Cost:
    return sum(costs.values(), Cost(0, 0))


def by_weeks(found: list[Measured]) -> str:
    lines = [
        "| weeks | conversations | full, core s | one week more | of full | full, wall s | one week more |",
        "| ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for one in found:
        full, more = total(one.full), total(one.more)
        lines.append(
            f"| {one.weeks} | {one.rows:,} | {full.core_s:.1f} | {more.core_s:.1f} | "
            f"{more.core_s / full.core_s:.1%} | {full.wall_s:.0f} | {more.wall_s:.0f} |"
        )
    return "\n".join(lines)


def by_stage(one: Measured, start: Costs) -> str:
    lines = [
        f"| stage | {one.weeks} weeks, core s | one week more | over a twentieth | start of a process |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for stage in (*STAGES, "all"):
        full, more, own = (
            (total(costs) if stage == "all" else costs[stage]).core_s for costs in (one.full, one.more, start)
        )
        lines.append(f"| {stage} | {full:.1f} | {more:.1f} | {max(more - full / SHARE, 0):.1f} | {own:.1f} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--weeks", type=int, nargs="+", default=list(WEEKS))
    parser.add_argument("--per-week", type=int, default=100, help="conversations")
    parser.add_argument("--seed", type=int, default=1, help="of the sample company")
    parser.add_argument("--root", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--run", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--stage", choices=STAGES, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.root:
        return run_all(args.root) if args.run else run_stage(args.stage, args.root)
    weeks = sorted(args.weeks)
    with tempfile.TemporaryDirectory() as folder:
        company = Company(Path(folder), max(weeks) + 1, args.per_week, args.seed)
        found = []
        for number in weeks:
            found.append(measure(company, number))
            if number == weeks[0]:
                start = _told("nothing new, a process a stage", company.start())
    command = [f"bench/incremental.py --per-week {args.per_week} --weeks {' '.join(map(str, weeks))}"]
    for name, table in {"weeks": by_weeks(found), "stages": by_stage(found[-1], start)}.items():
        text = f"{measured(command)}\n\n{table}"
        print(text, flush=True)
        PAGE.write_text(put(PAGE.read_text(encoding="utf-8"), name, text), encoding="utf-8")


if __name__ == "__main__":
    main()
