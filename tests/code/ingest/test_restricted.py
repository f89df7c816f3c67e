"""Conversations before masking stand encrypted, readable only under the key they were written with."""

import secrets
import stat

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.errors import KefuError
from pipelines.ingest.restricted import partition_path, read_partition, write_partition

KEY = "a" * 64
TABLE = pa.table({"customer": ["张三丰的电话13800138000"] * 500, "row": range(500)}).replace_schema_metadata(
    {"kefu.notes": "no_text at line 7"}
)
SECRETS = [b"13800138000", "张三丰".encode(), b"no_text", b"customer", b"ARROW:schema"]


@pytest.fixture(autouse=True)
def area(own_home):
    return own_home


def test_what_is_written_is_read_again():
    path = write_partition(KEY, TABLE)
    assert read_partition(KEY).equals(TABLE, check_metadata=True)
    assert path == partition_path(KEY)


def test_neither_text_nor_names_nor_notes_stand_in_the_file():
    held = write_partition(KEY, TABLE).read_bytes()
    assert held.startswith(b"PARE")  # Parquet's mark of an encrypted footer
    assert [secret for secret in SECRETS if secret in held] == []
    with pytest.raises((OSError, pa.ArrowException)):
        pq.read_table(partition_path(KEY))


def test_each_file_has_keys_of_its_own():
    assert write_partition(KEY, TABLE).read_bytes() != write_partition("b" * 64, TABLE).read_bytes()


def test_only_the_owner_may_read():
    path = write_partition(KEY, TABLE)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_another_key_is_a_clear_error(monkeypatch):
    write_partition(KEY, TABLE)
    monkeypatch.setenv("KEFU_RESTRICTED_KEY", secrets.token_hex(32))
    with pytest.raises(KefuError, match="encrypted under another KEFU_RESTRICTED_KEY") as error:
        read_partition(KEY)
    assert "set the key it was written with" in error.value.todo


def test_an_absent_partition_is_a_clear_error():
    with pytest.raises(KefuError, match="not in the restricted area"):
        read_partition(KEY)


@pytest.mark.parametrize(
    "spoil", [lambda raw: b"", lambda raw: raw[:300], lambda raw: raw[:99] + b"x" + raw[100:]]
)
def test_a_changed_file_is_a_clear_error(spoil):
    path = write_partition(KEY, TABLE)
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(KefuError, match="a partition is damaged"):
        read_partition(KEY)


def test_a_write_that_fails_leaves_nothing(monkeypatch):
    monkeypatch.setattr(pq.ParquetWriter, "write_table", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_partition(KEY, TABLE)
    assert list(partition_path(KEY).parent.iterdir()) == []
