import pytest

from pipelines.checks.suites import SUITES, Rule, within

RULES = [(key, rule) for key, rules in SUITES.items() for rule in rules]


@pytest.mark.parametrize("key", SUITES, ids=".".join)
def test_a_suite_states_nothing_twice(key):
    assert len({rule.name for rule in SUITES[key]}) == len(SUITES[key])


def test_every_rule_is_an_expectation_that_exists():
    expectations = pytest.importorskip("great_expectations.expectations")
    for _, rule in RULES:
        assert getattr(expectations, rule.expect)(**rule.kwargs)


def test_a_name_says_what_is_expected_of_which_column():
    assert (
        within("chrf", 0, 100)[0].name == "ExpectColumnValuesToBeBetween of chrf (min_value 0, max_value 100)"
    )
    assert Rule("x", "ExpectCompoundColumnsToBeUnique", {"column_list": ["a", "b"]}).name.endswith("of a, b")
