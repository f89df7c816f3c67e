"""Packed rows give each segment the loss and the gradient that it has alone."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.base.load import base_path, load_model
from pipelines.training.encode import Segment
from pipelines.training.pack import MIN_SHARED, all_alone, best_fit, flat, into_rows, pack, shared_prefixes
from pipelines.training.trainer import collator
from tests.code.training.tiny import tiny_params

SHARED = list(range(10, 22))
SEGMENTS = [
    Segment([*SHARED, 30, 31, 32, 33], 14),
    Segment([*SHARED, 40, 41, 42, 43, 44, 45], 13),
    Segment([50, 51, 52, 53], 2),
    Segment([*SHARED, 30, 31, 60, 61], 14),
]


@pytest.fixture
def model(home):
    return load_model(base_path(tiny_params().model), "fp32")


def alone(model, segment):
    """Sum of the losses of the learned tokens, the ordinary way: one padded-free row, full logits."""
    ids = torch.tensor([segment.input_ids])
    logits = model(input_ids=ids).logits[0, segment.answer_from - 1 : -1]
    return torch.nn.functional.cross_entropy(logits, ids[0, segment.answer_from :], reduction="sum")


@pytest.mark.parametrize("rows", [[SEGMENTS], [SEGMENTS[:1], SEGMENTS[1:]], [[s] for s in SEGMENTS]])
def test_loss_and_gradient_equal_those_alone(model, rows):
    expected = sum(alone(model, segment) for segment in SEGMENTS)
    expected.backward()
    gradient = model.model.layers[0].mlp.up_proj.weight.grad.clone()
    model.zero_grad()
    loss = model(**pack(rows), num_items_in_batch=1).loss
    loss.backward()
    assert torch.allclose(loss, expected, rtol=1e-5)
    assert torch.allclose(model.model.layers[0].mlp.up_proj.weight.grad, gradient, atol=1e-5)


def test_without_a_mask_positions_tell_segments_apart(model):
    expected = sum(alone(model, segment) for segment in SEGMENTS)
    model.config.use_cache = False
    batch = flat(SEGMENTS)
    assert "attention_mask" not in batch
    assert torch.allclose(model(**batch, num_items_in_batch=1).loss, expected, rtol=1e-5)


def test_attention_of_its_own_kind_gets_what_it_needs(model):
    """A mask wherever segments share a row or one is filled up; flash attention never."""
    same, items = SEGMENTS[:1] * 2, [[segment] for segment in SEGMENTS]
    assert all_alone([same[:1], same[1:]]) and not all_alone([same]) and not all_alone(items)
    room = len(same[0].input_ids)
    batch = collator(room, "sdpa")([same])
    assert "attention_mask" not in batch and batch["input_ids"].shape == (2, room)
    assert torch.allclose(model(**batch, num_items_in_batch=1).loss, 2 * alone(model, same[0]), rtol=1e-5)
    assert "attention_mask" in collator(room, "kefu_grouped")([same])
    assert "attention_mask" in collator(128, "sdpa")(items)
    assert "attention_mask" not in collator(128, "flash_attention_2")(items)


def test_one_segment_does_not_see_another(model):
    changed = [*SEGMENTS[:2], Segment([70, 71, 72, 73], 2), SEGMENTS[3]]

    def logits(segments):
        return model(**pack([segments])).logits.reshape(-1, 2048)

    count = [s.learned for s in SEGMENTS]
    before, after = logits(SEGMENTS), logits(changed)
    groups = [0, 1, 3, 2]  # those that share a prefix stand together
    start = 0
    for index in groups:
        same = torch.equal(before[start : start + count[index]], after[start : start + count[index]])
        assert same == (index != 2)
        start += count[index]


def test_shared_beginning_stands_once():
    packed = pack([SEGMENTS])
    assert packed["input_ids"].shape[1] == len(SHARED) + 4 + 6 + 4 + 4
    assert packed["shift_labels"].tolist() == [32, 33, 41, 42, 43, 44, 45, 60, 61, 52, 53]
    assert packed["logits_to_keep"].sum() == len(packed["shift_labels"])
    assert packed["position_ids"][0, 12:22].tolist() == [12, 13, 14, 15, 12, 13, 14, 15, 16, 17]


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.lists(st.integers(3, 9), min_size=2, max_size=12)),
        min_size=1,
        max_size=7,
    ),
    st.integers(1, 60),
)
def test_every_target_is_there_once_with_its_history(drawn, row_tokens):
    segments = [
        Segment([*([head] * MIN_SHARED), *ids], MIN_SHARED + 1 + len(ids) // 2) for head, ids in drawn
    ]
    rows = into_rows(segments, row_tokens)
    assert [s for row in rows for s in row] == segments
    assert all(len(row) == 1 or sum(len(s.input_ids) for s in row) <= row_tokens for row in rows)
    packed = pack(rows)
    assert sorted(histories(packed)) == sorted(
        (*s.input_ids[:i], s.input_ids[i]) for s in segments for i in range(s.answer_from, len(s.input_ids))
    )


def histories(packed):
    """For each target: the tokens that its predicting position sees, in order of position, and the target."""
    targets = iter(packed["shift_labels"].tolist())
    for row, ids in enumerate(packed["input_ids"]):
        for at in torch.nonzero(packed["logits_to_keep"][row]).flatten().tolist():
            seen = torch.nonzero(packed["attention_mask"][row, 0, at]).flatten().tolist()
            assert packed["position_ids"][row, seen].tolist() == list(range(len(seen)))
            yield (*ids[seen].tolist(), next(targets))


def test_a_prefix_never_takes_the_token_that_predicts_the_answer():
    same = [Segment(SHARED, 11), Segment(SHARED, 11)]
    ((prefix, members),) = shared_prefixes(same)
    assert len(prefix) == 10 and members == same
    short = [Segment([1, 2, 3], 2), Segment([1, 2, 3], 2)]
    assert shared_prefixes(short) == [([], short)]


@given(st.lists(st.integers(2, 40), min_size=1, max_size=20), st.integers(8, 64))
def test_best_fit_loses_nothing_and_needs_no_more_rows(lengths, room):
    segments = [Segment([number] * length, 1) for number, length in enumerate(lengths)]
    rows = best_fit(segments, room)
    assert sorted(s.input_ids[0] for row in rows for s in row) == list(range(len(segments)))
    assert all(len(row) == 1 or sum(len(s.input_ids) for s in row) <= room for row in rows)
    ordered = sorted(segments, key=lambda segment: -len(segment.input_ids))
    assert len(rows) <= len(into_rows(ordered, room))


def test_a_gpus_rows_are_filled_where_order_leaves_gaps():
    """60 + 40 and 50 + 50 in two rows; in their order three, or as many as a CPU's."""
    items = [[Segment([number] * length, 1)] for number, length in enumerate((50, 60, 40, 50))]
    assert collator(100, "sdpa", gpu=True)(items)["input_ids"].shape == (2, 100)
    assert len(collator(100, "sdpa")(items)["input_ids"]) == 3
