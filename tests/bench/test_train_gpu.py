"""The bench on a GPU: what it counts, and that one row that fails is not the whole table."""

import pytest

from bench.train_gpu import DRY_LENGTHS, table, token_flops

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


def test_a_way_that_fails_is_a_row_of_its_own(tmp_path):
    lines = table(tmp_path, None, ["no-such-way"], ["0.5B"], dry_run=True, peak=None).splitlines()
    assert [line.split(" | ")[1:4] for line in lines[2:]] == [
        [f"{length:,}", "no-such-way", "did not finish"] for length in DRY_LENGTHS
    ]
