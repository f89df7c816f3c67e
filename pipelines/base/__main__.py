"""`python -m pipelines.base prepare [NAME]` and `build-ops`: what set-up calls; quick when all is there."""

from __future__ import annotations

import argparse
import sys

from pipelines.errors import KefuError


def main(argv: list[str] | None = None) -> int:
    args = _parser().parse_args(argv)
    try:
        args.do(args)
    except KefuError as error:
        print(f"error: {error}", file=sys.stderr, flush=True)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m pipelines.base", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    prepare = commands.add_parser("prepare", help="make a base ready (default: that of params.yaml)")
    prepare.add_argument("name", nargs="?", help="packaged base, hub id or folder")
    prepare.set_defaults(do=_prepare)
    ops = commands.add_parser("build-ops", help="build the native operators of DeepSpeed")
    ops.set_defaults(do=_build_ops)
    return parser


def _prepare(args: argparse.Namespace) -> None:
    from pipelines.base.load import check_license, resolve
    from pipelines.base.prepare import PACKAGED, prepare
    from pipelines.params import load

    model = load().model
    if args.name and args.name != model.base:
        model = model.model_copy(update={"base": args.name})
    packaged = PACKAGED.get(model.base)
    check_license(model, packaged.license if packaged else model.license)
    prepare(model)
    base = resolve(model)
    print(f"base {base.name}: {base.params / 1e6:.0f}M parameters, {base.license}, {base.path}")


def _build_ops(_: argparse.Namespace) -> None:
    from pipelines.base.ops import build
    from pipelines.params import load

    for line in build(load().deepspeed.offload):
        print(line)


if __name__ == "__main__":
    sys.exit(main())
