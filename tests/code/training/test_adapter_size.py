"""How large a version of an 8B base is: a published shape, laid out without weights."""

import pytest
import torch
import yaml
from peft import get_peft_model_state_dict
from transformers import AutoConfig, AutoModelForCausalLM

from bench.train_gpu import BASES, QWEN
from pipelines.home import ROOT
from pipelines.params import check
from pipelines.training.adapter import attach

MAX_BYTES = 200 * 10**6
BF16_BYTES = 2  # DeepSpeed trains and saves the adapter in the base's float type


@pytest.fixture(scope="module")
def profile():
    """params.yaml as it holds under gpu-8b."""
    return check(yaml.safe_load((ROOT / "params.yaml").read_text()) | {"profile": "gpu-8b"})


@pytest.fixture(scope="module")
def adapted(profile):
    """The 8B base with its LoRA on torch's meta device, where tensors have a shape and no memory."""
    config = AutoConfig.for_model(**QWEN, **BASES["8B"])  # as published; the bench on a GPU takes it too
    with torch.device("meta"):
        base = AutoModelForCausalLM.from_config(config, dtype=torch.bfloat16)
        return attach(base, profile.lora.model_dump(), None)


def test_it_is_the_base_that_the_profile_names(profile, adapted):
    assert profile.model.base == "Qwen/Qwen3-8B"
    frozen = sum(p.numel() for p in adapted.parameters() if not p.requires_grad)
    assert frozen / 1e9 == pytest.approx(profile.model.min_params, abs=0.05)


def test_its_adapter_is_under_200_mb(profile, adapted):
    assert profile.model.dtype == "bf16" and profile.deepspeed.zero_stage > 0
    state = get_peft_model_state_dict(adapted)
    assert len(state) == 36 * 7 * 2 and all("lora_" in name for name in state)
    size = sum(tensor.numel() for tensor in state.values()) * BF16_BYTES
    assert MAX_BYTES / 2 < size < MAX_BYTES
