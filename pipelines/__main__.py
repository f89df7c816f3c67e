"""`python -m pipelines STAGE`, and the commands beside the stages (`--help` lists them)."""

from __future__ import annotations

import argparse
import sys

from pipelines.commands import data, registry, servers, stages
from pipelines.errors import KefuError, UnavailableError


def main(argv: list[str] | None = None) -> int:
    args = _parser().parse_args(argv)
    try:
        return args.do(args) or 0
    except KefuError as error:
        label = "unavailable" if isinstance(error, UnavailableError) else "error"
        print(f"{label}: {error}", file=sys.stderr, flush=True)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m pipelines", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for subject in (stages, data, registry, servers):
        subject.add(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
