"""Airflow's pools: how many tasks of a kind may run at once, on all its machines together."""

from __future__ import annotations

from pipelines.params import load
from pipelines.servers.rest import Airflow

TRAINING = "training"


def make_pools() -> None:
    """The pool `training` with as many slots as limits.trainers says; a task whose pool is missing waits."""
    slots = load().limits.trainers
    Airflow().make_pool(TRAINING, slots, "pretrain, tune and evaluate: one a GPU, or a machine without")
