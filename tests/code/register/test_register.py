"""What stands in MLflow after a run, and after a retry of it."""

import json
import re
import socket
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import quote

import mlflow
import pytest
from safetensors import safe_open

from pipelines.errors import KefuError, UnavailableError
from pipelines.evaluate import champion
from pipelines.evaluate.adapter import adapter_sha256
from pipelines.register import tracking, versions
from pipelines.register.run import register
from pipelines.results import result as left
from pipelines.servers import models
from pipelines.stage import OUTPUTS
from tests.code.register.conftest import RUN

LINEAGE = [
    *["base", "base_name", "base_license", "base_sha256", "adapter_sha256", "dvc.data/split"],
    *["dvc.data/synthesized", "git_sha", "code_dirty", "dag_run_id", "params_digest", "data_tag"],
    *["verdict", "mlflow_parent_run"],
]
MAX_VERSION_BYTES = 700 * 1024  # the tiny base alone has more


def test_both_versions_carry_their_lineage(here, client):
    root, _, result = here
    for name, number, stage in (
        (result["domain_name"], result["domain_version"], "pretrain"),
        (result["name"], result["version"], "tune"),
    ):
        tags = client.get_model_version(name, number).tags
        assert [tag for tag in LINEAGE if not tags.get(tag)] == []
        assert tags["adapter_sha256"] == adapter_sha256(root / OUTPUTS[stage])
        assert tags["dag_run_id"] == RUN
        assert tags["code_dirty"] == "false"
    assert (
        client.get_model_version(result["name"], result["version"]).tags["parent_version"] == "kefu-domain/1"
    )


def test_a_retry_makes_no_second_version_and_no_second_run(here, client):
    root, params, result = here
    before = client.search_runs([result["experiment_id"]])
    assert register(params, RUN, root) == result
    assert len(client.search_model_versions(f"name='{result['name']}'")) == 1
    after = client.search_runs([result["experiment_id"]])
    assert {run.info.run_id for run in after} == {run.info.run_id for run in before}


def test_a_task_that_died_half_way_finds_its_runs_and_version_again(here, client):
    root, params, first = here
    with pytest.MonkeyPatch.context() as patch:
        honest = versions.add

        def add(client, run, name, *args):
            if name.endswith("-instruction"):
                raise ConnectionError
            return honest(client, run, name, *args)

        patch.setattr(versions, "add", add)
        with pytest.raises(ConnectionError):
            register(params, "manual__died", root)
    result = register(params, "manual__died", root)
    own = "tags.`kefu.dag_run` = 'manual__died'"
    roles = [r.data.tags["kefu.role"] for r in client.search_runs([first["experiment_id"]], own)]
    assert sorted(roles) == ["evaluate", "parent"]
    for name, number in (("name", "version"), ("domain_name", "domain_version")):
        versions_ = client.search_model_versions(f"name='{result[name]}'")
        assert len([v for v in versions_ if v.tags.get("dag_run_id") == "manual__died"]) == 1
        client.delete_model_version(result[name], result[number])


def test_a_version_that_was_made_twice_stands_once(here, client):
    """A halted server answers a request that was given up, and the one that was sent again."""
    root, params, first = here
    twin = versions.mlflow.register_model(
        client.get_model_version(first["name"], first["version"]).source,
        first["name"],
        tags=client.get_model_version(first["name"], first["version"]).tags,
    )
    assert str(twin.version) != first["version"]
    assert register(params, RUN, root) == first
    standing = client.search_model_versions(f"name='{first['name']}'")
    assert [str(v.version) for v in standing] == [first["version"]]


def test_in_a_run_a_server_that_is_started_again_is_waited_for(own_home, monkeypatch, capsys):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"http://127.0.0.1:{port}")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    monkeypatch.setattr(tracking, "AGAIN_S", 0.2)
    with pytest.raises(UnavailableError, match="does not answer"):
        tracking.connect(tracking.patience_s())
    monkeypatch.setenv("KEFU_RUN", RUN)
    later = Thread(target=answers, args=(port,))
    later.start()
    assert tracking.connect(tracking.patience_s()).search_experiments(max_results=1) == []
    assert "waits" in capsys.readouterr().out
    later.join()


def answers(port):
    """A server that comes up after a second and answers twice that there are no experiments."""

    class Empty(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

    time.sleep(1)
    with HTTPServer(("127.0.0.1", port), Empty) as server:
        server.handle_request()
        server.handle_request()


def test_a_list_of_runs_shows_what_each_made(here, client):
    _, _, result = here
    name = client.get_run(result["run_id"]).info.run_name
    assert name.startswith(f"v{result['version']} {result['verdict']}, ")
    assert tracking.when("manual__2026-11-24T13:48:00.855972+00:00") == "2026-11-24 13:48 manual"
    assert tracking.when("asset_triggered__2026-11-24T13:48:00+00:00_x") == "2026-11-24 13:48 asset_triggered"
    assert tracking.when("by-hand") == "by-hand"


def test_stages_are_children_with_their_metrics_and_curves(here, client):
    root, _, result = here
    wanted = f"tags.`mlflow.parentRunId` = '{result['run_id']}'"
    children = {r.data.tags["kefu.role"]: r for r in client.search_runs([result["experiment_id"]], wanted)}
    assert set(children) == {"evaluate"}  # the only stage whose metrics this checkout has
    metrics = json.loads((root / "data/metrics/evaluate.json").read_text())
    assert children["evaluate"].data.metrics["rows_out"] == metrics["rows_out"]
    assert children["evaluate"].info.status == "FINISHED"


def test_the_stewards_file_is_kept_with_the_run(here, client, tmp_path):
    root, params, result = here
    kept = client.download_artifacts(result["run_id"], "pii.yaml", str(tmp_path))
    assert Path(kept).read_text() == (root / params.knowledge / "pii.yaml").read_text()


def test_the_data_is_an_input_with_its_md5_and_no_text(here, client):
    _, _, result = here
    inputs = client.get_run(result["run_id"]).inputs.dataset_inputs
    digests = {one.dataset.name: one.dataset.digest for one in inputs}
    assert digests["data/split"] == f"{4:032x}"
    assert set(digests) == set(OUTPUTS.values())
    assert all(one.dataset.schema is None for one in inputs)


def test_data_docs_are_artifacts_of_the_run(here, client):
    [folder] = client.list_artifacts(here[2]["run_id"], "data_docs")
    assert folder.path == "data_docs/split"


def test_a_version_holds_the_adapter_and_no_base_weights(here):
    from mlflow.artifacts import download_artifacts

    _, _, result = here
    folder = download_artifacts(artifact_uri=f"models:/{result['name']}/{result['version']}")
    files = [path for path in Path(folder).rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < MAX_VERSION_BYTES
    [weights] = [path for path in files if path.suffix in (".safetensors", ".bin", ".pt", ".gguf")]
    assert weights.name == "adapter_model.safetensors"
    with safe_open(weights, "numpy") as tensors:
        assert all(".lora_A." in name or ".lora_B." in name for name in tensors.keys())  # noqa: SIM118


def test_the_champion_loads_with_the_trained_logits(here, client):
    import mlflow
    import torch
    from peft import PeftModel

    from pipelines.base.load import base_path, load_model, load_tokenizer

    root, params, result = here
    client.set_registered_model_alias(result["name"], "champion", result["version"])
    loaded = mlflow.pyfunc.load_model(f"models:/{result['name']}@champion")
    trained = PeftModel.from_pretrained(
        load_model(base_path(params.model), "fp32"), root / OUTPUTS["tune"]
    ).eval()
    ids = load_tokenizer(base_path(params.model))("怎么退货？", return_tensors="pt")
    with torch.inference_mode():
        expected = trained(**ids).logits
        found = loaded.unwrap_python_model().model(**ids).logits
        base = load_model(base_path(params.model), "fp32")(**ids).logits
    assert torch.equal(found, expected)
    assert not torch.allclose(found, base)


def test_a_version_answers_the_example_it_carries(here):
    import mlflow

    _, _, result = here
    loaded = mlflow.pyfunc.load_model(f"models:/{result['name']}/{result['version']}")
    example = loaded.input_example
    assert [m["role"] for m in example[0]["messages"]] == ["system", "user"]
    assert len(loaded.predict(example, params={"max_new_tokens": 2})) == 1
    assert {column.name for column in loaded.metadata.signature.inputs} == {"messages"}


def test_the_card_says_what_it_is_for_and_what_not(here, client):
    _, _, result = here
    for name, number in (("name", "version"), ("domain_name", "domain_version")):
        version = client.get_model_version(result[name], result[number])
        titles = [line[4:] for line in version.description.splitlines() if line.startswith("### ")]
        assert titles == ["Purpose", "Data", "Figures", "Limits", "Licence", "Lineage"]
        assert version.description.startswith(f"**{result['verdict']}**")
        for said in (f"{5 if name == 'name' else 4:032x}", "apache-2.0", "handed over"):
            assert said in version.description
        assert re.search(r"every key fact, candidate: \d+/[1-9]", version.description)


def test_a_blocked_candidate_is_registered_without_alias(here, client):
    """Another DAG run that made the same adapters, before anybody decided."""
    root, params, first = here
    result = register(params, "manual__blocked", root)
    try:
        assert result["verdict"] == "NOT BLESSED" and result["version"] != first["version"]
        for name, number in (("name", "version"), ("domain_name", "domain_version")):
            version = client.get_model_version(result[name], result[number])
            assert version.aliases == [] and version.tags["verdict"] == "NOT BLESSED"
    finally:
        for name, number in (("name", "version"), ("domain_name", "domain_version")):
            client.delete_model_version(result[name], result[number])


def test_tags_lead_from_mlflow_to_airflow(here, client, monkeypatch):
    root, params, result = here
    monkeypatch.setenv("KEFU_AIRFLOW_URL", "http://127.0.0.1:8080")
    again = register(params, RUN, root)
    tags = client.get_run(result["run_id"]).data.tags
    assert tags["kefu.dag_run"] == RUN and tags["airflow_url"] == again["airflow_url"]
    assert tags["airflow_url"] == f"http://127.0.0.1:8080/dags/retrain/runs/{quote(RUN, safe='')}"
    assert f"/runs/{result['run_id']}?" in result["mlflow_run_url"]


def test_a_loaded_version_answers_rows_of_messages(here):
    import mlflow

    _, _, result = here
    loaded = mlflow.pyfunc.load_model(f"models:/{result['name']}/{result['version']}")
    rows = [{"messages": [{"role": "user", "content": text}]} for text in ("你好", "How do I pay?")]
    answers = loaded.predict(rows, params={"max_new_tokens": 3})
    assert len(answers) == 2 and all(isinstance(answer, str) for answer in answers)


def test_the_dag_finds_names_and_links(here):
    held = left(RUN, "register")  # by a retry that knew an Airflow
    assert {**held, "airflow_url": ""} == {**here[2], "airflow_url": ""}


def test_an_unevaluated_run_is_an_error(here, tmp_path):
    with pytest.raises(KefuError, match="not there"):
        register(here[1], "other", tmp_path)


def test_an_adapter_is_fetched_from_the_known_server_alone(here, tmp_path, monkeypatch):
    """Also in a shell that has no MLFLOW_*, where MLflow would ask a registry in the folder at hand."""
    root, _, result = here
    server = f"sqlite:///{root / 'mlflow.db'}"
    tags = tracking.connect().get_model_version(result["name"], "1").tags
    monkeypatch.delenv("MLFLOW_TRACKING_URI")
    monkeypatch.setattr(models, "mlflow_url", lambda: server)
    mlflow.set_registry_uri(f"sqlite:///{tmp_path / 'none.db'}")
    held = champion.Champion(result["name"], "1", tags["base_sha256"], tags["adapter_sha256"])
    monkeypatch.setenv("KEFU_HOME", str(tmp_path / "home"))
    assert (held.adapter() / "adapter_model.safetensors").exists()
