"""Which examples are taken when not all can be, and how evaluation is shared out."""

from hypothesis import given
from hypothesis import strategies as st

from pipelines.training.encode import Segment
from pipelines.tune.stage import choose, even_rows
from tests.code.training.tiny import example

FAQ = [example(i, "faq", i % 4) for i in range(12)]
LOG = [example(i, "log", i % 4) for i in range(6)]


def entries(rows):
    return [(row["origin"], row["messages"][-1]["content"]) for row in rows]


def test_every_faq_entry_before_a_second_wording_of_any():
    assert len(set(entries(choose(LOG + FAQ, 4, 1)))) == 4
    assert {origin for origin, _ in entries(choose(LOG + FAQ, 4, 1))} == {"faq"}
    eight = entries(choose(LOG + FAQ, 8, 1))
    assert all(eight.count(entry) == 2 for entry in eight)


def test_the_rest_follows_and_nothing_is_lost():
    chosen = choose(LOG + FAQ, 15, 1)
    assert [origin for origin, _ in entries(chosen)] == ["faq"] * 12 + ["log"] * 3
    assert sorted(r["example_id"] for r in choose(LOG + FAQ, 0, 1)) == sorted(
        r["example_id"] for r in LOG + FAQ
    )


@given(st.permutations(LOG + FAQ), st.integers(0, 20))
def test_order_of_arrival_does_not_matter(rows, limit):
    assert choose(rows, limit, 5) == choose(LOG + FAQ, limit, 5)


@given(st.lists(st.integers(2, 300), min_size=1, max_size=40), st.integers(1, 4))
def test_evaluation_rows_are_as_many_for_each_process(lengths, processes):
    segments = [Segment([7] * length, 1) for length in lengths]
    rows = even_rows(segments, processes)
    assert sorted(len(s.input_ids) for row in rows for s in row) == sorted(lengths)
    assert all(rows)
    assert len(rows) % processes == 0 or len(segments) < processes
