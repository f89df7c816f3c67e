"""A stage names all code that its output depends on, so that DVC runs it again when that code changes."""

import ast
from functools import cache

import pytest
import yaml

from tests.conftest import ROOT

STAGES = yaml.safe_load((ROOT / "dvc.yaml").read_text())["stages"]
KNOWLEDGE = "${knowledge}"
# What says things, finds places or keeps work, and changes no row.
NEUTRAL = {
    "errors",
    "progress",
    "home",
    "store",
    "machine",
    "params",
    "servers",
    "fingerprint",
    "workspace",
    "checks",
    "ends",
    "register",
    "published",
}


@cache
def imports(path):
    """Files of `pipelines` that a file imports, at its top or inside a function."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return {file for name in found if name.startswith("pipelines.") for file in files_of(name)}


def files_of(name):
    place = ROOT / name.replace(".", "/")
    return [f for f in (place.with_suffix(".py"), place / "__init__.py") if f.exists()]


def room(file):
    return file.relative_to(ROOT).parts[1].removesuffix(".py")


def closure(start):
    seen, left = set(), [start]
    while left:
        file = left.pop()
        if file not in seen:
            seen.add(file)
            left += [
                f for f in imports(file) if f.relative_to(ROOT).parts[1].removesuffix(".py") not in NEUTRAL
            ]
    return {str(file.relative_to(ROOT)) for file in seen}


@pytest.mark.parametrize("name", STAGES)
def test_every_module_a_stage_imports_is_among_its_inputs(name):
    inputs = [dep for dep in STAGES[name]["deps"] if dep.startswith("pipelines/")]
    used = closure(ROOT / f"pipelines/{name}/stage.py")
    assert sorted(f for f in used if not any(f == dep or f.startswith(f"{dep}/") for dep in inputs)) == []


@pytest.mark.parametrize("name", STAGES)
def test_every_table_a_stage_reads_is_an_output_before_it(name):
    before, outs = list(STAGES)[: list(STAGES).index(name)], set()
    for stage in before:
        outs |= set(STAGES[stage]["outs"])
    data = [dep for dep in STAGES[name]["deps"] if not dep.startswith(("pipelines/", KNOWLEDGE))]
    assert set(data) - outs <= {"data/champion.json", "data/start.json"}
