"""The stages, a training's other machines, and an evaluation of any version on any file."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from pipelines import gpus
from pipelines.errors import KefuError
from pipelines.params import Params
from pipelines.stage import OUTPUTS


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    for stage in OUTPUTS:
        command = commands.add_parser(stage, help=f"run the stage {stage}, writing {OUTPUTS[stage]}")
        command.set_defaults(do=_stage)
        if stage in ("pretrain", "tune"):
            command.add_argument(
                "--on-change",
                choices=("refuse", "restart", "resume"),
                help="what to do about an unfinished training under other settings",
            )
        if stage == "evaluate":
            _add_evaluate(command)
    _add_join(commands)


def _add_join(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    join = commands.add_parser(
        "join", help="this machine's part of a training that a stage on another machine leads"
    )
    join.add_argument("--node-rank", type=int, required=True, help="number of this machine, from 1")
    join.add_argument("--stage", choices=("pretrain", "tune"), help="with --rendezvous: which to join")
    join.add_argument("--rendezvous", help="host:port, as in params.yaml")
    join.add_argument("--job", help="the training's folder, instead of stage and rendezvous")
    join.set_defaults(do=_join)


def _add_evaluate(command: argparse.ArgumentParser) -> None:
    command.description = "The stage; with --model and --data, any version on any file, beside the stage."
    command.add_argument("--model", help="models:/NAME@ALIAS or /VERSION, an adapter's folder, or base")
    command.add_argument("--data", type=Path, help="JSON Lines with `messages`, masked")
    command.add_argument("--out", type=Path, help="default: FILE.evaluation.json in this folder")


def _stage(args: argparse.Namespace) -> int:
    from pipelines.ends import die_with_parent
    from pipelines.params import load
    from pipelines.stage import execute

    if args.command == "evaluate" and (args.model or args.data or args.out):
        return _evaluate_file(args)
    if "KEFU_RUN" in os.environ:
        die_with_parent()
    if getattr(args, "on_change", None):
        os.environ["KEFU_ON_CHANGE"] = args.on_change
    params = load()
    gpus.take(_gpus(args.command, params))
    metrics = execute(args.command, params)
    dropped = ", ".join(f"{reason} {count:,}" for reason, count in metrics["dropped"].items()) or "none"
    print(
        f"{args.command}: {metrics['rows_in']:,} rows in, {metrics['rows_out']:,} rows out, "
        f"{metrics['seconds']:.1f} s; dropped or changed: {dropped}"
    )
    return 0


def _gpus(stage: str, params: Params) -> int:
    """How many of this machine's a stage computes on."""
    trains = params.deepspeed.processes // params.deepspeed.nodes
    return {"pretrain": trains, "tune": trains, "evaluate": 1}.get(stage, 0)


def _join(args: argparse.Namespace) -> int:
    from pipelines.ends import die_with_parent
    from pipelines.training.launch import join
    from pipelines.training.nodes import find_job

    if not args.job and not (args.stage and args.rendezvous):
        raise KefuError("it is not said which training", "join", "give --stage and --rendezvous, or --job")
    die_with_parent()
    job = find_job(args.stage, args.rendezvous, args.job)
    gpus.take(job.processes // job.nodes)
    return join(job, args.node_rank)


def _evaluate_file(args: argparse.Namespace) -> int:
    from pipelines.evaluate.file import evaluate_file
    from pipelines.params import load

    if not (args.model and args.data):
        raise KefuError("--model and --data go together", "the command line", "give both, or neither")
    out = args.out or Path(f"{args.data.stem}.evaluation.json")
    gpus.take(1)
    evaluate_file(load(), args.model, args.data, out)
    return 0
