"""The chat server on the tiny base, in this process; tests/code/synthesize asks one over a socket."""

import pytest
from fastapi.testclient import TestClient

from pipelines.base.load import load_model, resolve
from pipelines.base.prepare import prepare
from pipelines.errors import KefuError
from pipelines.params import load
from pipelines.servers import chat
from pipelines.training.adapter import attach

ASKED = {"messages": [{"role": "user", "content": "能退吗"}], "max_tokens": 12}
FREELY = {**ASKED, "temperature": 1.0, "seed": 1}


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """(params.model of the tiny base, its home)"""
    home = tmp_path_factory.mktemp("home")
    model = load().model.model_copy(update={"base": "tiny", "dtype": "fp32"})
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KEFU_HOME", str(home))
        prepare(model)
        yield model


@pytest.fixture(scope="module")
def client(tiny):
    return TestClient(chat.app(chat.load(tiny, None)))


def test_answers_in_the_form_of_the_api(client):
    reply = client.post("/v1/chat/completions", json=FREELY).json()
    (choice,) = reply["choices"]
    assert choice["message"]["role"] == "assistant" and choice["message"]["content"]
    assert (reply["object"], reply["model"]) == ("chat.completion", "tiny")
    used = reply["usage"]
    assert used["total_tokens"] == used["prompt_tokens"] + used["completion_tokens"]
    assert choice["finish_reason"] == ("length" if used["completion_tokens"] == 12 else "stop")
    assert client.get("/v1/models").json()["data"][0]["id"] == "tiny"
    assert client.get("/health").status_code == 200


def test_greedy_by_default_and_repeatable_by_seed(client):
    def said(**more):
        reply = client.post("/v1/chat/completions", json={**ASKED, **more}).json()
        return reply["choices"][0]["message"]["content"]

    assert said() == said(seed=9)
    assert said(temperature=1.5, seed=1) == said(temperature=1.5, seed=1) != said(temperature=1.5, seed=2)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({}, "messages: missing"),
        ({"messages": []}, "messages: too_short"),
        ({"messages": [{"role": "boss", "content": "13812345678"}]}, "messages.0.role: literal_error"),
        ({**ASKED, "temperature": 9}, "temperature: less_than_equal"),
        ({**ASKED, "stream": True}, "stream: literal_error"),
        ({**ASKED, "max_tokens": 99_999}, "the model takes 2048"),
    ],
)
def test_a_bad_request_is_told_without_quoting_it(client, body, told):
    reply = client.post("/v1/chat/completions", json=body)
    assert reply.status_code == 400
    assert told in reply.json()["error"]["message"]
    assert "13812345678" not in reply.text


def test_an_adapter_changes_the_answers(tiny, client, tmp_path):
    import torch

    torch.manual_seed(1)
    lora = {"r": 4, "alpha": 64, "dropout": 0.0, "targets": "all-linear", "depth": 1.0}
    adapted = attach(load_model(resolve(tiny).path, "fp32"), lora, None)
    for name, weight in adapted.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(weight)
    adapted.save_pretrained(tmp_path / "adapters/instruction")
    asked = chat.Asked(**FREELY)
    plain = chat.load(tiny, None).answer(asked)
    assert chat.load(tiny, str(tmp_path / "adapters")).answer(asked) != plain


@pytest.mark.parametrize(
    ("adapter", "told"),
    [("nowhere", "there is no adapter"), ("models:/kefu-instruction@champion", "no MLflow server is known")],
)
def test_an_adapter_that_is_not_there(tiny, monkeypatch, adapter, told):
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    with pytest.raises(KefuError, match=told):
        chat.load(tiny, adapter)
