"""Parameters, sample logs, what masking does, the vault, and the export of examples."""

from __future__ import annotations

import argparse
import json
import os
import sys
from functools import partial
from pathlib import Path

from pipelines.errors import KefuError


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    commands.add_parser("params", help="check params.yaml (and pii.yaml), and print it").set_defaults(
        do=_params
    )
    export = commands.add_parser("export", help="the examples as JSON Lines for any trainer (`messages`)")
    export.add_argument("--out", type=Path, required=True, help="a new or empty folder")
    export.set_defaults(do=_export)
    _add_explain(commands)
    _add_sample(commands)
    _add_vault(commands)


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


def _add_vault(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    vault = commands.add_parser("vault", help="what masking took out, encrypted under a key of its own")
    actions = vault.add_subparsers(dest="action", required=True)
    actions.add_parser("status", help="its key, files and values").set_defaults(do=_vault_status)
    probe = actions.add_parser("probe", help="does a file hold a vaulted value? 1: yes, 2: it can't tell")
    probe.add_argument("file", type=Path, help="JSON Lines (its texts, or rows of messages), or plain lines")
    probe.set_defaults(do=_vault_probe)
    forget = actions.add_parser("forget", help="remove the values of a conversation or a partition, for good")
    which = forget.add_mutually_exclusive_group(required=True)
    which.add_argument("--conversation", default="", help="its conversation_id in the tables")
    which.add_argument("--partition", default="", help="its key in the manifest of ingest")
    forget.set_defaults(do=_vault_forget)
    destroy = actions.add_parser("destroy", help="remove its key and its files, for good")
    destroy.add_argument("--yes", action="store_true", required=True, help="there is no way back")
    destroy.set_defaults(do=_vault_destroy)


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


def _vault_status(_: argparse.Namespace) -> int:
    from pipelines.mask import probe

    print("\n".join(probe.status()))
    return 0


def _vault_probe(args: argparse.Namespace) -> int:
    from pipelines.mask import probe

    lines, code = probe.probe(args.file)
    print("\n".join(lines))
    return code


def _vault_forget(args: argparse.Namespace) -> int:
    from pipelines.mask import probe

    print("\n".join(probe.forget(args.conversation, args.partition)))
    return 0


def _vault_destroy(_: argparse.Namespace) -> int:
    from pipelines.mask import vault

    print(vault.destroy())
    return 0
