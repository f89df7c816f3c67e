"""What keeps it running: alerts, collecting what is no longer needed, backup and restore, backfill."""

from __future__ import annotations

import argparse


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    commands.add_parser("alert", help="send a test alert through every channel").set_defaults(do=_alert)
    collect = commands.add_parser("collect", help="remove what no version and no young run needs (retention)")
    collect.add_argument("--dry-run", action="store_true", help="only show what would go, with sizes")
    collect.set_defaults(do=_collect)


def _collect(args: argparse.Namespace) -> int:
    from pipelines.params import load
    from pipelines.retention import collect

    found = collect.collect(load(), args.dry_run)
    print("would go:" if args.dry_run else "gone:")
    print("\n".join(collect.lines(found)))
    return 0


def _alert(_: argparse.Namespace) -> int:
    """1 where a channel did not take it."""
    from pipelines.alerts.notify import notify

    said = notify("test", "", "this is a test of the alerts", "", "nothing")
    print("\n".join(f"{name:8} {outcome}" for name, outcome in said.items()))
    if set(said) == {"log"}:
        print("no channel but the log: name addresses under alerts.email.to, or a webhook, in params.yaml")
    return 0 if all(outcome == "sent" for outcome in said.values()) else 1
