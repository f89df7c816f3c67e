"""rules.yaml: business rules, from which the same question just inside and outside of a limit follows."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import Field, model_validator

from pipelines.knowledge.arithmetic import evaluate
from pipelines.knowledge.facts import facts_found
from pipelines.knowledge.reading import Fault, Record, line_of, parse, read_yaml, refusal
from pipelines.knowledge.taxonomy import load_taxonomy


class Span(Record):
    """min, min + step, ... max; both ends included."""

    unit: str
    min: int
    max: int
    step: int = Field(gt=0)

    @model_validator(mode="after")
    def _ordered(self) -> Span:
        if self.min > self.max:
            raise ValueError("min is above max")
        return self

    def values(self) -> list[int]:
        return sorted({*range(self.min, self.max + 1, self.step), self.max})


class Parameter(Span):
    name: str


class When(Record):
    min: int
    max: int


class Case(Record):
    """The answer that holds for n from when.min to when.max, as templates."""

    when: When
    answer_zh: str
    answer_en: str
    key_facts_zh: list[list[str]]
    key_facts_en: list[list[str]]
    hand_over: bool = False

    def answer(self, language: str) -> str:
        return self.answer_en if language == "en" else self.answer_zh

    def key_facts(self, language: str) -> list[list[str]]:
        return self.key_facts_en if language == "en" else self.key_facts_zh


class Rule(Record):
    id: str
    intent: str
    context: dict[str, str]
    description: str
    parameter: Parameter
    parameters: dict[str, Span] = Field(default_factory=dict)
    compute: dict[str, str] = Field(default_factory=dict)
    questions_zh: list[str] = Field(min_length=1)
    questions_en: list[str] = Field(min_length=1)
    cases: list[Case] = Field(min_length=1)

    def questions(self, language: str) -> list[str]:
        return self.questions_en if language == "en" else self.questions_zh

    def names(self, n: int) -> dict[str, int]:
        """What the templates are filled with for n: n, the other parameters (drawn), the computed values."""
        draw = random.Random(f"{self.id}:{n}")
        names = {"n": n} | {name: draw.choice(span.values()) for name, span in self.parameters.items()}
        return names | {name: evaluate(expression, names) for name, expression in self.compute.items()}

    def case(self, n: int) -> Case:
        """The one case that holds n."""
        return next(case for case in self.cases if case.when.min <= n <= case.when.max)

    def is_boundary(self, n: int) -> bool:
        return n in (self.case(n).when.min, self.case(n).when.max)


def filled(template: str, names: Mapping[str, int]) -> str:
    return template.format_map(names)


def load_rules(folder: Path) -> list[Rule]:
    """The rules of rules.yaml in `folder`; one KefuError lists every fault with its line.

    Checked beside the shape: known intents, expressions, cases without gap or overlap, templates without
    unknown names, and for every value that the answer states its own key facts.
    """
    path = folder / "rules.yaml"
    listed, node = read_yaml(path, list)
    intents = load_taxonomy(folder).names
    faults: list[Fault] = []
    rules = []
    for place, value in enumerate(listed):
        rule = parse(Rule, value, node.value[place], faults)
        if rule:
            faults += [(line_of(node, [place]), f"{rule.id}: {what}") for what in _rule_faults(rule, intents)]
            rules.append(rule)
    ids = [rule.id for rule in rules]
    faults += [(1, f"the id {name} stands twice") for name in sorted({i for i in ids if ids.count(i) > 1})]
    if faults or not rules:
        raise refusal(path, faults or [(1, "no rule at all")])
    return rules


def _rule_faults(rule: Rule, intents: frozenset[str]) -> Iterator[str]:
    if rule.intent not in intents:
        yield f"the intent {rule.intent!r} is not in taxonomy.yaml"
    for n in rule.parameter.values():
        holding = [case for case in rule.cases if case.when.min <= n <= case.when.max]
        if len(holding) != 1:
            yield f"{len(holding)} cases hold n = {n}, expected one"
            return
        if fault := _filling_fault(rule, n):
            yield f"n = {n}: {fault}"
            return


def _filling_fault(rule: Rule, n: int) -> str:
    try:
        names, case = rule.names(n), rule.case(n)
        for language in ("zh", "en"):
            for question in rule.questions(language):
                filled(question, names)
            facts = [[filled(form, names) for form in forms] for forms in case.key_facts(language)]
            if facts_found(filled(case.answer(language), names), facts) < len(facts):
                return f"answer_{language} does not state all its key facts"
    except (ValueError, KeyError, IndexError) as error:
        return f"cannot be filled in: {error}"
    return ""
