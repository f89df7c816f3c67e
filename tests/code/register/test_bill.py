"""The bill of materials: what it says, and that no change to the version passes it by."""

import json
import secrets

import pytest

from pipelines.__main__ import main
from pipelines.errors import KefuError
from pipelines.evaluate.adapter import adapter_sha256
from pipelines.register import bill
from pipelines.register.lineage import data_md5s
from pipelines.stage import OUTPUTS


@pytest.fixture
def version(client, here):
    return client.get_model_version(here[2]["name"], here[2]["version"])


@pytest.fixture
def stored(version, here):
    """The version's own folder in the artifact store; what a test changes there is put back."""
    found = [p.parent.parent for p in here[0].rglob(f"artifacts/{bill.NAME}")]
    own = [f for f in found if (f / "artifacts/adapter/adapter_model.safetensors").exists()]
    [folder] = [f for f in own if adapter_sha256(f / "artifacts/adapter") == version.tags["adapter_sha256"]]
    before = {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    yield folder
    for path in folder.rglob("*"):
        if path.is_file() and path not in before:
            path.unlink()
    for path, content in before.items():
        path.write_bytes(content)


def bad(version):
    return {finding.what: finding.says for finding in bill.verify(version) if not finding.ok}


def test_the_bill_says_what_the_adapter_was_made_of(version, here, client):
    root, params, result = here
    found = bill.fetch(version)
    assert found["adapter"]["sha256"] == adapter_sha256(root / OUTPUTS["tune"])
    assert set(found["adapter"]["files"]) == {p.name for p in (root / OUTPUTS["tune"]).iterdir()}
    assert found["data"]["dvc_md5"] == data_md5s(root)
    assert found["parameters"]["values"]["tune"]["seed"] == params.tune.seed
    assert found["code"]["git_sha"] == version.tags["git_sha"] and len(found["code"]["digest"]) == 64
    assert found["packages"]["torch"].startswith("2.") and found["packages"]["python"].startswith("3.11")
    assert found["parent"]["version"] == f"{result['domain_name']}/{result['domain_version']}"
    domain = client.get_model_version(result["domain_name"], result["domain_version"])
    assert bill.fetch(domain)["parent"] is None and bad(domain) == {}


def test_an_untouched_version_is_verified(version, here, capsys):
    assert bad(version) == {}
    assert main(["verify", str(version.version)]) == 0
    assert "by this installation" in capsys.readouterr().out


def change(path):
    path.write_bytes(path.read_bytes()[:-1] + b"\x01")


@pytest.mark.parametrize(
    ("file", "what", "says"),
    [
        ("artifacts/adapter/adapter_model.safetensors", "adapter", "was changed; the weights"),
        ("artifacts/adapter/adapter_config.json", "adapter", "adapter_config.json was changed"),
        ("adapter_model.py", "loader", "adapter_model.py was changed"),
    ],
)
def test_a_changed_file_is_found(version, stored, file, what, says, capsys):
    change(stored / file)
    assert set(bad(version)) == {what} and says in bad(version)[what]
    assert main(["verify", "1"]) == 1 and "NOT as registered" in capsys.readouterr().out


def test_a_file_more_or_less_is_found(version, stored):
    (stored / "artifacts/adapter/base.safetensors").write_bytes(b"weights")
    (stored / "artifacts/adapter/history.json").unlink()
    assert bad(version)["adapter"] == "base.safetensors is not on the bill; history.json is missing"


def test_another_loader_or_base_in_the_model_file_is_found(version, stored):
    text = (stored / "MLmodel").read_text()
    (stored / "MLmodel").write_text(text.replace("base: tiny", "base: other"))
    assert "config" in bad(version)["loader"]
    (stored / "MLmodel").write_text(text.replace("mlflow.pyfunc.loaders.code_model", "my.loader"))
    assert "another loader" in bad(version)["loader"]


def test_a_changed_tag_is_found(version, client):
    client.set_model_version_tag(version.name, version.version, "dvc.data/split", "0" * 32)
    try:
        changed = client.get_model_version(version.name, version.version)
        assert bad(changed) == {"tags": "dvc.data/split differs"}
    finally:
        client.set_model_version_tag(
            version.name, version.version, "dvc.data/split", version.tags["dvc.data/split"]
        )


def test_a_changed_bill_is_found_and_a_resigned_one_names_its_signer(version, stored, monkeypatch):
    path = stored / f"artifacts/{bill.NAME}"
    forged = json.loads(path.read_text())
    forged["parameters"]["values"]["tune"]["seed"] = 99
    path.write_text(json.dumps(forged))
    assert "changed after it was signed" in bad(version)["signature"]
    monkeypatch.setenv("KEFU_SIGN_KEY", secrets.token_hex(32))
    del forged["signature"]
    path.write_text(json.dumps({**forged, "signature": bill.signing.sign(forged)}))
    monkeypatch.setenv("KEFU_SIGN_KEY", secrets.token_hex(32))
    assert "not known here" in bad(version)["signature"]


def test_a_version_without_a_readable_bill_says_so(version, stored):
    (stored / f"artifacts/{bill.NAME}").write_text("{")
    with pytest.raises(KefuError, match="cannot be read"):
        bill.verify(version)
    (stored / f"artifacts/{bill.NAME}").unlink()
    with pytest.raises(KefuError, match="no bill of materials"):
        bill.verify(version)
