"""Airflow and MLflow on this machine, a model behind an API, and the demo."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    up = commands.add_parser("up", help="start Airflow and MLflow on 127.0.0.1")
    up.add_argument("--profile", choices=["cluster"], help="cluster: two workers, PostgreSQL, Redis, S3")
    up.set_defaults(do=_up)
    commands.add_parser("down", help="stop them").set_defaults(do=_down)
    commands.add_parser(
        "offer", help="push this checkout as it stands to the workers; prints the commit to start a run from"
    ).set_defaults(do=_offer)
    look = commands.add_parser("look", help="a run of other machines, with its data, in a worktree here")
    look.add_argument("run_id", help="the DAG run's id")
    look.set_defaults(do=_look)
    commands.add_parser("status", help="which run, and where").set_defaults(do=_status)
    check = commands.add_parser("check", help="do all servers live? tells what does not, once; 1 if so")
    check.add_argument(
        "--restart", action="store_true", help="start again what has died; nothing after `down`"
    )
    check.set_defaults(do=_check)
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
    demo.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="another parameter of params.yaml, as often as needed, such as tune.epochs=2",
    )
    demo.add_argument(
        "--train",
        choices=("auto", "always"),
        default="always",
        help="auto: only with enough news since the champion; default: always",
    )
    demo.add_argument("--force", action="store_true")
    demo.set_defaults(do=_demo)
    _add_simulate(commands)


def _add_simulate(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    play = commands.add_parser(
        "simulate",
        help="weeks of the sample company through the real DAG, on servers and in a clone of their own",
        description="A new product in week 3, a holiday in 4, a changed policy in 5; each version is "
        "approved. Writes simulate.json and plots below .kefu/simulate, and replaces what is there.",
    )
    play.add_argument("--weeks", type=int, default=6)
    play.add_argument("--per-week", type=int, default=60, help="conversations, about; default: 60")
    play.add_argument("--profile", default="tiny", help="default: tiny")
    play.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="as for demo")
    play.add_argument("--resume", action="store_true", help="go on after the last week that ended")
    play.add_argument("--keep-up", action="store_true", help="leave its servers running")
    play.set_defaults(do=_simulate)


def _up(args: argparse.Namespace) -> int:
    from pipelines.servers import control

    control.up(args.profile)
    return _status(args)


def _down(_: argparse.Namespace) -> int:
    from pipelines.servers import control

    print(f"stopped: {', '.join(control.down()) or 'nothing was running'}")
    return 0


def _offer(_: argparse.Namespace) -> int:
    from pipelines import exchange

    _reach()
    print(exchange.offer())
    return 0


def _look(args: argparse.Namespace) -> int:
    from pipelines import workspace

    _reach()
    workspace.fetch_data(args.run_id)
    print(workspace.path_of(args.run_id))
    return 0


def _reach() -> None:
    """KefuError where no other machine is known."""
    from pipelines import exchange
    from pipelines.errors import KefuError
    from pipelines.servers.cluster import settings

    if not settings.reach() and not exchange.remote():
        raise KefuError("no other machine is known", "KEFU_GIT_REMOTE", "set it, see docs/cluster.md")


def _status(_: argparse.Namespace) -> int:
    from pipelines.servers import control

    for name, state, where in control.status():
        print(f"{name:14} {state:8} {where}")
    return 0


def _check(args: argparse.Namespace) -> int:
    from pipelines.servers.check import check

    found = check(args.restart)
    print("".join(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC {one}\n" for one in found), end="")
    return 1 if found else 0


def _serve(args: argparse.Namespace) -> int:
    from pipelines.params import load
    from pipelines.servers import chat
    from pipelines.servers.ports import free_port

    model = load().model
    if args.base and args.base != model.base:
        model = model.model_copy(update={"base": args.base})
    chat.serve(model, args.adapter, args.host, args.port or free_port("CHAT", 8000))
    return 0


def _simulate(args: argparse.Namespace) -> int:
    from pipelines.simulate.run import Plan, simulate

    simulate(Plan(args.weeks, args.per_week, args.profile, args.set), args.resume, args.keep_up)
    return 0


def _demo(args: argparse.Namespace) -> int:
    from pipelines.demo.run import demo

    chosen = {name: getattr(args, name) for name in ("profile", "base", "since")}
    chosen["set"] = "\n".join(args.set)
    own = {"force": args.force, "train": args.train}
    return demo({name: value for name, value in chosen.items() if value} | own)
