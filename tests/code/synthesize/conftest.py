import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipelines.base.prepare import prepare
from pipelines.curate.examples import example, text_hash
from pipelines.knowledge import load_brand, load_rules
from pipelines.params import load

ROOT = Path(__file__).parents[3]
KNOWLEDGE = ROOT / "data/knowledge"


@pytest.fixture(autouse=True)
def _own_store(own_home):
    """No test finds what another remembered."""


@pytest.fixture(scope="session")
def brand():
    return load_brand(KNOWLEDGE)


@pytest.fixture(scope="session")
def rules():
    return load_rules(KNOWLEDGE)


@pytest.fixture
def row(brand):
    """Makes a row of EXAMPLES; `of` is its FAQ entry."""

    def make(question, answer="签收后7天内可以退。", of="return_policy.zh", **more):
        name = f"{of}#{text_hash(question)}"
        given = {
            "example_id": name,
            "group_id": name,
            "origin": "faq",
            "intent": "return/policy",
            "language": "zh",
            "parent_ids": [of],
            "key_facts": [["7天"]],
        }
        return example(brand, question=question, answer=answer, **{**given, **more})

    return make


class ModelServer:
    """`python -m pipelines serve` on the tiny base, in a process of its own."""

    def __init__(self, folder):
        self.log = folder / "serve.log"
        env = {**os.environ, "KEFU_HOME": str(folder / "home")}
        prepare(load().model.model_copy(update={"base": "tiny"}))
        with self.log.open("w") as out:
            command = [sys.executable, "-m", "pipelines", "serve", "--base", "tiny"]
            self.process = subprocess.Popen(command, env=env, cwd=ROOT, stdout=out, stderr=out)
        deadline = time.monotonic() + 120
        while not (
            found := re.search(r"serving tiny at (\S+),[\s\S]*startup complete", self.log.read_text())
        ):
            assert self.process.poll() is None and time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.1)
        self.url = found[1]

    def asked(self):
        """How many completions it was asked for so far."""
        return self.log.read_text().count("POST /v1/chat/completions")


@pytest.fixture(scope="session")
def model_server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("served")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KEFU_HOME", str(folder / "home"))
        server = ModelServer(folder)
    yield server
    server.process.terminate()
    server.process.wait(30)
