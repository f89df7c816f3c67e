"""What a whole adapter is, and that a damaged one is not published."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from peft import get_peft_model_state_dict
from safetensors.torch import save_file

from pipelines.base.load import base_path, load_model
from pipelines.errors import KefuError
from pipelines.training import adapter
from pipelines.training.adapter import (
    attach,
    check_saved,
    expected_shapes,
    first_adapted,
    layer_of,
    misfit_of,
)
from tests.code.training.tiny import tiny_params


@pytest.fixture
def base(home):
    return base_path(tiny_params().model)


def whole(base, targets="all-linear"):
    return {name: torch.ones(shape) for name, shape in expected_shapes(base, 4, targets).items()}


def saved(tensors, folder):
    save_file(tensors, folder / "adapter_model.safetensors")
    return folder


def test_expected_tensors_of_the_tiny_base(base):
    shapes = expected_shapes(base, 4, "all-linear")
    assert len(shapes) == 2 * 7 * 2
    assert shapes["base_model.model.model.layers.1.mlp.down_proj.lora_A.weight"] == (4, 128)
    assert shapes["base_model.model.model.layers.0.self_attn.q_proj.lora_B.weight"] == (64, 4)
    assert len(expected_shapes(base, 4, ["q_proj", "v_proj"])) == 2 * 2 * 2


@pytest.mark.parametrize("targets", ["all-linear", ["q_proj", "down_proj"]])
@pytest.mark.parametrize(("depth", "layers"), [(1.0, {0, 1}), (0.5, {1}), (0.01, {1})])
def test_depth_adapts_the_last_layers(base, targets, depth, layers):
    lora = {"r": 4, "alpha": 8, "dropout": 0.0, "targets": targets, "depth": depth}
    adapted = attach(load_model(base, "fp32"), lora, None)
    state = {f"base_model.model.{n}": tuple(t.shape) for n, t in state_of(adapted).items()}
    assert state == expected_shapes(base, 4, targets, depth)
    assert {layer_of(name) for name in state} == layers


def state_of(adapted):
    state = get_peft_model_state_dict(adapted)
    return {name.removeprefix("base_model.model."): tensor for name, tensor in state.items()}


@given(layers=st.integers(1, 200), depth=st.floats(0, 1, exclude_min=True))
def test_a_depth_holds_its_share_of_the_layers_and_one_at_least(layers, depth):
    held = layers - first_adapted(layers, depth)
    assert 1 <= held <= layers
    assert abs(held - layers * depth) <= 1


def test_an_adapter_of_another_depth_is_not_gone_on_from(base, tmp_path):
    upper = {n: torch.ones(shape) for n, shape in expected_shapes(base, 4, "all-linear", 0.5).items()}
    saved(upper, tmp_path)
    lora = {"r": 4, "alpha": 8, "dropout": 0.0, "targets": "all-linear", "depth": 1.0}
    with pytest.raises(KefuError, match="targets and depth must be those"):
        attach(load_model(base, "fp32"), lora, tmp_path)


@pytest.mark.parametrize(("depth", "says"), [(0.5, ""), (1.0, "lora.targets and lora.depth")])
def test_a_champion_of_part_of_the_layers_fits_that_depth_alone(base, tmp_path, depth, says):
    upper = {n: torch.ones(shape) for n, shape in expected_shapes(base, 4, "all-linear", 0.5).items()}
    saved(upper, tmp_path)
    (tmp_path / "adapter_config.json").write_text('{"r": 4, "lora_alpha": 8}')
    found = misfit_of(tmp_path, base, {"r": 4, "alpha": 8, "targets": "all-linear", "depth": depth})
    assert says in found and bool(says) == bool(found)


def test_whole_adapter_passes(base, tmp_path):
    assert check_saved(saved(whole(base), tmp_path), base, 4, "all-linear") is None


def drop_one(tensors):
    tensors.pop(sorted(tensors)[0])


def empty_one(tensors):
    tensors[sorted(tensors)[0]] = torch.zeros(0)


def break_one(tensors):
    tensors[sorted(tensors)[0]][0, 0] = float("nan")


def add_one(tensors):
    tensors["base_model.model.lm_head.weight"] = torch.ones(2, 2)


def learn_nothing(tensors):
    for name in tensors:
        if "lora_B" in name:
            tensors[name] = torch.zeros_like(tensors[name])


def lose(part, kept=0):
    """Zeros in all tensors of `part` but the first `kept`."""

    def damage(tensors):
        for name in sorted(name for name in tensors if part in name)[kept:]:
            tensors[name] = torch.zeros_like(tensors[name])

    return damage


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lose("lora_A"), "14 fault.*lora_A.weight is all zero"),
        (lose("lora_B", kept=1), "13 fault.*lora_B.weight is all zero"),
        (lose("layers.1.mlp.up_proj.lora_B"), "1 fault.*layers.1.mlp.up_proj.lora_B.weight is all zero"),
        (drop_one, "is missing"),
        (empty_one, "has shape"),
        (break_one, "not finite"),
        (add_one, "not expected"),
        (learn_nothing, "nothing was learned"),
    ],
)
def test_damaged_adapter_is_refused(base, tmp_path, damage, said):
    tensors = whole(base)
    damage(tensors)
    with pytest.raises(KefuError, match=said):
        check_saved(saved(tensors, tmp_path), base, 4, "all-linear")


def test_an_expert_that_no_token_went_to_has_learned_nothing(base, tmp_path, monkeypatch):
    tensors = {f"mlp.experts.{n}.up_proj.lora_{ab}.weight": torch.ones(2, 2) for n in (0, 1) for ab in "AB"}
    monkeypatch.setattr(
        adapter, "expected_shapes", lambda *_: {name: tuple(t.shape) for name, t in tensors.items()}
    )
    tensors["mlp.experts.1.up_proj.lora_B.weight"] *= 0
    assert check_saved(saved(tensors, tmp_path), base, 4, "all-linear") is None
    tensors["mlp.experts.1.up_proj.lora_A.weight"] *= 0
    with pytest.raises(KefuError, match=r"experts\.1\.up_proj\.lora_A\.weight is all zero"):
        check_saved(saved(tensors, tmp_path), base, 4, "all-linear")
