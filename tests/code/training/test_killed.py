"""Killed anywhere and gone on with, a training ends where the uninterrupted one does, to the bit."""

import json

import pytest
import torch

from pipelines.training.checkpoints import latest, remove_halves, state_of
from pipelines.training.encode import Segment
from tests.code.training import forked
from tests.code.training.tiny import tiny_job

DROPOUT = {"r": 4, "alpha": 8, "dropout": 0.2, "targets": "all-linear", "depth": 1.0}


def items(count, shift=0):
    return [
        [Segment([100 + i % 4, *range(20, 26), i + 300, *([200 + (i + shift) % 4] * 4)], 8)]
        for i in range(count)
    ]


def job_in(folder, home, processes, zero_stage):
    """An odd number of items, so that the last micro-batch and the last step of an epoch are smaller; the
    validation set wants other answers, so that its loss turns and early stopping counts."""
    return tiny_job(
        home,
        folder,
        items(23),
        items(7, shift=1),
        epochs=6,
        lora=DROPOUT,
        learning_rate=0.01,
        patience=2,
        evals_per_epoch=2,
        batch_size=2 // processes,
        zero_stage=zero_stage,
        processes=processes,
    )


WAYS = {"one-process": (1, 0), "two-processes-zero-2": (2, 2), "two-processes-zero-3": (2, 3)}


@pytest.fixture(scope="module", params=WAYS.values(), ids=WAYS)
def uninterrupted(request, tiny_home, tmp_path_factory):
    job = job_in(tmp_path_factory.mktemp("whole"), tiny_home, *request.param)
    forked.finish(job, tiny_home / "torch_extensions")
    return job


def outcome(job):
    """All that must be equal: adapter, log with learning rates, and the last checkpoint's every tensor."""
    last = latest(job.checkpoints)
    facts = json.loads((job.result / "result.json").read_text())
    facts = {name: facts[name] for name in ("steps", "planned_steps", "best_step", "best_eval_loss")}
    state = state_of(last)
    kept = {name: state[name] for name in ("global_step", "best_metric", "best_global_step", "epoch")}
    kept["stopping"] = state["stateful_callbacks"]["EarlyStoppingCallback"]
    files = {
        str(path.relative_to(last)): torch.load(path, weights_only=False, map_location="cpu")
        for path in last.rglob("*.pt*")
        if path.name != "training_args.bin"
    }
    adapter = (job.result / "adapter_model.safetensors").read_bytes()
    return (
        {"facts": facts, "state": kept, "history": (job.result / "history.json").read_text()},
        adapter,
        files,
    )


def assert_same(one, other, at="checkpoint"):
    if isinstance(one, torch.Tensor):
        assert torch.equal(one, other), at
    elif isinstance(one, dict):
        assert one.keys() == other.keys(), at
        for name in one:
            assert_same(one[name], other[name], f"{at}/{name}")
    elif isinstance(one, list | tuple):
        assert len(one) == len(other), at
        for index, (left, right) in enumerate(zip(one, other, strict=True)):
            assert_same(left, right, f"{at}/{index}")
    elif hasattr(one, "tobytes"):
        assert one.tobytes() == other.tobytes(), at
    elif isinstance(one, int | float | str | bool | None):
        assert one == other, at


KILLS = [
    [("step", 9)],  # in the first micro-batch of a step, after a checkpoint
    [("step", 16)],  # between two micro-batches of a step
    [("save", 1)],  # the first checkpoint
    [("save", 6)],
    [("seal", 2)],  # every file is there, the seal is not
    [("evaluation", 5)],
    [("pruning", 1)],  # an old checkpoint is half-removed, the new one is sealed
    [("finish", 1)],  # trained to the end
    [("step", 11), ("evaluation", 4), ("save", 3), ("step", 3)],  # again and again
    [("step", 11), ("save", 3)],
]


# By ZeRO stage; in a row of kills it is each process's turn to die.
ASKED = {0: KILLS[:-1], 2: (KILLS[0], KILLS[-2]), 3: KILLS[-1:]}


@pytest.mark.parametrize("kills", KILLS, ids=lambda kills: "+".join(f"{w}-{n}" for w, n in kills))
def test_gone_on_with_equals_uninterrupted(uninterrupted, tiny_home, tmp_path, kills):
    if kills not in ASKED[uninterrupted.zero_stage]:
        pytest.skip("tried in another way")
    job = job_in(tmp_path, tiny_home, uninterrupted.processes, uninterrupted.zero_stage)
    for number, at in enumerate(kills):
        victim = number % job.processes if at[0] not in ("seal", "pruning", "finish") else 0
        forked.kill(job, at, victim, tiny_home / "torch_extensions")
        assert not job.result.exists()
        remove_halves(job.checkpoints)
    forked.finish(job, tiny_home / "torch_extensions")
    (expected, adapter, files), (found, found_adapter, found_files) = outcome(uninterrupted), outcome(job)
    assert found == expected
    assert found_adapter == adapter
    assert_same(files, found_files)


def test_the_uninterrupted_one_turned_and_stopped(uninterrupted):
    """So the kills above did fall into a training whose patience counts."""
    facts = json.loads((uninterrupted.result / "result.json").read_text())
    assert facts["best_step"] < facts["steps"] < facts["planned_steps"]


SHORTLIST = {"LARGE": 1000, "LIKELY": 4}
"""The tiny base's vocabulary of 2,048 is a large one, and its shortlist leaves some of it out."""


def test_with_a_shortlist_too(tiny_home, tmp_path):
    """The default of a large vocabulary: which micro-batches take the shortlist is drawn."""
    whole, job = (job_in(tmp_path / name, tiny_home, 1, 0) for name in ("whole", "killed"))
    forked.finish(whole, loss=SHORTLIST)
    for at in (("shortlist", 14), ("step", 9)):
        forked.kill(job, at, loss=SHORTLIST)
        remove_halves(job.checkpoints)
    forked.finish(job, loss=SHORTLIST)
    (expected, adapter, files), (found, found_adapter, found_files) = outcome(whole), outcome(job)
    assert (found, found_adapter) == (expected, adapter)
    assert_same(files, found_files)
