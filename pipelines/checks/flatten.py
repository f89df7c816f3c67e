"""Tables as flat frames of ids, counts and flags: what is checked, and all that Data Docs may know.

No frame holds a message, a document or an answer. Counts whose name begins with `n_` or that name a fault are
per row.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.records import CONVERSATIONS, CORPUS, DEDUPED, EXAMPLES, ROLES, SAMPLES

if TYPE_CHECKING:
    import pandas as pd

    from pipelines.mask.policy import Policy

PIECE_ROWS = 5000
CHAT_ROLES = ("system", "user", "assistant")
Columns = dict[str, Any]
RESIDUAL_TYPES = "residual_types"
KIND_OF_COLUMN = {  # the column that only this kind of table has
    "doc_id": "corpus",
    "answer": "samples",
    "example_id": "examples",
    "conversation_id": "conversations",
}
ID_COLUMNS = {
    "corpus": "doc_id",
    "samples": "example_id",
    "examples": "example_id",
    "conversations": "conversation_id",
    "groups": "group_id",
}


def schema_of(table: pa.Table) -> pa.Schema:
    """What records.py says of this kind of table."""
    held = {"corpus": CORPUS, "samples": SAMPLES, "examples": EXAMPLES, "conversations": CONVERSATIONS}
    return DEDUPED if "cluster_id" in table.column_names else held[kind_of(table) or ""]


def kind_of(table: pa.Table) -> str | None:
    return next((kind for name, kind in KIND_OF_COLUMN.items() if name in table.column_names), None)


def flatten(table: pa.Table, kind: str, policy: Policy | None) -> pd.DataFrame:
    """The flat frame of a table of this kind; with a policy, what looks like personal data is counted too.

    PIECE_ROWS at a time: texts take several times as much as Python's strings as they do in the table.
    """
    import pandas as pd

    starts = range(0, max(1, table.num_rows), PIECE_ROWS)
    pieces = (table.slice(start, PIECE_ROWS).combine_chunks() for start in starts)
    return pd.concat([pd.DataFrame(FLATTEN[kind](piece, policy)) for piece in pieces], ignore_index=True)


def schema(table: pa.Table, expected: pa.Schema) -> pd.DataFrame:
    """One row a column that the table has or should have, with what is wrong with it."""
    import pandas as pd

    names = list(dict.fromkeys([*expected.names, *table.column_names]))
    found = set(table.column_names)
    return pd.DataFrame(
        {
            "column": names,
            "missing": [int(name not in found) for name in names],
            "unknown": [int(name not in expected.names) for name in names],
            "other_type": [
                int(
                    name in found
                    and name in expected.names
                    and table.field(name).type != expected.field(name).type
                )
                for name in names
            ],
        }
    )


def groups(tables: Mapping[str, pa.Table]) -> pd.DataFrame:
    """One row a group: on how many sides of the split it stands."""
    import pandas as pd

    sides = [
        pd.DataFrame({"group_id": table.column("group_id").unique().to_pylist()})
        for name, table in sorted(tables.items())
        if kind_of(table) == "examples"
    ]
    return pd.concat(sides).groupby("group_id", as_index=False).size().rename(columns={"size": "n_sides"})


def _conversations(table: pa.Table, policy: Policy | None) -> Columns:
    messages = Messages(table)
    columns: Columns = {
        "conversation_id": _list(table, "conversation_id"),
        "language": _list(table, "language"),
        "started_at": table.column("started_at").to_pandas(),
        "satisfaction": _floats(table, "satisfaction"),
        "n_messages": messages.count(np.ones(messages.total, bool)),
        "n_written_messages": messages.count(messages.chars > 0),
        "n_unknown_roles": messages.count(~messages.role_in(ROLES)),
        "n_out_of_order": messages.count(messages.earlier_than_before()),
    }
    if "cluster_id" in table.column_names:
        columns["cluster_id"] = _list(table, "cluster_id")
        columns["cluster_size"] = _floats(table, "cluster_size")
        late = pc.greater(table.column("cluster_id"), table.column("conversation_id"))
        columns["cluster_id_not_smallest"] = _ints(pc.fill_null(late, True))
    return columns | (messages.residual(policy) if policy else {})


def _examples(table: pa.Table, policy: Policy | None) -> Columns:
    messages = Messages(table)
    rows = table.select(["origin", "hand_over", "intent", "context", "key_facts", "entities"]).to_pylist()
    questions = messages.contents(-2)
    answers = messages.contents(-1)
    columns: Columns = {
        name: _list(table, name) for name in ("example_id", "group_id", "origin", "language", "emotion")
    }
    columns |= {
        "intent_confidence": _floats(table, "intent_confidence"),
        "asked": _floats(table, "asked"),
        "n_parents": _ints(pc.list_value_length(table.column("parent_ids"))),
        "n_unknown_roles": messages.count(~messages.role_in(CHAT_ROLES)),
        "last_role": [_known(role) for role in messages.roles_at(-1)],
        "asking_role": [_known(role) for role in messages.roles_at(-2)],
        "question_chars": list(map(len, questions)),
        "answer_chars": list(map(len, answers)),
        "context_not_json": [int(not _is_object(row["context"])) for row in rows],
        "intent_missing": [int(not row["intent"] and not row["hand_over"]) for row in rows],
        "n_empty_facts": [sum(not any(fact or ()) for fact in row["key_facts"] or ()) for row in rows],
        "n_entities_not_said": [
            sum(not (entity["label"] and (entity["text"] or "") in asked) for entity in row["entities"] or ())
            for row, asked in zip(rows, questions, strict=True)
        ],
        "faq_facts_not_in_answer": [
            _facts_missing(row["key_facts"], answer) if row["origin"] == "faq" else 0
            for row, answer in zip(rows, answers, strict=True)
        ],
    }
    return columns | (messages.residual(policy) if policy else {})


def _corpus(table: pa.Table, policy: Policy | None) -> Columns:
    texts = [text or "" for text in _list(table, "text")]
    columns: Columns = {name: _list(table, name) for name in ("doc_id", "group_id", "origin", "language")}
    columns["text_chars"] = list(map(len, texts))
    return columns | (residual(personal_types(text, policy) for text in texts) if policy else {})


def _samples(table: pa.Table, _: Policy | None) -> Columns:
    columns: Columns = {name: _list(table, name) for name in ("example_id", "model", "language")}
    columns |= {
        name: _floats(table, name) for name in ("facts_found", "chrf", "latency_s", "forbidden", "pii")
    }
    more = pc.greater(table.column("facts_found"), table.column("facts_total"))
    return columns | {"n_facts_too_many": _ints(pc.fill_null(more, False))}


FLATTEN: dict[str, Callable[[pa.Table, Policy | None], Columns]] = {
    "conversations": _conversations,
    "examples": _examples,
    "corpus": _corpus,
    "samples": _samples,
}


class Messages:
    """The messages of all rows of a table, one after the other; `row` says whose each is."""

    def __init__(self, table: pa.Table) -> None:
        column = pc.fill_null(table.column("messages"), [])
        self.rows = table.num_rows
        lengths = _ints(pc.list_value_length(column))
        self.row = np.repeat(np.arange(self.rows), lengths)  # (messages,)
        self.ends = np.cumsum(lengths)  # (rows,)
        self.starts = self.ends - lengths
        self.flat = pc.list_flatten(column)
        self.total = len(self.row)
        self.texts: list[str] = pc.fill_null(pc.struct_field(self.flat, "content"), "").to_pylist()
        self.roles: list[str] = pc.fill_null(pc.struct_field(self.flat, "role"), "").to_pylist()

    @property
    def chars(self) -> np.ndarray:
        return np.fromiter((len(text.strip()) for text in self.texts), np.int64, self.total)

    def role_in(self, roles: tuple[str, ...]) -> np.ndarray:
        return np.fromiter((role in roles for role in self.roles), bool, self.total)

    def count(self, marked: np.ndarray) -> np.ndarray:
        return np.bincount(self.row[marked], minlength=self.rows)

    def earlier_than_before(self) -> np.ndarray:
        """Which messages were sent before the one that stands before them in the same conversation."""
        times = pc.struct_field(self.flat, "sent_at").to_pandas().to_numpy()
        earlier = np.zeros(self.total, bool)
        earlier[1:] = (times[1:] < times[:-1]) & (self.row[1:] == self.row[:-1])
        return earlier

    def contents(self, place: int) -> list[str]:
        """The text at `place` from the end (-1: the last) of each row, "" where there is none."""
        return [self.texts[i] if i >= start else "" for i, start in self._places(place)]

    def roles_at(self, place: int) -> list[str]:
        return [self.roles[i] if i >= start else "" for i, start in self._places(place)]

    def residual(self, policy: Policy) -> Columns:
        found: list[tuple[str, ...]] = [()] * self.rows
        for row, text in zip(self.row.tolist(), self.texts, strict=True):
            if types := personal_types(text, policy):
                found[row] += types
        return residual(found)

    def _places(self, place: int) -> Iterable[tuple[int, int]]:
        return zip((self.ends + place).tolist(), self.starts.tolist(), strict=True)


@lru_cache(maxsize=100_000)
def personal_types(text: str, policy: Policy) -> tuple[str, ...]:
    """The types that mask's second detector finds in a text that should hold none, one entry a find."""
    from pipelines.mask.detect import find_simple

    return tuple(find_simple(text, policy))


def residual(found: Iterable[tuple[str, ...]]) -> Columns:
    """Of each row: how many finds, and of which types (`EMAIL, PHONE`)."""
    listed = list(found)
    types = [", ".join(sorted(set(row))) for row in listed]
    return {"residual_pii": [len(row) for row in listed], RESIDUAL_TYPES: types}


def _known(role: str) -> str:
    """A role is shown in Data Docs only if it is one."""
    return role if role in CHAT_ROLES else "other"


def _is_object(context: str | None) -> bool:
    try:
        return isinstance(json.loads(context or ""), dict)
    except ValueError:
        return False


def _facts_missing(facts: list[list[str]] | None, answer: str) -> int:
    said = _squeezed(answer)
    return sum(not any(_squeezed(form) in said for form in fact or ()) for fact in facts or ())


def _squeezed(text: str) -> str:
    """The form in which facts are compared: NFKC, lower case, no spaces."""
    from unicodedata import normalize

    return "".join(normalize("NFKC", text).lower().split())


def _list(table: pa.Table, name: str) -> list[Any]:
    return table.column(name).to_pylist()


def _floats(table: pa.Table, name: str) -> np.ndarray:
    return np.array([np.nan if v is None else v for v in _list(table, name)], np.float64)


def _ints(column: Any) -> np.ndarray:
    return np.array([int(value or 0) for value in column.to_pylist()], np.int64)
