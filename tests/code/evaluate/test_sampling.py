"""Which examples are asked."""

from hypothesis import given
from hypothesis import strategies as st
from pipelines.evaluate.sampling import HEADLINE, choose, kind, quotas

KINDS = st.dictionaries(st.sampled_from(["faq", "log", "rule", "hand_over"]), st.integers(0, 300))


def example(number, origin="faq", hand_over=False):
    return {"example_id": f"{origin}{number}", "origin": origin, "hand_over": hand_over}


def test_a_hand_over_is_a_kind_of_its_own():
    assert kind(example(1, "log", True)) == "hand_over"
    assert kind(example(1, "log")) == "log"


@given(KINDS, st.integers(1, 200))
def test_quotas_fill_the_sample_and_never_exceed_what_there_is(available, size):
    found = quotas(available, size)
    assert all(0 <= found[name] <= available[name] for name in available)
    assert sum(found.values()) == min(size, sum(available.values()))


@given(st.integers(20, 200))
def test_every_kind_is_present_and_the_faq_has_the_most(size):
    found = quotas({"faq": 500, "log": 500, "hand_over": 40}, size)
    assert min(found.values()) > 0
    assert found["faq"] == max(found.values())


def test_the_choice_does_not_depend_on_the_order_of_rows():
    rows = [example(n) for n in range(50)] + [example(n, "log", True) for n in range(9)]
    assert choose(rows, 20, 13) == choose(rows[::-1], 20, 13)


def test_another_seed_chooses_others():
    rows = [example(n) for n in range(200)]
    assert choose(rows, 20, 1) != choose(rows, 20, 2)


def test_who_is_chosen_stays_chosen_when_others_go():
    rows = [example(n) for n in range(100)]
    chosen = choose(rows, 30, 13)
    kept = [row for row in rows if row in chosen or row["example_id"] > "faq5"]
    assert [row for row in choose(kept, 30, 13) if row not in chosen] == []


def test_a_log_without_faq_is_evaluated_too():
    rows = [example(n, "log") for n in range(40)]
    assert len(choose(rows, 25, 13)) == 25
    assert HEADLINE not in {kind(row) for row in rows}
