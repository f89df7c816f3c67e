"""A home with the tiny base in it, and the tables of a small shop."""

import os

import pytest

from tests.code.training.tiny import tiny_params, write_shop
from tests.conftest import share_operators


@pytest.fixture(scope="session")
def tiny_home(tmp_path_factory):
    from pipelines.base.prepare import prepare

    home = tmp_path_factory.mktemp("home")
    share_operators(home)
    before = os.environ.get("KEFU_HOME")
    os.environ["KEFU_HOME"] = str(home)
    prepare(tiny_params().model)
    if before is None:
        del os.environ["KEFU_HOME"]
    else:
        os.environ["KEFU_HOME"] = before
    return home


@pytest.fixture
def home(tiny_home, monkeypatch):
    monkeypatch.setenv("KEFU_HOME", str(tiny_home))
    return tiny_home


@pytest.fixture
def shop(tmp_path):
    return write_shop(tmp_path / "shop")


@pytest.fixture
def tokenizer(home):
    from pipelines.base.load import base_path, load_tokenizer

    return load_tokenizer(base_path(tiny_params().model))
