"""Wrong combinations are named before anything is loaded."""

import pytest

from pipelines.base.load import resolve
from pipelines.errors import KefuError
from pipelines.stage import execute
from pipelines.training import rules
from pipelines.training.rules import check_base, check_machine
from tests.code.training.tiny import checker, tiny_params


def test_a_laptop_has_no_eight_gpus(monkeypatch):
    monkeypatch.setattr(rules, "gpu_count", lambda: 0)
    monkeypatch.setattr(rules, "core_count", lambda: 2)
    monkeypatch.setattr(rules, "device_memory", lambda: 8 << 30)
    params = tiny_params(
        deepspeed={"zero_stage": 3, "processes": 8}, model={"min_params": 8.2, "dtype": "bf16"}
    )
    with pytest.raises(KefuError) as caught:
        check_machine(params)
    assert "processes is 8, this machine has 2 CPU cores" in str(caught.value)
    assert "needs about 23 GiB" in str(caught.value)
    assert "profile" in caught.value.todo


def test_eight_gpus_have_room(monkeypatch):
    monkeypatch.setattr(rules, "gpu_count", lambda: 8)
    monkeypatch.setattr(rules, "device_memory", lambda: 80 << 30)
    params = tiny_params(
        deepspeed={"zero_stage": 3, "processes": 8}, model={"min_params": 8.2, "dtype": "bf16"}
    )
    check_machine(params)
    assert rules.memory_needed(params, 8.2e9) == pytest.approx(8.2e9 * 2 * 1.5 / 8)


def test_context_window_and_targets_in_one_error(home):
    params = tiny_params(lora={"targets": ["q_proj", "query", "wv"]})
    with pytest.raises(KefuError) as caught:
        check_base(params, resolve(params.model), 4096, "tune.max_tokens")
    text = str(caught.value)
    assert "4 fault(s)" in text and "'query' is no linear layer" in text and "'wv'" in text
    assert "longest context of tiny is 2048" in text and "attention window of tiny is 512" in text


def test_a_right_combination_passes(home):
    params = tiny_params()
    assert check_machine(params) is None
    assert check_base(params, resolve(params.model), 512, "tune.max_tokens") is None


def test_the_stage_checks_first(home, tmp_path):
    """No table is there, yet the parameters are what is complained about."""
    with pytest.raises(KefuError, match="attention window"):
        execute("pretrain", tiny_params(pretrain={"block_tokens": 600}), tmp_path, checker)
