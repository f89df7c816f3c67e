"""`python -m pipelines STAGE`, and the commands beside the stages (`--help` lists them)."""

from __future__ import annotations

import argparse
import json
import os
import sys
from functools import partial
from pathlib import Path

from pipelines.errors import KefuError, UnavailableError
from pipelines.stage import OUTPUTS


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
    commands.add_parser("params", help="check params.yaml (and pii.yaml), and print it").set_defaults(
        do=_params
    )
    commands.add_parser(
        "pin-champion", help="write data/champion.json, which evaluate compares with"
    ).set_defaults(do=_pin_champion)
    export = commands.add_parser("export", help="the examples as JSON Lines for any trainer (`messages`)")
    export.add_argument("--out", type=Path, required=True, help="a new or empty folder")
    export.set_defaults(do=_export)
    _add_join(commands)
    _add_explain(commands)
    _add_sample(commands)
    _add_servers(commands)
    _add_registry(commands)
    _add_vault(commands)
    return parser


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


def _add_explain(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    explain = commands.add_parser(
        "explain",
        help="why mask replaces what in a text; shown here, kept nowhere",
        description="Shows each candidate with its recognizer, rule, score and fate, then the masked text. "
        "Without TEXT it reads standard input, which leaves no trace in the shell's history. "
        "Several lines are turns: `agent: ...`, `customer: ...`.",
    )
    explain.add_argument("text", nargs="*", help="a message; several are turns")
    explain.add_argument("--role", choices=("customer", "agent", "system"), default="customer")
    explain.set_defaults(do=_explain)


def _add_sample(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    sample = commands.add_parser("sample", help="generate the sample company's logs")
    sample.add_argument("--out", type=Path, default=Path("data/raw"))
    sample.add_argument("--spans", type=Path, default=Path("data/raw_spans"))
    sample.add_argument("--weeks", type=int, default=8)
    sample.add_argument("--per-week", type=int, default=100)
    sample.add_argument("--seed", type=int, default=20260907)
    sample.set_defaults(do=_sample)


def _add_servers(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    commands.add_parser("up", help="start Airflow and MLflow on 127.0.0.1").set_defaults(do=_up)
    commands.add_parser("down", help="stop them").set_defaults(do=_down)
    commands.add_parser("status", help="which run, and where").set_defaults(do=_status)
    serve = commands.add_parser(
        "serve", help="a base, with an adapter if one is given, behind an OpenAI-compatible API"
    )
    serve.add_argument("--base", help="a packaged base, a hub id or a folder; default: that of params.yaml")
    serve.add_argument("--adapter", help="a folder, or MLflow's models:/kefu-instruction@champion")
    serve.add_argument("--host", default="127.0.0.1", help="default: 127.0.0.1, this machine only")
    serve.add_argument("--port", type=int, help="default: $KEFU_CHAT_PORT, else the first free one from 8000")
    serve.set_defaults(do=_serve)
    demo = commands.add_parser("demo", help="one watched run of the DAG `retrain`")
    demo.add_argument("--profile")
    demo.add_argument("--base")
    demo.add_argument("--since")
    demo.add_argument("--force", action="store_true")
    demo.set_defaults(do=_demo)


def _add_registry(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    for name, help, do in (
        ("register", "the adapters of a DAG run into MLflow", _register),
        ("report", "the page about a DAG run that a steward reads", _report),
    ):
        command = commands.add_parser(name, help=help)
        command.add_argument("--run-id", required=True, help="the DAG run's id")
        command.set_defaults(do=do)
    for name, help, ask in (
        ("trace", "a version's chain back to the raw files", _trace),
        ("verify", "does a version still agree with its signed bill of materials? 1 if not", _verify),
        ("reproduce", "check out a version's code and data, and show what trains it again", _reproduce),
    ):
        command = commands.add_parser(name, help=help)
        command.add_argument("version", help="3, champion, NAME/3, or models:/NAME@champion")
        command.set_defaults(do=ask)
        if name == "trace":
            command.add_argument("--json", action="store_true")
        if name == "reproduce":
            command.add_argument("--run", action="store_true", help="train, and compare with the version")
    back = commands.add_parser("rollback", help="make the previous champion champion again, for both models")
    back.add_argument("--reason", required=True, help="why; kept on the version that is taken back")
    back.set_defaults(do=_rollback)


def _add_vault(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    vault = commands.add_parser("vault", help="what masking took out, encrypted under a key of its own")
    actions = vault.add_subparsers(dest="action", required=True)
    actions.add_parser("status", help="its key, files and values").set_defaults(do=_vault)
    probe = actions.add_parser("probe", help="does a file hold any vaulted value? 1 if so")
    probe.add_argument("file", type=Path, help="JSON Lines (its texts, or rows of messages), or plain lines")
    probe.set_defaults(do=_vault)
    destroy = actions.add_parser("destroy", help="remove its key and its files, for good")
    destroy.add_argument("--yes", action="store_true", required=True, help="there is no way back")
    destroy.set_defaults(do=_vault)


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
    metrics = execute(args.command, load())
    dropped = ", ".join(f"{reason} {count:,}" for reason, count in metrics["dropped"].items()) or "none"
    print(
        f"{args.command}: {metrics['rows_in']:,} rows in, {metrics['rows_out']:,} rows out, "
        f"{metrics['seconds']:.1f} s; dropped or changed: {dropped}"
    )
    return 0


def _join(args: argparse.Namespace) -> int:
    from pipelines.ends import die_with_parent
    from pipelines.training.launch import join
    from pipelines.training.nodes import find_job

    if not args.job and not (args.stage and args.rendezvous):
        raise KefuError("it is not said which training", "join", "give --stage and --rendezvous, or --job")
    die_with_parent()
    return join(find_job(args.stage, args.rendezvous, args.job), args.node_rank)


def _evaluate_file(args: argparse.Namespace) -> int:
    from pipelines.evaluate.file import evaluate_file
    from pipelines.params import load

    if not (args.model and args.data):
        raise KefuError("--model and --data go together", "the command line", "give both, or neither")
    out = args.out or Path(f"{args.data.stem}.evaluation.json")
    evaluate_file(load(), args.model, args.data, out)
    return 0


def _params(_: argparse.Namespace) -> int:
    from pipelines.home import ROOT
    from pipelines.mask.pii_file import load_policy
    from pipelines.params import load

    params = load()
    load_policy(ROOT / params.knowledge, params.mask, partial(print, file=sys.stderr))
    print(json.dumps(params.model_dump(by_alias=True, mode="json"), ensure_ascii=False, indent=1))
    return 0


def _explain(args: argparse.Namespace) -> int:
    from pipelines.home import ROOT
    from pipelines.mask import explain
    from pipelines.mask.pii_file import load_policy
    from pipelines.params import load

    if "KEFU_RUN" in os.environ:
        raise KefuError("explain shows unmasked text", "a task of a run, whose log is kept", "use a terminal")
    lines = "\n".join(args.text) if args.text else sys.stdin.read()
    messages = explain.turns(lines.splitlines(), args.role)
    if not messages:
        raise KefuError("there is no text to explain", "the command line", "give one, or type it in")
    params = load()
    policy = load_policy(ROOT / params.knowledge, params.mask, partial(print, file=sys.stderr))
    print("Shown in this terminal only: nothing of it is logged or kept.\n")
    explained = explain.explain(messages, policy)
    print("\n".join(explain.table(explained.rows)) if explained.rows else "nothing looks personal")
    print()
    print("\n".join(f"{role}: {text}" for role, text in explained.messages))
    return 0


def _pin_champion(_: argparse.Namespace) -> int:
    from pipelines.evaluate.champion import pin
    from pipelines.home import ROOT
    from pipelines.params import load

    print(pin(f"{load().register_.name}-instruction", ROOT))
    return 0


def _export(args: argparse.Namespace) -> int:
    from pipelines.export import export
    from pipelines.home import ROOT

    for side, rows in export(ROOT, args.out).items():
        print(f"{args.out / side}.jsonl: {rows:,} examples")
    return 0


def _sample(args: argparse.Namespace) -> int:
    from pipelines.params import load
    from pipelines.sample.generate import write_sample

    knowledge = Path(load().knowledge)
    print(
        write_sample(
            args.out, args.spans, knowledge, weeks=args.weeks, per_week=args.per_week, seed=args.seed
        )
    )
    return 0


def _register(args: argparse.Namespace) -> int:
    from pipelines.params import load
    from pipelines.register.run import register

    register(load(), args.run_id)
    return 0


def _report(args: argparse.Namespace) -> int:
    from pipelines.params import load
    from pipelines.report.run import report

    print(report(load(), args.run_id)["report_url"])
    return 0


def _trace(args: argparse.Namespace) -> int:
    from pipelines.params import load
    from pipelines.register import commands

    return commands.show_trace(load(), args.version, args.json)


def _verify(args: argparse.Namespace) -> int:
    from pipelines.params import load
    from pipelines.register import commands

    return commands.verify(load(), args.version)


def _reproduce(args: argparse.Namespace) -> int:
    from pipelines.params import load
    from pipelines.register import commands

    return commands.reproduce_version(load(), args.version, args.run)


def _rollback(args: argparse.Namespace) -> int:
    from pipelines.params import load
    from pipelines.register import commands

    return commands.rollback(load(), args.reason)


def _vault(args: argparse.Namespace) -> int:
    from pipelines.mask import probe

    lines, code = probe.do(args.action, getattr(args, "file", None))
    print("\n".join(lines))
    return code


def _up(_: argparse.Namespace) -> int:
    from pipelines.servers import control

    control.up()
    return _status(_)


def _down(_: argparse.Namespace) -> int:
    from pipelines.servers import control

    print(f"stopped: {', '.join(control.down()) or 'nothing was running'}")
    return 0


def _status(_: argparse.Namespace) -> int:
    from pipelines.servers import control

    for name, state, where in control.status():
        print(f"{name:14} {state:8} {where}")
    return 0


def _serve(args: argparse.Namespace) -> int:
    from pipelines.params import load
    from pipelines.servers import chat
    from pipelines.servers.control import free_port

    model = load().model
    if args.base and args.base != model.base:
        model = model.model_copy(update={"base": args.base})
    chat.serve(model, args.adapter, args.host, args.port or free_port("CHAT", 8000))
    return 0


def _demo(args: argparse.Namespace) -> int:
    from pipelines.demo.run import demo

    chosen = {name: getattr(args, name) for name in ("profile", "base", "since")}
    return demo({name: value for name, value in chosen.items() if value} | {"force": args.force})


if __name__ == "__main__":
    sys.exit(main())
