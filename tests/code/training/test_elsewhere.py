"""A training that another machine goes on with."""

import pytest

from pipelines.training import elsewhere
from pipelines.training.checkpoints import latest, seal, whole


@pytest.fixture
def shared(tmp_path, monkeypatch):
    monkeypatch.setenv("KEFU_CHECKPOINTS", (tmp_path / "shared").as_uri())
    return tmp_path / "shared"


@pytest.fixture
def machine(tmp_path):
    """machine(n): the folder of the same training's checkpoints on machine n."""

    def of(number):
        folder = tmp_path / f"{number}/checkpoints/0af3/checkpoints"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    return of


def save(checkpoints, step, text="weights"):
    checkpoint = checkpoints / f"checkpoint-{step}"
    (checkpoint / f"global_step{step}").mkdir(parents=True)
    (checkpoint / f"global_step{step}/optimizer.pt").write_text(text)
    (checkpoint / "adapter.safetensors").write_text(text)
    seal(checkpoint)


def test_another_machine_goes_on_where_the_first_ended(machine, shared):
    for step in (4, 8):
        save(machine(1), step, f"weights {step}")
        elsewhere.send(machine(1))
    save(machine(2), 4)
    (machine(2) / "checkpoint-8").mkdir()  # half of one
    elsewhere.fetch(machine(2))
    last = latest(machine(2))
    assert last.name == "checkpoint-8" and (last / "global_step8/optimizer.pt").read_text() == "weights 8"
    assert sorted(path.name for path in machine(2).iterdir()) == ["checkpoint-4", "checkpoint-8"]


def test_what_is_here_and_as_far_is_kept(machine, shared):
    save(machine(1), 4, "theirs")
    elsewhere.send(machine(1))
    save(machine(2), 4, "mine")
    elsewhere.fetch(machine(2))
    assert (latest(machine(2)) / "adapter.safetensors").read_text() == "mine"


def test_the_copies_are_those_that_the_trainer_keeps(machine, shared):
    save(machine(1), 4)
    elsewhere.send(machine(1))
    (machine(1) / "checkpoint-4").rename(machine(1) / "gone")
    save(machine(1), 8)
    elsewhere.send(machine(1))
    assert [path.name for path in whole(shared / "0af3")] == ["checkpoint-8"]
    elsewhere.forget(machine(1))
    assert not (shared / "0af3").exists()


def test_half_a_copy_is_no_copy(machine, shared):
    save(machine(1), 4)
    elsewhere.send(machine(1))
    (shared / "0af3/checkpoint-4/complete.json").unlink()
    elsewhere.fetch(machine(2))
    assert latest(machine(2)) is None
    elsewhere.send(machine(1))
    (shared / "0af3/checkpoint-4/adapter.safetensors").write_text("cut")
    elsewhere.fetch(machine(2))
    assert latest(machine(2)) is None and list(machine(2).iterdir()) == []


def test_a_place_that_does_not_answer_costs_no_training(machine, monkeypatch, capsys):
    monkeypatch.setenv("KEFU_CHECKPOINTS", "nowhere://bucket")
    save(machine(1), 4)
    for step in (elsewhere.fetch, elsewhere.send, elsewhere.forget):
        step(machine(1))
    assert capsys.readouterr().out.count("KEFU_CHECKPOINTS failed") == 3
    assert latest(machine(1)).name == "checkpoint-4"


def test_without_the_variable_nothing_is_copied(machine, monkeypatch, tmp_path):
    monkeypatch.delenv("KEFU_CHECKPOINTS", raising=False)
    save(machine(1), 4)
    elsewhere.send(machine(1))
    elsewhere.fetch(machine(2))
    assert latest(machine(2)) is None
