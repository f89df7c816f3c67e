from collections import Counter

import pytest

from pipelines.knowledge import facts_found
from pipelines.synthesize.boundary import boundary_cases


def test_every_case_states_its_facts_and_comes_from_its_rule(rules, brand):
    by_id = {rule.id: rule for rule in rules}
    rows = boundary_cases(rules, brand, 2000, 7)
    assert len({row["example_id"] for row in rows}) == len(rows)
    for row in rows:
        rule = by_id[row["parent_ids"][0].removeprefix("rule/")]
        n = int(row["group_id"].split("#")[1])
        answer = row["messages"][-1]["content"]
        assert facts_found(answer, row["key_facts"]) == len(row["key_facts"])
        assert row["intent"] == rule.intent
        assert row["hand_over"] == rule.case(n).hand_over == brand.hands_over(answer)
        assert "{" not in row["messages"][-2]["content"] + answer


def test_a_few_cases_are_dealt_over_all_rules_at_their_limits(rules, brand):
    rows = boundary_cases(rules, brand, 2 * len(rules), 7)
    assert set(Counter(row["parent_ids"][0] for row in rows).values()) == {2}
    assert Counter(row["language"] for row in rows) == {"zh": len(rules), "en": len(rules)}
    by_id = {rule.id: rule for rule in rules}
    for row in rows:
        rule = by_id[row["parent_ids"][0].removeprefix("rule/")]
        n = int(row["group_id"].split("#")[1])
        limits = [v for v in rule.parameter.values() if rule.case(v) is rule.case(n) and rule.is_boundary(v)]
        assert n in limits or not limits


def test_answers_follow_the_arithmetic(rules, brand):
    rows = boundary_cases([rule for rule in rules if rule.id == "partial_refund_stain"], brand, 500, 7)
    for row in rows:
        price = int(row["group_id"].split("#")[1])
        assert facts_found(
            row["messages"][-1]["content"], [[f"{price * 20 // 100}元", f"{price * 20 // 100} yuan"]]
        )


@pytest.mark.parametrize("count", [0, 1, 37])
def test_no_more_than_asked_for_and_the_same_each_time(rules, brand, count):
    rows = boundary_cases(rules, brand, count, 7)
    assert len(rows) == count
    assert rows == boundary_cases(rules, brand, count, 7)
