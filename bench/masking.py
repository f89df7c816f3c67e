"""Both benches of masking, their tables put into docs/masking.md: `make bench-masking`, about ten minutes.

Between `<!-- NAME -->` and `<!-- /NAME -->` of that page stands what the run of today measured, with date,
machine and command; the words around it are written by hand.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs/masking.md"


def put(page: str, name: str, text: str) -> str:
    """`page` with what stands between the marks of `name` replaced; ValueError where they are not there."""
    between = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    if not between.search(page):
        raise ValueError(f"there is no <!-- {name} --> ... <!-- /{name} -->")
    return between.sub(lambda marks: f"{marks[1]}{text.strip()}\n{marks[2]}", page)


def measured(command: list[str]) -> str:
    """The line above a table: when, on what, at which commit, by which command."""
    git = ["git", "describe", "--always", "--dirty"]
    commit = subprocess.run(git, cwd=ROOT, capture_output=True, text=True).stdout.strip()
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    shown = " ".join(["python", *command])
    return f"{datetime.now(UTC):%Y-%m-%d}, {machine}, commit {commit}: `{shown}`"


def accuracy() -> str:
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "accuracy.md"
        run(["bench/pii.py", "--markdown", str(table)], sys.stderr)
        return f"{measured(['bench/pii.py'])}\n\n{table.read_text(encoding='utf-8')}"


def speed(repeat: int, sets: list[str]) -> str:
    command = ["bench/mask.py", "--markdown", "--repeat", str(repeat), *(["--sets", *sets] if sets else [])]
    return f"{measured(command)}\n\n{run(command, subprocess.PIPE)}"


def run(command: list[str], out: object) -> str:
    done = subprocess.run([sys.executable, *command], cwd=ROOT, stdout=out, text=True, check=True)  # type: ignore[call-overload]
    return done.stdout or ""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", choices=["accuracy", "speed"])
    parser.add_argument("--repeat", type=int, default=3, help="repetitions of the speed bench")
    parser.add_argument(
        "--sets", nargs="+", default=[], help="of the speed bench; all that are there if not given"
    )
    args = parser.parse_args()
    tables = {"accuracy": accuracy, "speed": lambda: speed(args.repeat, args.sets)}
    for name in [args.only] if args.only else tables:
        text = tables[name]()
        PAGE.write_text(put(PAGE.read_text(encoding="utf-8"), name, text), encoding="utf-8")
        print(f"docs/masking.md: {name} is up to date")


if __name__ == "__main__":
    main()
