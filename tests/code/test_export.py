import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.errors import KefuError
from pipelines.export import TABLES, as_line, export, message_faults
from pipelines.records import EXAMPLES
from tests.code.split.rows import example

SYSTEM = {"role": "system", "content": "你是客服"}
TEMPLATE = (  # in the manner of most chat models: strict about who speaks when
    "{% for m in messages %}{% if m.role not in ('system', 'user', 'assistant') %}"
    "{{ raise_exception('role') }}{% endif %}<|{{ m.role }}|>{{ m.content }}\n{% endfor %}"
)


def row(name, **fields):
    held = example(name, f"{name}怎么退货", emotion="calm", **fields)
    held["messages"] = [SYSTEM, *held["messages"]]
    return held


@pytest.fixture
def root(tmp_path):
    for side, path in TABLES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        rows = [row(f"{side}1", entities=[{"label": "product", "text": "锅"}]), row(f"{side}2")]
        pq.write_table(pa.Table.from_pylist(rows, EXAMPLES), tmp_path / path)
    return tmp_path


def test_the_export_loads_unchanged_and_a_chat_template_takes_it(root, tmp_path):
    from datasets import load_dataset
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from transformers import PreTrainedTokenizerFast

    assert export(root, tmp_path / "out") == {"train": 2, "validation": 2, "test": 2}
    files = {side: str(tmp_path / f"out/{side}.jsonl") for side in TABLES}
    loaded = load_dataset("json", data_files=files, cache_dir=str(tmp_path / "cache"))
    named = load_dataset(str(tmp_path / "out"), cache_dir=str(tmp_path / "cache"))
    assert {side: len(rows) for side, rows in named.items()} == dict.fromkeys(TABLES, 2)
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=Tokenizer(WordLevel({"a": 0}, "a")))
    for side, path in TABLES.items():
        written = pq.read_table(root / path).to_pylist()
        assert [list(line["messages"]) for line in loaded[side]] == [line["messages"] for line in written]
        for line in loaded[side]:
            text = tokenizer.apply_chat_template(line["messages"], chat_template=TEMPLATE, tokenize=False)
            assert text.startswith("<|system|>") and text.endswith("<|assistant|>好的\n")


def test_a_line_holds_what_a_trainer_may_filter_by(root):
    line = json.loads(as_line(row("a", entities=[])))
    assert next(iter(line)) == "messages" and line["emotion"] == "calm" and line["hand_over"] is False


USER, ANSWER = {"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}


@pytest.mark.parametrize(
    "messages",
    [
        [],
        [SYSTEM],
        [USER],
        [ANSWER, USER],
        [USER, ANSWER, USER],
        [USER, SYSTEM, ANSWER],
        [USER, {**ANSWER, "content": " "}],
    ],
)
def test_what_is_no_chat_is_not_exported(messages):
    assert list(message_faults(messages))
    with pytest.raises(KefuError, match="not a chat"):
        as_line({**row("a"), "messages": messages})


def test_a_folder_with_something_in_it_is_left_alone(root, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out/mine.txt").write_text("x")
    with pytest.raises(KefuError, match="not empty"):
        export(root, tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["mine.txt"]


def test_without_the_tables_nothing_is_written(tmp_path):
    with pytest.raises(KefuError, match="not there"):
        export(tmp_path, tmp_path / "out")
    assert not list(tmp_path.iterdir())
