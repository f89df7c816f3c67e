"""Times, ratings and yes or no, as logs write them; mappings that cannot be."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.errors import KefuError
from pipelines.ingest.mapping import mapping_of
from pipelines.ingest.values import Unreadable, rating, string, time_ms, yes_no
from pipelines.params.sections import Source

MOMENT = datetime(2026, 9, 7, 10, 15, 30, tzinfo=UTC)
MS = round(MOMENT.timestamp() * 1000)


@pytest.mark.parametrize(
    "value",
    [
        "2026-09-07T10:15:30Z",
        "2026-09-07T18:15:30+08:00",
        "2026-09-07 10:15:30",
        "2026/09/07 10:15:30",
        "20260907101530",
        "20260907T101530",
        MS,
        MS // 1000,
        str(MS),
        f"{MS // 1000}.0",
        float(MS),
        MOMENT,
        MOMENT.replace(tzinfo=None),
        MOMENT.astimezone(timezone(timedelta(hours=-5))),
    ],
)
def test_a_time_however_written(value):
    assert time_ms(value) == MS


@pytest.mark.parametrize("value", ["2026-09-07", "20260907", "2026/09/07", date(2026, 9, 7)])
def test_a_day_is_its_midnight_utc(value):
    assert time_ms(value) == round(datetime(2026, 9, 7, tzinfo=UTC).timestamp() * 1000)


@pytest.mark.parametrize("value", [None, "", "  ", float("nan")])
def test_no_time(value):
    assert time_ms(value) is None


@pytest.mark.parametrize("value", ["soon", "07.09.2026", "2026-13-01", "9" * 40, "-1e3", 1e300])
def test_a_bad_time(value):
    with pytest.raises(Unreadable, match="bad_time"):
        time_ms(value)


@given(st.datetimes(datetime(1974, 1, 1), datetime(2100, 1, 1)))
def test_seconds_milliseconds_and_iso_agree(moment):
    moment = moment.replace(microsecond=0, tzinfo=UTC)
    seconds = round(moment.timestamp())
    assert time_ms(moment.isoformat()) == time_ms(seconds) == time_ms(seconds * 1000) == seconds * 1000


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, True),
        ("Yes", True),
        (1, True),
        ("是", True),
        ("unresolved", False),
        (0.0, False),
        ("", None),
        (None, None),
    ],
)
def test_yes_no(value, expected):
    assert yes_no(value) is expected


@pytest.mark.parametrize(("value", "expected"), [(5, 5), ("3", 3), ("4.0", 4), (None, None), ("", None)])
def test_rating(value, expected):
    assert rating(value) == expected


@pytest.mark.parametrize(
    ("parse", "value"), [(yes_no, "maybe"), (rating, 0), (rating, "4.5"), (rating, "five")]
)
def test_what_is_no_value_is_an_error(parse, value):
    with pytest.raises(ValueError):
        parse(value)


def test_numbers_of_ids_have_one_form():
    assert string(42) == string(42.0) == string(" 42 ") == "42"


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ({"columns": {"conversation_id": "a", "role": "b"}}, "columns.text: the shape messages needs it"),
        ({"columns": {"question": "a"}}, "columns.question: the shape messages has no such column"),
        ({"shape": "qa", "columns": {"question": "q"}}, "columns.answer: the shape qa needs it"),
        (
            {"columns": {"conversation_id": "a", "text": "b", "role": "=visitor"}},
            "'visitor' is not a role",
        ),
        ({"roles": {"customer": ["user"], "agent": ["User"]}}, "roles: 'user' stands twice"),
    ],
)
def test_a_mapping_that_cannot_be_is_an_error(source, says):
    with pytest.raises(KefuError, match=says):
        mapping_of(Source(name="shop", path="logs", **source))


def test_all_faults_of_a_mapping_are_in_one_error():
    with pytest.raises(KefuError, match=r"5 fault\(s\)"):
        mapping_of(
            Source(name="shop", path="x", columns={"a": "b"}, roles={"customer": ["u"], "agent": ["u"]})
        )


def test_a_constant_stands_for_every_row():
    columns = {"conversation_id": "id", "role": "=Kunde", "text": "t", "channel": "=phone"}
    mapping = mapping_of(Source(name="shop", path="x", columns=columns, roles={"customer": ["kunde"]}))
    assert mapping.role(mapping.value({}, "role")) == "customer"
    assert mapping.string({"=phone": "x"}, "channel") == "phone"
