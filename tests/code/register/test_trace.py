"""The chain back to the raw files, in words and as JSON."""

import json
import subprocess

import pytest

from pipelines import home
from pipelines.__main__ import main
from pipelines.register import reproduce, sources, trace
from pipelines.register.lookup import resolve
from tests.code.evaluate.checkout import tiny_params
from tests.code.register.conftest import RUN

INGESTED = f"{0:032x}"  # md5 of data/ingested in the checkout's dvc.lock
TAG = "data/manual__2026-09-14T03-00-00-00-00"
MANIFEST = {
    "partitions": [
        {"partition": "shop/2026-W37.jsonl", "key": "k", "sha256": "5e" * 32, "rows": 1200, "rejected": 3},
        {"partition": "shop/9f3a.jsonl", "key": "k", "rows": 7, "rejected": 0},
    ]
}


def keep(md5, content):
    path = home.home() / "dvc-cache/files/md5" / md5[:2] / md5[2:]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content))
    return path


@pytest.fixture
def traced(here, client, monkeypatch):
    """(params, client) where the main checkout is the run's, tagged, and DVC's cache holds the manifest."""
    root, params, _ = here
    for module in (home, sources, trace, reproduce):
        monkeypatch.setattr(module, "main_checkout", lambda: root)
    subprocess.run(["git", "tag", "-f", TAG], cwd=root, check=True, capture_output=True)
    kept = [keep(f"{INGESTED}.dir", [{"md5": "ab" * 16, "relpath": "manifest.json"}])]
    kept.append(keep("ab" * 16, MANIFEST))
    yield params, client
    for path in kept:
        path.unlink(missing_ok=True)
    subprocess.run(["git", "tag", "-d", TAG], cwd=root, check=False, capture_output=True)


def test_every_link_of_the_chain(traced, here):
    params, client = traced
    _, _, result = here
    chain = trace.trace(client, params, f"models:/{result['name']}/1")
    assert (chain["version"]["name"], chain["version"]["version"]) == (result["name"], "1")
    assert [(p["name"], p["version"]) for p in chain["parents"]] == [(result["domain_name"], "1")]
    assert chain["mlflow_run"]["id"] == result["run_id"] and chain["dag_run"]["id"] == RUN
    assert chain["code"]["tag"] == TAG and chain["code"]["tagged_commit"] == chain["code"]["commit"]
    assert chain["parameters"]["differ"] == {}
    assert chain["data"]["data/split"] == f"{4:032x}"
    assert chain["sources"] == [
        {"name": "shop/2026-W37.jsonl", "sha256": "5e" * 32, "conversations": 1200, "rejected": 3},
        {"name": "shop/9f3a.jsonl", "sha256": "", "conversations": 7, "rejected": 0},
    ]


def test_a_domain_version_has_no_parent(traced, here):
    params, client = traced
    assert trace.trace(client, params, f"{here[2]['domain_name']}/1")["parents"] == []


def test_parameters_that_this_checkout_says_otherwise(traced):
    _, client = traced
    now = tiny_params(seed=99)
    chain = trace.trace(client, now, "1")
    assert chain["parameters"]["differ"]["evaluate.seed"] == {"then": "13", "now": "99"}
    shown = "\n".join(trace.lines(chain))
    assert "evaluate.seed: 13, here 99" in shown


def test_what_is_not_here_is_said(traced, here):
    """Another clone: no tag, no data, the MLflow run deleted."""
    params, client = traced
    subprocess.run(["git", "tag", "-d", TAG], cwd=here[0], check=True, capture_output=True)
    next((home.home() / "dvc-cache").rglob("*.dir")).unlink()
    chain = trace.trace(client, params, "1")
    assert (chain["sources"], chain["knowledge"], chain["code"]["tagged_commit"]) == (None, None, None)
    chain["parameters"]["differ"] = None
    shown = "\n".join(trace.lines(chain))
    for said in ("this clone does not have", "`reproduce` fetches", "the MLflow run that holds them is gone"):
        assert said in shown


def test_the_command_prints_text_or_json(traced, here, capsys):
    name = here[2]["name"]
    assert main(["trace", "1"]) == 0
    shown = capsys.readouterr().out
    for said in (f"version     {name} 1", RUN, TAG, "shop/2026-W37.jsonl: 1,200 conversations", "5e" * 32):
        assert said in shown
    assert main(["trace", f"{name}/1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["dag_run"]["id"] == RUN
    assert main(["trace", "99"]) == 2 and "choose among 1" in capsys.readouterr().err


def test_the_commands_of_a_reproduction(tmp_path, own_home):
    for stage, stages in (("pretrain", ["pretrain"]), ("tune", ["pretrain", "tune"])):
        made = reproduce.Reproduction(tmp_path / "a b", stage, "")
        assert [command[-1] for command in made.commands] == stages
        assert all("--force" in c and "--no-run-cache" in c for c in made.commands)
        assert made.shown[0] == f"cd '{tmp_path}/a b'" and str(own_home) in made.shown[1]


def test_a_reproduction_needs_the_tag_and_a_version_that_register_made(traced, here):
    _, client = traced
    version = resolve(client, "1", here[2]["name"])
    subprocess.run(["git", "tag", "-d", TAG], cwd=here[0], check=True, capture_output=True)
    with pytest.raises(reproduce.KefuError, match=f"no tag {TAG}"):
        reproduce.prepare(version)
    made = client.create_model_version(here[2]["name"], "nowhere")
    try:
        with pytest.raises(reproduce.KefuError, match="does not say how it was trained"):
            reproduce.prepare(made)
        assert "no bill" in reproduce.other_packages(made)[0]
    finally:
        client.delete_model_version(here[2]["name"], made.version)


def test_packages_that_differ_are_named(traced, here, monkeypatch):
    version = resolve(traced[1], "1", here[2]["name"])
    assert reproduce.other_packages(version) == []
    now = {**reproduce.bill.packages(), "torch": "9.9"}
    monkeypatch.setattr(reproduce.bill, "packages", lambda: now)
    [said] = reproduce.other_packages(version)
    assert said.startswith("torch was 2.") and said.endswith("is 9.9")


def test_how_far_two_adapters_are_apart(traced, here, tmp_path):
    from safetensors.numpy import load_file, save_file

    root, _, result = here
    version = resolve(traced[1], "1", result["name"])
    weights = load_file(root / "data/adapters/instruction/adapter_model.safetensors")
    first = next(iter(weights))
    weights[first][0, 0] += 0.5
    save_file(weights, tmp_path / "adapter_model.safetensors")
    assert reproduce.largest_difference(version, tmp_path) == pytest.approx(0.5)
    weights[first] = weights[first][:1]
    save_file(weights, tmp_path / "adapter_model.safetensors")
    assert reproduce.largest_difference(version, tmp_path) is None
