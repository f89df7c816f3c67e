"""The address under which Airflow asks a worker for its tasks' logs; light, since every task calls it."""

from __future__ import annotations

import os


def own() -> str:
    return os.environ.get("KEFU_WORKER_ADDRESS", "127.0.0.1")
