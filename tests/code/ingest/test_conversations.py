"""Rows to conversations: order, first and last values, what is left out and under which reason."""

import hashlib
import hmac
import os
from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.ingest.conversations import Gathering, Notes
from pipelines.ingest.drafts import Message, in_order, referrer
from pipelines.ingest.mapping import mapping_of
from pipelines.params.sections import Source
from pipelines.records import CONVERSATIONS
from tests.code.ingest.conftest import message

REFER = referrer(b"k" * 32)


def gather(rows, **source):
    gathering = Gathering(mapping_of(Source(name="shop", path="logs", **source)), REFER)
    gathering.add(enumerate(rows, start=1))
    return gathering, gathering.table()


def test_a_conversation_has_the_logs_own_values(checkout):
    at = "2026-09-07T10:00:00+08:00"
    checkout.jsonl(
        "a.jsonl",
        [
            message("c1", "customer", " 在吗 ", customer_id=42, channel="app", sent_at=at, language="zh-CN"),
            message("c1", "agent", "在的", customer_id=42, sent_at=at, intent="order/status", satisfaction=2),
            message("c1", "customer", "好", intent="other", resolved="yes", satisfaction="5.0"),
        ],
    )
    [found] = checkout.run()
    key = bytes.fromhex(os.environ["KEFU_REF_KEY"])
    started = datetime(2026, 9, 7, 2, tzinfo=UTC)
    assert found == {
        "conversation_id": "c1",
        "customer_ref": hmac.new(key, b"42", hashlib.sha256).hexdigest()[:32],
        "channel": "app",
        "language": "zh",
        "started_at": started,
        "messages": [
            {"role": "customer", "content": "在吗", "sent_at": started},
            {"role": "agent", "content": "在的", "sent_at": started},
            {"role": "customer", "content": "好", "sent_at": None},
        ],
        "intent": "order/status",
        "resolved": True,
        "satisfaction": 5,
        "source_file": "shop/a.jsonl",
        "source_row": 1,
    }


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (message("", "customer", "hi"), "no_conversation_id"),
        (message(None, "customer", "hi"), "no_conversation_id"),
        (message("c", "customer", "  "), "no_text"),
        (message("c", "customer", ["hi"]), "not_text"),
        (message("c", "customer", True), "not_text"),
        (message("c", "customer", "half \ud83d"), "broken_characters"),
        (message("c", "robot", "hi"), "unknown_role"),
        (message("c", None, "hi"), "unknown_role"),
        (message("c", "agent", "hi", sent_at="yesterday"), "bad_time"),
        (message("c", "agent", "hi", sent_at=10**30), "bad_time"),
        (message("c", "agent", "hi", customer_id={"a": 1}), "not_text"),
    ],
)
def test_a_row_that_cannot_be_read_has_its_reason(row, reason):
    gathering, table = gather([message("ok", "agent", "hello"), row])
    assert gathering.notes.rejected == [(2, reason)]
    assert table["conversation_id"].to_pylist() == ["ok"]
    assert gathering.notes.read == 2


@pytest.mark.parametrize(
    ("row", "reasons"),
    [
        ({"messages": "[oops"}, ["messages_not_json"]),
        ({"messages": {"role": "agent"}}, ["messages_not_a_list"]),
        ({"messages": []}, ["no_messages"]),
        ({"messages": ["hi", {"role": "agent", "content": ""}]}, ["message_not_an_object", "no_text"]),
        (
            {"conversation_id": "ok", "messages": [{"role": "agent", "content": "x"}]},
            ["conversation_id_twice"],
        ),
    ],
)
def test_messages_that_cannot_be_read_have_their_reason(row, reasons):
    good = {"conversation_id": "ok", "messages": [{"role": "agent", "content": "hello"}]}
    gathering, table = gather([good, row], shape="conversations")
    assert gathering.notes.rejected == [(2, reason) for reason in reasons]
    assert len(table) == 1


def test_an_unusable_rating_is_ignored_and_counted():
    rows = [message("c", "agent", "hi", satisfaction=value) for value in (4, 9, "good", "4.5", None, "")]
    gathering, table = gather([*rows, message("c", "agent", "hi", resolved="perhaps")])
    assert table["satisfaction"].to_pylist() == [4]
    assert gathering.notes.dropped == {"ignored_satisfaction": 3, "ignored_resolved": 1}


def test_no_customer_id_has_no_reference():
    _, table = gather([message("c", "agent", "hi"), message("d", "agent", "hi", customer_id="u")])
    assert table["customer_ref"].to_pylist()[0] == ""
    assert len(table["customer_ref"].to_pylist()[1]) == 32


def test_notes_survive_their_storage():
    notes = Notes(5, [(3, "no_text")], Counter(before_since=2), {"role"})
    assert Notes.parse(notes.dump()) == notes


interleaved = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "c"]),
        st.sampled_from(["customer", "agent", "system"]),
        st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8).filter(str.strip),
        st.one_of(st.none(), st.integers(0, 5)),
    ),
    max_size=30,
)


@settings(deadline=None)
@given(interleaved)
def test_grouping_keeps_every_message_once_and_in_order(rows):
    gathering, table = gather(
        message(c, role, text, sent_at=None if t is None else 1_757_000_000 + t) for c, role, text, t in rows
    )
    assert table.schema.equals(CONVERSATIONS) and not gathering.notes.rejected
    expected = list(dict.fromkeys(c for c, *_ in rows))
    assert table["conversation_id"].to_pylist() == expected
    for found in table.to_pylist():
        own = [(role, text.strip()) for c, role, text, _ in rows if c == found["conversation_id"]]
        got = [(m["role"], m["content"]) for m in found["messages"]]
        assert sorted(got) == sorted(own)
        times = [m["sent_at"] for m in found["messages"] if m["sent_at"]]
        assert times == sorted(times)
        if not times:
            assert got == own


@settings(deadline=None)
@given(st.lists(st.one_of(st.none(), st.integers(0, 3))))
def test_order_is_stable_and_a_message_without_time_follows_its_predecessor(times):
    messages = [Message("agent", str(i), t, i) for i, t in enumerate(times)]
    ordered = in_order(messages)
    assert in_order(ordered) == ordered
    known = [m for m in ordered if m.sent_ms is not None]
    assert known == sorted(known, key=lambda m: (m.sent_ms, m.row))
    for before, here in pairwise(messages):
        if here.sent_ms is None:
            assert ordered[ordered.index(here) - 1] == before


def test_an_empty_file_gives_an_empty_table_of_the_right_kind():
    _, table = gather([])
    assert isinstance(table, pa.Table) and table.schema.equals(CONVERSATIONS) and len(table) == 0


@pytest.mark.parametrize("personal", ["13812345678", "wang.fang@qq.com", "110101199003074514"])
def test_ids_and_labels_that_are_personal_do_not_travel(personal):
    _, table = gather([message(personal, "customer", "在吗", channel=personal, intent=f"call {personal}")])
    [row] = table.to_pylist()
    assert row["conversation_id"] == REFER(personal)
    assert (row["channel"], row["intent"]) == ("", None)


def test_ordinary_ids_and_labels_stay():
    _, table = gather([message("C-2026-000123", "customer", "hi", channel="app", intent="refund/time")])
    [row] = table.to_pylist()
    assert (row["conversation_id"], row["channel"], row["intent"]) == ("C-2026-000123", "app", "refund/time")
