"""The bench on a GPU: what it counts, and that one row that fails is not the whole table."""

import pytest

from bench import train, train_gpu
from bench.train_gpu import MIXED, drawn, table, token_flops

CONFIG = {
    "hidden_size": 8,
    "intermediate_size": 16,
    "num_attention_heads": 2,
    "num_key_value_heads": 2,
    "num_hidden_layers": 3,
    "vocab_size": 100,
}


def test_operations_grow_with_layers_rank_and_length():
    plain = token_flops(CONFIG, 64, 4)
    assert token_flops({**CONFIG, "num_hidden_layers": 6}, 64, 4) > 1.5 * plain
    assert token_flops(CONFIG, 64, 8) > plain
    assert token_flops(CONFIG, 128, 4) > plain


def test_frozen_matrices_cost_four_operations_a_weight():
    more = token_flops({**CONFIG, "vocab_size": 101}, 64, 4) - token_flops(CONFIG, 64, 4)
    assert more == pytest.approx(4 * CONFIG["hidden_size"])


def test_a_way_that_fails_is_a_row_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setattr(train_gpu, "DRY_LENGTHS", (64,))
    lines = table(tmp_path, None, ["no-such-way"], ["0.5B"], dry_run=True, peak=None).splitlines()
    assert [line.split(" | ")[1:4] for line in lines[2:]] == [
        [shown, "no-such-way", "did not finish"] for shown in ("64", "8 to 64, answers")
    ]


def test_mixed_examples_differ_in_length_and_learn_their_last_third():
    examples = [drawn(512, 1000, seed, True)[0] for seed in range(50)]
    lengths = [len(example.input_ids) for example in examples]
    assert len(set(lengths)) > 25 and min(lengths) >= 512 // MIXED and max(lengths) <= 512
    assert all(example.learned == len(example.input_ids) // 3 for example in examples)
    full = drawn(512, 1000, 1, False)[0]
    assert (len(full.input_ids), full.learned) == (512, 511)


@pytest.mark.parametrize(("gpus", "visible", "pinned"), [
    (0, None, {}), (8, None, {"CUDA_VISIBLE_DEVICES": "0"}), (2, "5,7", {"CUDA_VISIBLE_DEVICES": "5"}),
])  # fmt: skip
def test_children_see_one_gpu(monkeypatch, gpus, visible, pinned):
    monkeypatch.setattr(train, "gpu_count", lambda: gpus)
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    if visible:
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
    assert train.one_gpu() == pinned
