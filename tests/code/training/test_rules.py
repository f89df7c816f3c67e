"""Wrong combinations are named before anything is loaded, all of them in one message."""

import re

import pytest

from pipelines.errors import KefuError
from pipelines.stage import execute
from pipelines.training import estimate, rules
from pipelines.training.rules import check, check_time, step_faults
from tests.code.training.tiny import checker, tiny_job, tiny_params


@pytest.fixture
def machine(monkeypatch):
    """Lets a test say what the machine has."""

    def has(gpus=0, cores=2, memory_gib=8):
        for room in (rules, estimate):
            monkeypatch.setattr(room, "gpu_count", lambda: gpus)
            monkeypatch.setattr(room, "core_count", lambda: cores)
        monkeypatch.setattr(rules, "device_memory", lambda: memory_gib << 30)

    has()
    return has


EIGHT = {"deepspeed": {"zero_stage": 3, "processes": 8}, "model": {"min_params": 8.2, "dtype": "bf16"}}
TABLE = {  # a wrong combination: sections laid over the tiny ones, stage, machine, what is said of it
    "processes": ({"deepspeed": {"zero_stage": 2, "processes": 3}}, "tune", {}, "has 2 CPU cores"),
    "gpus": (EIGHT, "tune", {"gpus": 4, "memory_gib": 80}, "processes is 8, this machine has 4 GPUs"),
    "memory": ({"model": {"min_params": 8.2, "dtype": "bf16"}}, "tune", {}, "needs about 19.1 GiB to train"),
    "fp32": (
        {"model": {"min_params": 8.2}},
        "tune",
        {"gpus": 1, "memory_gib": 80},
        "8.2B is trained in bf16",
    ),
    "offload": ({"deepspeed": {"zero_stage": 3, "offload": True}}, "tune", {}, "needs a GPU"),
    "config": (
        {"deepspeed": {"zero_stage": 2, "config": "missing.json"}},
        "tune",
        {},
        "no file of the folder that DVC watches",
    ),
    "hostfile": (
        {"deepspeed": {"zero_stage": 2, "processes": 2, "nodes": 2, "hostfile": "missing"}},
        "tune",
        {},
        "there is no hostfile",
    ),
    "processes of a node": (
        {"deepspeed": {"zero_stage": 2, "processes": 6, "nodes": 2, "rendezvous": "a:29400"}},
        "tune",
        {},
        "processes is 6 on 2 nodes, this machine has 2 CPU cores",
    ),
    "target": ({"lora": {"targets": ["q_proj", "wv"]}}, "tune", {}, "'wv' is no linear layer of the base"),
    "rank": ({"lora": {"r": 65}}, "tune", {}, "smallest layer has 16 dimensions"),
    "context": ({"tune": {"max_tokens": 4096}}, "tune", {}, "tune.max_tokens is 4096, the longest context"),
    "window": ({"pretrain": {"block_tokens": 600}}, "pretrain", {}, "the attention window of tiny is 512"),
    "batch": ({"tune": {"batch_size": 100_000}}, "tune", {}, "tiny needs about"),
    "licence": ({"model": {"allowed_licenses": ["mit"]}}, "tune", {}, "licence apache-2.0 of tiny"),
    "base": ({"model": {"base": "nothing"}}, "tune", {}, "there is no base 'nothing'"),
}


@pytest.mark.parametrize("name", TABLE)
def test_every_wrong_combination_has_its_message(home, machine, name):
    sections, stage, has, said = TABLE[name]
    machine(**has)
    with pytest.raises(KefuError) as caught:
        check(tiny_params(**sections), stage)
    assert said in caught.value.found
    assert caught.value.todo


CROSS = {  # within params.yaml alone, when it is read
    "empty targets": ({"lora": {"targets": []}}, "an empty list adapts nothing"),
    "block": ({"pretrain": {"max_tokens": 50}}, "less than one block"),
    "warm-up": ({"tune": {"warmup_ratio": 1}}, "tune.warmup_ratio: 1 never leaves warm-up"),
    "plain offload": ({"deepspeed": {"offload": True}}, "offload needs zero_stage"),
    "plain processes": ({"deepspeed": {"processes": 2}}, "more than one process needs zero_stage"),
    "zero stage": ({"deepspeed": {"zero_stage": 4}}, "deepspeed.zero_stage"),
    "patience": ({"tune": {"early_stopping_patience": 0}}, "tune.early_stopping_patience"),
    "plain config": ({"deepspeed": {"config": "x.json"}}, "config needs zero_stage 1, 2 or 3"),
    "uneven nodes": (
        {"deepspeed": {"zero_stage": 2, "processes": 3, "nodes": 2, "hostfile": "h"}},
        "3 processes can't be shared out evenly among 2 nodes",
    ),
    "no meeting": (
        {"deepspeed": {"zero_stage": 2, "processes": 2, "nodes": 2}},
        "more than one node needs a rendezvous (host:port) or a hostfile",
    ),
    "rendezvous": ({"deepspeed": {"rendezvous": "http://a"}}, "deepspeed.rendezvous"),
    "evaluations": ({"tune": {"evals_per_epoch": 0}}, "tune.evals_per_epoch"),
    "rendezvous of one": ({"deepspeed": {"rendezvous": "a:29400"}}, "are for two nodes or more, nodes is 1"),
    "shares": (
        {"tune": {"general_share": 0.6, "corpus_share": 0.4}},
        "general_share + corpus_share leave nothing",
    ),
    "rate": ({"tune": {"learning_rate": 10}}, "tune.learning_rate"),
    "endless rate": ({"pretrain": {"learning_rate": float("inf")}}, "pretrain.learning_rate"),
    "seed": ({"tune": {"seed": -1}}, "tune.seed"),
    "currency": (
        {"training": {"prices": {"currency": "", "core_hour": 1, "gpu_hour": 1}}},
        "training.prices.currency",
    ),
    "prices": ({"training": {"prices": {"core_hour": -1, "gpu_hour": 1}}}, "training.prices"),
}


@pytest.mark.parametrize("name", CROSS)
def test_within_the_parameters(name):
    sections, said = CROSS[name]
    with pytest.raises(KefuError) as caught:
        tiny_params(**sections)
    assert said in caught.value.found


STEPS = {  # items, rows to evaluate, own settings of a job whose step takes four items
    "batch": (3, 4, {"evals_per_epoch": 1}, "is 4, there are 3 items to train on"),
    "evaluations": (8, 4, {"evals_per_epoch": 3}, "evals_per_epoch is 3, an epoch has 2 steps"),
    "rows": (24, 1, {"processes": 2, "zero_stage": 2}, "2 processes, but 1 rows to evaluate"),
}


@pytest.mark.parametrize("name", STEPS)
def test_batch_arithmetic(home, tmp_path, name):
    items, rows, own, said = STEPS[name]
    job = tiny_job(home, tmp_path, [], evaluation=[[]], **own)
    (fault,) = step_faults(job, items, rows)
    assert said in fault
    assert step_faults(job, 100, 8) == []


def test_all_faults_in_one_message_with_the_profile_to_choose(home, machine):
    sections = {"lora": {"targets": ["query", "wv"]}, "tune": {"max_tokens": 4096}}
    sections |= {"deepspeed": {"zero_stage": 2, "processes": 3}}
    with pytest.raises(KefuError) as caught:
        check(tiny_params(**sections), "tune")
    assert caught.value.found.startswith("5 fault(s)")
    assert "profiles that fit this machine: tiny" in caught.value.todo
    assert "gpu-8b" not in caught.value.todo


def test_the_profile_for_eight_gpus_has_room_there(machine):
    machine(gpus=8, memory_gib=80)
    assert rules.machine_faults(tiny_params(**EIGHT), "tune") == []
    assert "gpu-8b" in rules.fitting_profiles("tune")


QWEN_8B = {"hidden_size": 4096, "intermediate_size": 12288, "num_hidden_layers": 36, "vocab_size": 151936}


def test_estimate_of_an_8b_base_under_zero_3(machine):
    """Weights over eight, an adapter's state over eight, 4 x 4096 tokens with checkpointed activations."""
    machine(gpus=8)
    params = tiny_params(**EIGHT)
    weights, adapter = 8.2e9 * 2 / 8, estimate.lora_weights(QWEN_8B, 4) * 16 / 8
    kept = 4 * 4096 * 2 * (36 * 4096 + 20 * 4096 + 8 * 12288)
    expected = weights + adapter + kept + 4 * 4096 * 151936 * 4 * 3
    assert estimate.memory_bytes(params, 8.2e9, QWEN_8B, 4 * 4096) == pytest.approx(expected)
    assert estimate.memory_bytes(params, 8.2e9) == pytest.approx(weights * 1.25)


def test_activations_are_kept_where_there_is_room(machine):
    def again(gpus, free_gib):
        machine(gpus=gpus)
        params = tiny_params(deepspeed={"zero_stage": 2}, model={"dtype": "bf16"})
        return estimate.checkpoints_activations(params, 8.2e9, QWEN_8B, 2048, free_gib << 30)

    assert again(gpus=1, free_gib=79) is False
    assert again(gpus=1, free_gib=40) is True
    assert again(gpus=0, free_gib=4) is False


def test_estimate_grows_with_what_costs(machine):
    params = tiny_params()
    sizes = [estimate.memory_bytes(params, 1e9, QWEN_8B, tokens) for tokens in (0, 1000, 2000)]
    assert sizes[2] - sizes[1] == pytest.approx(sizes[1] - sizes[0]) and sizes[1] > sizes[0]
    slow = estimate.training_seconds(8e9, 10**8, "bf16")
    machine(gpus=8)
    one, two = (estimate.training_seconds(8e9, 10**8, "bf16", processes=count) for count in (1, 2))
    assert two == one / 2 < slow / 100
    again = estimate.training_seconds(8e9, 10**8, "bf16", processes=2, checkpointed=True)
    assert again == pytest.approx(1.5 * two)


def test_the_time_of_the_laptops_tune_is_right_within_a_factor_of_two(machine):
    """docs/training.md: 382 s at 784 tokens a second on two cores."""
    seconds = estimate.training_seconds(268e6, 382 * 784, "bf16", 0.5)
    assert 382 / 2 < seconds < 382 * 2


def test_the_estimate_of_memory_is_told_beside_what_is_free(home, machine):
    params = tiny_params()
    line = rules.memory_line(params, check(params, "tune"), "tune")
    assert re.fullmatch(r"about 0\.\d GiB of 8\.0 GiB free on this machine", line)


def test_a_training_over_the_hours_allowed_does_not_start(home, tmp_path, machine):
    params = tiny_params(training={"max_hours": 2})
    job, base = tiny_job(home, tmp_path, []), check(params, "tune")
    assert check_time(params, job, base, 10**6) < 7200
    with pytest.raises(KefuError, match=r"may take \d+ hours here, training.max_hours is 2"):
        check_time(params, job, base, 10**12)


def test_a_right_combination_passes(home):
    assert check(tiny_params(), "tune").name == "tiny"
    assert check(tiny_params(), "pretrain").name == "tiny"


def test_the_stage_checks_first(home, tmp_path):
    """No table is there, yet the parameters are what is complained about."""
    with pytest.raises(KefuError, match="attention window"):
        execute("pretrain", tiny_params(pretrain={"block_tokens": 600}), tmp_path, checker)
