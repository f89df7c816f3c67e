"""suites/*.yaml: what every candidate is asked, and what an answer must be; no stage may train on it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import Field

from pipelines.errors import KefuError
from pipelines.knowledge.brand import Brand, load_brand
from pipelines.knowledge.facts import facts_found
from pipelines.knowledge.faq import STATUSES, FaqEntry, load_faq
from pipelines.knowledge.golden import Message
from pipelines.knowledge.reading import SHOWN_FAULTS, Fault, Record, line_of, parse, read_yaml
from pipelines.knowledge.rules import Rule, filled, load_rules
from pipelines.knowledge.taxonomy import OUT_OF_SCOPE, load_taxonomy, phrase_pattern

FOLDER = "suites"
NEGATED = re.compile(r"(?:[不未无没勿非]|(?:not|n't|never|no) )$")
Check = Literal[  # the last two are of a case with several questions
    "right", "no_forbidden", "no_personal", "no_contradiction", "soothed", "style", "same", "differs"
]


class From(Record):
    """Rows of the split that belong to the suite."""

    table: Literal["test", "golden"]
    origins: list[str] = Field(default_factory=list)
    hand_over: bool | None = None
    min_turns: int = Field(1, ge=1)
    max_turns: int | None = Field(None, ge=1)


class Case(Record):
    id: str = Field(pattern=r"^[a-z0-9_]+\.(zh|en)$")
    question: str = Field(min_length=1)
    faq: str | None = None
    rule: str | None = None
    n: int | None = None
    answer: str | None = None
    key_facts: list[list[str]] = Field(default_factory=list)
    hand_over: bool = False
    statuses: dict[str, str] = Field(default_factory=dict)  # order status: FAQ entry
    variants: dict[str, str] = Field(default_factory=dict)  # what changed: the other wording
    must_not: list[str] = Field(default_factory=list)
    intent: str | None = None
    emotion: str | None = None
    context: dict[str, str] = Field(default_factory=dict)
    history: list[Message] = Field(default_factory=list)

    @property
    def language(self) -> str:
        return self.id.rsplit(".", 1)[1]


class OpensWith(Record):
    zh: list[str]
    en: list[str]


class Suite(Record):
    suite: str = Field(pattern=r"^[a-z0-9_]+$")
    version: int = Field(ge=1)
    what: str = Field(min_length=1)
    passes: list[Check] = Field(min_length=1)
    from_: From | None = Field(None, alias="from")
    plain: bool = False
    opens_with: OpensWith | None = None
    cases: list[Case] = Field(default_factory=list)

    @property
    def kind(self) -> str:
        """Of a behaviour test (Ribeiro et al., CheckList, ACL 2020): function, invariance or direction."""
        return {"same": "invariance", "differs": "direction"}.get(self.passes[-1], "function")


@dataclass(frozen=True)
class Asked:
    """One question of a case with its right answer."""

    suite: str
    case: str
    variant: str  # "" for the case's own wording
    language: str
    intent: str
    question: str
    answer: str
    source: str
    key_facts: list[list[str]] = field(default_factory=list)
    hand_over: bool = False
    context: dict[str, str] = field(default_factory=dict)
    history: list[dict[str, str]] = field(default_factory=list)
    plain: bool = False

    @property
    def name(self) -> str:
        """The example's id, the same in split and evaluate."""
        return f"suite/{self.suite}/{self.case}" + (f"#{self.variant}" if self.variant else "")


class Unfit(ValueError):
    """What is wrong with a case."""


@dataclass(frozen=True)
class Known:
    """What a case may refer to."""

    faq: Mapping[str, FaqEntry]
    rules: Mapping[str, Rule]
    brand: Brand
    intents: frozenset[str]

    @classmethod
    def of(cls, folder: Path) -> Known:
        faq = {entry.faq_id: entry for entry in load_faq(folder)}
        rules = {rule.id: rule for rule in load_rules(folder)}
        return cls(faq, rules, load_brand(folder), load_taxonomy(folder).names)

    def entry(self, name: str, language: str) -> FaqEntry:
        if name not in self.faq:
            raise Unfit(f"there is no FAQ entry {name!r}")
        if self.faq[name].language != language:
            raise Unfit(f"the FAQ entry {name} is of another language")
        return self.faq[name]


def load_suites(folder: Path) -> list[Suite]:
    """The suites of the knowledge base `folder`, by name; [] where it has none.

    One KefuError lists every fault of every file with its line: shape, unknown FAQ entry, rule or intent, a
    right answer that misses its own key facts or holds what it must not, an id or question that stands twice.
    """
    paths = sorted((folder / FOLDER).glob("*.yaml"))
    known = Known.of(folder) if paths else None
    faults: list[tuple[Path, Fault]] = []
    suites: list[Suite] = []
    seen: dict[tuple[Any, ...], str] = {}
    for path in paths:
        assert known is not None
        suite, node, found = _read(path)
        if suite:
            found += [(line_of(node, ["cases", n]), what) for n, what in _faults(suite, path, known, seen)]
            suites.append(suite)
        faults += [(path, fault) for fault in found]
    if faults:
        raise _refusal(folder / FOLDER, faults)
    return suites


def asked(suite: Suite, known: Known) -> list[Asked]:
    """Every question of the suite's cases; call it on what load_suites let through."""
    return [one for case in suite.cases for one in _asked(suite, case, known)]


def load_asked(folder: Path) -> list[Asked]:
    """Every question of every suite of the knowledge base `folder`."""
    suites = load_suites(folder)
    known = Known.of(folder) if suites else None
    return [one for suite in suites if known for one in asked(suite, known)]


def _read(path: Path) -> tuple[Suite | None, yaml.Node, list[Fault]]:
    faults: list[Fault] = []
    try:
        value, node = read_yaml(path)
    except KefuError as error:
        return None, yaml.ScalarNode("", ""), [(1, error.found.splitlines()[-1].split(": ", 1)[-1])]
    return parse(Suite, value, node, faults), node, faults


def _faults(
    suite: Suite, path: Path, known: Known, seen: dict[tuple[Any, ...], str]
) -> Iterator[tuple[int, str]]:
    if suite.suite != path.stem:
        yield 0, f"the suite's name {suite.suite!r} is not that of its file"
    if not suite.cases and suite.from_ is None:
        yield 0, "neither cases nor `from`"
    if "soothed" in suite.passes and suite.opens_with is None:
        yield 0, "`soothed` needs opens_with"
    for number, case in enumerate(suite.cases):
        try:
            _check(suite, case, known)
            for one in _asked(suite, case, known):
                for key in (("id", one.name), ("question", one.question, one.context.get("order_status"))):
                    if key in seen:
                        raise Unfit(f"the {key[0]} stands twice (first in {seen[key]})")
                    seen[key] = one.name
        except Unfit as fault:
            yield number, f"{case.id}: {fault}"


def _check(suite: Suite, case: Case, known: Known) -> None:
    answers = [case.faq, case.rule, case.answer, case.hand_over or None, case.statuses or None]
    if sum(one is not None for one in answers) != 1:
        raise Unfit("expected exactly one of faq, rule, answer, hand_over and statuses")
    if bool(case.variants) != ("same" in suite.passes) or bool(case.statuses) != ("differs" in suite.passes):
        raise Unfit("variants go with `same`, statuses with `differs`, each only there")
    if case.intent and case.intent not in known.intents:
        raise Unfit(f"the intent {case.intent!r} is not in taxonomy.yaml")
    if unknown := sorted({*case.statuses, *filter(None, [case.context.get("order_status")])} - {*STATUSES}):
        raise Unfit(f"order_status {unknown[0]!r} is not one of {', '.join(STATUSES)}")
    if [message.role for message in case.history] != ["user", "assistant"] * (len(case.history) // 2):
        raise Unfit("the history is not user and assistant in turn")
    for one in _asked(suite, case, known):
        if facts_found(one.answer, one.key_facts) < len(one.key_facts):
            raise Unfit("the answer does not state all its key facts")
        if not suite.plain and known.brand.hands_over(one.answer) != one.hand_over:
            raise Unfit("the answer hands over where it should not, or the reverse (brand.yaml)")
        if found := contradictions(case.must_not, one.answer):
            raise Unfit(f"the right answer holds what it must not: {found[0]!r}")


def contradictions(phrases: list[str], text: str) -> list[str]:
    """Those of `phrases` that `text` states: Chinese anywhere, English as whole words, in any case.

    Right behind a negation a phrase is not stated ("支持退货" in "不支持退货").
    """
    english = [phrase for phrase in phrases if phrase.isascii()]
    pattern = phrase_pattern([phrase for phrase in phrases if phrase not in english], english)
    plain = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    found = (match for match in pattern.finditer(plain) if not NEGATED.search(plain[: match.start()]))
    return sorted({match.group() for match in found})


def _asked(suite: Suite, case: Case, known: Known) -> Iterator[Asked]:
    for status, name in case.statuses.items():
        yield _of_faq(suite, case, known.entry(name, case.language), status, case.question)
    if not case.statuses:
        own = _own(suite, case, known)
        yield own
        for variant, wording in case.variants.items():
            yield Asked(**{**own.__dict__, "variant": variant, "question": wording})


def _own(suite: Suite, case: Case, known: Known) -> Asked:
    if case.faq:
        return _of_faq(suite, case, known.entry(case.faq, case.language), "", case.question)
    if case.rule:
        return _of_rule(suite, case, known)
    answer = known.brand.fallback_reply.of(case.language) if case.hand_over else case.answer or ""
    intent = case.intent or OUT_OF_SCOPE
    return Asked(
        source=f"suite/{suite.suite}",
        intent=intent,
        question=case.question,
        answer=answer,
        key_facts=case.key_facts,
        hand_over=case.hand_over,
        **_common(suite, case),
    )


def _of_faq(suite: Suite, case: Case, entry: FaqEntry, status: str, question: str) -> Asked:
    context = {"order_status": status} if status else case.context or entry.context
    return Asked(
        source=entry.faq_id,
        intent=entry.intent,
        question=question,
        answer=entry.answer,
        key_facts=entry.key_facts,
        **_common(suite, case) | {"variant": status, "context": context},
    )


def _of_rule(suite: Suite, case: Case, known: Known) -> Asked:
    rule = known.rules.get(case.rule or "")
    if rule is None:
        raise Unfit(f"there is no rule {case.rule!r}")
    if case.n not in rule.parameter.values():
        raise Unfit(f"n = {case.n} is not a value of the rule {rule.id}")
    names, held = rule.names(case.n), rule.case(case.n)
    try:
        question = filled(case.question, names)
    except (KeyError, ValueError, IndexError):
        raise Unfit(f"the question names what the rule {rule.id} does not know") from None
    return Asked(
        source=f"rule/{rule.id}",
        intent=rule.intent,
        question=question,
        answer=filled(held.answer(case.language), names),
        key_facts=[[filled(form, names) for form in forms] for forms in held.key_facts(case.language)],
        hand_over=held.hand_over,
        **_common(suite, case) | {"context": case.context or rule.context},
    )


def _common(suite: Suite, case: Case) -> dict[str, Any]:
    return {
        "suite": suite.suite,
        "case": case.id,
        "variant": "",
        "language": case.language,
        "context": case.context,
        "history": [message.model_dump() for message in case.history],
        "plain": suite.plain,
    }


def _refusal(folder: Path, faults: list[tuple[Path, Fault]]) -> KefuError:
    listed = [f"  - {path.name}, line {line}: {what}" for path, (line, what) in faults[:SHOWN_FAULTS]]
    listed += [f"  - and {len(faults) - SHOWN_FAULTS} more"] * (len(faults) > SHOWN_FAULTS)
    return KefuError(
        f"{len(faults)} fault(s) in the evaluation suites\n" + "\n".join(listed),
        str(folder),
        "mend the lines (suites/README.md says how a case is written), then run again",
    )
