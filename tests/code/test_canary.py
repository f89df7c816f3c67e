"""The searcher must find a planted value in every encoding and container, and nothing else."""

import base64
import bz2
import gzip
import html
import json
import lzma
import pickle
import sqlite3
import subprocess
import urllib.parse
import zipfile
import zlib

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.canary import Searcher, forms, search_bytes, search_files, search_git

NUMBER, NAME, MAIL = "13912345670", "诸葛子墨", "zhuge.zimo+1@example.org"
VALUES = (NUMBER, NAME, MAIL)
SEARCHER = Searcher(VALUES)

ENCODINGS = {
    "utf-8": str.encode,
    "utf-16": lambda text: text.encode("utf-16"),
    "utf-16-be": lambda text: text.encode("utf-16-be"),
    "json": lambda text: json.dumps({"a": text}).encode(),
    "json in json": lambda text: json.dumps(json.dumps({"a": text})).encode(),
    "html": lambda text: html.escape(text).encode(),
    "url": lambda text: urllib.parse.quote(text, safe="").encode(),
    "form": lambda text: urllib.parse.urlencode({"q": text}).encode(),
    "repr of bytes": lambda text: repr(text.encode()).encode(),
    "hex": lambda text: text.encode().hex().encode(),
    "base64": lambda text: base64.b64encode(text.encode()),
    "base64 of json": lambda text: base64.b64encode(json.dumps({"a": text}).encode()),
    "base64 for urls": lambda text: base64.urlsafe_b64encode(text.encode()),
    "pickle": lambda text: pickle.dumps({"a": [text]}),
    "gzip": lambda text: gzip.compress(text.encode()),
    "zlib": lambda text: zlib.compress(text.encode()),
    "bzip2": lambda text: bz2.compress(text.encode()),
    "xz": lambda text: lzma.compress(text.encode()),
    "zstd": lambda text: pa.compress(text.encode(), "zstd", asbytes=True),
    "gzip of gzip of json": lambda text: gzip.compress(gzip.compress(json.dumps(text).encode())),
}


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("before", range(9))
def test_found_in_every_encoding_at_every_place(value, encoding, before):
    raw = ENCODINGS[encoding](f"{'好的ab/+=?'[:before]}{value}收到")
    assert {hit.value for hit in search_bytes(SEARCHER, raw, "here")} == {value}


@given(st.binary(max_size=400), st.binary(max_size=40), st.sampled_from(VALUES))
def test_found_between_any_bytes_and_nothing_is_found_without(before, after, value):
    assert SEARCHER.find(before + value.encode() + after) >= {value}
    assert SEARCHER.find(before + after) == {v for v in VALUES for form in forms(v) if form in before + after}


def containers(folder, text):
    table = pa.table({"a": [[{"content": text}]]}).replace_schema_metadata({"note": "x"})
    pq.write_table(table, folder / "cells.parquet", compression="zstd")
    pq.write_table(pa.table({"a": [1]}).replace_schema_metadata({"n": text}), folder / "metadata.parquet")
    with zipfile.ZipFile(folder / "archive.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(folder / "cells.parquet", "inner.parquet")
    (folder / f"{text}.txt").write_text("only in the name")
    for name, cell in (("text", json.dumps(text)), ("blob", zlib.compress(pickle.dumps([text] * 9)))):
        with sqlite3.connect(folder / f"{name}.db") as connection:
            connection.execute("CREATE TABLE 'xcom' (id, value)")
            connection.execute("INSERT INTO xcom VALUES (1, ?)", (cell,))
        connection.close()
    return sorted(folder.iterdir())


@pytest.mark.parametrize("value", VALUES)
def test_found_in_every_container(value, tmp_path):
    files = containers(tmp_path, value)
    assert len(files) == 6
    for file in files:
        assert {hit.value for hit in search_files(SEARCHER, [file])} == {value}, file
    (tmp_path / "clean").mkdir()
    assert search_files(SEARCHER, containers(tmp_path / "clean", "nothing")) == []


def test_found_in_the_write_ahead_log_of_a_database_in_use(tmp_path):
    connection = sqlite3.connect(tmp_path / "live.db")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE t (a)")
    connection.execute("INSERT INTO t VALUES (?)", (zlib.compress(NAME.encode() * 9),))
    connection.commit()
    assert {hit.value for hit in search_files(SEARCHER, [tmp_path / "live.db"])} == {NAME}
    connection.close()


def test_found_in_git_also_when_no_ref_leads_there(tmp_path):
    def git(*args, text=None):
        subprocess.run(["git", *args], cwd=tmp_path, input=text, text=True, check=True, capture_output=True)

    git("init", "-q")
    assert search_git(SEARCHER, tmp_path) == []
    git("hash-object", "-w", "--stdin", text=f"call {NUMBER}")
    assert {hit.value for hit in search_git(SEARCHER, tmp_path)} == {NUMBER}


def test_a_value_too_short_to_look_for_is_refused():
    with pytest.raises(AssertionError, match="too short"):
        Searcher([""])
