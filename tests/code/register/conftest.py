import pytest

from tests.code.evaluate import checkout as made

RUN = "manual__2026-09-14T03:00:00+00:00"
SIGN_KEY = "5a" * 32


@pytest.fixture(scope="session")
def registered(tmp_path_factory):
    """(root, params, result) of a run that was registered in an MLflow store of its own."""
    from pipelines.register.run import register
    from pipelines.stage import execute

    root = tmp_path_factory.mktemp("registered")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)  # where MLflow puts the artifacts of a store without a server
        patch.setenv("KEFU_HOME", str(root / "home"))
        patch.setenv("KEFU_SIGN_KEY", SIGN_KEY)
        patch.delenv("MLFLOW_TRACKING_URI", raising=False)
        params = made.make(root)
        execute("evaluate", params, root, checker=lambda *_: {})
        made.add_versions(root)
        page = root / "data/checks/split/index.html"
        page.parent.mkdir(parents=True)
        page.write_text("<h1>checks</h1>")
        patch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{root / 'mlflow.db'}")
        patch.setenv("MLFLOW_REGISTRY_URI", f"sqlite:///{root / 'mlflow.db'}")
        result = register(params, RUN, root)
    return root, params, result


@pytest.fixture
def here(registered, monkeypatch):
    root, params, result = registered
    monkeypatch.chdir(root)
    monkeypatch.setenv("KEFU_HOME", str(root / "home"))
    monkeypatch.setenv("KEFU_SIGN_KEY", SIGN_KEY)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{root / 'mlflow.db'}")
    return root, params, result


@pytest.fixture
def client(here):
    from pipelines.register.tracking import connect

    return connect()
