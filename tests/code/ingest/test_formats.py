"""Each format, shape and compression gives the same conversations; each damaged file its error."""

import bz2
import gzip
import io
import json
import lzma
import zipfile

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.errors import KefuError
from pipelines.ingest.formats import rows

ROWS = [
    {"conversation_id": "c1", "role": "customer", "text": "你好,包裹到哪了?"},
    {"conversation_id": "c2", "role": "customer", "text": "where is it,\n\tplease?"},
    {"conversation_id": "c1", "role": "agent", "text": '在路上 "明天" 到'},
    {"conversation_id": "c2", "role": "agent", "text": "on its way"},
]
TURNS = {
    "c1": [("customer", "你好,包裹到哪了?"), ("agent", '在路上 "明天" 到')],
    "c2": [("customer", "where is it,\n\tplease?"), ("agent", "on its way")],
}


def jsonl(values=ROWS):
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in values).encode()


def delimited(delimiter):
    quoted = [[value.replace('"', '""') for value in row.values()] for row in ROWS]
    lines = [delimiter.join(ROWS[0])] + [delimiter.join(f'"{v}"' for v in row) for row in quoted]
    return ("\r\n".join(lines) + "\r\n").encode()


def parquet(values=ROWS):
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(values), out)
    return out.getvalue()


def zipped(**members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def turns(conversations):
    return {c["conversation_id"]: [(m["role"], m["content"]) for m in c["messages"]] for c in conversations}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.jsonl", jsonl()),
        ("a.ndjson", jsonl()),
        ("a.csv", delimited(",")),
        ("a.tsv", delimited("\t")),
        ("a.parquet", parquet()),
        ("a.jsonl.gz", gzip.compress(jsonl())),
        ("a.csv.bz2", bz2.compress(delimited(","))),
        ("a.tsv.xz", lzma.compress(delimited("\t"))),
        ("a.jsonl.zst", pa.compress(jsonl(), codec="zstd", asbytes=True)),
        ("a.zip", zipped(**{"inner.jsonl": jsonl(), "__MACOSX/._inner.jsonl": b"x"})),
        ("a.CSV.GZ", gzip.compress(delimited(","))),
        ("a.jsonl", b"\xef\xbb\xbf" + jsonl()),
        ("a.csv", b"\xef\xbb\xbf" + delimited(",")),
    ],
)
def test_every_format_gives_the_same_conversations(checkout, name, data):
    checkout.put(name, data)
    assert turns(checkout.run()) == TURNS
    assert checkout.metrics["rows_in"] == 4 and checkout.metrics["rows_out"] == 2


def test_conversations_with_messages(checkout):
    rows = [
        {
            "id": 7,
            "user": {"id": "u9"},
            "dialogue": [{"from": "human", "value": "hi"}, {"from": "bot", "value": "hello"}],
        },
        {"user": {"id": "u9"}, "dialogue": json.dumps([{"from": "human", "value": "bye"}])},
    ]
    checkout.jsonl("a.jsonl", rows)
    columns = {"conversation_id": "id", "customer_id": "user.id", "messages": "dialogue"}
    checkout.source(
        shape="conversations",
        columns={**columns, "role": "from", "text": "value"},
        roles={"customer": ["Human"], "agent": ["bot"]},
    )
    first, second = checkout.run()
    assert [(m["role"], m["content"]) for m in first["messages"]] == [("customer", "hi"), ("agent", "hello")]
    assert first["conversation_id"] == "7" and second["conversation_id"].startswith("shop-")
    assert first["customer_ref"] == second["customer_ref"] != ""
    assert checkout.metrics["rows_in"] == 3


def test_parquet_with_nested_messages(checkout):
    checkout.put(
        "a.parquet",
        parquet([{"conversation_id": "c1", "messages": [{"role": "customer", "content": "hi"}], "junk": 1}]),
    )
    checkout.source(shape="conversations")
    assert turns(checkout.run()) == {"c1": [("customer", "hi")]}


def test_questions_and_answers_get_stable_ids(checkout):
    checkout.put("faq.csv", "q,a\nhow much?,9 yuan\nwhere?,here\n")
    checkout.source(shape="qa", columns={"question": "q", "answer": "a"})
    first = checkout.run()
    assert [(m["role"], m["content"]) for m in first[0]["messages"]] == [
        ("customer", "how much?"),
        ("agent", "9 yuan"),
    ]
    checkout.put("faq.csv", "q,a\nhow much?,9 yuan\nwhere?,there\n")
    again = checkout.run()
    assert len({c["conversation_id"] for c in first}) == 2
    assert [c["conversation_id"] for c in first] == [c["conversation_id"] for c in again]
    assert [c["source_row"] for c in first] == [2, 3]


def test_other_encodings_are_read_when_named(checkout):
    checkout.put("a.csv", "conversation_id,role,text\nc1,customer,包裹到哪了\n", "gb18030")
    checkout.source(encoding="gb18030")
    assert turns(checkout.run()) == {"c1": [("customer", "包裹到哪了")]}


def test_any_fsspec_url_is_a_source(checkout):
    memory = fsspec.filesystem("memory")
    memory.pipe("/bucket/2026/w1.jsonl", jsonl())
    memory.pipe("/bucket/2026/notes.txt", b"not a log")
    checkout.sources = [{"name": "cloud", "path": "memory://bucket", "glob": "**/*.jsonl"}]
    assert turns(checkout.run()) == TURNS
    assert checkout.manifest[0]["partition"] == "cloud/2026/w1.jsonl"


def test_a_single_file_is_a_source(checkout):
    checkout.put("a.jsonl", jsonl())
    checkout.put("b.jsonl", b"")
    checkout.source(path="logs/a.jsonl")
    assert turns(checkout.run()) == TURNS
    assert [part["partition"] for part in checkout.manifest] == ["shop/a.jsonl"]


def test_hidden_files_are_no_logs(checkout):
    checkout.put("a.jsonl", jsonl())
    checkout.put(".DS_Store", b"\x00\x01")
    assert turns(checkout.run()) == TURNS


@pytest.mark.parametrize(
    ("name", "data", "source", "says"),
    [
        ("a.jsonl", "中文\n".encode("gb18030"), {}, r"not utf-8[\s\S]*a\.jsonl:1[\s\S]*gb18030"),
        ("a.jsonl", b"ok\nok\n\xff\xff\xff", {}, r"a\.jsonl:3"),
        ("a.jsonl", jsonl(), {"encoding": "utf-9"}, "unknown encoding: 'utf-9'"),
        ("a.jsonl", jsonl(), {"encoding": "base64"}, "unknown encoding: 'base64'"),
        ("a.docx", jsonl(), {}, r"unknown format: file ending '.docx'[\s\S]*crosswoz"),
        ("a.jsonl", jsonl(), {"format": "excel"}, "unknown format: 'excel'"),
        ("a.jsonl.gz", jsonl(), {}, "corrupt"),
        ("a.jsonl.gz", gzip.compress(jsonl())[:-12], {}, "corrupt"),
        ("a.jsonl.bz2", bz2.compress(jsonl())[:-9], {}, "corrupt"),
        ("a.jsonl.xz", lzma.compress(jsonl())[:-9], {}, "corrupt"),
        ("a.jsonl.zst", pa.compress(jsonl(), codec="zstd", asbytes=True)[:-9], {}, "corrupt"),
        ("a.zip", zipped(**{"a.jsonl": jsonl()})[:-30], {}, "corrupt"),
        ("a.zip", zipped(**{"a.jsonl": jsonl(), "b.jsonl": jsonl()}), {}, "holds 2 files"),
        ("a.parquet", parquet()[:-20], {}, "Parquet file is corrupt"),
        ("a.parquet", parquet([{"id": 1}]), {}, "columns are missing: conversation_id"),
        ("a.csv", "conversation_id,role,role\n1,customer,x\n", {}, "columns stand twice: role"),
        ("a.csv", 'conversation_id,"role"x,text\n', {}, "header line cannot be read"),
        (
            "a.csv",
            "conversation_id,role\n1,customer\n",
            {},
            r"missing: text; the file has: conv[\s\S]*a\.csv",
        ),
        ("a.jsonl", jsonl([{"conversation_id": "1", "role": "agent"}]), {}, "columns are missing: text"),
        ("a.jsonl", b"", {}, "source 'shop' is empty"),
        ("a.csv", "conversation_id,role,text\n", {}, "source 'shop' is empty"),
        ("a.jsonl", jsonl(), {"glob": "*.csv"}, "no file matches"),
        ("a.jsonl", jsonl(), {"path": "elsewhere"}, "no file matches"),
        ("a.jsonl", jsonl(), {"path": "gopher://x/y"}, "cannot be opened"),
        ("a.json", "[]", {"format": "crosswoz", "shape": "conversations"}, "holds a list"),
        ("a.json", "{", {"format": "crosswoz", "shape": "conversations"}, "not a JSON file"),
    ],
)
def test_damaged_input_is_an_error_and_nothing_is_written(checkout, own_home, name, data, source, says):
    checkout.put(name, data)
    checkout.source(**source)
    with pytest.raises(KefuError, match=says) as error:
        checkout.run()
    assert error.value.todo
    assert not (checkout.root / "data/ingested").exists()
    assert not list(own_home.rglob("*.parquet"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            'a,b\n1,x\n2,"y\nz"\n3,w\n',
            [(2, {"a": "1", "b": "x"}), (3, {"a": "2", "b": "y\nz"}), (5, {"a": "3", "b": "w"})],
        ),
        (
            'a,b\n1,x\n2,"y\n3,z\n',
            [(2, {"a": "1", "b": "x"}), (3, "broken_quotes"), (4, {"a": "3", "b": "z"})],
        ),
        ('a,b\n1,"x"y\n2,z\n', [(2, "broken_quotes"), (3, {"a": "2", "b": "z"})]),
        ("a,b\n1\n\n2,x,y\n3,z\n", [(2, "misaligned_row"), (4, "misaligned_row"), (5, {"a": "3", "b": "z"})]),
        ("a,b\n1,x\u2028y\n2,z", [(2, {"a": "1", "b": "x\u2028y"}), (3, {"a": "2", "b": "z"})]),
    ],
)
def test_a_stray_quote_costs_one_line(text, expected):
    found = list(rows("csv", text.encode(), "utf-8", "a.csv", set()).records)
    assert found == expected


def test_json_rows_that_cannot_be_read_are_named():
    text = '{"a": 1}\n\nnot json\n[1]\n' + "[" * 100_000 + "\n"
    found = list(rows("jsonl", text.encode(), "utf-8", "a.jsonl", set()).records)
    assert found == [(1, {"a": 1}), (3, "not_json"), (4, "not_an_object"), (5, "not_json")]
