"""Versions: register, report, trace, verify, reproduce, roll back."""

from __future__ import annotations

import argparse


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    commands.add_parser(
        "pin-champion", help="write data/champion.json, which evaluate compares with"
    ).set_defaults(do=_pin_champion)
    commands.add_parser(
        "pin-packages", help="write data/packages.json, by which DVC knows what is installed"
    ).set_defaults(do=_pin_packages)
    news = commands.add_parser(
        "enough-news", help="is what is new since the champion worth a training, and what does it start from?"
    )
    news.add_argument("--run-id", default="local", help="the DAG run's id")
    news.add_argument("--train", choices=("auto", "always"), default="auto")
    news.set_defaults(do=_enough_news)
    command = commands.add_parser("register", help="the adapters of a DAG run into MLflow")
    command.add_argument("--run-id", required=True, help="the DAG run's id")
    command.set_defaults(do=_register)
    page = commands.add_parser("report", help="open the newest run's page, or write that of --run-id")
    page.add_argument("--run-id", help="the DAG run's id: its page is written into MLflow and as a file")
    page.set_defaults(do=_report)
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


def _pin_champion(_: argparse.Namespace) -> int:
    from pipelines.base.load import resolve
    from pipelines.evaluate.champion import pin, pinned
    from pipelines.home import ROOT
    from pipelines.params import load

    params = load()
    print(pin(f"{params.register_.name}-instruction", ROOT))
    champion, _note = pinned(ROOT, resolve(params.model).sha256)
    if champion:
        champion.adapter()
    return 0


def _pin_packages(_: argparse.Namespace) -> int:
    from pipelines.home import ROOT
    from pipelines.packages import pin

    pin(ROOT)
    return 0


def _enough_news(args: argparse.Namespace) -> int:
    from pipelines.news.run import enough_news
    from pipelines.params import load

    enough_news(load(), args.run_id, args.train)
    return 0


def _register(args: argparse.Namespace) -> int:
    from pipelines.params import load
    from pipelines.register.run import register

    register(load(), args.run_id)
    return 0


def _report(args: argparse.Namespace) -> int:
    if not args.run_id:
        return _newest_report()
    from pipelines.params import load
    from pipelines.report.run import report

    print(report(load(), args.run_id)["report_url"])
    return 0


def _newest_report() -> int:
    from pipelines.report.newest import show

    print("\n".join(show()))
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
