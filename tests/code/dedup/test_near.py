import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.dedup.banding import banding
from pipelines.dedup.near import band_keys, candidates, near_clusters, near_matches
from pipelines.dedup.shingles import shingles, similar
from pipelines.progress import Progress

CHARACTERS = "退货换款单订物流查询地址修改优惠券发票支付失败会员积分快递到哪里了什么时候请问能不"
NEAR = {"ngram": 3, "jaccard": 0.8, "bands": 20, "rows": 6}
DUPLICATES = 169  # of the fixed set below, counted by brute force
short_texts = st.lists(st.text(alphabet="退货款ab", max_size=12), max_size=25)


def grams(text, ngram=3):
    """The reference: n-grams as a set of strings."""
    return {text[i : i + ngram] for i in range(max(len(text) - ngram + 1, 1))} if text else set()


def jaccard(one, other, ngram=3):
    a, b = grams(one, ngram), grams(other, ngram)
    return len(a & b) / len(a | b) if a and b else 0.0


def near_or_equal(texts, threshold):
    """Brute force over all pairs."""
    return {
        (i, j)
        for i in range(len(texts))
        for j in range(i + 1, len(texts))
        if jaccard(texts[i], texts[j]) >= threshold - 1e-9
    }


def verified(texts):
    """The pairs that connect distinct texts."""
    table, found = shingles(texts, NEAR["ngram"]), set()
    for low, high in candidates(band_keys(table, NEAR["bands"], NEAR["rows"])):
        near = similar(table, low, table, high, NEAR["jaccard"])
        found |= set(zip(low[near].tolist(), high[near].tolist(), strict=True))
    return found


@pytest.fixture(scope="module")
def dialogues():
    """600 distinct texts, many of them a few keystrokes apart, from a fixed seed."""
    rng = random.Random(7)
    originals = ["".join(rng.choices(CHARACTERS, k=rng.randint(8, 60))) for _ in range(120)]
    texts = dict.fromkeys(originals)
    while len(texts) < 600:
        text = list(rng.choice(originals))
        for _ in range(rng.randint(1, 3)):
            text[rng.randrange(len(text))] = rng.choice(CHARACTERS)
        texts["".join(text)] = None
    return list(texts)


def test_recall_and_precision_against_brute_force(dialogues):
    true, found = near_or_equal(dialogues, 0.8), verified(dialogues)
    assert len(true) > 100
    assert found <= true
    assert len(found & true) / len(true) >= 0.99


def test_the_exact_number_of_duplicates_of_a_fixed_set(dialogues):
    clusters = near_clusters(dialogues, **NEAR)
    assert sum(cluster != row for row, cluster in enumerate(clusters)) == DUPLICATES


def test_clusters_are_the_components_of_the_pairs(dialogues):
    parents = list(range(len(dialogues)))
    for _ in range(2):
        for i, j in sorted(verified(dialogues)):
            low, high = sorted((parents[i], parents[j]))
            parents = [low if parent == high else parent for parent in parents]
    assert near_clusters(dialogues + dialogues, **NEAR) == parents * 2


def test_order_does_not_change_who_belongs_together(dialogues):
    def together(texts):
        groups = {}
        for text, cluster in zip(texts, near_clusters(texts, **NEAR), strict=True):
            groups.setdefault(cluster, set()).add(text)
        return {frozenset(group) for group in groups.values()}

    assert together(dialogues) == together(dialogues[::-1]) == together(sorted(dialogues))


def test_equal_texts_are_one_cluster():
    assert near_clusters(["怎么退货"] * 4 + ["你好吗"], **NEAR) == [0, 0, 0, 0, 4]


def test_a_large_cluster_of_near_texts_is_one_cluster():
    texts = ["我的快递到哪里了请帮我查询一下物流信息谢谢" + mark for mark in CHARACTERS]
    assert set(near_clusters(texts, **NEAR)) == {0}


@settings(deadline=None, max_examples=60)
@given(short_texts, short_texts)
def test_matches_are_all_and_only_the_near_ones(texts, against):
    bands, rows = banding(0.7, miss=1e-12)
    matches = near_matches(texts, against, 3, 0.7, bands, rows)
    expected = {
        i for i, one in enumerate(texts) if any(jaccard(one, other) >= 0.7 - 1e-9 for other in against)
    }
    assert set(matches) == expected
    assert all(jaccard(texts[i], against[j]) >= 0.7 - 1e-9 for i, j in matches.items())


def test_an_equal_text_is_the_preferred_match():
    assert near_matches(["怎么申请退货呢"], ["怎么申请退货呢啊", "怎么申请退货呢"], 3, 0.7, 40, 4) == {0: 1}


@pytest.mark.parametrize("texts", [[], [""], ["", ""], ["a"], ["", "a"]])
def test_nothing_is_near_nothing(texts):
    assert near_clusters(texts, **NEAR) == list(range(len(texts)))
    assert near_matches(texts, [""], **NEAR) == {}


def test_progress_counts_the_bands(dialogues):
    progress = Progress("dedup", 20, "bands")
    near_clusters(dialogues[:50], **NEAR, progress=progress)
    assert progress.done == 20
