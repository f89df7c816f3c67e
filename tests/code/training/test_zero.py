"""However a training is spread, it learns the same; its checkpoints hold what is trained and nothing else."""

import json
import math
from pathlib import Path

import pytest
import torch
from peft import PeftModel
from safetensors.torch import load_file

from pipelines.base.load import load_model
from pipelines.errors import KefuError
from pipelines.training import zero
from pipelines.training.adapter import check_saved, expected_shapes
from pipelines.training.checkpoints import latest, whole
from pipelines.training.zero import own_config, zero_config
from tests.code.training import forked
from tests.code.training.test_killed import items
from tests.code.training.tiny import tiny_job, tiny_params

LORA = {
    "r": 4,
    "alpha": 8,
    "dropout": 0.0,
    "targets": "all-linear",
    "depth": 1.0,
}  # each process drops out others
PROCESSES = 2


def trained(home, folder, stage, processes):
    """24 steps, global batch 4, best at the last; fp32."""
    job = tiny_job(
        home,
        folder,
        items(32),
        items(7),
        epochs=3,
        lora=LORA,
        learning_rate=0.01,
        batch_size=2 // processes,
        patience=99,
        evals_per_epoch=2,
        zero_stage=stage,
        processes=processes,
    )
    forked.finish(job, home / "torch_extensions", keep_logits=True)
    return job


@pytest.fixture(scope="module")
def plain(tiny_home, tmp_path_factory):
    return trained(tiny_home, tmp_path_factory.mktemp("plain"), 0, 1)


@pytest.fixture(scope="module", params=[2, 3])
def sharded(request, tiny_home, tmp_path_factory):
    return trained(tiny_home, tmp_path_factory.mktemp("sharded"), request.param, PROCESSES)


def curve(job, name):
    history = json.loads((job.result / "history.json").read_text())
    return [entry[name] for entry in history if name in entry]


def test_two_processes_learn_what_one_plain_one_does(plain, sharded):
    """Losses to four digits at every step, adapters within 1e-5."""
    for name in ("loss", "eval_loss", "grad_norm"):
        assert len(curve(plain, name)) > 5
        assert curve(sharded, name) == pytest.approx(curve(plain, name), rel=5e-5)
    assert curve(sharded, "learning_rate") == curve(plain, "learning_rate")
    one, other = (load_file(job.result / "adapter_model.safetensors") for job in (plain, sharded))
    assert one.keys() == other.keys()
    assert max((one[name] - other[name]).abs().max().item() for name in one) < 1e-5


def test_the_adapter_is_whole(sharded, tiny_home):
    check_saved(sharded.result, Path(sharded.base), 4, "all-linear")
    tensors = load_file(sharded.result / "adapter_model.safetensors")
    assert {n: tuple(t.shape) for n, t in tensors.items()} == expected_shapes(
        Path(sharded.base), 4, "all-linear"
    )


def test_the_adapter_on_a_plain_base_gives_the_logits_of_the_trainer(plain, sharded):
    """Hidden states through the head, where the trainer hands its head to the loss."""
    for job in (plain, sharded):
        base = load_model(Path(job.base), "fp32")
        model = PeftModel.from_pretrained(base, job.result).eval()
        for rank in range(job.processes):
            inputs, said = torch.load(forked.logits_file(job, rank), weights_only=False)
            with torch.no_grad():
                found, untrained = model(**inputs).logits.squeeze(), unadapted(model, inputs)
            head = model.get_output_embeddings().weight
            told = (said @ head.T if said.shape[-1] == head.shape[1] else said).squeeze()
            assert (found - told).abs().max() < 1e-4 < (found - untrained).abs().max()


def unadapted(model, inputs):
    with model.disable_adapter():
        return model(**inputs).logits.squeeze()


def test_checkpoints_hold_no_frozen_base(plain, sharded):
    """Adapter, and the adapter's weights in fp32 with two moments over the processes; the base is larger."""
    trained = sum(math.prod(shape) for shape in expected_shapes(Path(plain.base), 4, "all-linear").values())
    for job in (plain, sharded):
        last = latest(job.checkpoints)
        for file in last.rglob("*model_states.pt"):
            module = torch.load(file, weights_only=False, map_location="cpu")["module"]
            assert module and all("lora_" in name for name in module)
        assert sum(f.stat().st_size for f in last.rglob("*.safetensors")) < 1.2 * 4 * trained
        assert largest_tensor(last) <= 4 * trained
    parts = sorted(latest(sharded.checkpoints).rglob("*optim_states.pt"))
    assert len(parts) == PROCESSES


def largest_tensor(checkpoint):
    sizes = [0]

    def look(value):
        if isinstance(value, torch.Tensor):
            sizes.append(value.numel())
        elif isinstance(value, dict):
            [look(v) for v in value.values()]
        elif isinstance(value, list | tuple):
            [look(v) for v in value]

    for file in checkpoint.rglob("*.pt"):
        look(torch.load(file, weights_only=False, map_location="cpu"))
    return max(sizes)


@pytest.fixture
def watched(tmp_path, monkeypatch):
    monkeypatch.setattr(zero, "ROOT", tmp_path)
    folder = tmp_path / zero.WATCHED
    folder.mkdir(parents=True)
    return folder


def read(config, stage=2, batch=2):
    """The configuration that a tune of four accumulated micro-batches reads."""
    params = tiny_params(
        deepspeed={"zero_stage": stage, "config": config},
        tune={"batch_size": batch, "gradient_accumulation": 4},
    )
    return own_config(params, params.tune)


def test_a_file_takes_the_place_of_the_generated_configuration(watched, tiny_home, tmp_path):
    own = {**zero_config(tiny_job(tiny_home, tmp_path, items(4), zero_stage=2)), "steps_per_print": 7}
    (watched / "mine.json").write_text(json.dumps(own))
    found = read(f"{zero.WATCHED}/mine.json")
    assert zero_config(tiny_job(tiny_home, tmp_path, items(4), zero_stage=2, deepspeed=found)) == own
    assert read(None) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "no JSON"),
        ("{}", "no JSON with a zero_optimization.stage"),
        ('{"zero_optimization": {"stage": 3}}', "stage is 3, deepspeed.zero_stage is 2"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(watched, text, said):
    (watched / "mine.json").write_text(text)
    with pytest.raises(KefuError, match=said):
        read(f"{zero.WATCHED}/mine.json")


EQUAL = {
    "train_micro_batch_size_per_gpu": 2,
    "gradient_accumulation_steps": 4,
    "train_batch_size": 8,
    "gradient_clipping": 1.0,
    "zero_optimization": {"stage": 2},
}


@pytest.mark.parametrize(("change", "said"), [
    ({}, []),
    ({"train_batch_size": "auto", "bf16": {"enabled": "auto"}, "fp16": {"enabled": False}}, []),
    ({"train_micro_batch_size_per_gpu": 1}, ["train_micro_batch_size_per_gpu is 1, not 2"]),
    ({"gradient_accumulation_steps": 1, "gradient_clipping": 0.5},
     ["gradient_accumulation_steps is 1, not 4", "gradient_clipping is 0.5, not 1.0"]),
    ({"gradient_clipping": None}, ["gradient_clipping is missing, not 1.0"]),
    ({"bf16": {"enabled": True}}, ["bf16.enabled is true, not false"]),
    ({"fp16": {"enabled": True}}, ["fp16.enabled is true, not false"]),
])  # fmt: skip
def test_a_file_says_what_params_yaml_says(watched, change, said):
    (watched / "mine.json").write_text(json.dumps(EQUAL | change))
    if not said:
        assert read(f"{zero.WATCHED}/mine.json") == EQUAL | change
        return
    with pytest.raises(KefuError) as caught:
        read(f"{zero.WATCHED}/mine.json")
    assert caught.value.found == f"it says otherwise than params.yaml: {'; '.join(said)}"


def test_a_file_that_dvc_does_not_watch_is_refused(watched, tmp_path):
    (tmp_path / "mine.json").write_text('{"zero_optimization": {"stage": 2}}')
    for name in ("mine.json", "pipelines/training/../../mine.json"):
        with pytest.raises(KefuError, match="DVC watches"):
            read(name)


def test_old_checkpoints_are_pruned(plain, sharded):
    """Six were written: the best and the last are kept, which are one here, or the last two."""
    for job in (plain, sharded):
        assert 1 <= len(whole(job.checkpoints)) <= 2
        assert len(list(job.checkpoints.iterdir())) <= 2


@pytest.mark.parametrize(
    ("stage", "offload", "expected"),
    [
        (1, False, {"stage": 1}),
        (2, True, {"stage": 2, "offload_optimizer": {"device": "cpu"}}),
        (3, False, {"stage": 3, "stage3_gather_16bit_weights_on_model_save": True}),
    ],
)
def test_configuration(tiny_home, tmp_path, stage, offload, expected):
    config = zero_config(tiny_job(tiny_home, tmp_path, items(4), zero_stage=stage, offload=offload))
    assert config["zero_optimization"] == expected
    assert ("optimizer" in config) == offload
    assert zero_config(tiny_job(tiny_home, tmp_path, items(4))) is None
