import random
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.dedup import index as module
from pipelines.dedup.clusters import clusters
from pipelines.dedup.index import INDEX, index_of, join
from pipelines.dedup.normalise import normalise
from pipelines.params.sections import Dedup
from pipelines.records import CONVERSATIONS
from tests.code.dedup.weeks import START, conversation

PARAMS = Dedup(ngram=3, jaccard=0.8, bands=20, rows=6)
SUBJECTS = ("我的订单", "昨天买的台灯", "那个花瓶", "刚下的单", "上周的包裹", "my order", "the vase")
QUESTIONS = ("什么时候发货", "怎么一直没有物流信息", "可以改地址吗", "想退货怎么操作", "is not here yet")
REPLIES = (
    "付款后48小时内发货",
    "请在订单页提交申请",
    "已为您催促仓库",
    "签收后7天内可以退换",
    "please wait a day",
)
DUPLICATES = 127  # of `recombined`, counted by brute force


def table(rows):
    return pa.Table.from_pylist(rows, CONVERSATIONS)


@pytest.fixture(scope="module")
def recombined():
    """600 short dialogues from a fixed seed, some typed a little differently, some the same."""
    rng, said = random.Random(7), []
    for number in range(600):
        if said and rng.random() < 0.4:
            question, answer = (list(text) for text in rng.choice(said))
            for _ in range(rng.randint(0, 2)):
                question[rng.randrange(len(question))] = rng.choice("的了吗呢啊")
            said.append(("".join(question), "".join(answer)))
        else:
            question = f"{rng.choice(SUBJECTS)}{rng.randrange(100, 1000)}{rng.choice(QUESTIONS)}"
            said.append((question, f"{rng.choice(REPLIES)}{number:04}"))
    return [conversation(number, *pair) for number, pair in enumerate(said)]


def brute_force(rows):
    """The smallest row of each row's cluster, by comparing all with all."""
    texts = ["".join(normalise(m["content"]) for m in row["messages"][1:]) for row in rows]
    grams = [{text[i : i + 3] for i in range(len(text) - 2)} for text in texts]
    parents = list(range(len(rows)))
    for j in range(len(rows)):
        for i in range(j):
            if len(grams[i] & grams[j]) + 1e-9 >= 0.8 * len(grams[i] | grams[j]):
                low, high = sorted((parents[i], parents[j]))
                parents = [low if parent == high else parent for parent in parents]
    return parents


def test_the_exact_number_of_duplicates_of_a_fixed_set(recombined):
    found = clusters(join([index_of(table(recombined), PARAMS)], 20), 0.8)
    smallest = np.empty(len(recombined), int)
    smallest[found.order] = np.repeat(found.smallest, found.sizes)
    assert smallest.tolist() == brute_force(recombined)
    assert len(recombined) - len(found.starts) == DUPLICATES


@given(st.permutations(range(40)), st.lists(st.integers(0, 40), max_size=4))
def test_no_cut_and_no_order_of_the_rows_changes_the_clusters(recombined, order, cuts):
    rows = recombined[:40]
    whole = clusters(join([index_of(table(rows), PARAMS)], 20), 0.8)
    edges = [0, *sorted(cuts), 40]
    weeks = [[rows[i] for i in order[a:b]] for a, b in pairwise(edges)]
    parts = clusters(join([index_of(table(week), PARAMS) for week in weeks], 20), 0.8)
    assert np.array_equal(parts.order, whole.order)
    assert np.array_equal(parts.starts, whole.starts)


def test_what_an_index_says_of_a_conversation():
    rows = [
        conversation(1, "怎么退货", "七天内可以退", resolved=True, satisfaction=4),
        conversation(2, "怎么退货?", "七天内可以退!", satisfaction=3),
        conversation(3, "👍", "。"),
        conversation(4) | {"messages": None, "source_file": None, "source_row": None, "started_at": None},
    ]
    found = index_of(table(rows), PARAMS)
    assert found.schema == INDEX
    said = found.to_pylist()
    assert [row["good"] for row in said] == [2, 0, 0, 0]
    assert [row["agent_chars"] for row in said] == [6, 7, 1, 0]
    assert said[0]["text"] == said[1]["text"] is not None
    assert [row["text"] for row in said[2:]] == [None, None]
    assert [row["shingles"] and len(row["shingles"]) for row in said] == [8, None, None, None]
    assert [row["bands"] and len(row["bands"]) for row in said] == [20, None, None, None]
    assert (said[0]["started_at"], said[3]["source_file"], said[3]["source_row"]) == (START, "", 0)


def test_pieces_do_not_show(recombined, monkeypatch):
    whole = index_of(table(recombined), PARAMS)
    monkeypatch.setattr(module, "PIECE_ROWS", 7)
    assert index_of(table(recombined), PARAMS).combine_chunks().equals(whole.combine_chunks())


@pytest.mark.parametrize("indexes", [[], [INDEX.empty_table()], [index_of(table([]), PARAMS)] * 2])
def test_no_rows_are_no_clusters(indexes):
    found = clusters(join(indexes, 20), 0.8)
    assert (len(found.order), len(found.starts), len(found.smallest)) == (0, 0, 0)
