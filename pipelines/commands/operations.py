"""What keeps it running: alerts, collecting what is no longer needed, backup and restore, backfill."""

from __future__ import annotations

import argparse


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    commands.add_parser("alert", help="send a test alert through every channel").set_defaults(do=_alert)


def _alert(_: argparse.Namespace) -> int:
    """1 where a channel did not take it."""
    from pipelines.alerts.notify import notify

    said = notify("test", "", "this is a test of the alerts", "", "nothing")
    print("\n".join(f"{name:8} {outcome}" for name, outcome in said.items()))
    if set(said) == {"log"}:
        print("no channel but the log: name addresses under alerts.email.to, or a webhook, in params.yaml")
    return 0 if all(outcome == "sent" for outcome in said.values()) else 1
