from pathlib import Path

import pytest

from pipelines.curate.examples import example, text_hash
from pipelines.knowledge import load_brand, load_rules

KNOWLEDGE = Path(__file__).parents[3] / "data/knowledge"


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
