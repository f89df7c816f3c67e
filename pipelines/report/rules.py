"""What masking went by, in this run and the one before, and of which types the rule changed between them."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from pipelines.errors import KefuError
from pipelines.mask.pii_file import NAME, load_policy
from pipelines.mask.policy import Policy
from pipelines.params import Params
from pipelines.report.previous import Previous


def policy_now(params: Params, root: Path) -> Policy:
    return load_policy(root / params.knowledge, params.mask)


def policy_before(params: Params, previous: Previous) -> Policy | None:
    """Of the previous run's pii.yaml and parameters; None where this code cannot read them any more."""
    try:
        threshold = float(previous.params.get("mask.score_threshold", params.mask.score_threshold))
        kept = json.loads(previous.params.get("mask.keep_types", "[]"))
        mask = params.mask.model_copy(update={"score_threshold": threshold, "keep_types": kept})
        with tempfile.TemporaryDirectory() as folder:
            if previous.pii_file is not None:
                (Path(folder) / NAME).write_text(previous.pii_file, encoding="utf-8")
            return load_policy(Path(folder), mask)
    except (KefuError, ValueError):
        return None


def changed_types(now: Policy, before: Policy | None) -> set[str]:
    """With another switch, threshold, deny list, pattern or label of their own.

    The allow list and mask.score_threshold name no type: what they changed shows in the finds.
    """
    if before is None:
        return set()
    known = now.labels.keys() | before.labels.keys()
    return {type_ for type_ in known if _rule(now, type_) != _rule(before, type_)}


def _rule(policy: Policy, type_: str) -> tuple[object, ...]:
    denied = sorted(entry.text for entry in policy.deny if entry.type == type_)
    patterns = sorted(repr(pattern) for pattern in policy.patterns if pattern.type == type_)
    masked = type_ in policy.labels and type_ not in policy.kept
    own_threshold = dict(policy.thresholds).get(type_)
    return masked, own_threshold, denied, patterns, policy.labels.get(type_)
