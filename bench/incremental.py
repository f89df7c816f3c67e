"""What one more week costs the data stages, by number of weeks: `make bench-incremental`, half an hour.

Weeks of the sample company in a folder of their own: a run from an empty start, then one week more. Every
stage is a process of its own, as in a run of the pipeline. Seconds are wall seconds and processor seconds
(of all its processes); the second hardly depend on what else the machine does. Writes its tables into
docs/incremental.md.
"""

from __future__ import annotations

import argparse
import json
import os
import re
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
TOLL_FREE = re.compile(r"(?<![0-9])8[0-9]{2}[-. )]{1,2}[0-9]{3}[-. ][0-9]{4}(?![0-9])")
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
        for file in self.to_come.iterdir():
            file.write_text(_without_toll_free(file.read_text(encoding="utf-8")), encoding="utf-8")
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
        return {stage: self._run(stage) for stage in STAGES}

    def _run(self, stage: str) -> Cost:
        started, before = time.monotonic(), _children_s()
        command = [sys.executable, __file__, "--stage", stage, "--root", str(self.root)]
        subprocess.run(command, env=self.env, check=True, stdout=subprocess.DEVNULL)
        return Cost(time.monotonic() - started, _children_s() - before)


def _without_toll_free(log: str) -> str:
    """Without the conversations that name an American toll-free number: masking misses one in thousands of
    them, and its check then stops the run."""
    lines = log.splitlines(keepends=True)
    named = {json.loads(line)["conversation_id"] for line in lines if TOLL_FREE.search(line)}
    return "".join(line for line in lines if json.loads(line)["conversation_id"] not in named)


def _children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run_stage(stage: str, root: Path) -> None:
    from pipelines.params import load
    from pipelines.stage import execute

    execute(stage, load(ROOT / "params.yaml"), root)


@dataclass(frozen=True)
class Measured:
    """Of a number of weeks: all of them from an empty start, and one week more."""

    weeks: int
    rows: int  # conversations of `weeks`
    full: Costs
    more: Costs
    nothing: Costs  # then nothing new; only of the fewest and the most weeks


def measure(company: Company, weeks: int, nothing: bool) -> Measured:
    company.forget()
    rows = company.arrive(weeks)
    full = _told(f"{weeks} weeks from an empty start", company.run())
    company.arrive(weeks + 1)
    more = _told("one week more", company.run())
    return Measured(weeks, rows, full, more, _told("nothing new", company.run()) if nothing else {})


def _told(what: str, costs: Costs) -> Costs:
    told = ", ".join(f"{stage} {cost.wall_s:.1f}/{cost.core_s:.1f}" for stage, cost in costs.items())
    print(f"{what}: {told} s (wall/processor)", flush=True)
    return costs


def total(costs: Costs) -> Cost:
    return sum(costs.values(), Cost(0, 0))


def by_weeks(found: list[Measured]) -> str:
    """The start is what a run costs that finds nothing new in the fewest weeks."""
    start = total(found[0].nothing).core_s
    lines = [
        "| weeks | conversations | full, core s | one week more | without the start | of full "
        "| full, wall s | one week more |",
        "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for one in found:
        full, more = total(one.full), total(one.more)
        own, of = more.core_s - start, full.core_s - start
        lines.append(
            f"| {one.weeks} | {one.rows:,} | {full.core_s:.1f} | {more.core_s:.1f} | {own:.1f} | "
            f"{own / of:.1%} | {full.wall_s:.0f} | {more.wall_s:.0f} |"
        )
    allowed = (total(found[-1].full).core_s - start) / SHARE
    own = total(found[-1].more).core_s - start
    return "\n".join(
        [
            *lines,
            "",
            f"The start of the six stages is {start:.1f} core s. Beyond it a twentieth of the full run of"
            f" {found[-1].weeks} weeks is {allowed:.1f} core s; one week more took {own:.1f}.",
        ]
    )


def by_stage(one: Measured, start: Costs) -> str:
    lines = [
        f"| stage | {one.weeks} weeks, core s | one week more | nothing new | of it start |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    columns = (one.full, one.more, one.nothing, start)
    for stage in STAGES:
        lines.append(f"| {stage} | " + " | ".join(f"{costs[stage].core_s:.1f}" for costs in columns) + " |")
    sums = " | ".join(f"{total(costs).core_s:.1f}" for costs in columns)
    return "\n".join([*lines, f"| all | {sums} |"])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--weeks", type=int, nargs="+", default=list(WEEKS))
    parser.add_argument("--per-week", type=int, default=100, help="conversations")
    parser.add_argument("--seed", type=int, default=1, help="of the sample company")
    parser.add_argument("--stage", choices=STAGES, help=argparse.SUPPRESS)
    parser.add_argument("--root", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.stage:
        return run_stage(args.stage, args.root)
    weeks = sorted(args.weeks)
    with tempfile.TemporaryDirectory() as folder:
        company = Company(Path(folder), max(weeks) + 1, args.per_week, args.seed)
        found = [measure(company, n, n in (weeks[0], weeks[-1])) for n in weeks]
    command = [f"bench/incremental.py --per-week {args.per_week} --weeks {' '.join(map(str, weeks))}"]
    tables = {"weeks": by_weeks(found), "stages": by_stage(found[-1], found[0].nothing)}
    for name, table in tables.items():
        text = f"{measured(command)}\n\n{table}"
        print(text, flush=True)
        PAGE.write_text(put(PAGE.read_text(encoding="utf-8"), name, text), encoding="utf-8")


if __name__ == "__main__":
    main()
