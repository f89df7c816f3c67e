"""The units of a text and what is seen of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.mask.entity import Entity
from pipelines.mask.reader.units import (
    BUCKETS,
    NO_SPACE,
    SPACE,
    UNNAMED,
    bucket,
    features,
    named,
    rows_seen,
    shape,
    units,
)

TEXTS = st.text(st.one_of(st.sampled_from("我是王芳 aB1-@'é\n\t,。9"), st.characters()), max_size=40)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("我叫王芳", ["我", "叫", "王", "芳"]),
        ("ref EH240311, it's O'Brien", ["ref", "EH240311", ",", "it's", "O'Brien"]),
        ("1月23日 138-0013", ["1", "月", "23", "日", "138", "-", "0013"]),
        ("Lhx19@dalian", ["Lhx19", "@", "dalian"]),
        ("a\nb", ["a", "\n", "b"]),
        (" \t", []),
        ("", []),
    ],
)
def test_units(text, read):
    assert [text[start:end] for start, end in units(text)] == read


@given(TEXTS)
def test_units_hold_all_but_spaces_in_order(text):
    spans = units(text)
    assert "".join(text[start:end] for start, end in spans) == text.replace(" ", "").replace("\t", "")
    assert [start for start, _ in spans] == sorted({start for start, _ in spans})


@given(TEXTS)
def test_every_unit_has_features_within_the_table(text):
    for start, end in units(text):
        seen = features(text[start:end])
        assert seen and len(set(seen)) == len(seen)
        assert all(1 < number < BUCKETS for number in seen)


def test_space_before_a_unit():
    rows = rows_seen("ab cd,", units("ab cd,"), [])
    assert rows == [(SPACE, UNNAMED, "ab"), (SPACE, UNNAMED, "cd"), (NO_SPACE, UNNAMED, ",")]


def test_shape_counts_runs():
    assert [shape(unit) for unit in ("Ab12", "EH240311", "o'brien")] == ["X1x1d2", "X2d6", "x1X1x5"]


def test_a_surname_and_a_name_of_the_lists_are_seen():
    assert bucket("surname") in features("王") and bucket("surname") not in features("的")
    assert bucket("list:first") in features("Sarah") and bucket("list:first") not in features("kettle")


def test_a_unit_bears_the_label_of_the_entity_that_holds_it():
    spans = units("to Ann Lee now")
    labels = named(spans, [Entity(3, 10, "PERSON")])
    assert labels == [bucket("entity"), bucket("entityPERSON"), bucket("entityPERSON"), bucket("entity")]
