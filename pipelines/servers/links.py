"""Buttons on a task's page in Airflow that lead to what the task left elsewhere."""

from __future__ import annotations

from typing import Any

import attrs
from airflow.sdk import BaseOperatorLink
from airflow.sdk.execution_time.xcom import XCom


@attrs.define
class Left(BaseOperatorLink):
    """A button `name` to the address under `field` of what the task returned."""

    name: str
    field: str

    @property
    def xcom_key(self) -> str:
        """Airflow keeps the address under this key, and shows a button where there is one."""
        return f"link_{self.field}"

    def get_link(self, operator: Any, *, ti_key: Any) -> str:
        returned = XCom.get_value(ti_key=ti_key, key="return_value") or {}
        return str(returned.get(self.field, ""))


REPORT = Left("Report", "report_url")
RUN = Left("Run in MLflow", "mlflow_run_url")
VERSION = Left("Version in MLflow", "version_url")
