"""`since` and `until`: which conversations they leave, and that they cost no reading."""

import pytest

from pipelines.errors import KefuError
from pipelines.ingest import stage
from pipelines.params.sections import Ingest
from tests.code.ingest.conftest import message


def said(name, at=None):
    return message(name, "agent", "hi", **({"sent_at": at} if at else {}))


@pytest.fixture
def days(checkout):
    checkout.jsonl(
        "a.jsonl",
        [
            said("before", "2026-09-06T23:59:59Z"),
            said("before", "2026-09-08"),  # counts by its start
            said("first", "2026-09-07T00:00:00Z"),
            said("last", "2026-09-13T23:59:59Z"),
            said("after", "2026-09-14T00:00:00Z"),
            said("none"),
        ],
    )
    checkout.jsonl("b.jsonl", [said("within", "2026-09-10")])
    return checkout


def ids(rows):
    return [row["conversation_id"] for row in rows]


def test_since_is_taken_until_is_not_and_what_has_no_time_stays(days):
    days.settings |= {"since": "2026-09-07", "until": "2026-09-14"}
    assert ids(days.run()) == ["first", "last", "none", "within"]
    assert days.metrics["dropped"] == {"before_since": 1, "from_until_on": 1}
    assert [table.num_rows for table in days.stored().values()] == [3, 1]


@pytest.mark.parametrize(("bound", "left_out"), [("since", "before"), ("until", "after")])
def test_either_may_be_left_open(days, bound, left_out):
    every = ids(days.run())
    days.settings[bound] = {"since": "2026-09-07", "until": "2026-09-14"}[bound]
    assert ids(days.run()) == [name for name in every if name != left_out]


def test_other_days_read_no_file_again_and_keep_the_key_of_what_lies_within(days, monkeypatch):
    days.run()
    whole = {part["partition"]: part["key"] for part in days.manifest}
    monkeypatch.setattr(stage, "unpack", lambda *_: pytest.fail("a known file was read again"))
    days.settings |= {"since": "2026-09-07", "until": "2026-09-14"}
    days.run()
    cut = {part["partition"]: part["key"] for part in days.manifest}
    assert cut["shop/b.jsonl"] == whole["shop/b.jsonl"]
    assert cut["shop/a.jsonl"] != whole["shop/a.jsonl"]
    days.settings |= {"since": "2026-09-05", "until": "2026-10-01"}
    days.run()
    assert {part["partition"]: part["key"] for part in days.manifest} == whole


def test_nothing_left_is_an_error(days):
    days.settings["since"] = "2027-02-01"
    days.jsonl("a.jsonl", [said("first", "2026-09-07")])
    with pytest.raises(KefuError, match="no conversation of the source 'shop' starts from 2027-02-01 on"):
        days.run()


@pytest.mark.parametrize("until", ["2026-09-07", "2026-09-06"])
def test_until_must_be_later_than_since(until):
    with pytest.raises(ValueError, match=r"until must be later than since \(2026-09-07\)"):
        Ingest(since="2026-09-07", until=until, max_rejected_share=0)
