"""Data Docs that open anywhere: Great Expectations' pages, without what they would load from the network."""

from __future__ import annotations

import re
import shutil
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipelines.checks.run import Verdict

OUTSIDE = (  # styles, scripts, pictures and fonts of other servers
    re.compile(r"<script[^>]*\bsrc=[\"']https?://[^>]*>\s*</script>", re.IGNORECASE),
    re.compile(r"<link[^>]*\bhref=[\"']https?://[^>]*>", re.IGNORECASE),
    re.compile(r"<img[^>]*\bsrc=[\"']https?://[^>]*>", re.IGNORECASE),
    re.compile(r"url\([\"']?https?://[^)]*\)", re.IGNORECASE),
)
STYLE = """<style>
body{font:15px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;color:#222}
table{border-collapse:collapse;width:100%;margin:.5rem 0 1.5rem}
td,th{border:1px solid #ddd;padding:.3rem .6rem;text-align:left;vertical-align:top}
.failed td{color:#b00020;font-weight:600}
</style>"""


def write_docs(context: Any, folder: Path, stage: str, verdicts: dict[str, list[Verdict]]) -> None:
    """`folder`/index.html, and Great Expectations' page for each table's suite and its validation."""
    site = {
        "class_name": "SiteBuilder",
        "show_how_to_buttons": False,
        "store_backend": {
            "class_name": "TupleFilesystemStoreBackend",
            "base_directory": str(folder.resolve()),
        },
        "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
    }
    context.add_data_docs_site("docs", site)
    context.build_data_docs(site_names=["docs"], build_index=False)
    shutil.rmtree(folder / "static", ignore_errors=True)
    pages = sorted(folder.rglob("*.html"))
    for page in pages:
        page.write_text(_inside_only(page.read_text(encoding="utf-8")), encoding="utf-8")
    _write_index(folder, stage, verdicts, pages)


def write_note(folder: Path, stage: str) -> None:
    """The page of a stage that writes no table with a suite."""
    folder.mkdir(parents=True, exist_ok=True)
    body = f"<h1>{escape(stage)}</h1><p>This stage writes no table that has expectations.</p>"
    (folder / "index.html").write_text(_page(stage, body), encoding="utf-8")


def _write_index(folder: Path, stage: str, verdicts: dict[str, list[Verdict]], pages: list[Path]) -> None:
    body = [f"<h1>What {escape(stage)} wrote</h1>"]
    for name, found in verdicts.items():
        body += [f"<h2>{escape(name)}</h2>", _table(found)]
    links = (page.relative_to(folder).as_posix() for page in pages)
    body += ["<h2>Great Expectations</h2><ul>"]
    body += [f'<li><a href="{escape(link)}">{escape(link)}</a></li>' for link in links]
    (folder / "index.html").write_text(_page(stage, "\n".join([*body, "</ul>"])), encoding="utf-8")


def _table(verdicts: list[Verdict]) -> str:
    head = "<tr><th>guards</th><th>expectation</th><th>result</th><th>rows</th></tr>"
    return f"<table>{head}{''.join(map(_row, verdicts))}</table>"


def _row(verdict: Verdict) -> str:
    result, shown = "holds", "passed"
    if not verdict.passed:
        result, shown = verdict.fault or f"{verdict.failed_rows:,} rows fail", "failed"
    cells = (verdict.rule.guards, verdict.rule.name, result, "; ".join(verdict.offenders))
    return f'<tr class="{shown}">' + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"


def _page(title: str, body: str) -> str:
    head = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}: checks</title>'
    )
    return f"{head}{STYLE}</head><body>{body}</body></html>\n"


def _inside_only(html: str) -> str:
    for outside in OUTSIDE:
        html = outside.sub("", html)
    return html.replace("</head>", f"{STYLE}</head>", 1)
