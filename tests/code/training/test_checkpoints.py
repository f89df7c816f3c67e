"""A half-written checkpoint is passed over and removed."""

from pipelines.training.checkpoints import is_whole, latest, mark


def test_the_last_whole_one_is_taken(tmp_path):
    for step, ranks in ((8, (0, 1)), (16, (0, 1)), (100, (0,))):
        folder = tmp_path / f"checkpoint-{step}"
        folder.mkdir()
        for rank in ranks:
            mark(folder, rank)
    assert not is_whole(tmp_path / "checkpoint-100", 2)
    assert latest(tmp_path, 2) == tmp_path / "checkpoint-16"
    assert not (tmp_path / "checkpoint-100").exists()


def test_none(tmp_path):
    assert latest(tmp_path, 1) is None
    (tmp_path / "checkpoint-5").mkdir()
    assert latest(tmp_path, 1) is None
