"""Chats are tokenised once; whatever changes the token ids changes the key; damage is no answer."""

import pyarrow.parquet as pq
import pytest

from pipelines.training import tokenised
from pipelines.training.encode import encode_chat, pack_documents
from pipelines.training.tokenised import encode_blocks, encode_chats

CHATS = [
    [{"role": "user", "content": "运费多少"}, {"role": "assistant", "content": "满99元包邮。"}],
    [{"role": "user", "content": "很长" * 400}, {"role": "assistant", "content": "好的。"}],
]
EXPECTED_TOO_LONG = 1


@pytest.fixture
def calls(monkeypatch):
    """The number of chats that were really tokenised, as a list that grows."""
    made = []

    def counted(*given):
        made.append(given)
        return encode_chat(*given)

    monkeypatch.setattr(tokenised, "encode_chat", counted)
    return made


def stored(own_home):
    return sorted((own_home / "store/tokenised").iterdir())


def test_the_second_time_nothing_is_tokenised_and_all_is_the_same(tokenizer, own_home, calls):
    first = encode_chats(tokenizer, CHATS, 100)
    assert [segment is None for segment in first] == [False, True]
    assert first[0] == encode_chat(tokenizer, CHATS[0], 100)
    assert encode_chats(tokenizer, CHATS, 100) == first
    assert len(calls) == len(CHATS)
    (file,) = stored(own_home)
    assert pq.read_table(file)["input_ids"].null_count == EXPECTED_TOO_LONG


@pytest.mark.parametrize(
    "change",
    [
        lambda tokenizer: (tokenizer, CHATS, 99),
        lambda tokenizer: (tokenizer, CHATS[::-1], 100),
        lambda tokenizer: (with_template(tokenizer), CHATS, 100),
    ],
)
def test_what_changes_the_ids_is_tokenised_anew(tokenizer, own_home, calls, change):
    encode_chats(tokenizer, CHATS, 100)
    given = change(tokenizer)
    assert encode_chats(*given) == [encode_chat(given[0], chat, given[2]) for chat in given[1]]
    assert len(stored(own_home)) == 2


def with_template(tokenizer):
    tokenizer.chat_template = tokenizer.chat_template.replace("start_of_turn", "start_of_a_turn")
    return tokenizer


def test_a_damaged_file_is_replaced(tokenizer, own_home, calls):
    first = encode_chats(tokenizer, CHATS, 100)
    (file,) = stored(own_home)
    content = bytearray(file.read_bytes())
    content[20] ^= 255
    file.write_bytes(content)
    assert encode_chats(tokenizer, CHATS, 100) == first
    assert encode_chats(tokenizer, CHATS, 100) == first
    assert len(calls) == 2 * len(CHATS)


TEXTS = ["满99元包邮。" * 5, "We ship within 48 hours. " * 4]


def test_documents_are_packed_once(tokenizer, own_home, monkeypatch):
    packed = []

    def counted(*given):
        packed.append(given)
        return pack_documents(*given)

    monkeypatch.setattr(tokenised, "pack_documents", counted)
    first = encode_blocks(tokenizer, TEXTS, 32, 100)
    assert first == pack_documents(tokenizer, TEXTS, 32, 100) and len(first) > 1
    assert encode_blocks(tokenizer, TEXTS, 32, 100) == first and len(packed) == 1
    for texts, block, most in ((TEXTS[::-1], 32, 100), (TEXTS, 16, 100), (TEXTS, 32, 50)):
        assert encode_blocks(tokenizer, texts, block, most) == pack_documents(tokenizer, texts, block, most)
    assert len(packed) == 4
