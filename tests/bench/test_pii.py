import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.pii_score import (
    HEAD,
    SHORT,
    Tally,
    as_markdown,
    as_text,
    by_type,
    f_beta,
    false_masks,
    in_short,
    is_right,
    judge,
)
from bench.pii_sets import Talk, read_marked, read_multidogo, slot_spans, unmark
from pipelines.errors import KefuError
from pipelines.mask.labels import Finding


def found(start, end, kind="PERSON"):
    return Finding(start, end, kind, 0.7, "test")


def test_markers_become_spans():
    text, spans = unmark("I am [[PERSON:Ann Lee]], [[PHONE:0791]].")
    assert text == "I am Ann Lee, 0791."
    assert spans == [(5, 12, "PERSON"), (14, 18, "PHONE")]


@given(st.text(max_size=40).filter(lambda text: "[[" not in text), st.text("abc 1", min_size=1, max_size=9))
def test_a_marked_value_is_found_where_it_stands(before, value):
    text, [(start, end, kind)] = unmark(f"{before}[[EMAIL:{value}]]!")
    assert (text[start:end], kind, text) == (value, "EMAIL", f"{before}{value}!")


def test_a_damaged_set_names_its_lines(tmp_path):
    file = tmp_path / "en.jsonl"
    good = {"id": "1", "language": "en", "turns": [["customer", "[[NONE:x]]"]]}
    file.write_text(json.dumps(good) + "\n{}\n", encoding="utf-8")
    with pytest.raises(KefuError) as error:
        read_marked(file)
    assert "line 1" in str(error.value) and "line 2" in str(error.value)


def test_words_of_one_slot_are_one_span():
    spans = slot_spans("john peter and 563 3", ["name", "name", "O", "password", "password"])
    assert spans == [(0, 10, "PERSON"), (15, 20, "PASSWORD")]
    assert slot_spans("raj99 ok", ["username", "O"]) == [(0, 5, "USERNAME")]


def test_rows_whose_labels_do_not_fit_are_counted_and_left_out(tmp_path):
    (tmp_path / "media").mkdir()
    rows = ["head", "c\t1\tu\tmy name viji\tO O name\ti", "c\t2\tu\tviji ok\tname\ti", "c\t3"]
    (tmp_path / "media/dev.tsv").write_text("\n".join(rows), encoding="utf-8")
    talks, left_out = read_multidogo(tmp_path, ["dev"])
    assert [talk.turns for talk in talks] == [[("customer", "my name viji")]]
    assert (talks[0].spans, left_out) == ([[(8, 12, "PERSON")]], 2)


def test_multidogo_as_it_is(shared_data):
    talks, left_out = read_multidogo(shared_data / "multidogo_4dom", ["dev"])
    assert len(talks) > 100 and left_out < 1000


@pytest.mark.parametrize(
    ("findings", "typed", "exact", "covered"),
    [
        ([found(0, 7)], True, True, True),
        ([found(0, 9)], True, False, True),
        ([found(0, 3), found(4, 7)], True, False, True),
        ([found(0, 3)], False, False, False),
        ([found(0, 7, "PHONE")], False, False, True),
        ([], False, False, False),
    ],
)
def test_judge(findings, typed, exact, covered):
    assert judge("Ann Lee ok", (0, 7, "PERSON"), findings) == (typed, exact, covered)


def test_a_finding_is_right_within_or_around_a_true_span_of_its_type():
    true = [(0, 7, "PERSON")]
    assert is_right("Ann Lee ok", found(0, 3), true)
    assert is_right("Ann Lee ok", found(0, 10), true)
    assert not is_right("Ann Lee ok", found(4, 10), true)
    assert not is_right("Ann Lee ok", found(0, 7, "PHONE"), true)


def test_f_beta():
    assert f_beta(1.0, 1.0) == 1.0
    assert f_beta(0.0, 0.0) == 0.0
    assert f_beta(None, 1.0) is None
    assert f_beta(0.5, 1.0) > f_beta(1.0, 0.5)


def test_tally_counts_leaks_by_document_and_false_masks():
    talk = Talk(
        "1", [("customer", "Ann"), ("customer", "ok")], [[(0, 3, "PERSON")], []], ["en", "en"], [False, True]
    )
    tally = Tally()
    tally.add(talk, [[found(0, 3)], []])
    tally.add(talk, [[], [found(0, 2)]])
    assert by_type(tally)[0] == ["en", "PERSON", "2", "0.500", "0.500", "0.500", "0.500", "0.500", "0.500"]
    assert false_masks(tally) == ["en: 2 messages hold nothing personal, 1 of them were masked (50.00%)"]
    assert as_markdown(HEAD, by_type(tally)).count("\n") == 3
    assert as_text(HEAD, by_type(tally)).splitlines()[0].split()[:2] == ["lang", "type"]
    assert in_short(tally) == [["en", "2", "0.500", "0.500", "0.500", "0.500", "0.500", "0.500", "50.00%"]]
    assert len(SHORT) == len(in_short(tally)[0]) + 1
