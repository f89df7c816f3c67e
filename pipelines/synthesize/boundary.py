"""Boundary cases from rules.yaml: the same question just inside and just outside of a limit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from random import Random
from typing import Any

from pipelines.curate.examples import example
from pipelines.knowledge import Brand, Rule
from pipelines.knowledge.rules import Case, filled

Row = dict[str, Any]


def boundary_cases(rules: Sequence[Rule], brand: Brand, count: int, seed: int) -> list[Row]:
    """At most `count` examples, dealt evenly over rules and languages, the values at a limit first.

    Answers follow from the rule's arithmetic. All examples of one rule and value are one group.
    """
    decks = [_deck(rule, brand, language, seed) for rule in rules for language in ("zh", "en")]
    dealt = [row for turn in zip_longest(*decks) for row in turn if row is not None]
    return dealt[:count]


def _deck(rule: Rule, brand: Brand, language: str, seed: int) -> Iterator[Row]:
    """The rule's examples, case after case in turn, each with another of the rule's wordings."""
    draw = Random(f"{seed}:{rule.id}:{language}")
    wordings = draw.sample(range(len(rule.questions(language))), len(rule.questions(language)))
    by_case = [_values(rule, case, draw) for case in draw.sample(rule.cases, len(rule.cases))]
    values = [n for turn in zip_longest(*by_case) for n in turn if n is not None]
    for lap in range(len(wordings)):
        for place, n in enumerate(values):
            yield _example(rule, brand, language, n, wordings[(place + lap) % len(wordings)])


def _values(rule: Rule, case: Case, draw: Random) -> list[int]:
    """The values of n that the case holds: its limits first, then the others in drawn order."""
    held = [n for n in rule.parameter.values() if rule.case(n) is case]
    shuffled = draw.sample(held, len(held))
    return sorted(shuffled, key=lambda n: not rule.is_boundary(n))


def _example(rule: Rule, brand: Brand, language: str, n: int, wording: int) -> Row:
    names, case = rule.names(n), rule.case(n)
    return example(
        brand,
        example_id=f"rule/{rule.id}.{language}#{n}.{wording}",
        group_id=f"rule/{rule.id}#{n}",
        origin="rule",
        intent=rule.intent,
        language=language,
        question=filled(rule.questions(language)[wording], names),
        answer=filled(case.answer(language), names),
        parent_ids=[f"rule/{rule.id}"],
        context=rule.context,
        hand_over=case.hand_over,
        key_facts=[[filled(form, names) for form in forms] for forms in case.key_facts(language)],
    )
