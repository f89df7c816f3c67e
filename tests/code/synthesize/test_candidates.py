from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.dedup.normalise import normalise
from pipelines.mask.policy import DEFAULT
from pipelines.split.leaks import question
from pipelines.synthesize.candidates import (
    Candidate,
    Known,
    fit,
    fit_for_paraphrase,
    judge,
    judged,
    within_share,
)


@pytest.fixture
def source(row):
    return row("支持七天无理由退货吗")


def made(source, text, by_model=False):
    found = judge(text, question(source), source["language"], DEFAULT, by_model)
    return Candidate(source, text, found, by_model)


def outcome(candidates, known=None, per_source=5):
    dropped = []
    rows, spare = judged(
        candidates, known or Known(), per_source, lambda reason, c: dropped.append((reason, c.text))
    )
    return [row["messages"][-2]["content"] for row in rows], spare, dropped


def test_those_that_differ_most_are_taken_and_the_rest_counted_as_spare(source):
    texts = ["请问支持七天无理由退货吗", "七天内没有理由也支持退吗", "七天无理由退货你们支持不"]
    taken, spare, dropped = outcome([made(source, text) for text in texts], per_source=1)
    assert (len(taken), spare + len(dropped)) == (1, 2)
    assert taken != ["请问支持七天无理由退货吗"]


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        ({"copies": ["七天无理由退货你们支持不"]}, "near_copy"),
        ({"leaking": ["七天无理由退货你们支持不"]}, "near_held_out"),
        ({"personal": ["七天无理由退货你们支持不"]}, "personal_data"),
        ({"taken": {normalise("七天无理由退货，你们支持不")}}, "duplicate"),
    ],
)
def test_what_is_known_from_elsewhere_drops_it_with_a_reason(source, known, reason):
    candidate = made(source, "七天无理由退货你们支持不")
    assert outcome([candidate], Known(**known)) == ([], 0, [(reason, candidate.text)])


def test_a_drifting_one_is_dropped_for_its_own_source_only(source, row):
    text, other = "七天无理由退货你们支持不", row("支持七天无理由退货不")
    known = Known(drifting={(source["example_id"], text)})
    taken, _, dropped = outcome([made(source, text), made(other, text)], known)
    assert (taken, dropped) == ([text], [("other_intent", text)])


def test_two_sources_never_give_the_same_question(source, row):
    pair = [made(one, "七天无理由退货你们支持不") for one in (source, row("支持七天无理由退货不"))]
    taken, _, dropped = outcome(pair)
    assert len(taken) == 1 and [reason for reason, _ in dropped] == ["duplicate"]


def test_what_is_fit_so_far_stands_nowhere_and_is_no_fault_of_its_own(source):
    texts = ["七天无理由退货你们支持不", "支持七天无理由退货吗？", "支持七天无理由退换不"]
    candidates = [made(source, text) for text in texts]
    assert [c.judged.fault for c in candidates] == [None, "unchanged", None]
    assert [c.text for c in fit(candidates, {normalise(texts[2])})] == texts[:1]


def test_only_a_model_is_refused_a_new_number(source):
    text = "七天无理由退货支持不，我买了399元的锅"
    assert outcome([made(source, text)])[0] == [text]
    assert outcome([made(source, text, by_model=True)])[2] == [("added_number", text)]


def test_what_is_fit_for_it(row):
    assert fit_for_paraphrase(row("能退吗"))
    assert not fit_for_paraphrase(row("能退到<PHONE_1>吗"))
    assert not fit_for_paraphrase(row("能退吗\n急"))
    assert not fit_for_paraphrase(row("能退吗", origin="log", key_facts=[]))


MADE = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 999)), max_size=60, unique=True)


@given(
    MADE,
    st.dictionaries(st.sampled_from("abc"), st.integers(0, 20)),
    st.floats(0, 0.9),
    st.floats(0, 0.9),
)
def test_no_intent_and_not_the_whole_is_over_its_share(made, real, share, per_intent):
    rows = [{"example_id": f"{intent}{n}", "intent": intent} for intent, n in made]
    kept, over = within_share(rows, real, share, per_intent)
    assert len(kept) + over.total() == len(rows)
    assert len(kept) <= share * (len(kept) + sum(real.values())) + 1e-6
    for intent, count in Counter(row["intent"] for row in kept).items():
        assert count <= per_intent * (count + real.get(intent, 0)) + 1e-6
    assert within_share(rows[::-1], real, share, per_intent) == (kept, over)


def test_each_limit_has_its_reason():
    rows = [{"example_id": f"{intent}{n}", "intent": intent} for intent in "ab" for n in range(10)]
    kept, over = within_share(rows, {"a": 2, "b": 8}, 0.4, 0.5)
    assert Counter(row["intent"] for row in kept) == {"a": 2, "b": 4}
    assert over == {"over_intent_share": 10, "over_share": 4}
