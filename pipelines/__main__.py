"""`python -m pipelines STAGE`, and the commands beside the stages (`--help` lists them)."""

from __future__ import annotations

import argparse
import os
import sys

from pipelines.commands import data, operations, registry, servers, stages
from pipelines.errors import KefuError, UnavailableError
from pipelines.machine import lacks_told


def main(argv: list[str] | None = None) -> int:
    args = _parser().parse_args(argv)
    try:
        with lacks_told():
            code = args.do(args) or 0
        sys.stdout.flush()
        return code
    except KefuError as error:
        label = "unavailable" if isinstance(error, UnavailableError) else "error"
        print(f"{label}: {error}", file=sys.stderr, flush=True)
        return 2
    except BrokenPipeError:  # the reader, such as `head`, has seen enough; nothing is left to flush
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m pipelines", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for subject in (stages, data, registry, servers, operations):
        subject.add(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
