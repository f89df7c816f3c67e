"""A package of another version: DVC does its stages again, and nothing remembered under the old is used."""

import json
import subprocess
from types import SimpleNamespace

import pytest

from pipelines import packages
from pipelines.curate.conversation import memo_of as curated
from pipelines.dedup.store import index_key
from pipelines.errors import KefuError
from pipelines.ingest import stage as ingest
from pipelines.ingest.files import SourceFile
from pipelines.mask.policy import DEFAULT
from pipelines.mask.store import partition_key
from pipelines.synthesize.rules import memo_of as synthesized
from tests.conftest import ROOT

DVC_YAML = """
stages:
  mask:
    cmd: echo mask >> ../done && touch masked
    params: [{data/packages.json: [regex, numpy]}]
    outs: [masked]
  dedup:
    cmd: echo dedup >> ../done && cp masked deduped
    params: [{data/packages.json: [numpy]}]
    deps: [masked]
    outs: [deduped]
"""


@pytest.fixture
def install(monkeypatch):
    """install("regex", "2.0"): from here on, in the eyes of packages.py."""
    real = packages.importlib.metadata.version
    others = {}
    monkeypatch.setattr(packages.importlib.metadata, "version", lambda name: others.get(name) or real(name))

    def to(name, version):
        others[name] = version
        packages.deciding.cache_clear()

    yield to
    packages.deciding.cache_clear()


def test_dvc_does_again_what_hangs_on_the_package_and_no_more(tmp_path, install):
    root = tmp_path / "checkout"
    root.mkdir()
    (root / "dvc.yaml").write_text(DVC_YAML)
    subprocess.run(["dvc", "init", "-q", "--no-scm"], cwd=root, check=True)

    def done():
        packages.pin(root)
        (tmp_path / "done").write_text("")
        subprocess.run(["dvc", "repro", "-q"], cwd=root, check=True)
        return (tmp_path / "done").read_text().split()

    assert (done(), done()) == (["mask", "dedup"], [])
    install("regex", "2.0")
    assert done() == ["mask"]
    install("pandas", "9.0")
    assert done() == []
    install("numpy", "9.0+cpu")
    assert done() == ["mask", "dedup"]
    assert json.loads((root / packages.PINNED).read_text()) == {"numpy": "9.0", "regex": "2.0"}


def keys(folder, params):
    """What each stage remembers a piece of work under."""
    file = SourceFile(params.sources[0], "shop/w1.jsonl", None, "", 1)
    knowledge, house = ROOT / params.knowledge, SimpleNamespace(limits=params.curate)
    return {
        "ingest": ingest.partition_key(file, "0" * 64, ingest.Shared(b"", "", DEFAULT)),
        "mask": partition_key("0" * 64, params.mask, DEFAULT),
        "dedup": index_key(folder / "rows.parquet", params.dedup),
        "curate": curated(knowledge, house).folder,
        "synthesize": synthesized((), 1, DEFAULT).folder,
    }


@pytest.mark.parametrize(
    ("package", "stages"),
    [
        ("py3langid", {"ingest"}),
        ("thinc", {"mask", "synthesize"}),
        ("rensa", {"dedup", "curate", "synthesize"}),
        ("pyarrow", set()),  # DVC writes the tables again, from what is remembered
        ("torch", set()),
    ],
)
def test_what_is_remembered_under_another_version_is_not_used(package, stages, install, tmp_path, params):
    (tmp_path / "rows.parquet").write_bytes(b"rows")
    before = keys(tmp_path, params)
    install(package, "9.0")
    after = keys(tmp_path, params)
    assert {stage for stage in before if before[stage] != after[stage]} == stages


def test_a_package_that_is_not_installed_is_named(tmp_path):
    (tmp_path / "dvc.yaml").write_text(DVC_YAML.replace("regex", "no-such-package"))
    with pytest.raises(KefuError, match=r"no-such-package is not installed"):
        packages.pin(tmp_path)


def test_a_commit_older_than_the_file_is_pinned_too(tmp_path):
    (tmp_path / "dvc.yaml").write_text("stages: {mask: {cmd: echo, params: [mask]}, dedup: {cmd: echo}}")
    packages.pin(tmp_path)
    assert (tmp_path / packages.PINNED).read_text() == "{}\n"
