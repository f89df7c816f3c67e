"""The stage as a whole: encrypted partitions in, masked tables out, remembered between runs."""

import json
import shutil
from datetime import UTC, datetime

import pyarrow as pa
import pytest

from pipelines.errors import KefuError
from pipelines.ingest.restricted import write_partition
from pipelines.mask import partition, stage, store
from pipelines.mask.workers import Workers
from pipelines.records import CONVERSATIONS
from pipelines.stage import execute, read_table

NOW = datetime(2026, 9, 7, tzinfo=UTC)
TALK = [
    ("agent", "您好,请问怎么称呼您?"),
    ("customer", "张建国"),
    ("agent", "张建国您好,请提供收货手机号"),
    ("customer", "１３８００１３８０００,寄到浙江省杭州市西湖区文三路477号3幢502室"),
    ("agent", "已记录138 0013 8000,热线400-820-6655随时为您服务,小栗祝您愉快"),
    ("customer", "Thanks, my email is jianguo.zhang@example.com"),
]
SECRETS = ("张建国", "13800138000", "１３８００１３８０００", "138 0013 8000", "文三路", "502", "jianguo")


def conversation(number, talk):
    messages = [{"role": role, "content": text, "sent_at": NOW} for role, text in talk]
    row = dict.fromkeys(CONVERSATIONS.names)
    row |= {"conversation_id": f"c{number}", "customer_ref": "", "channel": "web", "language": "zh"}
    return row | {"started_at": NOW, "messages": messages, "source_file": "a.jsonl", "source_row": number}


@pytest.fixture
def checkout(tmp_path, own_home):
    """A root with two ingested partitions."""
    partitions = []
    for number, name in enumerate(("shop/w1.jsonl", "shop/w2.jsonl")):
        key = f"{number}" * 64
        rows = [conversation(number, TALK), conversation(number + 10, [("customer", "运费多少钱?")])]
        write_partition(key, pa.Table.from_pylist(rows, CONVERSATIONS))
        partitions.append({"partition": name, "key": key, "rows": 2, "rejected": 0})
    manifest = tmp_path / "data/ingested/manifest.json"
    manifest.parent.mkdir(parents=True)
    manifest.write_text(json.dumps({"partitions": partitions}))
    return tmp_path


def run(root, params):
    return execute("mask", params, root, checker=lambda *_: {})


def test_masks_and_says_what(checkout, params):
    metrics = run(checkout, params)
    table = read_table(checkout / "data/masked", CONVERSATIONS)
    texts = [m["content"] for row in table.column("messages").to_pylist() for m in row]
    assert not [secret for secret in SECRETS if any(secret in text for text in texts)]
    assert texts[1] == "<姓名1>" and texts[2] == "<姓名1>您好,请提供收货手机号"
    assert texts[3].startswith("<手机号1>,寄到<地址1>") and "<手机号1>" in texts[4]
    assert "400-820-6655" in texts[4] and "小栗" in texts[4]
    assert texts[5] == "Thanks, my email is <EMAIL_1>"
    assert metrics["rows_in"] == metrics["rows_out"] == 4
    assert metrics["metrics"]["masked_by_type"] == {"ADDRESS": 2, "EMAIL": 2, "PERSON": 4, "PHONE": 4}
    assert sorted(p.name for p in (checkout / "data/masked").iterdir()) == [
        "shop__w1.jsonl.parquet",
        "shop__w2.jsonl.parquet",
    ]


def test_second_run_takes_all_from_the_store_and_gives_the_same_bytes(checkout, params, monkeypatch):
    first = run(checkout, params)
    before = {p.name: p.read_bytes() for p in (checkout / "data/masked").iterdir()}
    monkeypatch.setattr(Workers, "find", lambda *_: pytest.fail("analysed again"))
    second = run(checkout, params)
    assert {p.name: p.read_bytes() for p in (checkout / "data/masked").iterdir()} == before
    assert second["metrics"]["partitions"]["reused"] == 2
    assert second["metrics"]["masked_by_type"] == first["metrics"]["masked_by_type"]


def test_the_store_holds_no_personal_text_and_a_damaged_file_is_made_anew(checkout, params, own_home):
    run(checkout, params)
    files = sorted((own_home / "store/masked").glob("*.parquet"))
    kept = b"".join(file.read_bytes() for file in files)
    assert len(files) == 2 and not [s for s in SECRETS if s.encode() in kept]
    before = files[0].read_bytes()
    files[0].write_bytes(b"PAR1 cut off")
    assert run(checkout, params)["metrics"]["partitions"]["reused"] == 1
    assert files[0].read_bytes() == before


def test_types_can_be_kept(checkout, params):
    mask = params.mask.model_copy(update={"keep_types": ["PHONE"]})
    run(checkout, params.model_copy(update={"mask": mask}))
    table = read_table(checkout / "data/masked", CONVERSATIONS)
    assert "138 0013 8000" in table.column("messages").to_pylist()[0][4]["content"]


def test_key_follows_input_and_parameters_but_not_processes(params):
    mask = params.mask
    other = mask.model_copy(update={"processes": 7, "batch_size": 3})
    stricter = mask.model_copy(update={"score_threshold": 0.9})
    assert store.partition_key("a", mask) == store.partition_key("a", other)
    keys = {
        store.partition_key("a", mask),
        store.partition_key("b", mask),
        store.partition_key("a", stricter),
    }
    assert len(keys) == 3


@pytest.mark.parametrize("manifest", ["", "{}", '{"partitions": []}', "[]"])
def test_bad_manifest_is_named(checkout, params, manifest):
    (checkout / "data/ingested/manifest.json").write_text(manifest)
    with pytest.raises(KefuError, match="manifest"):
        run(checkout, params)


def test_missing_manifest_says_what_to_run(checkout, params):
    (checkout / "data/ingested/manifest.json").unlink()
    with pytest.raises(KefuError, match="dvc repro ingest"):
        run(checkout, params)


def test_unknown_type_to_keep_is_named(checkout, params):
    mask = params.mask.model_copy(update={"keep_types": ["PHONES"]})
    with pytest.raises(KefuError, match="PHONES"):
        run(checkout, params.model_copy(update={"mask": mask}))


@pytest.mark.parametrize("change", ["processes", "batch", "pieces"])
def test_processes_batches_and_pieces_change_no_byte(checkout, params, own_home, monkeypatch, change):
    run(checkout, params)
    before = {p.name: p.read_bytes() for p in (checkout / "data/masked").iterdir()}
    shutil.rmtree(own_home / "store/masked")
    if change == "pieces":
        monkeypatch.setattr(partition, "PIECE_ROWS", 1)
    if change == "processes":
        monkeypatch.setattr(stage, "INLINE_ROWS", 0)
    size = {"batch_size": 1} if change == "batch" else {"processes": 2}
    again = run(checkout, params.model_copy(update={"mask": params.mask.model_copy(update={**size})}))
    assert {p.name: p.read_bytes() for p in (checkout / "data/masked").iterdir()} == before
    assert again["metrics"]["partitions"]["reused"] == 0


def test_an_empty_partition_stays_empty(params):
    empty = CONVERSATIONS.empty_table()
    with Workers(0.5, 1, 8) as workers:
        masked, counts = partition.mask_partition(empty, params.mask, workers)
    assert masked.equals(empty) and not counts
