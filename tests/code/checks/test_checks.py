import json
import re
import subprocess
import sys
import weakref
from collections import UserDict

import pyarrow as pa
import pytest

from pipelines.checks.run import check_tables
from pipelines.errors import KefuError
from pipelines.records import CONVERSATIONS, CORPUS, DEDUPED, EXAMPLES, SAMPLES

PERSONAL = "请打 13800138000 找我"
SCHEMAS = {"conversations": CONVERSATIONS, "examples": EXAMPLES, "corpus": CORPUS, "samples": SAMPLES}
STAGES = {
    "ingest": ["conversations"],
    "mask": ["conversations"],
    "dedup": ["conversations"],
    "curate": ["examples", "corpus"],
    "split": ["examples", "corpus"],
    "synthesize": ["examples"],
    "evaluate": ["samples"],
}


def table(kind, rows, stage=""):
    return pa.Table.from_pylist(rows, DEDUPED if stage == "dedup" else SCHEMAS[kind])


def pages(folder):
    return "\n".join(path.read_text() for path in folder.rglob("*.html"))


def says(place, value):
    """Sets the content of the message at `place`."""

    def spoil(row):
        row["messages"][place]["content"] = value

    return spoil


def plays(place, role):
    def spoil(row):
        row["messages"][place]["role"] = role

    return spoil


def holds(**fields):
    return lambda row: row.update(fields)


def earlier(row):
    row["messages"][1]["sent_at"] = row["messages"][1]["sent_at"].replace(year=2025)


FAULTS = [
    ("ingest", "conversations", "language", holds(language="a secret")),
    ("ingest", "conversations", "n_messages", holds(messages=[])),
    ("ingest", "conversations", "n_out_of_order", earlier),
    ("mask", "conversations", "residual_pii", says(0, PERSONAL)),
    ("mask", "conversations", "n_unknown_roles", plays(0, "a secret")),
    ("mask", "conversations", "satisfaction", holds(satisfaction=9)),
    ("dedup", "conversations", "conversation_id", holds(conversation_id="c0", cluster_id="b")),
    ("dedup", "conversations", "cluster_id_not_smallest", holds(cluster_id="z")),
    ("dedup", "conversations", "cluster_size", holds(cluster_size=0)),
    ("curate", "examples", "example_id", holds(example_id="e0")),
    ("curate", "examples", "origin", holds(origin="paraphrase")),
    ("curate", "examples", "last_role", plays(-1, "user")),
    ("curate", "examples", "answer_chars", says(-1, "")),
    ("curate", "examples", "faq_facts_not_in_answer", says(-1, "a secret")),
    ("curate", "examples", "context_not_json", holds(context="a secret")),
    ("curate", "examples", "intent_missing", holds(intent=None)),
    ("curate", "examples", "intent_confidence", holds(intent_confidence=1.5)),
    ("curate", "examples", "residual_pii", says(1, PERSONAL)),
    ("curate", "examples", "emotion", holds(emotion="a secret")),
    ("curate", "examples", "n_entities_not_said", holds(entities=[{"label": "sku", "text": "a secret"}])),
    ("curate", "corpus", "residual_pii", holds(text=PERSONAL)),
    ("curate", "corpus", "text_chars", holds(text="")),
    ("split", "examples", "n_parents", holds(parent_ids=[])),
    ("split", "examples", "origin", holds(origin="golden")),
    ("synthesize", "examples", "origin", holds(origin="golden")),
    ("synthesize", "examples", "n_empty_facts", holds(key_facts=[[""]])),
    ("evaluate", "samples", "n_facts_too_many", holds(facts_found=3)),
    ("evaluate", "samples", "example_id, model", holds(example_id="e0")),
]


@pytest.mark.parametrize("stage", STAGES)
def test_a_good_stage_passes_and_its_pages_hold_no_text(stage, rows, text, tmp_path):
    tables = {kind: table(kind, rows(kind), stage) for kind in STAGES[stage]}
    checked = check_tables(stage, tables, tmp_path / "docs")
    assert checked["success"]
    assert set(tables) <= set(checked["tables"])
    assert all(t["expectations"] > 1 and t["failed"] == 0 for t in checked["tables"].values())
    written = pages(tmp_path / "docs")
    assert text not in written and json.dumps(text)[1:-1] not in written
    assert not re.search(r"(src|href)=[\"']https?://[^\"']*\.(js|css|png)", written)
    assert sum(path.stat().st_size for path in (tmp_path / "docs").rglob("*")) < 2_000_000


@pytest.mark.parametrize(
    ("stage", "kind", "column", "spoil"), FAULTS, ids=lambda v: v if isinstance(v, str) else ""
)
def test_a_bad_row_is_named_and_its_values_are_not(stage, kind, column, spoil, rows, text, tmp_path):
    bad = rows(kind)
    spoil(bad[2])
    name = bad[2].get("doc_id") or bad[2].get("example_id") or bad[2]["conversation_id"]
    with pytest.raises(KefuError) as raised:
        check_tables(stage, {kind: table(kind, bad, stage)}, tmp_path / "docs")
    failed = [line for line in str(raised.value).splitlines() if re.search(f" of {column}[ :]", line)]
    assert failed and name in failed[0], raised.value
    everything = str(raised.value) + pages(tmp_path / "docs")
    for secret in ("a secret", PERSONAL, "13800138000", text):
        assert secret not in everything
    assert name in pages(tmp_path / "docs")


def test_the_golden_table_holds_golden_rows_and_may_be_empty(rows, tmp_path):
    golden = rows("examples")
    for row in golden:
        row["origin"] = "golden"
    for held in (golden, []):
        assert check_tables("split", {"golden": table("examples", held)}, tmp_path / "docs")["success"]
    golden[1]["origin"] = "faq"
    with pytest.raises(KefuError, match="e1"):
        check_tables("split", {"golden": table("examples", golden)}, tmp_path / "docs")


def test_personal_data_is_told_by_conversation_and_type_and_never_by_value(rows, tmp_path):
    bad = rows("conversations")
    says(0, f"{PERSONAL}, 或写信到 zhang.san@qq.com")(bad[1])
    says(1, PERSONAL)(bad[2])
    with pytest.raises(KefuError, match=r"2 row\(s\): c1: EMAIL, PHONE; c2: PHONE\n") as raised:
        check_tables("mask", {"conversations": table("conversations", bad)}, tmp_path / "docs")
    index = (tmp_path / "docs/index.html").read_text()
    assert "c1: EMAIL, PHONE; c2: PHONE" in index
    for value in ("13800138000", "zhang.san"):
        assert value not in str(raised.value) + pages(tmp_path / "docs")


def test_what_the_steward_lets_through_is_no_leak_and_what_is_denied_is(rows, tmp_path, params):
    said = rows("conversations")
    says(0, PERSONAL)(said[1])
    tables = {"conversations": table("conversations", said)}
    pii = tmp_path / "pii.yaml"
    pii.write_text("types: {PHONE: {mask: false}}")
    assert check_tables("mask", tables, tmp_path / "docs", tmp_path, params.mask)["success"]
    says(0, "货在栗 子 仓")(said[2])
    pii.write_text("types: {PHONE: {mask: false}}\ndeny: [{text: 栗子仓, type: ADDRESS}]")
    tables = {"conversations": table("conversations", said)}
    with pytest.raises(KefuError, match=r"1 row\(s\): c2: ADDRESS\n"):
        check_tables("mask", tables, tmp_path / "docs", tmp_path, params.mask)


def test_a_conversation_in_two_partitions_is_named_once_with_all_types(rows, tmp_path):
    one, two = rows("conversations")[:1], rows("conversations")[:1]
    says(0, "zhang.san@qq.com")(one[0])
    says(0, PERSONAL)(two[0])
    with pytest.raises(KefuError, match=r"2 row\(s\): c0: EMAIL, PHONE"):
        check_tables(
            "mask", {"a": table("conversations", one), "b": table("conversations", two)}, tmp_path / "docs"
        )


def test_faults_are_told_by_table_and_by_what_they_spoil(rows, tmp_path):
    bad = rows("examples")
    holds(emotion=None, intent_confidence=2.0)(bad[1])
    says(1, PERSONAL)(bad[2])
    with pytest.raises(KefuError) as raised:
        check_tables("curate", {"examples": table("examples", bad)}, tmp_path / "docs")
    told = [line.strip() for line in str(raised.value).splitlines() if line.startswith("  ")]
    groups = [line for line in told if line.startswith("examples, ")]
    assert groups == [
        f"examples, {guards}:" for guards in ("completeness", "ranges", "shape", "personal data")
    ]
    assert told[told.index("examples, completeness:") + 1].endswith("of emotion: 1 row(s): e1")


def test_columns_that_are_missing_or_of_another_type_are_named(rows, tmp_path):
    good = table("corpus", rows("corpus"))
    spoilt = good.drop_columns("text").append_column("note", good["language"])
    with pytest.raises(KefuError, match=r"(?s)corpus schema, schema:.*missing.*text.*unknown.*note"):
        check_tables("curate", {"corpus": spoilt}, tmp_path / "docs")
    numbers = good.set_column(1, "group_id", pa.array([1, 2, 3]))
    with pytest.raises(KefuError, match=r"other_type.*group_id"):
        check_tables("curate", {"corpus": numbers}, tmp_path / "docs")


def test_an_empty_table_fails(rows, tmp_path):
    with pytest.raises(KefuError, match="ExpectTableRowCountToBeBetween"):
        check_tables("curate", {"examples": table("examples", [])}, tmp_path / "docs")


def test_a_group_on_two_sides_fails(rows, tmp_path):
    both = {"train": table("examples", rows("examples")), "test": table("examples", rows("examples")[:1])}
    with pytest.raises(KefuError, match=r"n_sides.*g0"):
        check_tables("split", both, tmp_path / "docs")


def test_at_most_twenty_rows_are_named(rows, tmp_path):
    many = [rows("corpus")[0] | {"doc_id": f"d{i:02}", "text": ""} for i in range(30)]
    with pytest.raises(KefuError, match="30 row") as raised:
        check_tables("curate", {"corpus": table("corpus", many)}, tmp_path / "docs")
    assert len(re.findall(r"\bd\d\d\b", str(raised.value))) == 20


def test_the_partitions_of_mask_are_checked_as_one_table(rows, tmp_path):
    one, two = rows("conversations")[:2], rows("conversations")[2:]
    checked = check_tables(
        "mask", {"a": table("conversations", one), "b": table("conversations", two)}, tmp_path / "docs"
    )
    assert list(checked["tables"]) == ["conversations schema", "conversations"]


class Counted(UserDict):
    """Tables that are made when they are asked for, and the most of them that were held at once."""

    alive, most = 0, 0

    def __getitem__(self, name):
        made = table("conversations", self.data[name])
        Counted.alive += 1
        weakref.finalize(made, self.gone)
        Counted.most = max(Counted.most, Counted.alive)
        return made

    def gone(self):
        Counted.alive -= 1


def test_one_partition_is_held_at_a_time_and_a_fault_in_any_is_named(rows, tmp_path, monkeypatch):
    monkeypatch.setattr("pipelines.checks.flatten.PIECE_ROWS", 2)
    parts = {name: [row | {"conversation_id": f"{name}{n}"} for n, row in enumerate(rows("conversations"))]
             for name in "abcde"}  # fmt: skip
    says(0, PERSONAL)(parts["d"][2])
    with pytest.raises(KefuError, match=r"1 row\(s\): d2: PHONE\n"):
        check_tables("mask", Counted({**parts, "f": []}), tmp_path / "docs")
    assert Counted.most <= 2  # the one before goes when the next is there


def test_earlier_pages_are_gone(rows, tmp_path):
    (tmp_path / "docs/old").mkdir(parents=True)
    check_tables("curate", {"corpus": table("corpus", rows("corpus"))}, tmp_path / "docs")
    assert not (tmp_path / "docs/old").exists()


def test_a_stage_without_tables_gets_a_page_and_loads_nothing(tmp_path):
    code = (
        "import sys; from pathlib import Path; from pipelines.checks.run import check_tables; "
        f"print(check_tables('tune', {{}}, Path({str(tmp_path)!r}))); "
        "print('great_expectations' in sys.modules, 'pandas' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["{'success': True, 'tables': {}}", "False False"]
    assert "no table" in (tmp_path / "index.html").read_text()
