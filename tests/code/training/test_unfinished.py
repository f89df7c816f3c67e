"""A training that was stopped is gone on with, or what differs is told; none is thrown away silently."""

import json
import os
import subprocess
import sys
import time

import pytest

from pipelines.errors import KefuError
from pipelines.training.checkpoints import seal
from pipelines.training.unfinished import (
    IDENTITY,
    KEEP_DAYS,
    chosen,
    differences,
    folder_of,
    open_folder,
    unfinished,
)
from tests.code.training.tiny import ROOT

THEN = {
    "learning_rate": 0.001,
    "epochs": 1,
    "total_steps": 120,
    "lora.targets": ["q_proj"],
    "training_data": f"96 items {'a' * 64}",
    "code": "c" * 64,
}


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("KEFU_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("KEFU_ON_CHANGE", raising=False)


def stopped(settings, root, step=40, stage="tune"):
    """An unfinished training with one whole checkpoint at `step`, or none."""
    folder = open_folder(stage, root, settings, "refuse")
    if step:
        checkpoint = folder / f"checkpoints/checkpoint-{step}"
        checkpoint.mkdir(parents=True)
        (checkpoint / "trainer_state.json").write_text(json.dumps({"global_step": step, "max_steps": 120}))
        seal(checkpoint)
    return folder


def test_the_same_training_is_gone_on_with_from_any_checkout(tmp_path):
    folder = stopped(THEN, tmp_path / "a")
    assert open_folder("tune", tmp_path / "a", THEN, "refuse") == folder
    assert open_folder("tune", tmp_path / "b", THEN, "refuse") == folder
    assert (folder / "checkpoints/checkpoint-40").is_dir()


NOW = {**THEN, "epochs": 2, "total_steps": 240, "training_data": f"97 items {'b' * 64}"}


def test_a_changed_one_is_refused_with_names_and_both_values(tmp_path):
    folder = stopped(THEN, tmp_path)
    with pytest.raises(KefuError) as caught:
        open_folder("tune", tmp_path, NOW, "refuse")
    assert caught.value.found.splitlines() == [
        "a training of tune stands unfinished at step 40 of 120, under other settings",
        "  - epochs: 1 then, 2 now",
        "  - total_steps: 120 then, 240 now",
        "  - training_data: 96 items aaaaaaaaaaaa then, 97 items bbbbbbbbbbbb now",
    ]
    assert caught.value.where == str(folder)
    assert "--on-change" in caught.value.todo and "KEFU_ON_CHANGE" in caught.value.todo
    assert [u.folder for u in unfinished()] == [folder] and not folder_of(NOW).exists()
    assert open_folder("tune", tmp_path, THEN, "refuse") == folder


def test_restart_gives_it_up_and_says_so(tmp_path, capsys):
    folder = stopped(THEN, tmp_path)
    new = open_folder("tune", tmp_path, NOW, "restart")
    assert not folder.exists() and not (new / "checkpoints").exists()
    assert "at step 40 of 120 is given up, as asked for" in capsys.readouterr().out


def test_resume_takes_the_checkpoints_along(tmp_path, capsys):
    folder = stopped(THEN, tmp_path)
    new = open_folder("tune", tmp_path, NOW, "resume")
    assert not folder.exists() and (new / "checkpoints/checkpoint-40/trainer_state.json").exists()
    assert "epochs: 1 then, 2 now" in capsys.readouterr().out


def test_resume_under_what_the_optimizer_holds_is_refused(tmp_path):
    folder = stopped(THEN, tmp_path)
    with pytest.raises(KefuError, match=r"can't go on under another learning_rate, lora\.targets"):
        open_folder("tune", tmp_path, {**NOW, "learning_rate": 1e-4, "lora.targets": "all-linear"}, "resume")
    assert folder.exists()


def test_without_a_checkpoint_nothing_is_lost(tmp_path, capsys):
    folder = stopped(THEN, tmp_path, step=0)
    open_folder("tune", tmp_path, NOW, "refuse")
    assert not folder.exists() and "no checkpoint yet" in capsys.readouterr().out


def test_another_checkout_and_another_stage_are_not_in_the_way(tmp_path):
    """The weekly run has a worktree of its own, so what an earlier week left never stops it."""
    folders = [stopped(THEN, tmp_path / "week-1"), stopped(THEN | {"name": "p"}, tmp_path, stage="pretrain")]
    open_folder("tune", tmp_path / "week-2", NOW, "refuse")
    assert all(folder.exists() for folder in folders)


@pytest.mark.parametrize(("days", "gone", "kept"), [(1, True, True), (99, False, True), (99, True, False)])
def test_forgotten_ones_are_removed_when_their_checkout_is_gone(tmp_path, days, gone, kept):
    root = tmp_path / "week-1"
    if not gone:
        root.mkdir()
    folder = stopped(THEN, root)
    before = time.time() - days * 86400
    os.utime(folder / IDENTITY, (before, before))
    open_folder("tune", tmp_path, NOW, "refuse")
    assert folder.exists() == kept
    assert KEEP_DAYS < 99


def test_differences_name_what_came_and_what_went():
    assert differences({"a": 1, "b": 2}, {"b": 2, "c": 3}) == {"a": (1, None), "c": (None, 3)}


def test_the_environment_overrules_the_parameter(monkeypatch):
    assert chosen("refuse") == "refuse"
    monkeypatch.setenv("KEFU_ON_CHANGE", "restart")
    assert chosen("refuse") == "restart"
    monkeypatch.setenv("KEFU_ON_CHANGE", "ignore")
    with pytest.raises(KefuError, match="'ignore'"):
        chosen("refuse")


HOLD = """
from pathlib import Path
from pipelines.training.unfinished import alone, folder_of
with alone(folder_of({settings})):
    print("in", flush=True)
    input()
"""


def test_two_runs_of_one_training_wait_for_each_other(tmp_path):
    def run(settings):
        code = HOLD.format(settings=settings)
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        return subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, **pipes)

    first = run(THEN)
    assert first.stdout.readline() == "in\n"
    second, other = run(THEN), run(NOW)
    assert other.stdout.readline() == "in\n"
    assert "waits" in second.stdout.readline()
    first.communicate("\n")
    assert second.stdout.readline() == "in\n"
    for process in (second, other):
        process.communicate("\n")
