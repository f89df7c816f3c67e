"""What every test may use: throw-away keys and home, the public data where it is present."""

import os
import secrets
from pathlib import Path

import pytest
from hypothesis import settings

from pipelines.home import main_checkout

ROOT = Path(__file__).resolve().parents[1]

# A busy machine is no fault, and a commit that passed passes again; KEFU_EXPLORE=1 looks for new examples.
settings.register_profile("kefu", deadline=None, derandomize=not os.environ.get("KEFU_EXPLORE"))
settings.load_profile("kefu")

for name, value in {
    "GX_ANALYTICS_ENABLED": "false",
    "DVC_NO_ANALYTICS": "1",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "HF_HUB_OFFLINE": "1",
    "DS_ACCELERATOR": "cpu",
    "OMP_WAIT_POLICY": "PASSIVE",
    "TOKENIZERS_PARALLELISM": "false",
}.items():
    os.environ.setdefault(name, value)


def share_operators(home):
    """DeepSpeed's operators that set-up compiled: without them each training compiles its own."""
    compiled = main_checkout() / ".kefu/torch_extensions"
    if compiled.is_dir():
        home.mkdir(exist_ok=True)
        (home / "torch_extensions").symlink_to(compiled.resolve())


@pytest.fixture(autouse=True)
def keys(monkeypatch):
    """Fresh keys, so that no test depends on those of the machine."""
    for name in ("KEFU_REF_KEY", "KEFU_RESTRICTED_KEY", "KEFU_VAULT_KEY", "KEFU_SIGN_KEY"):
        monkeypatch.setenv(name, secrets.token_hex(32))


@pytest.fixture(autouse=True)
def mlflow_addresses():
    """MLflow's client writes the addresses it connects to into the environment: no test inherits them."""
    names = ("MLFLOW_TRACKING_URI", "MLFLOW_REGISTRY_URI")
    before = {name: os.environ[name] for name in names if name in os.environ}
    yield
    for name in names:
        os.environ.pop(name, None)
    os.environ.update(before)


@pytest.fixture
def own_home(tmp_path, monkeypatch):
    """An empty KEFU_HOME, for tests that write to the restricted area or the store."""
    monkeypatch.setenv("KEFU_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The real public data sets beside the checkout; absent on most machines."""
    for parent in ROOT.parents:
        if (parent / "shared/data").is_dir():
            return parent / "shared/data"
    pytest.skip("../shared/data is not beside this checkout: the public data sets are not on this machine")


@pytest.fixture
def params():
    from pipelines.params import load

    return load(ROOT / "params.yaml")
