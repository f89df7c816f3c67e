"""What model.base may name, and each wrong name's own error."""

import json
import shutil

import pytest
import torch

from pipelines.base import load
from pipelines.base.load import (
    base_path,
    dtype_name,
    end_of_answer_ids,
    load_model,
    load_tokenizer,
    resolve,
)
from pipelines.base.prepare import folder_of, prepare
from pipelines.errors import KefuError
from pipelines.fingerprint import sha256_of


@pytest.fixture
def model(params):
    """params.yaml's model section with other values laid over it."""
    return lambda **values: params.model.model_copy(update=values)


@pytest.fixture
def tiny(own_home, model):
    prepare(model(base="tiny"))
    return model(base="tiny")


def test_tiny_is_the_same_bytes_each_time(tiny, monkeypatch, tmp_path):
    first = sha256_of(base_path(tiny) / "model.safetensors")
    torch.manual_seed(99)
    monkeypatch.setenv("KEFU_HOME", str(tmp_path / "other"))
    assert sha256_of(prepare(tiny) / "model.safetensors") == first == resolve(tiny).sha256


def test_tiny_loads_and_speaks_both_languages(tiny):
    tokenizer, network = load_tokenizer(base_path(tiny)), load_model(base_path(tiny), "bf16")
    assert network.dtype == torch.bfloat16 and not network.training
    assert sum(p.numel() for p in network.parameters()) == resolve(tiny).params
    text = "运费8元,shipping 😀"
    assert tokenizer.decode(tokenizer(text, add_special_tokens=False)["input_ids"]) == text
    assert end_of_answer_ids(tokenizer) == [5, 1]
    ids = tokenizer.apply_chat_template([{"role": "user", "content": "hi"}], tokenize=False)
    assert ids.startswith("<bos><start_of_turn>user\nhi")


def test_base_json_says_where_it_comes_from(tiny):
    facts = json.loads((base_path(tiny) / "base.json").read_text())
    assert facts["license"] == "apache-2.0" and facts["name"] == "tiny"
    assert facts["sha256"] == sha256_of(base_path(tiny) / "model.safetensors")


def test_a_second_prepare_touches_nothing(tiny):
    before = (base_path(tiny) / "model.safetensors").stat().st_mtime_ns
    assert prepare(tiny) == base_path(tiny)
    assert (base_path(tiny) / "model.safetensors").stat().st_mtime_ns == before


def test_an_interrupted_prepare_leaves_nothing_that_loads(own_home, model, monkeypatch):
    from pipelines.base import tiny as recipe

    monkeypatch.setattr(recipe, "write", lambda folder: (_ for _ in ()).throw(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        prepare(model(base="tiny"))
    assert list((own_home / "models").iterdir()) == []


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"base": "gemma4"}, "there is no base 'gemma4'"),
        ({"base": "tiny"}, "is not set up"),
        ({"base": "tiny", "allowed_licenses": ["mit"]}, "licence apache-2.0 of tiny is not allowed"),
        ({"base": "Qwen/Qwen3-8B", "license": "apache-2.0"}, "has no revision"),
        ({"base": "Qwen/Qwen3-8B", "revision": "main"}, "licence of Qwen/Qwen3-8B is not known"),
        ({"base": "Qwen/Qwen3-8B", "revision": "main", "license": "apache-2.0"}, "is not set up"),
        ({"base": "./nowhere", "license": "mit"}, r"has no \*.safetensors"),
    ],
)
def test_each_wrong_base_gets_its_error(own_home, model, values, said):
    with pytest.raises(KefuError, match=said):
        resolve(model(**values))


def test_a_folder_of_ones_own(tiny, model, tmp_path):
    own = tmp_path / "own"
    shutil.copytree(base_path(tiny), own)
    found = resolve(model(base=str(own), license="mit"))
    assert (found.path, found.sha256, found.license) == (own, resolve(tiny).sha256, "mit")
    (own / "model.safetensors").write_bytes((own / "model.safetensors").read_bytes() + b"\0")
    assert resolve(model(base=str(own), license="mit")).sha256 != found.sha256
    (own / "tokenizer_config.json").unlink()
    with pytest.raises(KefuError, match=r"no tokenizer_config\.json"):
        resolve(model(base=str(own), license="mit"))


def test_a_base_without_a_chat_template(tiny):
    (base_path(tiny) / "chat_template.jinja").unlink()
    with pytest.raises(KefuError, match="no chat template"):
        load_tokenizer(base_path(tiny))


def test_auto_takes_bf16_only_where_it_is_multiplied(monkeypatch):
    monkeypatch.setattr(load, "multiplies_bf16", lambda: True)
    assert (dtype_name("auto"), dtype_name("fp32")) == ("bf16", "fp32")
    monkeypatch.setattr(load, "multiplies_bf16", lambda: False)
    assert (dtype_name("auto"), dtype_name("bf16")) == ("fp32", "bf16")


def test_hub_revisions_have_folders_of_their_own(own_home, model):
    folders = {folder_of(model(base="a/b", revision=r)) for r in ("main", "v1")}
    assert len(folders) == 2 and all(f.parent == own_home / "models" for f in folders)
