"""A checkpoint is whole when every file that its seal lists is there, of its size."""

import json
import shutil
from types import SimpleNamespace

import pytest

from pipelines.training.callbacks import Seal
from pipelines.training.checkpoints import SEAL, is_done, is_whole, latest, remove_halves, seal


def checkpoint(folder, step, sealed=True):
    made = folder / f"checkpoint-{step}"
    (made / "global_step").mkdir(parents=True)
    (made / "trainer_state.json").write_text("{}")
    (made / "global_step/optimizer.pt").write_bytes(b"x" * 100)
    if sealed:
        seal(made)
    return made


def lose_a_file(made):
    (made / "global_step/optimizer.pt").unlink()


def cut_a_file(made):
    (made / "global_step/optimizer.pt").write_bytes(b"x" * 99)


def lose_the_seal(made):
    (made / SEAL).unlink()


def half_a_seal(made):
    (made / SEAL).rename(made / f"{SEAL}.partial")


@pytest.mark.parametrize("damage", [lose_a_file, cut_a_file, lose_the_seal, half_a_seal])
def test_the_last_whole_one_is_taken_and_halves_go(tmp_path, damage):
    for step in (8, 16, 100):
        checkpoint(tmp_path, step)
    assert latest(tmp_path) == tmp_path / "checkpoint-100"
    damage(tmp_path / "checkpoint-100")
    assert not is_whole(tmp_path / "checkpoint-100")
    assert latest(tmp_path) == tmp_path / "checkpoint-16"
    assert remove_halves(tmp_path) == ["checkpoint-100"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["checkpoint-16", "checkpoint-8"]


def test_the_seal_lists_every_file(tmp_path):
    made = checkpoint(tmp_path, 1)
    assert json.loads((made / SEAL).read_text()) == {"trainer_state.json": 2, "global_step/optimizer.pt": 100}


def test_none(tmp_path):
    assert latest(tmp_path) is None
    checkpoint(tmp_path, 5, sealed=False)
    assert latest(tmp_path) is None


@pytest.mark.parametrize(
    ("step", "count", "planned", "done"),
    [
        (5, 0, 9, False),
        (5, 2, 9, False),
        (5, 3, 9, True),
        (9, 0, 9, True),
        (5, None, 9, False),
        (9, 0, 18, False),  # gone on with for more epochs
        (5, 3, 18, False),
        (9, 0, 6, True),
    ],
)
def test_done_is_every_step_or_patience_at_its_end(step, count, planned, done):
    state = {"global_step": step, "max_steps": 9, "stateful_callbacks": {}}
    if count is not None:
        state["stateful_callbacks"]["EarlyStoppingCallback"] = {
            "args": {"early_stopping_patience": 3},
            "attributes": {"early_stopping_patience_counter": count},
        }
    assert is_done(state, planned) == done


@pytest.mark.parametrize(("best", "left"), [(4, [4, 12]), (12, [8, 12])])
def test_old_ones_go_once_the_new_one_is_sealed(tmp_path, monkeypatch, best, left):
    for step in (4, 8, 12):
        checkpoint(tmp_path, step, sealed=step < 12)
    removed, real = [], shutil.rmtree

    def watched(folder, **how):
        removed.append(is_whole(tmp_path / "checkpoint-12"))
        real(folder, **how)

    monkeypatch.setattr(shutil, "rmtree", watched)
    state = SimpleNamespace(global_step=12, best_model_checkpoint=str(tmp_path / f"checkpoint-{best}"))
    Seal().on_save(SimpleNamespace(output_dir=str(tmp_path)), state, None)
    assert removed == [True]
    assert sorted(int(path.name.rsplit("-")[-1]) for path in tmp_path.iterdir()) == left
