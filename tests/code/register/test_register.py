"""What stands in MLflow after a run, and after a retry of it."""

import json
from pathlib import Path

import pytest

from pipelines.errors import KefuError
from pipelines.evaluate.adapter import adapter_sha256
from pipelines.register.run import register
from pipelines.stage import OUTPUTS
from pipelines.workspace import result as left
from tests.code.register.conftest import RUN

LINEAGE = [
    *["base", "base_name", "base_license", "base_sha256", "adapter_sha256", "dvc.data/split"],
    *["dvc.data/synthesized", "git_sha", "code_dirty", "dag_run_id", "params_digest", "data_tag"],
    *["verdict", "mlflow_parent_run"],
]
MAX_VERSION_BYTES = 20 * 1024 * 1024


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
    assert [path.name for path in files if path.suffix == ".safetensors"] == ["adapter_model.safetensors"]


def test_a_loaded_version_gives_the_trained_logits(here):
    import mlflow
    import torch
    from peft import PeftModel

    from pipelines.base.load import base_path, load_model, load_tokenizer

    root, params, result = here
    loaded = mlflow.pyfunc.load_model(f"models:/{result['name']}/{result['version']}")
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


def test_a_loaded_version_answers_rows_of_messages(here):
    import mlflow

    _, _, result = here
    loaded = mlflow.pyfunc.load_model(f"models:/{result['name']}/{result['version']}")
    rows = [{"messages": [{"role": "user", "content": text}]} for text in ("你好", "How do I pay?")]
    answers = loaded.predict(rows, params={"max_new_tokens": 3})
    assert len(answers) == 2 and all(isinstance(answer, str) for answer in answers)


def test_the_dag_finds_names_and_links(here):
    assert left(RUN, "register") == here[2]


def test_an_unevaluated_run_is_an_error(here, tmp_path):
    with pytest.raises(KefuError, match="not there"):
        register(here[1], "other", tmp_path)
