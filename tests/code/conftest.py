"""A small checkout, for tests of runs' worktrees."""

import pytest

from pipelines import exchange, home, snapshot, workspace
from tests.conftest import ROOT
from tests.worktrees import git


@pytest.fixture
def checkout(tmp_path, own_home, monkeypatch):
    """A small repository that looks like a checkout of the project."""
    root = tmp_path / "checkout"
    (root / ".dvc").mkdir(parents=True)
    (root / "data/raw").mkdir(parents=True)
    (root / ".dvc/config").write_text("")
    (root / "params.yaml").write_text((ROOT / "params.yaml").read_text())
    (root / "code.txt").write_text("committed\n")
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "-c", "user.name=t", "-c", "user.email=t@t", "commit", "-qm", "first")
    for module in (home, workspace, snapshot, exchange):
        monkeypatch.setattr(module, "main_checkout", lambda: root)
    return root
