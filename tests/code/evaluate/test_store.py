"""What is remembered, and for whom."""

import pytest

from pipelines.evaluate.store import Store, digest


@pytest.fixture
def store(own_home):
    return Store("m" * 64, {"max_new_tokens": 8})


def test_what_was_put_is_found_again(store):
    store.put("answer", "k" * 64, {"text": "好的", "tokens": 2})
    assert store.get("answer", "k" * 64) == {"text": "好的", "tokens": 2}
    assert store.missing("answer", ["k" * 64, "j" * 64]) == [1]


def test_other_settings_and_models_share_nothing(store):
    store.put("answer", "k" * 64, {"text": "x", "tokens": 1})
    assert Store("m" * 64, {"max_new_tokens": 9}).get("answer", "k" * 64) is None
    assert Store("n" * 64, {"max_new_tokens": 8}).get("answer", "k" * 64) is None
    assert store.get("loss", "k" * 64) is None


@pytest.mark.parametrize("damage", ["", "{", "[1]", "null"])
def test_a_damaged_file_counts_as_never_asked(store, damage):
    store.put("answer", "k" * 64, {"text": "x", "tokens": 1})
    [path] = (store.folder / "answer").iterdir()
    path.write_text(damage)
    assert store.get("answer", "k" * 64) is None


def test_digest_tells_values_apart():
    assert digest({"a": 1}) == digest({"a": 1})
    assert len({digest({"a": 1}), digest({"a": 2}), digest("a"), digest(b"a")}) == 4
