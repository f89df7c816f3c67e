import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.dedup import shingles as module
from pipelines.dedup.shingles import shingles, similar

short_texts = st.lists(st.text(alphabet="退货款ab", max_size=12), max_size=25)


def jaccard(one, other, ngram):
    """The reference: n-grams as sets of strings."""
    a, b = ({t[i : i + ngram] for i in range(max(len(t) - ngram + 1, 1))} for t in (one, other))
    return len(a & b) / len(a | b)


@settings(deadline=None, max_examples=60)
@given(short_texts, st.integers(1, 5), st.floats(0.1, 1))
def test_verification_is_exact_jaccard(texts, ngram, threshold):
    table = shingles(texts, ngram)
    pairs = [(i, j) for i in range(len(texts)) for j in range(len(texts)) if texts[i] and texts[j]]
    i, j = np.array(pairs, np.int64).reshape(-1, 2).T
    expected = [jaccard(texts[a], texts[b], ngram) >= threshold - 1e-9 for a, b in pairs]
    assert similar(table, i, table, j, threshold).tolist() == expected


@pytest.mark.parametrize(
    ("text", "count"), [("", 0), ("退", 1), ("退货款", 1), ("退货款了", 2), ("哈哈哈哈哈", 1), ("𠮷𠮷a", 1)]
)
def test_a_text_is_the_set_of_its_trigrams(text, count):
    assert shingles([text], 3).sizes.tolist() == [count]


def test_rows_stand_apart():
    table = shingles(["退货款", "", "货款退", "退货款"], 3)
    assert table.offsets.tolist() == [0, 1, 1, 2, 3]
    assert table.hashes[0] == table.hashes[2] != table.hashes[1]


def test_many_pairs_are_verified_in_parts(monkeypatch):
    monkeypatch.setattr(module, "BATCH_SHINGLES", 7)
    table = shingles(["abcdefgh", "abcdefgx", "zyxwvuts"] * 5, 3)
    i, j = np.divmod(np.arange(15 * 15), 15)
    expected = [{a % 3, b % 3} <= {0, 1} or a % 3 == b % 3 for a, b in zip(i, j, strict=True)]
    assert similar(table, i, table, j, 0.7).tolist() == expected
