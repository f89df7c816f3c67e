"""The generator against a real server: a model in a process of its own, asked over HTTP."""

import os
import signal
import subprocess
import sys
import time

import pytest

from pipelines.synthesize.endpoint import Endpoint
from tests.code.synthesize.conftest import ROOT
from tests.code.synthesize.test_endpoint import section

QUESTIONS = [(f"买满{n}块包邮吗", "zh") for n in range(100, 124)]
ASK = """
import sys
from pipelines.params.sections import Endpoint as Section
from pipelines.synthesize.endpoint import Endpoint
from tests.code.synthesize.test_model_server import QUESTIONS
Endpoint(Section.model_validate_json(sys.argv[1]), 1).paraphrase(QUESTIONS, 2)
"""


@pytest.fixture
def of_model(model_server, own_home):
    return section(model_server.url, model="tiny", concurrency=2)


def test_a_model_answers_and_its_tokens_are_counted(model_server, of_model):
    before = model_server.asked()
    asking = Endpoint(of_model, seed=1)
    answers = asking.paraphrase(QUESTIONS[:4], 2)
    report = asking.report()
    assert len(answers) == 4 and model_server.asked() - before == 4
    assert report["asked"] == 4 and report["answered_as"] == ["tiny"]
    assert report["input_tokens"] > 4 * 20 and report["output_tokens"] == sum(a.tokens[1] for a in answers)


def test_the_same_seed_gives_the_same_answers_and_another_seed_others(of_model, monkeypatch, tmp_path):
    said = []
    for place, seed in enumerate((1, 1, 2)):
        monkeypatch.setenv("KEFU_HOME", str(tmp_path / f"home{place}"))
        said.append([a.wordings for a in Endpoint(of_model, seed).paraphrase(QUESTIONS[:4], 2)])
    assert said[0] == said[1] != said[2]


def test_a_killed_run_goes_on_and_pays_for_nothing_twice(model_server, of_model, own_home):
    before = model_server.asked()
    command = [sys.executable, "-c", ASK, of_model.model_dump_json()]
    child = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
    deadline = time.monotonic() + 60
    while model_server.asked() - before < 6:
        assert child.poll() is None and time.monotonic() < deadline
        time.sleep(0.01)
    child.send_signal(signal.SIGKILL)
    assert child.wait() == -signal.SIGKILL
    time.sleep(1)  # what was under way may still be written to the server's log
    paid = model_server.asked() - before
    resumed = Endpoint(of_model, 1)
    resumed.paraphrase(QUESTIONS, 2)
    assert 6 - of_model.concurrency <= resumed.counts["from_cache"] < len(QUESTIONS)
    assert resumed.counts["from_cache"] >= paid - of_model.concurrency  # those under way may be lost
    assert resumed.counts["asked"] == len(QUESTIONS) - resumed.counts["from_cache"]
    again = Endpoint(of_model, 1)
    again.paraphrase(QUESTIONS, 2)
    assert (again.counts["from_cache"], again.budget.input_tokens) == (len(QUESTIONS), 0)


def test_a_refusal_of_the_server_is_told_in_its_terms(model_server, own_home):
    from pipelines.errors import KefuError
    from pipelines.synthesize.request import complete

    body = {"messages": [{"role": "user", "content": "能退吗"}], "max_tokens": 100_000}
    with pytest.raises(KefuError, match="HTTP 400 invalid_request_error") as caught:
        complete(model_server.url, body, 0.01)
    assert "能退吗" not in str(caught.value)
