"""The stage as a whole: encrypted partitions in, masked tables out, remembered between runs."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import traceback
from datetime import UTC, datetime

import pyarrow as pa
import pytest

from pipelines.errors import KefuError
from pipelines.ingest.restricted import write_partition
from pipelines.mask import partition, stage, store, vault, workers
from pipelines.mask.policy import Policy
from pipelines.mask.workers import Workers
from pipelines.records import CONVERSATIONS
from pipelines.retention import places
from pipelines.stage import execute, read_table
from tests.conftest import ROOT

NOW = datetime(2026, 9, 7, tzinfo=UTC)
TALK = [
    ("agent", "您好,请问怎么称呼您?"),
    ("customer", "张建国"),
    ("agent", "张建国您好,请提供收货手机号"),
    ("customer", "１３８００１３８０００,寄到浙江省杭州市西湖区文三路477号3幢502室"),
    ("agent", "已记录138 0013 8000,热线400-820-6655随时为您服务,小栗祝您愉快"),
    ("customer", "Thanks, my email is jianguo.zhang@example.com"),
]
SECRETS = ("张建国", "13800138000", "１３８００１３８０００", "138 0013 8000", "文三路", "jianguo")


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
    knowledge = tmp_path / "data/knowledge"
    knowledge.mkdir(parents=True)
    shutil.copy(ROOT / "data/knowledge/pii.yaml", knowledge)
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
    assert not [secret for secret in (*SECRETS, "502") if any(secret in text for text in texts)]
    assert texts[1] == "<姓名1>" and texts[2] == "<姓名1>您好,请提供收货手机号"
    assert texts[3].startswith("<手机号1>,寄到<地址1>") and "<手机号1>" in texts[4]
    assert "400-820-6655" in texts[4] and "小栗" in texts[4]
    assert texts[5] == "Thanks, my email is <邮箱1>"
    assert metrics["rows_in"] == metrics["rows_out"] == 4
    assert metrics["metrics"]["masked_by_type"] == {"ADDRESS": 2, "EMAIL": 2, "PERSON": 4, "PHONE": 4}
    assert sorted(p.name for p in (checkout / "data/masked").iterdir()) == [
        "shop__w1.jsonl.parquet",
        "shop__w2.jsonl.parquet",
    ]


def test_the_steward_sees_counts_and_masked_samples_in_their_context(checkout, params):
    metrics = run(checkout, params)
    own = metrics["metrics"]
    assert own["conversations"] == {"all": 4, "masked": 2}
    assert own["messages"] == {"all": 14, "masked": 10, "mostly_masked": 6}
    assert own["masked_by_recognizer"]["Email"] == {"EMAIL": 2}
    assert sum(n for types in own["masked_by_recognizer"].values() for n in types.values()) == 12
    shown = metrics["samples"]["masked"]
    assert {sample["type"] for sample in shown} == {"ADDRESS", "EMAIL", "PERSON", "PHONE"}
    assert {sample["conversation_id"] for sample in shown} == {"c0"}, "the first of two that say the same"
    [email] = [sample for sample in shown if sample["type"] == "EMAIL"]
    assert email["text"] == "Thanks, my email is <邮箱1>" and email["turn"] == 6
    assert email["before"].startswith("已记录<手机号1>")
    alone = metrics["samples"]["mostly_masked"]
    assert "<姓名1>" in [sample["text"] for sample in alone] and all(s["share"] > 0.33 for s in alone)
    kept = json.dumps(metrics, ensure_ascii=False)
    assert not [secret for secret in SECRETS if secret in kept]


def test_what_the_second_detector_would_stop_is_not_remembered(checkout, params, own_home, monkeypatch):
    monkeypatch.setattr(Workers, "find", lambda *_: {})
    run(checkout, params)
    assert not list((own_home / "store").rglob("*.parquet"))


def test_second_run_takes_all_from_the_store_and_gives_the_same_bytes(checkout, params, monkeypatch):
    first = run(checkout, params)
    before = {p.name: p.read_bytes() for p in (checkout / "data/masked").iterdir()}
    monkeypatch.setattr(Workers, "find", lambda *_: pytest.fail("analysed again"))
    second = run(checkout, params)
    assert {p.name: p.read_bytes() for p in (checkout / "data/masked").iterdir()} == before
    assert second["metrics"]["partitions"]["reused"] == 2
    for metrics in (first, second):
        del metrics["seconds"], metrics["metrics"]["partitions"]
    assert second == first


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
    mask, policy = params.mask, Policy()
    other = mask.model_copy(update={"processes": 7, "batch_size": 3})
    natural = mask.model_copy(update={"replace": "surrogates"})
    shifted = mask.model_copy(update={"shift_dates": True})
    assert store.partition_key("a", mask, policy) == store.partition_key("a", other, policy)
    keys = {
        store.partition_key("a", mask, policy),
        store.partition_key("b", mask, policy),
        store.partition_key("a", natural, policy),
        store.partition_key("a", shifted, policy),
        store.partition_key("a", mask, Policy(0.9)),
        store.partition_key("a", mask, policy.keeping(["QQ"])),
    }
    assert len(keys) == 6


def test_the_steward_changes_the_file_and_the_next_run_follows(checkout, params, capsys):
    def texts():
        metrics = run(checkout, params)["metrics"]
        messages = read_table(checkout / "data/masked", CONVERSATIONS).column("messages").to_pylist()
        return [m["content"] for m in messages[0]], metrics

    pii = checkout / "data/knowledge/pii.yaml"
    before, _ = texts()
    pii.write_text(pii.read_text().replace("EMAIL: {mask: true}", "EMAIL: {mask: false}"))
    after, second = texts()
    assert second["partitions"]["reused"] == 0 and "EMAIL" not in second["masked_by_type"]
    assert after[:5] == before[:5] and after[5] == "Thanks, my email is jianguo.zhang@example.com"
    pii.write_text(pii.read_text().replace("EMAIL: {mask: false}", "EMAIL: {mask: true}") + "# a word more")
    assert texts()[1]["partitions"]["reused"] == 2
    capsys.readouterr()
    pii.unlink()
    without, _ = texts()
    assert "小栗" in before[4] and "小栗" not in without[4]
    assert "every type is masked" in capsys.readouterr().out


def test_a_fault_in_the_file_stops_the_stage_before_it_masks(checkout, params, monkeypatch):
    monkeypatch.setattr(Workers, "find", lambda *_: pytest.fail("it masked"))
    (checkout / "data/knowledge/pii.yaml").write_text("types: {FONE: {mask: true}}")
    with pytest.raises(KefuError, match="'FONE' is no type"):
        run(checkout, params)


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


def masked_bytes(root):
    return {path.name: path.read_bytes() for path in sorted((root / "data/masked").iterdir())}


def with_surrogates(params):
    mask = params.mask.model_copy(update={"replace": "surrogates", "shift_dates": True})
    return params.model_copy(update={"mask": mask})


def test_surrogates_leave_no_secret_and_pass_the_checks(checkout, params):
    execute("mask", with_surrogates(params), checkout)
    table = read_table(checkout / "data/masked", CONVERSATIONS)
    talks = [[m["content"] for m in row] for row in table.column("messages").to_pylist() if len(row) > 1]
    said = "\n".join(text for talk in talks for text in talk)
    assert not [secret for secret in SECRETS if secret in said] and "<" not in said
    assert talks[0] != talks[1]  # two conversations of unknown customers: nothing links them
    assert len(talks[0][1]) == 3 and talks[0][2].startswith(talks[0][1])


def test_what_was_masked_is_in_the_vault(checkout, params, own_home):
    run(checkout, params)
    rows = list(vault.values())
    assert {"张建国", "138 0013 8000", "１３８００１３８０００"} <= {row.value for row in rows}
    assert next((r.turn, r.replacement) for r in rows if r.conversation_id == "c0") == (1, "<姓名1>")
    assert vault.leaks(["张建国", "<姓名1>"]) == [(0, "PERSON")]
    held = b"".join(
        p.read_bytes() for p in own_home.rglob("*") if p.is_file() and "restricted" not in p.parts
    )
    assert not [secret for secret in SECRETS if secret.encode() in held]
    names = {path.stem for path in vault.folder().iterdir()}
    assert names == {path.stem for path in (own_home / "store/masked").glob("*.parquet")}


def test_the_masking_that_runs_use_stays_in_the_vault_and_others_go(checkout, params):
    other = params.model_copy(update={"mask": params.mask.model_copy(update={"keep_types": ["EMAIL"]})})
    run(checkout, params)
    used = {path.name for path in vault.files()}
    run(checkout, other)
    for path in vault.files():
        os.utime(path, (0, 0))
    run(checkout, params)
    keeping = params.retention.model_copy(update={"run_days": 60})
    for item in places.forgotten_partitions({"0" * 64, "1" * 64}, keeping, time.time()):
        item.take()
    assert {path.name for path in vault.files()} == used == {p.name for p in store.folder().iterdir()}
    run(checkout, other)
    assert len(vault.files()) == 4, "what left the vault is not taken from the store"


def test_an_error_in_a_worker_process_carries_no_text(checkout, params, monkeypatch, capfd):
    monkeypatch.setattr(stage, "INLINE_ROWS", 0)
    monkeypatch.setattr(workers, "_find", quoting)
    two = params.model_copy(update={"mask": params.mask.model_copy(update={"processes": 2})})
    with pytest.raises(KefuError, match="unexpected RuntimeError") as failed:
        run(checkout, two)
    told = "".join(traceback.format_exception(failed.value)) + "".join(capfd.readouterr())
    assert "workers.py" in told and not [secret for secret in SECRETS if secret in told]


def quoting(batch, policy):
    """In place of the analyzer, in each worker: an error that quotes what it was given."""
    raise RuntimeError(batch)


KILLED_BETWEEN = """
import os, signal, sys
from pathlib import Path
from pipelines.mask import store, vault
from pipelines.params import load
from pipelines.stage import execute
remember = store.remember
def killing(key, table, counts, seen=[]):
    seen.append(key)
    if len(seen) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    remember(key, table, counts)
store.remember = killing
execute("mask", load(Path(sys.argv[2])), Path(sys.argv[1]), checker=lambda *_: {})
"""


def test_killed_between_vault_and_store_the_next_run_completes_with_the_same_bytes(
    checkout, params, own_home
):
    command = [sys.executable, "-c", KILLED_BETWEEN, str(checkout), str(ROOT / "params.yaml")]
    killed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert len(list(vault.folder().glob("*.parquet"))) == 2
    assert len(list((own_home / "store/masked").glob("*.parquet"))) == 1
    assert not (checkout / "data/masked").exists()
    assert run(checkout, params)["metrics"]["partitions"]["reused"] == 1
    after = masked_bytes(checkout)
    rows = list(vault.values())
    shutil.rmtree(own_home / "store")
    shutil.rmtree(vault.folder())
    run(checkout, params)
    assert masked_bytes(checkout) == after and list(vault.values()) == rows


def test_without_a_key_all_else_runs_and_says_so(checkout, params, own_home, monkeypatch, capsys):
    run(checkout, params)
    before = masked_bytes(checkout)
    vault.destroy()
    monkeypatch.delenv("KEFU_VAULT_KEY")
    shutil.rmtree(own_home / "store")
    monkeypatch.setattr(stage, "Vaulting", lambda: pytest.fail("values were gathered for no vault"))
    capsys.readouterr()
    run(checkout, params)
    said = capsys.readouterr().out
    assert masked_bytes(checkout) == before and said.count("there is no vault") == 1
    assert not list(vault.folder().iterdir())


def test_a_destroyed_vault_is_not_rebuilt_from_remembered_partitions(checkout, params, capsys):
    run(checkout, params)
    vault.destroy()
    capsys.readouterr()
    assert run(checkout, params)["metrics"]["partitions"]["reused"] == 2
    assert "2 of 2 partitions have no file in the vault" in capsys.readouterr().out
    assert list(vault.values()) == []


def test_two_processes_find_what_one_finds():
    texts = [f"我叫张伟{i},电话1380013{i:04d}" for i in range(40)] + [
        "call Sarah Miller at (415) 555-0132",
        "",
    ]
    with Workers(Policy(), 2, 8) as two, Workers(Policy(), 1, 64) as one:
        assert two.find(texts) == one.find(texts)


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
    with Workers(Policy(), 1, 8) as workers:
        masked, tally = partition.mask_partition(empty, params.mask, workers)
    assert masked.equals(empty) and not tally.amounts
