"""The network in numpy: the same as in torch, and the same in any batch."""

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.reader import net as trained
from bench.reader.encode import Encoded, tensors
from pipelines.errors import KefuError
from pipelines.mask.reader import Reader
from pipelines.mask.reader.net import TAGS, TYPES, Net, Seen, between
from pipelines.mask.reader.spans import readings
from pipelines.mask.reader.units import features, rows_seen, units

PIECES = [
    "我叫",
    "王芳",
    "暴海军",
    "刚发的",
    "093371",
    " ",
    ",",
    "my son ",
    "Tobenna",
    "pw ",
    "Lhx19@x",
    "\n",
    "的书",
]
TEXTS = st.lists(st.lists(st.sampled_from(PIECES), max_size=6).map("".join), min_size=1, max_size=6)
WIDTH = 8


@pytest.fixture(scope="module")
def reader():
    return Reader()


def states_of(texts, width=256):
    """States that depend on a text alone."""
    return [np.random.default_rng(len(t)).uniform(-1, 1, (len(t), width)).astype(np.float32) for t in texts]


def read(reader, texts, language):
    return reader.read(texts, language, [()] * len(texts), states_of(texts))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS, st.sampled_from(["zh", "en", "mixed"]))
def test_a_text_is_read_the_same_in_any_batch(reader, texts, language):
    together = read(reader, texts, language)
    alone = [read(reader, [text], language)[0] for text in texts]
    backwards = read(reader, texts[::-1], language)[::-1]
    for one, other, third in zip(together, alone, backwards, strict=True):
        assert one.spans == other.spans == third.spans
        np.testing.assert_array_equal(one.chances, other.chances)
        np.testing.assert_array_equal(one.chances, third.chances)


@settings(max_examples=60, deadline=None)
@given(TEXTS, st.sampled_from(["zh", "en"]))
def test_readings_lie_within_the_text_and_do_not_overlap(reader, texts, language):
    for text, seen in zip(texts, read(reader, texts, language), strict=True):
        last = 0
        for reading in readings(seen):
            assert last <= reading.start < reading.end <= len(text)
            assert reading.type in TYPES and 0 < reading.score <= 1
            last = reading.end


@pytest.mark.parametrize("width", [0, WIDTH])
def test_numpy_computes_what_torch_does(tmp_path, width):
    torch.manual_seed(3)
    net = trained.Net(TAGS, width).eval()
    trained.write(tmp_path / "net.npz", net)
    texts = ["我叫王芳,电话138", "pw Lhx19@x", "x"]
    states = states_of(texts, width) if width else []
    group = [
        Encoded(rows(text), between(states[i], units(text)) if width else None, [0] * len(units(text)))
        for i, text in enumerate(texts)
    ]
    inputs, _ = tensors(group, all_seen())
    with torch.no_grad():
        want = torch.softmax(net(*inputs), -1).numpy()
    for one, text, row in zip(
        Net(tmp_path / "net.npz").read(texts, [()] * 3, states), texts, want, strict=True
    ):
        np.testing.assert_allclose(one.chances, row[: len(units(text))], atol=0.02)  # weights are rounded


def rows(text):
    return [(gap, label, *features(unit)) for gap, label, unit in rows_seen(text, units(text), [])]


def all_seen():
    class Ones:
        def random(self, size):
            return np.ones(size)

    return Ones()


def test_texts_without_units_are_read_as_nothing(reader):
    assert [seen.spans for seen in read(reader, ["", " \t"], "en")] == [[], []]
    mixed = read(reader, ["", "Ann", " "], "en")
    assert [len(seen.chances) for seen in mixed] == [0, 1, 0]


def test_weights_for_other_types_are_refused(tmp_path):
    np.savez(tmp_path / "old.npz", types=np.array(["PERSON", "FAX"]))
    with pytest.raises(KefuError, match="FAX"):
        Net(tmp_path / "old.npz")


def test_how_personal_a_span_is():
    chances = np.array([[0.9, 0.1], [0.25, 0.75], [1, 0]], np.float32)
    seen = Seen([(0, 2), (3, 5), (6, 7)], chances)
    assert seen.personal(0, 5) == 0.75
    assert seen.personal(6, 7) == 0
    assert seen.personal(5, 6) == 1  # of what it has not read it knows nothing


def test_how_likely_a_type_is():
    chances = np.zeros((2, TAGS), np.float32)
    at = 1 + 2 * TYPES.index("QQ")
    chances[0, at], chances[1, at + 1] = 0.5, 0.25
    seen = Seen([(0, 2), (3, 5)], chances)
    assert (seen.chance("QQ", 0, 5), seen.chance("QQ", 3, 5)) == (0.375, 0.25)
    assert seen.chance("PHONE", 0, 5) == seen.chance("QQ", 7, 9) == 0
