"""A model as judge: against the project's own server, and against answers made by hand."""

import pytest

from pipelines.errors import KefuError
from pipelines.evaluate import model_judge
from pipelines.evaluate.model_judge import PROMPT, ModelJudge, prompt
from pipelines.params.sections import ModelJudge as Section
from pipelines.synthesize.request import Reply
from tests.code.evaluate.rows import row


def section(url="http://127.0.0.1:9", **changed):
    return Section(url=url, **{"model": "tiny", "max_answers": 4, "concurrency": 2, **changed})


def asked(n=3, **changed):
    return [row(i, prompt=f"问题{i}", reference="参考", answer=f"回答{i}", **changed) for i in range(n)]


class Endpoint:
    """Says `said` to everybody and remembers what it was asked."""

    def __init__(self):
        self.said, self.asked = "3", []

    def complete(self, url, body, backoff_s, section):
        self.asked.append(body["messages"][0]["content"])
        return Reply(self.said, "tiny-1", None)


@pytest.fixture
def endpoint(monkeypatch, own_home):
    made = Endpoint()
    monkeypatch.setattr(model_judge, "complete", made.complete)
    return made


def test_the_projects_own_server_is_asked_and_named(model_server, own_home):
    before = model_server.asked()
    found = ModelJudge(section(model_server.url)).scores(asked())
    assert model_server.asked() - before == 3
    assert found["n"] + found["unreadable"] == 3 and found["answered_as"] == ["tiny"]
    assert found["model"] == "tiny" and found["prompt"] == PROMPT


@pytest.mark.parametrize(
    ("said", "score"),
    [("4", 4), ("评分：5。", 5), ("Score: 2/5", 2), ("4.5", None), ("17", None), ("good", None), ("0", None)],
)
def test_a_score_is_one_digit_of_its_own(endpoint, said, score):
    endpoint.said = said
    found = ModelJudge(section()).scores(asked(1))
    assert (found["mean"], found["unreadable"]) == (score, int(score is None))


def test_question_reference_and_answer_stand_in_the_prompt(endpoint):
    found = ModelJudge(section()).scores(asked(2))
    assert sorted(endpoint.asked) == sorted(map(prompt, asked(2)))
    assert all(text in prompt(asked(1)[0]) for text in ("问题0", "参考", "回答0"))
    assert found["distribution"]["3"] == 2


def test_a_second_judgement_asks_nothing(endpoint):
    first = ModelJudge(section()).scores(asked())
    assert ModelJudge(section()).scores(asked()) == first and len(endpoint.asked) == 3


def test_not_more_than_max_answers_are_judged_and_personal_data_is_withheld(endpoint):
    found = ModelJudge(section(max_answers=2)).scores(asked(9, intent="x"))
    assert found["n"] == 2
    found = ModelJudge(section()).scores([{**asked(1)[0], "prompt": "打13812345678找我"}])
    assert (found["n"], found["withheld"]) == (0, 1) and len(endpoint.asked) == 2


def test_an_endpoint_that_is_not_there_names_the_parameter_to_mend(own_home):
    with pytest.raises(KefuError, match=r"evaluate\.judge\.url"):
        ModelJudge(section(), backoff_s=0).scores(asked(1))
