import pytest

from tests.code.evaluate import checkout as made
from tests.code.synthesize.conftest import model_server  # noqa: F401


@pytest.fixture(scope="session")
def checkout(tmp_path_factory):
    """(root, params) of a small checkout with its own home; no MLflow server is known to it."""
    root = tmp_path_factory.mktemp("evaluated")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KEFU_HOME", str(root / "home"))
        patch.delenv("MLFLOW_TRACKING_URI", raising=False)
        yield root, made.make(root)


@pytest.fixture
def here(checkout, monkeypatch):
    root, params = checkout
    monkeypatch.setenv("KEFU_HOME", str(root / "home"))
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    return root, params
