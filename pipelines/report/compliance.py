"""What the page says of compliance: a line for each promise, and whether it held."""

from __future__ import annotations

from typing import Any

from pipelines.params import Params

PERSONAL = (
    "mask",
    "curate",
    "synthesize",
)  # stages whose tables are searched for personal data (checks/suites.py)
HELD_APART = (
    "held_out_",
    "golden_",
    "corpus_",
    "near_held_out",
)  # reason codes of what was too near the tests

Row = dict[str, Any]


def compliance(params: Params, summary: Row, metrics: dict[str, Row], tags: dict[str, str]) -> list[Row]:
    """{"what", "ok", "values"} of each promise; ok is None where the run left nothing to say it by."""
    candidate = summary["models"]["candidate"]
    licence, searched = tags.get("base_license", ""), _checked(metrics, PERSONAL)
    split = _checked(metrics, ("split",))
    apart = sum(
        n
        for stage in ("split", "synthesize")
        for code, n in metrics.get(stage, {}).get("dropped", {}).items()
        if code.startswith(HELD_APART)
    )
    every = _checked(metrics, tuple(metrics))
    return [
        _line("residual", searched, tables=searched["tables"]),
        _line("answers", None, not candidate["pii_answers"], n=candidate["pii_answers"], of=candidate["n"]),
        _line(
            "licence",
            None,
            licence in params.model.allowed_licenses if licence else None,
            licence=licence or "–",
            allowed=", ".join(params.model.allowed_licenses),
        ),
        _line("contamination", split, n=apart),
        _line("checks", every, n=every["expectations"], failed=every["failed"]),
        _line("code", None, tags["code_dirty"] != "true" if "code_dirty" in tags else None),
    ]


def _line(what: str, checked: Row | None, ok: bool | None = None, **values: Any) -> Row:
    if checked is not None:
        ok = not checked["failed"] if checked["tables"] else None
    state = {True: "held", False: "broken", None: "unknown"}[ok]
    return {"what": f"{what}_{state}", "ok": ok, "values": values}


def _checked(metrics: dict[str, Row], stages: tuple[str, ...]) -> Row:
    """Great Expectations' counts over the tables of `stages`."""
    tables = [
        table
        for stage in stages
        for table in metrics.get(stage, {}).get("checks", {}).get("tables", {}).values()
    ]
    return {
        "tables": len(tables),
        "expectations": sum(table["expectations"] for table in tables),
        "failed": sum(table["failed"] for table in tables),
    }
