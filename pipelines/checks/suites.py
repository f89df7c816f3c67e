"""What must hold for each table: one suite a kind of table, grouped by what it guards.

Declared as data, since Great Expectations takes seconds to import. Columns are those of `flatten`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pipelines.records import EMOTIONS, LANGUAGES

GUARDS = (  # the groups of a suite, in the order in which errors and Data Docs show them
    "schema",
    "completeness",
    "uniqueness",
    "ranges",
    "sets",
    "shape",
    "leaks",
    "personal data",
)
MODELS = ("base", "champion", "candidate")
CORPUS_ORIGINS = ("policy", "product", "dialogue")
CURATED_ORIGINS = ("log", "faq", "rule")  # paraphrases are made after the split
TRAINABLE_ORIGINS = (*CURATED_ORIGINS, "paraphrase")


@dataclass(frozen=True)
class Rule:
    """One expectation: `expect` is the name of its class in `great_expectations.expectations`."""

    guards: str  # one of GUARDS
    expect: str
    kwargs: dict[str, Any]

    @property
    def name(self) -> str:
        """As it is shown in an error: what is expected of which column."""
        column = self.kwargs.get("column") or ", ".join(self.kwargs.get("column_list", ())) or "the table"
        limits = {k: v for k, v in self.kwargs.items() if k not in ("column", "column_list")}
        shown = ", ".join(f"{name} {value}" for name, value in limits.items())
        return f"{self.expect} of {column}" + (f" ({shown})" if shown else "")


def complete(*columns: str) -> list[Rule]:
    return [Rule("completeness", "ExpectColumnValuesToNotBeNull", {"column": name}) for name in columns]


def unique(*columns: str) -> list[Rule]:
    if len(columns) > 1:
        return [Rule("uniqueness", "ExpectCompoundColumnsToBeUnique", {"column_list": list(columns)})]
    return [Rule("uniqueness", "ExpectColumnValuesToBeUnique", {"column": columns[0]})]


def among(column: str, values: tuple[str, ...]) -> list[Rule]:
    return [Rule("sets", "ExpectColumnValuesToBeInSet", {"column": column, "value_set": list(values)})]


def within(column: str, low: float | None, high: float | None, guards: str = "ranges") -> list[Rule]:
    limits = {name: value for name, value in (("min_value", low), ("max_value", high)) if value is not None}
    return [Rule(guards, "ExpectColumnValuesToBeBetween", {"column": column, **limits})]


def none(*columns: str, guards: str = "shape") -> list[Rule]:
    """Each of these counts faults and must be 0."""
    return [rule for name in columns for rule in within(name, 0, 0, guards)]


NOT_EMPTY = [Rule("completeness", "ExpectTableRowCountToBeBetween", {"min_value": 1})]
NO_PERSONAL_DATA = none("residual_pii", guards="personal data")
SCHEMA = none("missing", "unknown", "other_type", guards="schema")  # one row a column of a table

CONVERSATIONS = [
    *NOT_EMPTY,
    *complete("conversation_id", "language"),
    *unique("conversation_id"),
    *among("language", LANGUAGES),
    *within("n_messages", 1, None),
    *within("n_written_messages", 1, None),
    *within("satisfaction", 1, 5),
    *none("n_unknown_roles", "n_out_of_order"),
]
MASKED = [rule for rule in CONVERSATIONS if rule.guards != "uniqueness"] + NO_PERSONAL_DATA
DEDUPED = [
    *CONVERSATIONS,
    *complete("cluster_id"),
    *unique("cluster_id"),
    *within("cluster_size", 1, None),
    *none("cluster_id_not_smallest"),
]
EXAMPLES = [
    *NOT_EMPTY,
    *complete("example_id", "group_id", "origin", "language", "emotion", "asked"),
    *unique("example_id"),
    *among("language", LANGUAGES),
    *among("emotion", EMOTIONS),
    *within("intent_confidence", 0, 1),
    *within("n_parents", 1, None),
    *within("asked", 1, None),
    *within("question_chars", 1, None),
    *within("answer_chars", 1, None),
    *among("last_role", ("assistant",)),
    *among("asking_role", ("user",)),
    *none(
        "n_unknown_roles",
        "context_not_json",
        "intent_missing",
        "n_empty_facts",
        "n_entities_not_said",
        "faq_facts_not_in_answer",
    ),
]
CORPUS = [
    *NOT_EMPTY,
    *complete("doc_id", "group_id"),
    *unique("doc_id"),
    *among("origin", CORPUS_ORIGINS),
    *among("language", LANGUAGES),
    *within("text_chars", 1, None),
]
SAMPLES = [
    *NOT_EMPTY,
    *complete("example_id", "model"),
    *unique("example_id", "model"),
    *among("model", MODELS),
    *among("language", LANGUAGES),
    *within("facts_found", 0, None),
    *none("n_facts_too_many"),
    *within("chrf", 0, 100),
    *within("latency_s", 0, None),
    *within("forbidden", 0, None),
    *within("pii", 0, None),
]
GROUPS = [*complete("group_id"), *within("n_sides", 1, 1, guards="leaks")]  # one row a group of the split

SUITES: dict[tuple[str, str], list[Rule]] = {  # (stage, kind of table, or name of one table)
    ("ingest", "conversations"): [rule for rule in CONVERSATIONS if rule.guards != "uniqueness"],
    ("mask", "conversations"): MASKED,
    ("dedup", "conversations"): DEDUPED,
    ("curate", "examples"): [*EXAMPLES, *among("origin", CURATED_ORIGINS), *NO_PERSONAL_DATA],
    ("curate", "corpus"): [*CORPUS, *NO_PERSONAL_DATA],
    ("split", "examples"): [*EXAMPLES, *among("origin", CURATED_ORIGINS)],
    ("split", "golden"): [r for r in EXAMPLES if r not in NOT_EMPTY] + among("origin", ("golden",)),
    ("split", "corpus"): CORPUS,
    ("split", "groups"): GROUPS,
    ("synthesize", "examples"): [*EXAMPLES, *among("origin", TRAINABLE_ORIGINS), *NO_PERSONAL_DATA],
    ("evaluate", "samples"): SAMPLES,
}
