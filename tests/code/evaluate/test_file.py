"""Any version on any file: from the command line, against an MLflow store with a registered adapter."""

import json
import shutil

import pytest

from pipelines.__main__ import main
from pipelines.errors import KefuError
from pipelines.evaluate.adapter import adapter_sha256
from pipelines.evaluate.file import evaluate_file

ASKED = [{"role": "user", "content": "怎么退货呀"}]
ANSWERED = [
    *ASKED,
    {"role": "assistant", "content": "您在「我的订单」点「申请退货」，我们24小时内完成审核。"},
]
ROWS = [
    {"messages": ANSWERED, "key_facts": [["24小时"]], "note": "fields that nobody knows are let be"},
    {"messages": ASKED},
    {"messages": [{"role": "system", "content": "Be brief."}, *ANSWERED], "emotion": "angry"},
]


@pytest.fixture
def data(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS) + "\n")
    return path


@pytest.fixture
def registered(here, tmp_path, monkeypatch):
    """kefu-instruction version 1, champion: the checkout's adapter on the tiny base."""
    import mlflow

    from pipelines.base.load import resolve

    root, params = here
    url = f"sqlite:///{tmp_path / 'mlflow.db'}"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", url)
    client = mlflow.MlflowClient(tracking_uri=url, registry_uri=url)
    source = tmp_path / "version"
    adapter = source / "artifacts/adapter"
    shutil.copytree(root / "data/adapters/instruction", adapter)
    client.create_registered_model("kefu-instruction")
    shas = {
        "base_sha256": resolve(params.model).sha256,
        "adapter_sha256": adapter_sha256(source / "artifacts/adapter"),
    }
    tags = {**shas, "base": "tiny", "base_license": "apache-2.0"}
    version = client.create_model_version("kefu-instruction", str(source), tags=tags)
    client.set_registered_model_alias("kefu-instruction", "champion", version.version)
    return client


def test_a_registered_version_and_its_folder_answer_alike(here, data, tmp_path, registered, capsys):
    root, params = here
    out = tmp_path / "made/out.json"
    found = evaluate_file(params, "models:/kefu-instruction@champion", data, out, root)
    assert json.loads(out.read_text()) == json.loads(json.dumps(found))
    assert "key_facts_all" in capsys.readouterr().out
    folder = str(root / "data/adapters/instruction")
    again = evaluate_file(params, folder, data, tmp_path / "again.json", root)
    assert [a["answer"] for a in again["answers"]] == [a["answer"] for a in found["answers"]]
    by_number = evaluate_file(params, "models:/kefu-instruction/1", data, tmp_path / "third.json", root)
    assert by_number["model_key"] == found["model_key"] == again["model_key"]


def test_the_base_answers_otherwise_and_the_files_text_is_not_written(here, data, tmp_path):
    root, params = here
    out = tmp_path / "out.json"
    found = evaluate_file(params, "base", data, out, root)
    other = evaluate_file(params, str(root / "data/adapters/instruction"), data, tmp_path / "o.json", root)
    losses = [one["models"]["candidate"]["loss"]["loss"] for one in (found, other)]
    assert losses[0] != losses[1] and found["model_key"] != other["model_key"]
    assert [answer["line"] for answer in found["answers"]] == [1, 2, 3]
    assert "怎么退货呀" not in out.read_text() and "申请退货" not in out.read_text()


def test_rows_without_a_reference_are_only_looked_through(here, data, tmp_path):
    root, params = here
    figures = evaluate_file(params, "base", data, tmp_path / "o.json", root)["models"]["candidate"]
    assert figures["n"] == 3 and figures["right"]["of"] == 2 and figures["key_facts_all"]["of"] == 1


def test_all_faults_of_a_file_are_told_at_once_without_its_words(here, tmp_path):
    root, params = here
    path = tmp_path / "bad.jsonl"
    lines = [
        "{",
        '{"messages": []}',
        '{"messages": [{"role": "assistant", "content": "x"}]}',
        '{"messages": [{"role": "user", "content": "打13812345678找我"}]}',
    ]
    path.write_text("\n".join(lines))
    with pytest.raises(KefuError) as error:
        evaluate_file(params, "base", path, tmp_path / "o.json", root)
    said = str(error.value)
    assert "4 fault(s)" in said and all(f"line {n}" in said for n in (1, 2, 3, 4))
    assert "PHONE" in said and "13812345678" not in said and not (tmp_path / "o.json").exists()


@pytest.mark.parametrize("content", ["", "\n\n"])
def test_an_empty_file_is_an_error(here, tmp_path, content):
    (tmp_path / "no.jsonl").write_text(content)
    with pytest.raises(KefuError, match="no row"):
        evaluate_file(here[1], "base", tmp_path / "no.jsonl", tmp_path / "o.json", here[0])


@pytest.mark.parametrize(
    ("model", "says"),
    [
        ("models:/kefu-instruction", "names no version"),
        ("models:/kefu-instruction@nobody", "no such version"),
        ("models:/kefu-instruction/9", "no such version"),
        ("models:/other@champion", "no such version"),
        ("no/folder", "no adapter"),
    ],
)
def test_a_model_that_is_not_there_is_an_error(here, data, tmp_path, registered, model, says):
    with pytest.raises(KefuError, match=says):
        evaluate_file(here[1], model, data, tmp_path / "o.json", here[0])


def test_a_version_on_another_base_is_refused(here, data, tmp_path, registered):
    registered.set_model_version_tag("kefu-instruction", "1", "base_sha256", "f" * 64)
    with pytest.raises(KefuError, match="another base"):
        evaluate_file(here[1], "models:/kefu-instruction/1", data, tmp_path / "o.json", here[0])


@pytest.mark.parametrize("args", [["--model", "base"], ["--data", "x.jsonl"], ["--out", "x.json"]])
def test_model_and_data_go_together(args, capsys):
    assert main(["evaluate", *args]) == 2
    assert "--model and --data go together" in capsys.readouterr().err
