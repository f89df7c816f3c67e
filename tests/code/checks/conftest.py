"""One good table of each kind, as rows; a test spoils one row of it."""

from datetime import UTC, datetime

import pytest

AT = datetime(2026, 9, 7, 10, tzinfo=UTC)
TEXT = "我想问保修期多久"  # must stand in no page and no error


def conversation(number):
    messages = [
        {"role": "customer", "content": TEXT, "sent_at": AT},
        {"role": "agent", "content": "一年", "sent_at": AT},
    ]
    return {
        "conversation_id": f"c{number}",
        "customer_ref": "",
        "channel": "app",
        "language": "zh",
        "started_at": AT,
        "messages": messages,
        "intent": None,
        "resolved": None,
        "satisfaction": 5 if number else None,
        "source_file": "shop.jsonl",
        "source_row": number,
        "cluster_id": f"c{number}",
        "cluster_size": 1,
    }


def example(number):
    messages = [
        {"role": "system", "content": "你是客服"},
        {"role": "user", "content": TEXT},
        {"role": "assistant", "content": "电器保修 1 年"},
    ]
    return {
        "example_id": f"e{number}",
        "parent_ids": [f"g{number}"],
        "group_id": f"g{number}",
        "origin": "faq",
        "intent": "product/warranty",
        "intent_confidence": 1.0,
        "language": "zh",
        "customer_ref": "",
        "context": "{}",
        "hand_over": False,
        "emotion": "calm",
        "entities": [{"label": "product", "text": TEXT[3:6]}],
        "asked": 1,
        "key_facts": [["1年", "一年"]],
        "messages": messages,
    }


def document(number):
    return {"doc_id": f"d{number}", "group_id": "p", "origin": "policy", "language": "zh", "text": TEXT}


def sample(number):
    return {
        "example_id": f"e{number}",
        "model": "base",
        "origin": "faq",
        "intent": "product/warranty",
        "language": "zh",
        "prompt": TEXT,
        "reference": TEXT,
        "answer": TEXT,
        "facts_found": 1,
        "facts_total": 2,
        "hand_over_expected": False,
        "hand_over_given": False,
        "predicted_intent": "",
        "forbidden": 0,
        "pii": 0,
        "chrf": 50.0,
        "latency_s": None,
    }


MAKERS = {"conversations": conversation, "examples": example, "corpus": document, "samples": sample}


@pytest.fixture
def rows():
    """rows(kind): three good rows, fresh each time."""
    return lambda kind: [MAKERS[kind](number) for number in range(3)]


@pytest.fixture
def text():
    return TEXT
