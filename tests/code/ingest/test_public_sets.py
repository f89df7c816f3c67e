"""The three public sets, read by the mappings of docs/sources/."""

from collections import Counter
from pathlib import Path

import pytest
import yaml

from pipelines.ingest.language import detect

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def public(checkout, shared_data):
    def ingest(name):
        sources = yaml.safe_load((ROOT / f"docs/sources/{name}.yaml").read_text())["sources"]
        checkout.sources = [{**source, "path": str(shared_data / source["path"])} for source in sources]
        checkout.settings["max_rejected_share"] = 0.02
        return checkout.run()

    return ingest


def test_multidogo(public, checkout):
    """Rows that break over lines inside quotes are whole again; 57 empty utterances are counted."""
    found = public("multidogo")
    assert len(found) == 9420 and len(checkout.manifest) == 12
    assert checkout.metrics["rows_in"] == 75_124
    assert checkout.metrics["dropped"] == {"no_text": 57}
    assert sum(len(row["messages"]) for row in found) == 75_124 - 57
    assert {message["role"] for row in found for message in row["messages"]} == {"customer"}
    broken = next(row for row in found if row["conversation_id"].startswith("5a426e41"))
    assert "bemidji mn \n to kings mountain nc" in [message["content"] for message in broken["messages"]]


def test_bitext(public, checkout):
    found = public("bitext")
    assert len(found) == len({row["conversation_id"] for row in found}) == 4514
    assert {tuple(m["role"] for m in row["messages"]) for row in found} == {("customer", "agent")}
    assert found[0]["intent"] == "cancel_order" and found[0]["source_row"] == 2
    assert checkout.rejected == []


def test_crosswoz(public, checkout):
    found = public("crosswoz")
    assert len(found) == 500 and checkout.metrics["rows_in"] == 8458
    roles = Counter(message["role"] for row in found for message in row["messages"])
    assert roles == {"customer": 4229, "agent": 4229}
    assert found[0]["conversation_id"] == "11290" and found[0]["messages"][0]["content"].startswith("你好")
    assert {row["language"] for row in found} == {"zh"}


def test_the_detected_language_is_the_sets_own(public):
    found = {name: public(name) for name in ("bitext", "crosswoz")}
    wrong = {
        name: sum(detect(m["content"] for m in row["messages"]) != row["language"] for row in rows)
        for name, rows in found.items()
    }
    assert wrong == {"bitext": 0, "crosswoz": 0}
