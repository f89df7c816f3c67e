"""What keeps it running: alerts, collecting what is no longer needed, backup and restore, backfill."""

from __future__ import annotations

import argparse
import json
from pathlib import Path


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    commands.add_parser("alert", help="send a test alert through every channel").set_defaults(do=_alert)
    collect = commands.add_parser("collect", help="remove what no version and no young run needs (retention)")
    collect.add_argument("--dry-run", action="store_true", help="only show what would go, with sizes")
    collect.add_argument("--force", action="store_true", help="the clock is right: refuse no date")
    collect.set_defaults(do=_collect)
    backup = commands.add_parser(
        "backup", help="databases, artifacts, runs' tags into one archive, keys beside"
    )
    backup.add_argument("--to", type=Path, help="default: kefu-backup-TIME.tar beside the home")
    backup.add_argument("--restricted", action="store_true", help="the (encrypted) restricted area too")
    backup.add_argument("--vault", action="store_true", help="the vault's key, with --restricted its files")
    backup.add_argument("--data", action="store_true", help="the DVC remote too, where it is a folder")
    backup.set_defaults(do=_backup)
    clean = commands.add_parser("clean-airflow", help="old rows out of Airflow's database")
    clean.add_argument("--days", type=float, default=365, help="older than this goes; default: 365")
    clean.set_defaults(do=_clean_airflow)
    backfill = commands.add_parser("backfill", help="a run of DAG `retrain` that rebuilds a past week")
    backfill.add_argument("--week", required=True, help="the last week it shall hold, such as 2026-W34")
    backfill.add_argument("--code", choices=("then", "now"), default="then", help="now: of this checkout")
    backfill.add_argument(
        "--data", choices=("then", "now"), help="now: read the sources again; default: as --code"
    )
    backfill.add_argument("--since", help="YYYY-MM-DD: with data of now, leave out what began before")
    backfill.add_argument("--dry-run", action="store_true", help="only say what would run")
    backfill.set_defaults(do=_backfill)
    restore = commands.add_parser("restore", help="a backup into an installation that has nothing yet")
    restore.add_argument("archive", type=Path)
    restore.set_defaults(do=_restore)


def _collect(args: argparse.Namespace) -> int:
    from pipelines.params import load
    from pipelines.retention import collect
    from pipelines.servers.cluster import settings

    settings.reach()
    found = collect.collect(load(), args.dry_run, force=args.force)
    print("would go:" if args.dry_run else "gone:")
    print("\n".join(collect.lines(found)))
    return 0


def _backup(args: argparse.Namespace) -> int:
    from pipelines.backup.backup import backup, default_path, keys_path

    path = (args.to or default_path()).resolve()
    made = backup(path, args.restricted, args.data, args.vault)
    print(f"{path}: {made['bytes'] / 1e6:,.1f} MB, mode 600")
    locked = "encrypted" if made["keys_encrypted"] else "NOT encrypted: KEFU_BACKUP_PASSPHRASE is not set"
    print(f"{keys_path(path)}: the keys, {locked}; keep it apart from the archive")
    print("\n".join(f"  database {name}: {address}" for name, address in made["databases"].items()))
    print("\n".join(f"  {name}: {count:,} files" for name, count in made["parts"].items()))
    return 0


def _restore(args: argparse.Namespace) -> int:
    from pipelines.backup.restore import restore

    manifest = restore(args.archive.resolve())
    print(f"restored {len(manifest['files']):,} files of {manifest['made_at']}, every sha256 checked")
    print(f"the code was at {manifest['commit']}; `make up` starts the servers")
    return 0


def _clean_airflow(args: argparse.Namespace) -> int:
    from pipelines.servers.clean import clean_airflow

    clean_airflow(args.days)
    return 0


def _backfill(args: argparse.Namespace) -> int:
    from pipelines.alerts.airflow import page
    from pipelines.backfill import plan
    from pipelines.exchange import offer, refresh
    from pipelines.servers.cluster import settings
    from pipelines.servers.rest import Airflow

    settings.reach()
    refresh()
    made = plan(args.week, args.code, args.data, args.since)
    print(f"{args.week}: {made.says}\n  Params of `retrain`: {json.dumps(made.conf)}")
    if not args.dry_run:
        commit = made.conf.get("commit") or offer()
        run_id = Airflow().trigger("retrain", {**made.conf, "commit": commit})
        print(f"run {run_id}  {page('retrain', run_id)}")
    return 0


def _alert(_: argparse.Namespace) -> int:
    """1 where a channel did not take it."""
    from pipelines.alerts.notify import notify

    said = notify("test", "", "this is a test of the alerts", "", "nothing")
    print("\n".join(f"{name:8} {outcome}" for name, outcome in said.items()))
    if set(said) == {"log"}:
        print("no channel but the log: name addresses under alerts.email.to, or a webhook, in params.yaml")
    return 0 if all(outcome == "sent" for outcome in said.values()) else 1
