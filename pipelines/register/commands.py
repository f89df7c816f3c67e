"""The registry's commands: trace, verify, reproduce, rollback. Each prints, and returns its exit code."""

from __future__ import annotations

import getpass
import json
from datetime import UTC, datetime

from mlflow.entities.model_registry import ModelVersion

from pipelines.params import Params
from pipelines.register import aliases, bill, lookup, reproduce, trace
from pipelines.register.tracking import connect
from pipelines.stage import OUTPUTS


def show_trace(params: Params, asked: str, as_json: bool) -> int:
    chain = trace.trace(connect(), params, asked)
    print(json.dumps(chain, ensure_ascii=False, indent=1) if as_json else "\n".join(trace.lines(chain)))
    return 0


def verify(params: Params, asked: str) -> int:
    """1 where the version and its bill do not agree, or nobody known signed it."""
    version = lookup.resolve(connect(), asked, _instruction(params))
    findings = bill.verify(version)
    good = all(finding.ok for finding in findings)
    print(f"{version.name} version {version.version}: {'verified' if good else 'NOT as registered'}")
    for finding in findings:
        print(f"  {'ok ' if finding.ok else 'BAD'} {finding.what:10} {finding.says}")
    return 0 if good else 1


def reproduce_version(params: Params, asked: str, run: bool) -> int:
    """1 where the adapter that was trained again is another one."""
    version = lookup.resolve(connect(), asked, _instruction(params))
    made = reproduce.prepare(version)
    print(
        f"{version.name} version {version.version}: {version.tags['data_tag']} is checked out in {made.path}"
    )
    for difference in reproduce.other_packages(version):
        print(f"  note: {difference}")
    print("trained again by:" if run else "trained again by these commands, or by --run:")
    print("\n".join(f"  {line}" for line in made.shown), flush=True)
    return _train_again(version, made) if run else 0


def _train_again(version: ModelVersion, made: reproduce.Reproduction) -> int:
    found = made.run()
    print(f"trained    {found}\nregistered {made.expected_sha256}")
    if found == made.expected_sha256:
        print("the same bytes")
        return 0
    apart = reproduce.largest_difference(version, made.path / OUTPUTS[made.stage])
    print("they differ" + (" in shape" if apart is None else f" by at most {apart:.3g} in any weight"))
    return 1


def rollback(params: Params, reason: str) -> int:
    at = datetime.now(UTC).isoformat(timespec="seconds")
    bad, now = aliases.roll_back(connect(), _instruction(params), reason, getpass.getuser(), at)
    print(
        f"champion of {_instruction(params)} is version {now} again, version {bad} was taken back: {reason}"
    )
    return 0


def _instruction(params: Params) -> str:
    return f"{params.register_.name}-instruction"
